// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed's file: what it holds is what was there, what happened since is applied before anything of it is
// shown, and whatever is not good in every bit is not used.
#include "feed/checkpoint.h"
#include "feed/test_life.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#undef fail

#define BACKLOG 900 // more than are loaded before serving begins

static const char *path_of(const struct world *w, const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", w->dir, name);
	return path;
}

struct backlog {
	struct world *w;
	note_id ids[BACKLOG];
};

// Public notes, an hour between each, the newest first. One topic is of the oldest only, and the very oldest
// spells it.
static err publish_backlog(struct ctx *ctx, void *arg)
{
	struct backlog *b = arg;
	ms now = clock_now() - MS_HOUR;
	for (int i = 0; i < BACKLOG; i++) {
		struct note_draft draft = {.body = str_fmt(ctx->mem, "#past%d %s", i % 3,
						   i == BACKLOG - 1 ? "#anCient"
						   : i > 800        ? "#Ancient"
								    : ""),
			.language = i % 2 ? LANG("en") : LANG("zh-Hans"),
			.created = now - i * MS_HOUR};
		ctx->viewer =
			(struct viewer){.account = b->w->people[i % PEOPLE], .role = ROLE_MEMBER};
		TRY(notes_publish(ctx, &draft, &b->ids[i]));
	}
	return OK;
}

static struct world *old_world(struct backlog *b)
{
	struct world *w = world_new();
	b->w = w;
	w->keeps = true;
	assert_int_equal(store_write(&w->ctx, publish_backlog, b), OK);
	let_go(w);
	return w;
}

static struct backlog backlog;
static struct life life;

static void remember(struct backlog *b)
{
	life = (struct life){0};
	for (int i = 0; i < BACKLOG; i += 3)
		life.notes[life.n_notes++] = b->ids[i];
}

static void live(struct world *w, int times)
{
	for (int i = 0; i < times; i++)
		live_once(w, &life);
}

