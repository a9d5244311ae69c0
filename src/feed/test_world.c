// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The world of this room's tests: SQLite in a temporary directory, or the PostgreSQL that
// tests/lib/on-postgres starts.
#include "feed/test_world.h"

#include "jobs/jobs.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void wipe(const char *address)
{
	char command[512];
	must(snprintf(command, sizeof command,
		     "psql -q '%s' -c 'SET client_min_messages=error' "
		     "-c 'DROP SCHEMA public CASCADE' -c 'CREATE SCHEMA public'",
		     address) < (int)sizeof command);
	must(system(command) == 0);
}

static void world_open(struct world *w)
{
	const char *postgres = getenv("TEST_DATABASE");
	struct store_config config = {
		.database = postgres ? str_from(postgres) : str_fmt(w->ctx.mem, "%s/db", w->dir)};
	must(store_open(&w->ctx, &config, &w->house.store) == OK);
	must(accounts_room.start(&w->ctx) == OK);
}

struct world *world_new(void)
{
	struct world *w = mem_new(1, sizeof *w);
	const char *postgres = getenv("TEST_DATABASE");
	strcpy(w->dir, "/tmp/feed-test.XXXXXX");
	must(mkdtemp(w->dir));
	w->ctx = (struct ctx){.mem = arena_new(4096), .now = clock_now(), .house = &w->house};
	if (postgres)
		wipe(postgres);
	world_open(w);
	for (int i = 0; i < PEOPLE; i++) {
		struct account_new want = {
			.name = str_fmt(w->ctx.mem, "person_%d", i), .trusted = true};
		must(account_create(&w->ctx, &want, &w->people[i]) == OK);
	}
	return w;
}

static void end_feed(struct feed *f)
{
	feed_halt(f);
	feed_free(f);
}

void world_end(struct world *w)
{
	char command[128];
	store_done(&w->ctx);
	for (int i = 0; i < w->n_feeds; i++)
		end_feed(w->feeds[i]);
	accounts_room.stop(&w->ctx);
	store_close(w->house.store);
	snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
	must(system(command) == 0);
	arena_free(w->ctx.mem);
	mem_free(w);
}

void world_restart(struct world *w)
{
	store_done(&w->ctx);
	for (int i = 0; i < w->n_feeds; i++)
		end_feed(w->feeds[i]);
	w->n_feeds = 0;
	accounts_room.stop(&w->ctx);
	store_close(w->house.store);
	w->house = (struct house){0};
	world_open(w);
}

struct crowd {
	struct world *w;
	int who;
	bool write;
};

static err make_crowd(struct ctx *ctx, void *arg)
{
	const struct crowd *c = arg;
	for (int i = 0; i < CROWD; i++) {
		account_id id;
		note_id note;
		struct account_new want = {
			.name = str_fmt(ctx->mem, "crowd_%d", i), .trusted = true};
		struct note_draft draft = {.body = S("one of many"),
			.visibility = (enum visibility)(i / 20 % VISIBILITIES),
			.created = clock_now() - i * MS_HOUR / 3};
		TRY(account_create(ctx, &want, &id));
		ctx->viewer = (struct viewer){.account = id, .role = ROLE_MEMBER};
		if (i % 40 == 0)
			TRY(follow_add(ctx, c->w->people[c->who]));
		if (c->write && i % 20 == 0)
			TRY(notes_publish(ctx, &draft, &note));
		ctx->viewer.account = c->w->people[c->who];
		TRY(follow_add(ctx, id));
	}
	return OK;
}

void follow_crowd(struct world *w, int who, bool write)
{
	struct crowd crowd = {w, who, write};
	as(w, w->people[who]);
	must(store_write(&w->ctx, make_crowd, &crowd) == OK);
	let_go(w);
}

void wait_ready(struct feed *f)
{
	for (ms deadline = clock_steady() + 20 * MS_SECOND; !feed_ready(f);) {
		must(clock_steady() < deadline);
		nanosleep(&(struct timespec){0, 2000000}, NULL);
	}
}

struct feed *feed_begin(struct world *w)
{
	char path[128] = "";
	must(w->n_feeds < COUNT(w->feeds));
	if (w->keeps)
		snprintf(path, sizeof path, "%s/feed", w->dir);
	must(feed_open(&w->ctx, str_from(path), w->bound, &w->house.feed) == OK);
	if (w->joins)
		feed_join(w->house.feed, w->joins);
	feed_run(w->house.feed);
	return w->feeds[w->n_feeds++] = w->house.feed;
}

