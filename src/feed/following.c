// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The following feed: a merge of the newest entries of everybody the viewer follows, by a heap over
// their timelines. Who follows very many finds most of the newest entries to be of them: these are
// looked through first.
// Only what the viewer sees is taken, so that pages are full and lead on from what is on them: notes for
// friends of those who follow back, notes for few where they name the viewer; of several entries that are
// about one note the oldest.
#include "feed/private.h"

#include "accounts/accounts.h"

#define LOOKED_AT_MOST 20000 // entries of everybody for one page
#define MERGED_MOST 500000   // entries of those who are followed for one page
#define ASKED_AT_ONCE 1000
#define ASKED_MOST 20 // times for one page

static void sift_down(struct head *heap, ptrdiff_t n, ptrdiff_t i)
{
	for (;;) {
		ptrdiff_t big = i, left = 2 * i + 1;
		if (left < n && heap[left].id > heap[big].id)
			big = left;
		if (left + 1 < n && heap[left + 1].id > heap[big].id)
			big = left + 1;
		if (big == i)
			return;
		struct head h = heap[i];
		heap[i] = heap[big];
		heap[big] = h;
		i = big;
	}
}

void heads_make(struct head *heap, ptrdiff_t n)
{
	for (ptrdiff_t i = n / 2 - 1; i >= 0; i--)
		sift_down(heap, n, i);
}

void heads_next(struct head *heap, ptrdiff_t *n)
{
	if (!heap[0].id)
		heap[0] = heap[--*n];
	sift_down(heap, *n, 0);
}

static void add_head(
	const struct feed *f, struct head *heap, ptrdiff_t *n, uint32_t author, int64_t before)
{
	struct head h = {.walk = walk_below(f, &f->authors.at[author].entries, before)};
	h.id = walk_peek(f, &h.walk);
	if (h.id)
		heap[(*n)++] = h;
}

// What a page needs to know and memory does not: as far as it has been met.
struct asked {
	struct map friends;         // account → whether it follows the viewer back
	LIST(account_id) strangers; // not asked yet
	struct map
		notes; // note that an entry is about → place in told, and one; 0: it is not there
	LIST(struct told {
		struct note_fact fact;
		bool older; // an entry for the viewer is about it which is older than memory
	})
	told;
	LIST(note_id) unknown; // not asked yet
};

struct merging {
	const struct feed *f;
	const struct author *me;
	uint32_t me_index;
	int64_t before;   // what comes next is older; 0: from the newest
	int64_t complete; // from here on memory has everything; 0: it has all
	bool beyond;      // what comes next is older than that
	ptrdiff_t limit;
	struct asked *asked;
	LIST(struct feed_entry) entries;
};

static bool follows_back(struct ctx *ctx, struct merging *m, account_id author)
{
	uint64_t back;
	if (map_get(&m->asked->friends, (uint64_t)author.v, &back))
		return back;
	map_put(&m->asked->friends, (uint64_t)author.v, false);
	list_push(ctx->mem, &m->asked->strangers, author);
	return false;
}

static bool reaches(const struct merging *m, uint32_t author)
{
	return author == m->me_index ||
	       (follows_have(m->me, author) && !m->f->authors.at[author].hidden);
}

// Of somebody followed. Notes for those whom they name are found by the names.
static bool is_seen(struct ctx *ctx, struct merging *m, const struct fact *fact)
{
	const struct author *author = &m->f->authors.at[fact->author];
	if (fact->author == m->me_index)
		return true;
	if (author->hidden)
		return false;
	return fact->visibility <= VIS_FOLLOWERS ||
	       (fact->visibility == VIS_MUTUALS && follows_back(ctx, m, author->id));
}

static const struct told *told_of(struct ctx *ctx, struct merging *m, note_id note)
{
	uint64_t place;
	if (map_get(&m->asked->notes, (uint64_t)note.v, &place))
		return place ? &m->asked->told.at[place - 1] : NULL;
	map_put(&m->asked->notes, (uint64_t)note.v, 0);
	list_push(ctx->mem, &m->asked->unknown, note);
	return NULL;
}

