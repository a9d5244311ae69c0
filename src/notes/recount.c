// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Recounting for the operator: every public number against the rows it is made of. Nothing is ever
// wrong unless the program was; then this finds it and puts it right.
#include "notes/private.h"

#include "store/store.h"

#define PAGE 300 // in one transaction

struct page {
	account_id account; // whose notes' topics
	int64_t after;      // an id; of topics the name
	str after_name;
	ptrdiff_t n;
	bool repair;
	bool apart; // in many transactions; else in one
	int64_t wrong;
};

typedef err (*page_fn)(struct ctx *, struct page *);
struct turn {
	page_fn fn;
	struct page from, to; // the body may run again
};

static err take_page(struct ctx *ctx, void *arg)
{
	struct turn *t = arg;
	t->to = t->from;
	if (t->from.repair) // what is on its way into a number is not missing in it
		TRY(deltas_fold(ctx));
	return t->fn(ctx, &t->to);
}

// From the page that it begins with to the end.
static err all_pages(struct ctx *ctx, page_fn fn, const struct page *begin, int64_t *wrong)
{
	struct turn t = {.fn = fn, .from = *begin};
	struct arena *mem = ctx->mem, *scratch = arena_new(256 << 10);
	err failed;
	do {
		ctx->mem = scratch;
		failed = begin->repair && !begin->apart ? store_write(ctx, take_page, &t)
							: take_page(ctx, &t);
		ctx->mem = mem;
		if (failed == OK) {
			t.from = t.to;
			t.from.after_name = str_copy(mem, t.to.after_name); // beyond scratch
		}
		if (failed != OK)
			ctx->problem.text = str_copy(mem, ctx->problem.text);
		arena_reset(scratch);
	} while (failed == OK && t.from.n == PAGE);
	arena_free(scratch);
	*wrong = t.from.wrong;
	return failed;
}

static err page_of_notes(struct ctx *ctx, struct page *p)
{
	struct notes_recounted_row *rows;
	TRY(notes_recounted(ctx, (note_id){p->after}, PAGE, &rows, &p->n));
	for (ptrdiff_t i = 0; i < p->n; i++) {
		const struct notes_recounted_row *r = &rows[i];
		p->after = r->id.v;
		if (r->likes == r->right_likes && r->comments == r->right_comments)
			continue;
		p->wrong++;
		if (!p->repair)
			continue;
		TRY(note_numbers_set(ctx, r->id, r->right_likes, r->right_comments));
		change_add(ctx, &note_counted, r->id.v, 0, 0);
	}
	return OK;
}

static err page_of_accounts(struct ctx *ctx, struct page *p)
{
	struct accounts_recounted_row *rows;
	TRY(accounts_recounted(ctx, (account_id){p->after}, PAGE, &rows, &p->n));
	for (ptrdiff_t i = 0; i < p->n; i++) {
		const struct accounts_recounted_row *r = &rows[i];
		p->after = r->id.v;
		if (r->notes == r->right_notes && r->liked == r->right_liked &&
			r->followers == r->right_followers && r->following == r->right_following)
			continue;
		p->wrong++;
		if (!p->repair)
			continue;
		TRY(account_numbers_set(ctx, r->id, r->right_notes, r->right_liked,
			r->right_followers, r->right_following));
		change_add(ctx, &account_counted, r->id.v, 0, 0);
	}
	return OK;
}

static err mend_topic(struct ctx *ctx, const struct topics_recounted_row *r)
{
	struct topic_oldest_row oldest;
	if (!r->right_notes)
		return topic_delete(ctx, r->name);
	TRY(topic_oldest(ctx, r->name, &oldest));
	change_add(ctx, &note_counted, oldest.note.v, 0, 0);
	return topic_set(ctx, r->name, oldest.shown, r->right_notes, oldest.note);
}

static err page_of_topics(struct ctx *ctx, struct page *p)
{
	struct topics_recounted_row *rows;
	TRY(topics_recounted(ctx, p->after_name, PAGE, &rows, &p->n));
	for (ptrdiff_t i = 0; i < p->n; i++) {
		const struct topics_recounted_row *r = &rows[i];
		p->after_name = r->name;
		if (r->notes == r->right_notes && r->source.v == r->right_source.v)
			continue;
		p->wrong++;
		if (p->repair)
			TRY(mend_topic(ctx, r));
	}
	return OK;
}

static err is_settled(struct ctx *ctx, account_id id, bool *out)
{
	struct astray_note *notes;
	struct likings_astray_row *likes;
	struct note_topics_astray_row *topics;
	note_id *liked;
	ptrdiff_t n[5];
	bool settled;
	TRY(notes_astray(ctx, id, (note_id){0}, 1, &notes, &n[0]));
	TRY(comments_astray(ctx, id, (note_id){0}, 1, &notes, &n[1]));
	TRY(likings_astray(ctx, id, (note_id){0}, 1, &likes, &n[2]));
	TRY(note_topics_astray(ctx, id, (note_id){0}, 1, &topics, &n[3]));
	TRY(likings_misplaced(ctx, id, (note_id){0}, 1, &liked, &n[4]));
	TRY(follows_settled(ctx, id, &settled));
	*out = settled && !n[0] && !n[1] && !n[2] && !n[3] && !n[4];
	return OK;
}

// Notes of one account whose topics are astray.
static err page_of_note_topics(struct ctx *ctx, struct page *p)
{
	struct note_topics_astray_row *rows;
	struct ledger l = {0};
	TRY(note_topics_astray(ctx, p->account, (note_id){p->after}, PAGE, &rows, &p->n));
	for (ptrdiff_t i = 0; i < p->n; i++) {
		p->after = rows[i].note.v;
		TRY(topics_show(ctx, rows[i].note, rows[i].public, &l));
	}
	return ledger_write(ctx, &l);
}

static err list_likes(struct ctx *ctx, account_id id)
{
	note_id *notes, after = {0};
	ptrdiff_t n;
	do {
		TRY(likings_misplaced(ctx, id, after, PAGE, &notes, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			TRY(likes_list_all(ctx, notes[i]));
			after = notes[i];
		}
	} while (n == PAGE);
	return OK;
}

// What is astray of one account is of any number: it goes in steps, a transaction each.
static err settle_wholly(struct ctx *ctx, account_id id)
{
	const struct page notes = {.account = id, .repair = true};
	int64_t ignored;
	TRY(notes_settle(ctx, id, 0));
	TRY(list_likes(ctx, id));
	return all_pages(ctx, page_of_note_topics, &notes, &ignored);
}

static err page_of_standing(struct ctx *ctx, struct page *p)
{
	account_id *ids;
	TRY(accounts_after(ctx, (account_id){p->after}, PAGE, &ids, &p->n));
	for (ptrdiff_t i = 0; i < p->n; i++) {
		bool settled;
		p->after = ids[i].v;
		TRY(is_settled(ctx, ids[i], &settled));
		p->wrong += !settled;
		if (!settled && p->repair)
			TRY(settle_wholly(ctx, ids[i]));
	}
	return OK;
}

err notes_recount(struct ctx *ctx, bool repair, struct recount *out)
{
	const struct page begin = {.repair = repair}, apart = {.repair = repair, .apart = true};
	struct recount r;
	TRY(all_pages(ctx, page_of_standing, &apart, &r.standing));
	TRY(all_pages(ctx, page_of_notes, &begin, &r.notes));
	TRY(all_pages(ctx, page_of_accounts, &begin, &r.accounts));
	TRY(all_pages(ctx, page_of_topics, &begin, &r.topics));
	*out = r;
	return OK;
}
