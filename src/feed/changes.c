// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What happens, applied as it is told.
#include "feed/private.h"

#include "accounts/accounts.h"
#include "store/store.h"

#define TOPICS_AT_ONCE 1000

static void touch(struct feed *f, note_id id)
{
	if (f->rebuilding)
		map_put(&f->touched, (uint64_t)id.v, 1);
}

// Topics that a note has left may have lost the note that spelled them.
static err spell_anew(struct ctx *ctx, struct feed *f, const str *names, ptrdiff_t n)
{
	struct note_topic *spelled;
	ptrdiff_t n_spelled;
	if (!n)
		return OK;
	TRY(topics_spelled(ctx, names, n, &spelled, &n_spelled));
	rwlock_write(&f->world);
	for (ptrdiff_t i = 0; i < n_spelled; i++)
		world_spell(f, &spelled[i]);
	rwlock_write_done(&f->world);
	return OK;
}

static void doubt_all(struct feed *f)
{
	rwlock_write(&f->world);
	f->unspelled = true;
	rwlock_write_done(&f->world);
}

// What is doubted after the first batch is doubted still when this is over.
static err spell_batches(struct ctx *ctx, struct feed *f)
{
	bool more = true;
	for (ptrdiff_t at = 0; more;) {
		LIST(str) names = {0};
		rwlock_write(&f->world);
		f->unspelled &= at > 0;
		for (; at < f->topics.n && names.n < TOPICS_AT_ONCE; at++)
			if (f->topics.at[at].name.n)
				list_push(ctx->mem, &names,
					str_copy(ctx->mem, f->topics.at[at].name));
		more = at < f->topics.n;
		rwlock_write_done(&f->world);
		TRY(spell_anew(ctx, f, names.at, names.n));
	}
	return OK;
}

err spell_all(struct ctx *ctx, struct feed *f)
{
	err spelled = spell_batches(ctx, f);
	if (spelled != OK)
		doubt_all(f);
	return spelled;
}

// A note that is not here any more, as there is no room: nor is it known which topics it spelled.
static bool is_out(struct feed *f, note_id id)
{
	uint32_t index;
	rwlock_read(&f->world);
	bool out = id.v < f->cut && !world_find(f, id, &index);
	rwlock_read_done(&f->world);
	return out;
}

static void doubt_spelling(struct feed *f, note_id id)
{
	if (is_out(f, id))
		doubt_all(f);
}

static err note_gone(struct ctx *ctx, struct feed *f, note_id id)
{
	str *names = NULL;
	doubt_spelling(f, id);
	rwlock_write(&f->world);
	ptrdiff_t n = world_topic_names(ctx, f, id, &names);
	touch(f, id);
	world_remove(f, id);
	entries_remove(f, id);
	rwlock_write_done(&f->world);
	return spell_anew(ctx, f, names, n);
}

// What is not is touched all the same: a page that was read before may have a state that would be.
static bool is_admitted(struct feed *f, const struct note_fact *fact)
{
	rwlock_read(&f->world);
	bool admitted = world_admits(f, fact);
	rwlock_read_done(&f->world);
	if (admitted)
		return true;
	rwlock_write(&f->world);
	touch(f, fact->id);
	rwlock_write_done(&f->world);
	return false;
}

// Numbers and texts are read rather than carried by changes: what other processes did may be heard
// late, and what is read then is at least as new as what was told.
static err note_read(struct ctx *ctx, struct feed *f, note_id id)
{
	struct note_fact fact;
	struct note_topic *topics;
	str *names = NULL;
	ptrdiff_t n;
	TRY(note_fact_get(ctx, id, &fact));
	if (!is_admitted(f, &fact))
		return OK; // there is no room
	TRY(notes_topics(ctx, &id, 1, &topics, &n));
	rwlock_write(&f->world);
	ptrdiff_t n_names = world_topic_names(ctx, f, id, &names);
	touch(f, id);
	world_topics(f, world_put(f, &fact), topics, n);
	rwlock_write_done(&f->world);
	return spell_anew(ctx, f, names, n_names);
}