// A process ends, another works on the database, a third begins with what the first left.
static void what_was_kept_is_loaded(void **state)
{
	struct stat st;
	(void)state;
	struct world *w = old_world(&backlog);
	remember(&backlog);
	dice_seed(31);
	assert_false(feed_of(w)->reloaded);
	live(w, 200);
	world_restart(w);
	assert_int_equal(stat(path_of(w, "feed"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_not_equal(access(path_of(w, "feed.new"), F_OK), 0);
	assert_true(feed_of(w)->reloaded); // nothing happened between
	assert_in_range(equals_rebuilt(w), BACKLOG - 100, 2000);
	for (int turn = 0; turn < 3; turn++) {
		world_restart(w);
		live(w, 150);
		world_restart(w);
		struct feed *f = feed_begin(w);
		live(w, 60); // while the past is loaded, and after
		wait_ready(f);
		live(w, 20);
		assert_true(f->reloaded);
		assert_in_range(equals_rebuilt(w), BACKLOG - 200, 2000);
	}
	world_end(w);
}

static bool has(const note_id *ids, ptrdiff_t n, note_id id)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (ids[i].v == id.v)
			return true;
	return false;
}

static void never_shown(struct world *w, const note_id *hidden, ptrdiff_t n)
{
	struct explore_query q = {.limit = 200};
	do {
		struct feed_page page;
		assert_int_equal(feed_explore(&w->ctx, &q, &page), OK);
		for (ptrdiff_t i = 0; i < n; i++)
			assert_false(has(page.ids, page.n, hidden[i]));
		q.cursor = page.next;
	} while (q.cursor.n);
	let_go(w);
}

static bool follows_see(struct world *w, int who, note_id id)
{
	static struct read r;
	r = (struct read){0};
	read_following(w, w->people[who], 100, &r);
	let_go(w);
	return has(r.ids, r.n, id);
}

static void is_spelled(struct world *w, str name, str shown)
{
	struct feed_topic *tabs;
	ptrdiff_t n;
	assert_int_equal(feed_topics(&w->ctx, name, NULL, 0, 1, &tabs, &n), OK);
	assert_int_equal(n, 1);
	assert_true(str_eq(tabs[0].shown, shown));
}

static void what_changed_since_is_never_shown(void **state)
{
	(void)state;
	struct world *w = old_world(&backlog);
	note_id narrowed = backlog.ids[600], deleted = backlog.ids[700],
		suspended = backlog.ids[723];
	as(w, w->people[5]);
	assert_int_equal(follow_add(&w->ctx, w->people[600 % PEOPLE]), OK);
	assert_int_equal(follow_add(&w->ctx, w->people[700 % PEOPLE]), OK);
	let_go(w);
	feed_of(w);
	assert_true(follows_see(w, 5, deleted));
	world_restart(w);
	as(w, w->people[600 % PEOPLE]);
	struct note_draft draft = {
		.body = S("#past0"), .visibility = VIS_ONLY_ME, .language = LANG("en")};
	assert_int_equal(notes_edit(&w->ctx, narrowed, &draft), OK);
	as(w, w->people[700 % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, deleted), OK);
	assert_int_equal(
		account_set_standing(&w->ctx, w->people[723 % PEOPLE], STANDING_SUSPENDED), OK);
	const note_id hidden[] = {narrowed, deleted, suspended};
	world_restart(w);
	struct feed *f = feed_begin(w);
	as(w, (account_id){0});
	for (bool ready = false; !ready;) {
		ready = feed_ready(f);
		snapshot_make(f);
		never_shown(w, hidden, COUNT(hidden));
	}
	assert_true(f->reloaded);
	assert_false(follows_see(w, 5, narrowed));
	assert_false(follows_see(w, 5, deleted));
	equals_rebuilt(w);
	world_end(w);
}

static void topics_are_spelled_as_now(void **state)
{
	(void)state;
	struct world *w = old_world(&backlog);
	feed_of(w);
	is_spelled(w, S("ancient"), S("anCient"));
	world_restart(w);
	as(w, w->people[(BACKLOG - 1) % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, backlog.ids[BACKLOG - 1]), OK);
	world_restart(w);
	assert_true(feed_of(w)->reloaded);
	is_spelled(w, S("ancient"), S("Ancient"));
	world_end(w);
}

// The place of a topic that lost its last note is free when the file is written.
static void free_places_are_kept(void **state)
{
	(void)state;
	struct world *w = old_world(&backlog);
	struct feed *f = feed_of(w);
	note_id only = say(w, 3, "#only #here", VIS_PUBLIC, LANG("en"));
	say(w, 4, "#later", VIS_PUBLIC, LANG("en"));
	as(w, w->people[3]);
	assert_int_equal(notes_delete(&w->ctx, only), OK);
	let_go(w);
	world_tidy(f, true);
	assert_int_equal(f->free_topics.n, 2);
	world_restart(w);
	assert_true(feed_of(w)->reloaded);
	is_spelled(w, S("later"), S("later"));
	equals_rebuilt(w);
	world_end(w);
}

// What a change told while the file is being read is newer than the file and all that it lacks.
static void what_is_told_meanwhile_is_newer(void **state)
{
	struct checkpoint *c;
	bool left[16] = {0};
	uint32_t index;
	(void)state;
	struct world *w = old_world(&backlog);
	feed_of(w);
	world_restart(w);
	struct feed *f = feed_begin(w);
	assert_int_equal(checkpoint_open(open(path_of(w, "feed"), O_RDONLY), &c), OK);
	wait_ready(f);
	note_id gone = backlog.ids[850];
	as(w, w->people[850 % PEOPLE]);
	assert_int_equal(notes_delete(&w->ctx, gone), OK);
	assert_in_range(c->n_topics, 4, COUNT(left));
	rwlock_write(&f->world);
	map_put(&f->touched, (uint64_t)gone.v, 1);
	checkpoint_place(f, c);
	do {
		assert_int_equal(checkpoint_next(c), OK);
		checkpoint_put(f, c, (note_id){INT64_MAX}, &(struct map){0}, left);
	} while (c->n);
	assert_false(world_find(f, gone, &index));
	assert_true(world_find(f, backlog.ids[851], &index));
	rwlock_write_done(&f->world);
	for (ptrdiff_t i = 0; i < c->n_topics; i++) { // where it may have been what spelled them
		bool its = str_eq(c->topics[i].name, S("ancient")) ||
			   str_eq(c->topics[i].name, S("past1"));
		assert_int_equal(left[i], its);
	}
	checkpoint_close(c);
	equals_rebuilt(w);
	world_end(w);
}

// --- what is not good is not used ---------------------------------------------------------------

struct bytes {
	char *p;
	ptrdiff_t n;
};

static struct bytes read_file(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	struct bytes b = {mem_bytes(st.st_size), st.st_size};
	assert_int_equal(read(fd, b.p, (size_t)b.n), b.n);
	close(fd);
	return b;
}

static void write_file(const char *path, const char *p, ptrdiff_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, p, (size_t)n), n);
	close(fd);
}