// A note that an entry of another kind is about: everybody may see it, and the reader does not have it
// from its author.
static bool is_news(const struct merging *m, enum visibility visibility, account_id account)
{
	uint64_t author;
	if (visibility > VIS_UNLISTED)
		return false;
	return !map_get(&m->f->by_account, (uint64_t)account.v, &author) ||
	       (!m->f->authors.at[author].hidden && !reaches(m, (uint32_t)author));
}

// What memory does not know of the note is asked of the database. Memory that has all knows all.
static bool is_open_news(struct ctx *ctx, struct merging *m, note_id note)
{
	uint32_t index;
	bool known = world_find(m->f, note, &index);
	const struct fact *fact = &m->f->facts[known ? index : 0];
	if (known &&
		!is_news(m, (enum visibility)fact->visibility, m->f->authors.at[fact->author].id))
		return false;
	if (known && !m->complete)
		return true;
	const struct told *told = told_of(ctx, m, note);
	return told && !told->older && is_news(m, told->fact.visibility, told->fact.account);
}

// An entry of another kind: the oldest that reaches the viewer, who does not follow the author.
static bool is_first(struct ctx *ctx, struct merging *m, const struct fact *entry)
{
	const struct timeline *about = entries_about(m->f, entry_note(entry));
	if (!reaches(m, entry->author))
		return false;
	for (struct walk w = walk_below(m->f, about, entry->id); walk_peek(m->f, &w);)
		if (reaches(m, m->f->facts[walk_take(&w)].author))
			return false;
	return is_open_news(ctx, m, entry_note(entry));
}

static void take(struct ctx *ctx, struct merging *m, uint32_t index)
{
	const struct fact *fact = &m->f->facts[index];
	m->before = fact->id;
	if (fact->kind ? !is_first(ctx, m, fact) : !is_seen(ctx, m, fact))
		return;
	list_push(ctx->mem, &m->entries,
		(struct feed_entry){fact->id, entry_note(fact), m->f->kinds[fact->kind].kind,
			m->f->authors.at[fact->author].id});
}

static bool is_beyond(struct merging *m, int64_t moment)
{
	m->beyond = m->complete && moment < m->complete;
	return m->beyond;
}

// The newest entries of everybody: true when the page is full or there are no more.
static bool look_through(struct ctx *ctx, struct merging *m)
{
	struct walk w = walk_below(m->f, &m->f->all, m->before);
	for (int i = 0; i < LOOKED_AT_MOST && m->entries.n < m->limit; i++) {
		int64_t next = walk_peek(m->f, &w);
		if (is_beyond(m, next) || !next)
			return true;
		uint32_t index = walk_take(&w);
		const struct fact *fact = &m->f->facts[index];
		if ((fact->author == m->me_index || follows_have(m->me, fact->author)) &&
			!(fact->flags & FACT_GONE))
			take(ctx, m, index);
		else
			m->before = fact->id;
	}
	return m->entries.n == m->limit;
}

// By a heap over the timelines of all. What others keep for themselves is passed over, up to a bound.
static void merge(struct ctx *ctx, struct merging *m)
{
	struct head *heap = NEW_N(ctx->mem, struct head, (ptrdiff_t)m->me->n_follows + 1);
	ptrdiff_t n = 0;
	add_head(m->f, heap, &n, m->me_index, m->before);
	for (uint32_t i = 0; i < m->me->n_follows; i++)
		add_head(m->f, heap, &n, m->me->follows[i], m->before);
	heads_make(heap, n);
	for (int i = 0; i < MERGED_MOST && m->entries.n < m->limit; i++) {
		if (is_beyond(m, n ? heap[0].id : 0) || !n)
			return;
		take(ctx, m, walk_take(&heap[0].walk));
		heap[0].id = walk_peek(m->f, &heap[0].walk);
		heads_next(heap, &n);
	}
}

