// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is kept in memory of what was read from the database, and the one rule of keeping: never what
// was read before a change came that the reading may not have seen. A look takes a moment; what is
// read after it is kept with that moment, and with the ids it is about; a change ends what is about
// its ids, kept already or still being read. While the changes of other processes are not heard
// (store_is_heard) nothing is kept, as far as anybody can see: the database is asked. Bounded by weight:
// what nobody asked for since the last turn of the clock goes first.
//
//	memo_follow(m, &account_changed, MEMO_SUBJECT);                          (once, at start)
//
//	uint64_t moment = memo_open(m);
//	const struct person *p = memo_at(m, memo_id(id));
//	…copy what is there…
//	memo_close(m);
//	…read what was not there…
//	memo_keep(ctx, m, memo_id(id), value, weight, moment, &id.v, 1);
#pragma once

#include "store/store.h"

struct memo;

// By an id and which of its forms, or by a name of any bytes.
struct memo_key {
	int64_t id, form;
	str name;
};
#define memo_id(typed) ((struct memo_key){.id = (typed).v})
#define memo_form(typed, which) ((struct memo_key){.id = (typed).v, .form = (which)})
#define memo_name(text) ((struct memo_key){.name = (text)})

struct memo_spec {
	int64_t most;              // weight of all that is kept, in whatever unit memo_keep is told
	void (*drop)(void *value); // gives a value back; NULL: mem_free
};
// Listens to the store's changes, so before other threads use it; all of it ends when changes were
// lost. Without a store (tests of pages) only memo_end and memo_edit end anything.
struct memo *memo_new(struct store *, const struct memo_spec *);
// After the threads that use it have ended.
void memo_free(struct memo *);

// Between the two, values stay as they are; no other call of this memo, no waiting. The moment goes to
// memo_keep.
uint64_t memo_open(struct memo *);
const void *memo_at(struct memo *, struct memo_key); // NULL: not kept, or not to be trusted now
// Every value that memo_at would give, in no order.
void memo_each(
	struct memo *, void (*look)(struct memo_key, const void *value, void *arg), void *arg);
void memo_close(struct memo *);

// Takes the value over, which is about these ids. Drops it at once when any of them has ended since
// the moment, within a transaction (what it sees may be undone), and when it is heavier than all may be.
void memo_keep(struct ctx *, struct memo *, struct memo_key, void *value, int64_t weight,
	uint64_t moment, const int64_t *about, ptrdiff_t n);

// The two for values that are plain structs without pointers: fills out and says true when it is kept,
// and keeps a copy; the memo's drop is mem_free. The moment may be NULL where nothing will be kept.
bool memo_copy(struct memo *, struct memo_key, void *out, size_t size, uint64_t *moment);
void memo_keep_copy(struct ctx *, struct memo *, struct memo_key, const void *value, size_t size,
	int64_t weight, uint64_t moment, const int64_t *about, ptrdiff_t n);

// What is about an id ends, kept or being read.
void memo_end(struct memo *, int64_t id);
void memo_end_all(struct memo *);
// Values about an id that a change can follow stay and are edited, which gives their weight from now
// on; what is being read of it ends. What was read between the commit of a change and its telling holds
// it already: an edit must be the same done twice. So a number is never moved, it ends.
void memo_edit(struct memo *, int64_t id, int64_t (*edit)(void *value, void *arg), void *arg);

// Which ids of a change of this kind end what is about them. For others: store_on and the calls above.
enum memo_ends { MEMO_SUBJECT = 1, MEMO_ACTOR = 2, MEMO_EXTRA = 4, MEMO_ALL = 8 };
void memo_follow(struct memo *, struct change_kind *, unsigned ends);

int64_t memo_weight(struct memo *); // of all that is kept now