// Of a comment nothing is known; a note that is not known is still to come from the past, or is not here
// because it is old: it comes back when it is loved more than those that stayed.
static err counters_changed(struct ctx *ctx, struct feed *f, note_id id)
{
	uint32_t index;
	int64_t likes, comments;
	rwlock_read(&f->world);
	bool known = world_find(f, id, &index), rebuilding = f->rebuilding;
	rwlock_read_done(&f->world);
	if (!known)
		return rebuilding || is_out(f, id) ? note_read(ctx, f, id) : OK;
	TRY(note_counters(ctx, id, &likes, &comments));
	rwlock_write(&f->world);
	touch(f, id);
	world_count(f, id, likes, comments);
	rwlock_write_done(&f->world);
	return OK;
}

// What could not be read is compared with the database later.
static void applied(struct feed *f, err failed)
{
	atomic_fetch_add(&f->changes, 1);
	feed_wake(f, failed != OK && failed != ERR_NOT_FOUND);
}

static void on_lost(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx, (void)change;
	feed_wake(arg, true);
}

static void on_note(struct ctx *ctx, const struct change *change, void *arg)
{
	bool comment = change->extra != 0; // of a note_changed: nothing of it is known
	if (comment)
		return;
	if (change->kind != &note_published)
		doubt_spelling(arg, (note_id){change->subject});
	applied(arg, note_read(ctx, arg, (note_id){change->subject}));
}

static void on_gone(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, note_gone(ctx, arg, (note_id){change->subject}));
}

static void on_comment(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, counters_changed(ctx, arg, (note_id){change->extra}));
}

static void on_count(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, counters_changed(ctx, arg, (note_id){change->subject}));
}

// Pages show names and leave out who is suspended.
static void on_account(struct ctx *ctx, const struct change *change, void *arg)
{
	applied(arg, standing_change(ctx, arg, (account_id){change->subject}));
}

static void on_follow(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx;
	follows_change(arg, (account_id){change->actor});
}

// What is heard, and which note it is about.
enum about {
	ABOUT_NOTHING,
	ABOUT_SUBJECT,
	ABOUT_EXTRA,
	ABOUT_NOTE /* but not a comment's change */
};
static const struct hears {
	struct change_kind *kind;
	change_fn fn;
	enum about about;
} hears[] = {
	{&note_published, on_note, ABOUT_NOTE},
	{&note_edited, on_note, ABOUT_NOTE},
	{&note_changed, on_note, ABOUT_NOTE},
	{&note_deleted, on_gone, ABOUT_SUBJECT},
	{&note_liked, on_count, ABOUT_SUBJECT},
	{&note_unliked, on_count, ABOUT_SUBJECT},
	{&note_counted, on_count, ABOUT_SUBJECT},
	{&comment_published, on_comment, ABOUT_EXTRA},
	{&comment_deleted, on_comment, ABOUT_EXTRA},
	{&account_made, on_account, ABOUT_NOTHING},
	{&account_changed, on_account, ABOUT_NOTHING},
	{&follow_begun, on_follow, ABOUT_NOTHING},
	{&follow_ended, on_follow, ABOUT_NOTHING},
	{&changes_lost, on_lost, ABOUT_NOTHING},
};

void feed_listen(struct feed *f, struct store *store)
{
	for (ptrdiff_t i = 0; i < COUNT(hears); i++)
		store_on(store, hears[i].kind, hears[i].fn, f);
}

note_id feed_about(const struct change *change)
{
	for (ptrdiff_t i = 0; i < COUNT(hears); i++) {
		enum about about = hears[i].about;
		if (hears[i].kind != change->kind)
			continue;
		if (about == ABOUT_SUBJECT || (about == ABOUT_NOTE && !change->extra))
			return (note_id){change->subject};
		return (note_id){about == ABOUT_EXTRA ? change->extra : 0};
	}
	return (note_id){0};
}