static bool merge_if_loaded(struct ctx *ctx, struct feed *f, struct merging *m)
{
	uint64_t index;
	bool loaded = false;
	rwlock_read(&f->world);
	if (map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &index)) {
		m->f = f;
		m->me = &f->authors.at[index];
		m->me_index = (uint32_t)index;
		m->complete = world_complete(f);
		loaded = m->me->loaded;
		if (loaded && (!m->me->follow_bits || !look_through(ctx, m)))
			merge(ctx, m);
	}
	rwlock_read_done(&f->world);
	return loaded;
}

static err ask_friends(struct ctx *ctx, struct asked *asked)
{
	for (ptrdiff_t at = 0; at < asked->strangers.n; at += ASKED_AT_ONCE) {
		const account_id *ids = asked->strangers.at + at;
		ptrdiff_t n = MIN(asked->strangers.n - at, ASKED_AT_ONCE);
		bool *back = NEW_N(ctx->mem, bool, n);
		TRY(followers_among(ctx, ids, n, back));
		for (ptrdiff_t i = 0; i < n; i++)
			map_put(&asked->friends, (uint64_t)ids[i].v, back[i]);
	}
	asked->strangers.n = 0;
	return OK;
}

// False when it is not known whom the viewer follows.
static bool any_if_loaded(
	struct ctx *ctx, struct feed *f, const struct feed_entry *at, ptrdiff_t n, bool *any)
{
	uint64_t me, who;
	bool loaded = false;
	rwlock_read(&f->world);
	if (map_get(&f->by_account, (uint64_t)ctx->viewer.account.v, &me)) {
		struct merging m = {.f = f, .me = &f->authors.at[me], .me_index = (uint32_t)me};
		loaded = m.me->loaded;
		for (ptrdiff_t i = 0; i < n && loaded && !*any; i++)
			*any = map_get(&f->by_account, (uint64_t)at[i].who.v, &who) &&
			       reaches(&m, (uint32_t)who);
	}
	rwlock_read_done(&f->world);
	return loaded;
}

// Lists of whom somebody follows may be given up at any time, for want of memory.
static err any_reaches(
	struct ctx *ctx, struct feed *f, const struct feed_entry *at, ptrdiff_t n, bool *any)
{
	if (!n || any_if_loaded(ctx, f, at, n, any))
		return OK;
	TRY(follows_load(ctx, f, ctx->viewer.account));
	return any_if_loaded(ctx, f, at, n, any) ? OK : ERR_UNAVAILABLE;
}

err past_has_older(struct ctx *ctx, struct feed *f, note_id note, int64_t before, bool *out)
{
	*out = false;
	for (int kind = 1; kind < f->n_kinds && !*out; kind++) {
		struct feed_entry *about;
		ptrdiff_t n;
		TRY(f->kinds[kind].kind->about(ctx, note, before, &about, &n));
		TRY(any_reaches(ctx, f, about, n, out));
	}
	return OK;
}

static err ask_notes(struct ctx *ctx, struct feed *f, int64_t complete, struct asked *asked)
{
	for (ptrdiff_t at = 0; at < asked->unknown.n; at += ASKED_AT_ONCE) {
		struct note_fact *facts;
		ptrdiff_t n;
		TRY(notes_facts_of(ctx, asked->unknown.at + at,
			MIN(asked->unknown.n - at, ASKED_AT_ONCE), &facts, &n));
		for (ptrdiff_t i = 0; i < n; i++) {
			struct told told = {.fact = facts[i]};
			if (complete)
				TRY(past_has_older(ctx, f, facts[i].id, complete, &told.older));
			list_push(ctx->mem, &asked->told, told);
			map_put(&asked->notes, (uint64_t)facts[i].id.v, (uint64_t)asked->told.n);
		}
	}
	asked->unknown.n = 0;
	return OK;
}

