// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Numbers that many change at once. On PostgreSQL a row belongs to whoever changed it until their commit,
// so a note that everybody likes would be liked once a commit. Whoever finds the number busy leaves a row
// of his own beside it, and a job adds those together. SQLite has one writer, and never needs it.
#include "notes/private.h"

#include "jobs/jobs.h"
#include "store/store.h"

#define FOLD_AFTER (300 * MS_SECOND / 1000)
#define FOLD_MOST 1000 // numbers in one transaction
#define TOPICS_MOST 50

// One job for what is left within a moment, however many leave something: it is a row, too. Without a key, for
// which others would wait until the end of this transaction, which may wait for them.
static err fold_later(struct ctx *ctx)
{
	struct notes *notes = ctx->house->notes;
	if (!notes) // a command
		return deltas_fold_soon(ctx);
	ms last = atomic_load(&notes->fold_planned);
	if (ctx->now - last < FOLD_AFTER && ctx->now >= last)
		return OK;
	atomic_store(&notes->fold_planned, ctx->now);
	return deltas_fold_soon(ctx);
}

err deltas_fold_soon(struct ctx *ctx)
{
	return jobs_add(ctx,
		&(struct job_new){.kind = S("notes.fold"), .run_at = ctx->now + FOLD_AFTER}, NULL);
}

err likes_move(struct ctx *ctx, note_id note, int by)
{
	int64_t left;
	if (!store_is_postgres(ctx->house->store))
		return likes_count(ctx, note, by);
	TRY(likes_count_unless_busy(ctx, note, by, id_new(ctx->now), &left));
	return left ? fold_later(ctx) : OK;
}

err author_liked_move(struct ctx *ctx, account_id author, int by)
{
	int64_t left;
	if (!store_is_postgres(ctx->house->store))
		return author_liked_count(ctx, author, by);
	TRY(author_liked_unless_busy(ctx, author, by, id_new(ctx->now), &left));
	return left ? fold_later(ctx) : OK;
}

// What was left beside these numbers.
static err take(struct ctx *ctx, enum delta_kind kind, const int64_t *subjects, ptrdiff_t n,
	struct tally *out)
{
	struct deltas_take_row *rows;
	ptrdiff_t n_rows;
	TRY(deltas_take(ctx, (int64_t)kind, subjects, n, &rows, &n_rows));
	for (ptrdiff_t i = 0; i < n_rows; i++)
		tally_add(ctx, out, rows[i].subject, rows[i].n);
	tally_merge(out);
	return OK;
}

err note_take(struct ctx *ctx, note_id id, struct note_row *row)
{
	struct tally likes = {0};
	TRY(note_lock(ctx, id, row));
	if (!store_is_postgres(ctx->house->store))
		return OK;
	TRY(take(ctx, DELTA_LIKES, &id.v, 1, &likes));
	list_each (s, &likes.sums) {
		TRY(likes_count(ctx, id, s->by));
		change_add(ctx, &note_counted, s->id, 0, 0);
		row->likes += s->by;
	}
	return OK;
}

err notes_take(
	struct ctx *ctx, const note_id *ids, ptrdiff_t n, struct note_now **out, ptrdiff_t *n_out)
{
	struct tally likes = {0};
	int64_t *subjects = NEW_N(ctx->mem, int64_t, n);
	TRY(notes_lock(ctx, ids, n, out, n_out));
	if (!store_is_postgres(ctx->house->store))
		return OK;
	for (ptrdiff_t i = 0; i < n; i++)
		subjects[i] = ids[i].v;
	TRY(take(ctx, DELTA_LIKES, subjects, n, &likes));
	list_each (s, &likes.sums) {
		TRY(likes_count(ctx, (note_id){s->id}, s->by));
		change_add(ctx, &note_counted, s->id, 0, 0);
		for (ptrdiff_t i = 0; i < *n_out; i++)
			if ((*out)[i].id.v == s->id)
				(*out)[i].likes += s->by;
	}
	return OK;
}

// --- topics -------------------------------------------------------------------------------------

err topic_move(struct ctx *ctx, str name, str shown, note_id source)
{
	struct topic_add_unless_busy_row row;
	if (!store_is_postgres(ctx->house->store))
		return topic_add(ctx, name, shown, source);
	TRY(topic_add_unless_busy(ctx, name, source, &row));
	if (row.put)
		return fold_later(ctx);
	return row.moved ? OK : topic_add(ctx, name, shown, source);
}

// It was gone when they came, since its last note went at that moment; or somebody came before them and
// has it spelt like a later note.
static err right_source(struct ctx *ctx, str name, bool there, note_id source, int64_t n)
{
	struct topic_oldest_row oldest;
	err found = topic_oldest(ctx, name, &oldest);
	if (found != OK)
		return found == ERR_NOT_FOUND ? OK : found;
	if (!there)
		return topic_set(ctx, name, oldest.shown, n, oldest.note);
	return oldest.note.v == source.v ? OK : topic_respell(ctx, name, oldest.shown, oldest.note);
}

