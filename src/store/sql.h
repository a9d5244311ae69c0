// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the code written by tools/sqlgen stands on: statements as data, values as a small union, and
// three ways to run them. Rooms never call these by hand. A result row is filled by offsets, so
// that a statement costs no code of its own.
#pragma once

#include "base/base.h"

// A number that may be absent (int?, real?). Ids and times are absent as 0, text as empty.
typedef struct opt_int {
	int64_t v;
	bool has;
} opt_int;
typedef struct opt_real {
	double v;
	bool has;
} opt_real;

enum sql_kind {
	SQL_INT,
	SQL_BOOL,
	SQL_REAL,
	SQL_STR,
	SQL_BYTES,
	SQL_LANG,
	SQL_OPT_INT,
	SQL_OPT_REAL,
	SQL_INTS, // list of int64 or ids: parameters only
	SQL_STRS
};

struct sql_field {
	const char *name;
	enum sql_kind kind;
	bool null;     // NULL and the empty value stand for each other
	size_t offset; // in the row struct; columns only
};

struct sql {
	const char *name;
	const char *sqlite, *postgres;
	const char *sqlite_single; // where lists go in: for lists of one each
	const struct sql_field *params, *columns;
	int n_params, n_columns;
	size_t row_size, row_align;
	bool writes;
	bool may_scan, may_sort; // its head says why: for tests of plans
};

struct sql_list {
	const void *at;
	ptrdiff_t n;
};
struct sql_value {
	union {
		int64_t i;
		double r;
		str s;
		struct sql_list list;
	};
	bool null;
};

// The first row; ERR_NOT_FOUND when there is none.
err sql_one(struct ctx *, const struct sql *, const struct sql_value *, void *row) CHECKED;
// All rows in an array in ctx->mem; *rows is not NULL even when *n is 0.
err sql_many(struct ctx *, const struct sql *, const struct sql_value *, void **rows,
	ptrdiff_t *n) CHECKED;
// *changed (may be NULL): rows that were inserted, updated or deleted.
err sql_change(
	struct ctx *, const struct sql *, const struct sql_value *, int64_t *changed) CHECKED;

// One step of the schema; number 0 makes the table that records the others.
struct schema_step {
	int number;
	const char *name, *hash;
	const char *const *sqlite, *const *postgres; // statements, NULL at the end
};
extern const struct schema_step schema_steps[];
extern const int schema_steps_n;

// All statements of all rooms, for tests.
struct sql_room {
	const char *name;
	const struct sql *const *statements;
	const int *n;
};
extern const struct sql_room sql_rooms[];
extern const int sql_rooms_n;