// From memory, the newest first. Once more where something was met that memory does not know.
static err find(
	struct ctx *ctx, int64_t before, ptrdiff_t limit, struct asked *asked, struct merging *out)
{
	struct feed *f = ctx->house->feed;
	for (int turn = 0; turn < ASKED_MOST; turn++) {
		struct merging m = {.before = before, .limit = limit, .asked = asked};
		if (!merge_if_loaded(ctx, f, &m)) {
			TRY(follows_load(ctx, f, ctx->viewer.account));
			if (!merge_if_loaded(ctx, f, &m))
				return ERR_UNAVAILABLE; // changed again at once: the next try finds it
		}
		*out = m;
		if (!asked->strangers.n && !asked->unknown.n)
			break;
		TRY(ask_friends(ctx, asked));
		TRY(ask_notes(ctx, f, m.complete, asked));
	}
	return OK;
}

// What memory does not reach follows from the database, which takes its time: a listener, which serves all
// others too, gives way to a worker.
static err go_on(struct ctx *ctx, int64_t before, ptrdiff_t limit, struct merging *m)
{
	struct feed_entry *past;
	ptrdiff_t n;
	if (!m->beyond || m->entries.n >= limit)
		return OK;
	if (thread_kind() == THREAD_LISTENER)
		return ERR_UNAVAILABLE;
	int64_t from = before ? MIN(before, m->complete) : m->complete;
	TRY(past_following(ctx, ctx->house->feed, from, limit - m->entries.n, &past, &n));
	for (ptrdiff_t i = 0; i < n; i++)
		list_push(ctx->mem, &m->entries, past[i]);
	return OK;
}

// Notes for few that name the viewer, as entries of their authors.
static err find_naming(
	struct ctx *ctx, int64_t before, int limit, struct feed_entry **out, ptrdiff_t *n)
{
	struct note_page naming;
	struct note_fact *facts;
	TRY(notes_naming(ctx, (note_id){before}, limit, &naming));
	*n = 0;
	if (!naming.n)
		return OK;
	ptrdiff_t n_facts;
	TRY(notes_facts_of(ctx, naming.ids, naming.n, &facts, &n_facts));
	*out = NEW_N(ctx->mem, struct feed_entry, naming.n);
	for (ptrdiff_t i = 0; i < naming.n; i++)
		for (ptrdiff_t k = 0; k < n_facts; k++)
			if (facts[k].id.v == naming.ids[i].v)
				(*out)[(*n)++] = (struct feed_entry){facts[k].id.v, facts[k].id,
					&feed_published, facts[k].account};
	return OK;
}

// Two lists, newest first, as one; what stands in both once.
static ptrdiff_t join(const struct feed_entry *a, ptrdiff_t n_a, const struct feed_entry *b,
	ptrdiff_t n_b, struct feed_entry *out)
{
	ptrdiff_t n = 0, i = 0, k = 0;
	while (i < n_a || k < n_b) {
		bool from_a = k == n_b || (i < n_a && a[i].moment >= b[k].moment);
		struct feed_entry next = from_a ? a[i++] : b[k++];
		if (!n || out[n - 1].moment != next.moment)
			out[n++] = next;
	}
	return n;
}

err feed_following(struct ctx *ctx, str cursor, int limit, struct feed_entries *out)
{
	struct asked asked = {0};
	struct merging found;
	struct feed_entry *naming = NULL;
	ptrdiff_t n_naming;
	int64_t before = 0;
	if (!ctx->viewer.account.v)
		return ERR_SIGN_IN;
	if (cursor.n && !id_parse(cursor, &before))
		return ERR_NOT_FOUND;
	err failed = find(ctx, before, limit + 1, &asked, &found);
	map_free(&asked.friends);
	map_free(&asked.notes);
	TRY(failed);
	TRY(go_on(ctx, before, limit + 1, &found));
	TRY(find_naming(ctx, before, limit + 1, &naming, &n_naming));
	struct feed_entry *all = NEW_N(ctx->mem, struct feed_entry, found.entries.n + n_naming);
	ptrdiff_t n = join(found.entries.at, found.entries.n, naming, n_naming, all);
	struct feed_entries page = {.at = all, .n = MIN(n, limit)};
	if (n > limit)
		page.next = str_fmt(ctx->mem, "%lld", (long long)all[limit - 1].moment);
	*out = page;
	return OK;
}