// Read as a start reads it.
static err read_all(const char *path)
{
	struct checkpoint *c;
	err result = checkpoint_open(open(path, O_RDONLY), &c);
	if (result != OK)
		return result;
	do {
		result = checkpoint_next(c);
	} while (result == OK && c->n);
	checkpoint_close(c);
	return result;
}

static void damaged(const char *path, const char *p, ptrdiff_t n)
{
	write_file(path, p, n);
	assert_int_equal(read_all(path), ERR_INVALID);
}

static void one_wrong_bit_is_seen(void **state)
{
	char path[128];
	(void)state;
	struct world *w = old_world(&backlog);
	feed_of(w);
	world_restart(w);
	struct bytes good = read_file(path_of(w, "feed"));
	strcpy(path, path_of(w, "damaged"));
	write_file(path, good.p, good.n);
	assert_int_equal(read_all(path), OK);
	ptrdiff_t tables = (ptrdiff_t)sizeof(struct checkpoint_head) + 500;
	for (ptrdiff_t i = 0; i < good.n; i += i < tables || i > good.n - 40 ? 1 : 61) {
		char was = good.p[i];
		good.p[i] = (char)(was ^ 1 << i % 8);
		damaged(path, good.p, good.n);
		good.p[i] = was;
	}
	for (ptrdiff_t n = 0; n < good.n; n += n < tables ? 1 : 173)
		damaged(path, good.p, n);
	damaged(path, good.p, good.n - 1);
	char *longer = mem_new(good.n + 8, 1);
	memcpy(longer, good.p, (size_t)good.n);
	damaged(path, longer, good.n + 1);
	damaged(path, longer, good.n + 8);
	mem_free(longer);
	mem_free(good.p);
	world_end(w);
}

static void is_rebuilt(struct world *w)
{
	struct feed *f = feed_of(w);
	assert_false(f->reloaded);
	assert_in_range(equals_rebuilt(w), BACKLOG - 10, BACKLOG + 10);
	world_restart(w); // leaves a good file
	assert_int_equal(read_all(path_of(w, "feed")), OK);
}

static err forget_changes(struct ctx *ctx, void *arg)
{
	const struct sql sql = {.name = "forget",
		.sqlite = "DELETE FROM change",
		.postgres = "DELETE FROM change",
		.writes = true};
	(void)arg;
	return sql_change(ctx, &sql, NULL, NULL);
}

static err say_lost(struct ctx *ctx, void *arg)
{
	(void)arg;
	change_add(ctx, &changes_lost, 0, 0, 0);
	return OK;
}

static void what_is_not_good_is_rebuilt(void **state)
{
	(void)state;
	struct world *w = old_world(&backlog);
	char path[128];
	strcpy(path, path_of(w, "feed"));
	is_rebuilt(w); // there was none
	struct bytes good = read_file(path);
	write_file(path, good.p, good.n / 2);
	is_rebuilt(w);
	good.p[offsetof(struct checkpoint_head, mark) + 3] ^= 1;
	write_file(path, good.p, good.n);
	is_rebuilt(w);
	mem_free(good.p);
	// A link, and something that never ends.
	assert_int_equal(rename(path, path_of(w, "elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	is_rebuilt(w);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	is_rebuilt(w);
	// Changes since are not there any more, or nobody knows what they were.
	assert_int_equal(store_write(&w->ctx, forget_changes, NULL), OK);
	is_rebuilt(w);
	assert_int_equal(store_write(&w->ctx, say_lost, NULL), OK);
	is_rebuilt(w);
	struct bytes foreign = read_file(path);
	world_end(w);
	w = old_world(&backlog);
	write_file(path_of(w, "feed"), foreign.p, foreign.n);
	is_rebuilt(w);
	mem_free(foreign.p);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_kept_is_loaded),
		cmocka_unit_test(what_changed_since_is_never_shown),
		cmocka_unit_test(topics_are_spelled_as_now),
		cmocka_unit_test(free_places_are_kept),
		cmocka_unit_test(what_is_told_meanwhile_is_newer),
		cmocka_unit_test(one_wrong_bit_is_seen),
		cmocka_unit_test(what_is_not_good_is_rebuilt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