static err fold_topic(struct ctx *ctx, str name)
{
	struct topic_lock_row row = {0};
	note_id *notes;
	ptrdiff_t n;
	err found = topic_lock(ctx, name, &row);
	if (found != OK && found != ERR_NOT_FOUND)
		return found;
	TRY(topic_deltas_take(ctx, name, &notes, &n));
	if (!n)
		return OK;
	TRY(topic_more(ctx, name, n));
	TRY(right_source(ctx, name, found == OK, row.source, n));
	for (ptrdiff_t i = 0; i < n; i++)
		change_add(ctx, &note_counted, notes[i].v, 0, 0);
	return OK;
}

err topic_take(struct ctx *ctx, str name)
{
	return store_is_postgres(ctx->house->store) ? fold_topic(ctx, name) : OK;
}

struct topics_folding {
	str after, next; // the body may run again
	ptrdiff_t n;
};

static err fold_topics(struct ctx *ctx, void *arg)
{
	struct topics_folding *f = arg;
	str *names;
	TRY(topics_left(ctx, f->after, TOPICS_MOST, &names, &f->n));
	for (ptrdiff_t i = 0; i < f->n; i++)
		TRY(fold_topic(ctx, names[i]));
	if (f->n)
		f->next = names[f->n - 1];
	return OK;
}

// --- the job ------------------------------------------------------------------------------------

struct folding {
	enum delta_kind kind;
	int64_t after; // numbers up to here are done; the body may run again
	int64_t next;
	ptrdiff_t n;
	bool left; // some, as others were at them
};

// The numbers first, as all do who take what is left beside them; those that somebody else is at stay for the
// next time, so that nobody is waited for who waits for one of these. A SQLite has no others.
static err lock_free(struct ctx *ctx, struct folding *f, int64_t **subjects, ptrdiff_t *n)
{
	ptrdiff_t all = *n;
	if (!store_is_postgres(ctx->house->store))
		return OK;
	TRY((f->kind == DELTA_LIKES ? notes_lock_free : accounts_lock_free)(
		ctx, *subjects, all, subjects, n));
	f->left |= *n < all;
	return OK;
}

static err fold_some(struct ctx *ctx, void *arg)
{
	struct folding *f = arg;
	int64_t *subjects;
	struct tally sums = {0};
	TRY(deltas_of(ctx, (int64_t)f->kind, f->after, FOLD_MOST, &subjects, &f->n));
	if (!f->n)
		return OK;
	ptrdiff_t n = f->n;
	f->next = subjects[n - 1];
	TRY(lock_free(ctx, f, &subjects, &n));
	TRY(take(ctx, f->kind, subjects, n, &sums));
	list_each (s, &sums.sums) {
		if (f->kind == DELTA_LIKES)
			TRY(likes_count(ctx, (note_id){s->id}, s->by));
		else
			TRY(author_liked_count(ctx, (account_id){s->id}, s->by));
		// Whoever read the number after the like was told, read it without.
		change_add(ctx, f->kind == DELTA_LIKES ? &note_counted : &account_counted, s->id, 0,
			0);
	}
	return OK;
}

static err soon(struct ctx *ctx, void *arg)
{
	(void)arg;
	return deltas_fold_soon(ctx);
}

err deltas_fold(struct ctx *ctx)
{
	bool left = false;
	for (enum delta_kind kind = DELTA_LIKES; kind <= DELTA_LIKED; kind++) {
		struct folding f = {.kind = kind};
		do {
			f.after = f.next;
			TRY(store_write_committed(ctx, fold_some, &f));
		} while (f.n == FOLD_MOST);
		left |= f.left;
	}
	struct topics_folding topics = {.after = S("")};
	do {
		TRY(store_write_committed(ctx, fold_topics, &topics));
		topics.after = topics.next;
	} while (topics.n == TOPICS_MOST);
	return left ? store_write_committed(ctx, soon, NULL) : OK;
}

static err on_fold(struct ctx *ctx, const struct job *job, void *arg)
{
	(void)job, (void)arg;
	return deltas_fold(ctx);
}

err deltas_fold_left(struct ctx *ctx)
{
	int64_t *left;
	str *names;
	ptrdiff_t n;
	for (enum delta_kind kind = DELTA_LIKES; kind <= DELTA_LIKED; kind++) {
		TRY(deltas_of(ctx, (int64_t)kind, 0, 1, &left, &n));
		if (n)
			return deltas_fold_soon(ctx);
	}
	TRY(topics_left(ctx, S(""), 1, &names, &n));
	return n ? deltas_fold_soon(ctx) : OK;
}

err deltas_start(struct ctx *ctx)
{
	if (!ctx->house->jobs)
		return OK;
	jobs_register(ctx->house->jobs, S("notes.fold"), on_fold, NULL, NULL);
	// Of a process that ended between, or of the PostgreSQL that a copy was made of.
	return deltas_fold_left(ctx);
}