struct feed *feed_of(struct world *w)
{
	struct feed *f = feed_begin(w);
	wait_ready(f);
	return f;
}

void as(struct world *w, account_id who)
{
	w->ctx.viewer = (struct viewer){.account = who, .role = ROLE_MEMBER};
	w->ctx.now = MAX(w->ctx.now + 1, clock_now());
}

void let_go(struct world *w)
{
	store_done(&w->ctx);
	arena_reset(w->ctx.mem);
}

static note_id publish(struct world *w, int who, const struct note_draft *draft)
{
	note_id id;
	as(w, w->people[who]);
	must(notes_publish(&w->ctx, draft, &id) == OK);
	let_go(w);
	return id;
}

note_id say(struct world *w, int who, const char *body, enum visibility visibility, lang l)
{
	return publish(w, who,
		&(struct note_draft){
			.body = str_from(body), .visibility = visibility, .language = l});
}

note_id say_at(struct world *w, int who, const char *body, ms when)
{
	return publish(w, who,
		&(struct note_draft){
			.body = str_from(body), .language = LANG("en"), .created = when});
}

static ptrdiff_t bytes_of_line(const struct timeline *t)
{
	return (ptrdiff_t)sizeof(uint32_t) * ((ptrdiff_t)t->cap_fresh + t->cap_old);
}

ptrdiff_t bytes_of_world(struct feed *f)
{
	ptrdiff_t sum = f->cap_facts * (ptrdiff_t)sizeof *f->facts + bytes_of_line(&f->all);
	sum += f->pool.cap * (ptrdiff_t)sizeof *f->pool.at;
	sum += f->authors.cap * (ptrdiff_t)sizeof *f->authors.at;
	sum += f->by_account.cap * (ptrdiff_t)sizeof *f->by_account.slots;
	sum += f->topics.cap * (ptrdiff_t)sizeof *f->topics.at;
	sum += f->by_topic.cap * (ptrdiff_t)sizeof *f->by_topic.slots;
	sum += (f->gone.cap + f->free.cap + f->free_topics.cap) * (ptrdiff_t)sizeof(uint32_t);
	list_each (a, &f->authors)
		sum += bytes_of_line(&a->entries);
	list_each (t, &f->topics)
		sum += bytes_of_line(&t->notes) + t->name.n + t->shown.n;
	return sum;
}

int64_t cut_of(struct feed *f)
{
	rwlock_read(&f->world);
	int64_t cut = f->cut;
	rwlock_read_done(&f->world);
	return cut;
}

int64_t bytes_used(struct feed *f)
{
	rwlock_read(&f->world);
	int64_t bytes = world_bytes(f);
	rwlock_read_done(&f->world);
	return bytes;
}

static void add_page(struct read *r, const struct feed_page *page, int limit)
{
	must(page->n <= limit && r->n + page->n <= COUNT(r->ids));
	must(page->n == limit || !page->next.n); // only the last one is short
	for (ptrdiff_t i = 0; i < page->n; i++)
		r->ids[r->n++] = page->ids[i];
	r->pages++;
}

void read_explore(struct world *w, str topic, const lang *reads, int n_reads, int limit, str cursor,
	struct read *r)
{
	struct explore_query q = {
		.topic = topic, .reads = reads, .n_reads = n_reads, .limit = limit};
	as(w, (account_id){0}); // a stranger, who has no notes that come before their turn
	do {
		struct feed_page page;
		q.cursor = cursor;
		must(feed_explore(&w->ctx, &q, &page) == OK);
		add_page(r, &page, limit);
		cursor = page.next;
	} while (cursor.n);
}

void read_following(struct world *w, account_id who, int limit, struct read *r)
{
	str cursor = {0};
	as(w, who);
	do {
		struct feed_entries entries;
		must(feed_following(&w->ctx, cursor, limit, &entries) == OK);
		struct feed_page page = {
			NEW_N(w->ctx.mem, note_id, entries.n), entries.n, entries.next};
		for (ptrdiff_t i = 0; i < entries.n; i++)
			page.ids[i] = entries.at[i].note;
		add_page(r, &page, limit);
		cursor = page.next;
	} while (cursor.n);
}
