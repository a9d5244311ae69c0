// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Whole tables between a SQLite file and the database, for backup.c.
#pragma once

#include "store/inside.h"

struct copy_column {
	str name;
	char type; // I, R, T or B: the first letter of its type in the schema
};
struct copy_table {
	str name;
	LIST(struct copy_column) columns;
	int64_t rows; // in the file it was read from
};
struct copy_tables {
	LIST(struct copy_table) list;
	int64_t rows;
};
struct meter {
	store_progress fn;
	void *arg;
	int64_t done, total;
};

err copy_stopped(struct ctx *) CHECKED; // what a meter's fn that says false leads to
// All tables of a SQLite database but the record of schema steps and what its processes told each other.
err copy_tables_of(struct ctx *, struct lite_conn *file, struct copy_tables *out) CHECKED;
err copy_has_rows(struct ctx *, struct db *, const struct copy_table *, bool *out) CHECKED;
str copy_list(struct ctx *, const struct copy_table *); // a, b, c
err copy_pg_to_file(struct ctx *, struct pg_conn *, struct lite_conn *file,
	const struct copy_table *, struct meter *) CHECKED;
err copy_file_to_pg(struct ctx *, struct lite_conn *file, struct pg_conn *,
	const struct copy_table *, struct meter *) CHECKED;
err copy_file_to_lite(struct ctx *, struct lite_conn *file, struct lite_conn *to,
	const struct copy_table *, struct meter *) CHECKED;
