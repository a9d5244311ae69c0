// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The loops of animations: made last, and what else happens to a picture until then.
#include "disk/disk.h"
#include "media/test_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static struct media_row row_of(struct world *w, media_id id)
{
	struct media_row row;
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	store_done(&w->ctx);
	return row;
}

static media_id animation(struct world *w, bool bad)
{
	ptrdiff_t n;
	int fd = gif_of(3, bad, &n);
	return sent(w, fd, n, USE_NOTE);
}

// Taken in, its loop still to be made.
static media_id still(struct world *w)
{
	media_id id = animation(w, false);
	struct media_row row = row_of(w, id);
	assert_int_equal(take(&w->ctx, &row, (struct how){0}), OK);
	return id;
}

static int64_t waiting(struct world *w)
{
	struct media_waiting_row of_one;
	assert_int_equal(media_waiting(&w->ctx, w->ctx.viewer.account, &of_one), OK);
	return of_one.bytes;
}

static bool has_loop(struct world *w, str name)
{
	int fd;
	int64_t size;
	err found = blobs_get(w->house.blobs, name, S("moving-16.webp"), &fd, &size);
	if (found == OK)
		close(fd);
	return found == OK;
}

static void jobs_of(struct world *w, str kind, int *n)
{
	struct job_info *jobs;
	ptrdiff_t n_jobs;
	*n = 0;
	assert_int_equal(jobs_list(&w->ctx, JOB_WAITING, 100, &jobs, &n_jobs), OK);
	for (ptrdiff_t i = 0; i < n_jobs; i++)
		*n += str_eq(jobs[i].kind, kind);
}

static void the_still_comes_first(void **state)
{
	struct world *w = world_new();
	struct media_row row;
	struct picture p;
	int n;
	(void)state;
	media_id id = animation(w, false);
	row = row_of(w, id);
	int64_t size = row.bytes;
	const struct how queued = {.queue = true};
	assert_int_equal(take(&w->ctx, &row, queued), OK);
	assert_int_equal(picture_by_id(&w->ctx, id, &p), OK);
	assert_int_equal(p.state, MEDIA_READY);
	assert_int_equal(picture_moving(w->ctx.mem, &p).n, 0);
	assert_int_equal(originals(w), 1);
	jobs_of(w, S("media.loop"), &n);
	assert_int_equal(n, 1);
	// The original counts as on its way as long as it is there, and to the account.
	struct media_row taken = row_of(w, id);
	assert_int_equal(waiting(w), taken.bytes);
	assert_true(taken.bytes > size);
	// It may be attached, and cut, and a job that runs again finds nothing to do.
	const struct picture_place place = {id, S("")};
	assert_int_equal(media_attach(&w->ctx, of_test(7), &place, 1), OK);
	assert_int_equal(media_cover(&w->ctx, id, RATIO_1_1, (struct crop){0}), OK);
	assert_int_equal(take(&w->ctx, &taken, queued), OK);
	assert_int_equal(take(&w->ctx, &row, queued), OK);
	assert_int_equal(originals(w), 1);

	world_run(w);
	world_settle(w);
	assert_int_equal(picture_by_id(&w->ctx, id, &p), OK);
	assert_int_equal(p.moving, 16);
	assert_true(has_loop(w, p.name));
	assert_true(str_ends(picture_moving(w->ctx.mem, &p), S("/moving-16.webp")));
	assert_int_equal(originals(w), 0);
	row = row_of(w, id);
	assert_int_equal(row.state, MEDIA_READY);
	assert_int_equal(row.source.n, 0);
	assert_int_equal(waiting(w), 0);
	struct media_row again = taken;
	assert_int_equal(make_loop(&w->ctx, &again, false), OK); // its lease ran out: once more
	assert_int_equal(row_of(w, id).bytes, row.bytes);
	assert_true(has_loop(w, p.name));
	world_end(w);
}

static void stills_of_later_pictures_come_before(void **state)
{
	struct world *w = world_new();
	struct job_info *done;
	ptrdiff_t n;
	int first_loop = -1, last_take = -1;
	(void)state;
	animation(w, false);
	for (int i = 0; i < 6; i++) {
		w->ctx.viewer.account.v = 1 + i % 2;
		animation(w, false);
	}
	world_run(w); // one runner is for pictures
	world_settle(w);
	assert_int_equal(jobs_list(&w->ctx, JOB_DONE, 100, &done, &n), OK);
	assert_int_equal(n, 21);
	for (int i = 0; i < n; i++) { // the newest first
		if (str_eq(done[i].kind, S("media.loop")))
			first_loop = i;
		else if (last_take < 0)
			last_take = i;
	}
	assert_int_equal(first_loop, 6);
	assert_int_equal(last_take, 7);
	world_end(w);
}

static int64_t told;

static void hear(struct ctx *ctx, const struct change *change, void *arg)
{
	(void)ctx, (void)arg;
	told = change->extra;
}

// A picture is attached while its loop is made: pages of that note must know.
static void the_note_of_now_is_told(void **state)
{
	struct world *w = world_new();
	(void)state;
	store_on(w->house.store, &picture_changed, hear, NULL);
	media_id id = still(w);
	struct media_row row = row_of(w, id);
	const struct picture_place place = {id, S("")};
	assert_int_equal(media_attach(&w->ctx, of_test(7), &place, 1), OK);
	told = 0;
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	assert_int_equal(told, 7);
	world_end(w);
}

static void without_a_queue_it_is_made_at_once(void **state)
{
	struct world *w = world_new();
	ptrdiff_t n;
	media_id id;
	(void)state;
	int fd = gif_of(3, false, &n);
	assert_int_equal(media_add(&w->ctx, fd, n, USE_NOTE, &id, NULL), OK);
	assert_int_equal(media_take_first(&w->ctx, id), OK);
	assert_int_equal(row_of(w, id).moving, 0);
	assert_int_equal(media_take_now(&w->ctx, id), OK);
	assert_int_equal(row_of(w, id).moving, 16);
	assert_int_equal(originals(w), 0);
	// Faces do not move, and one frame is none.
	assert_int_equal(media_add(&w->ctx, fd, n, USE_AVATAR, &id, NULL), OK);
	assert_int_equal(media_take_first(&w->ctx, id), OK);
	assert_int_equal(row_of(w, id).state, MEDIA_READY);
	close(fd);
	fd = gif_of(1, false, &n);
	assert_int_equal(media_add(&w->ctx, fd, n, USE_NOTE, &id, NULL), OK);
	assert_int_equal(media_take_first(&w->ctx, id), OK);
	assert_int_equal(row_of(w, id).state, MEDIA_READY);
	assert_int_equal(originals(w), 0);
	close(fd);
	world_end(w);
}

static void nothing_is_left_of_what_is_deleted(void **state)
{
	struct world *w = world_new();
	struct media_row row;
	(void)state;
	// Before its loop.
	media_id id = animation(w, false);
	row = row_of(w, id);
	assert_int_equal(take(&w->ctx, &row, (struct how){.queue = true}), OK);
	assert_int_equal(media_remove(&w->ctx, &id, 1), OK);
	world_run(w);
	world_settle(w);
	assert_int_equal(files_in_all(w), 0);
	assert_int_equal(originals(w), 0);
	// While it is made; and after its files have gone.
	id = still(w);
	row = row_of(w, id);
	assert_int_equal(media_remove(&w->ctx, &id, 1), OK);
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	assert_int_equal(files_in_all(w), 0);
	assert_int_equal(originals(w), 0);
	world_end(w);
}

static void no_loop_is_under_an_old_name(void **state)
{
	struct world *w = world_new();
	struct media_new_names names;
	(void)state;
	const struct media_owner note = of_test(77);
	media_id id = still(w);
	const struct picture_place place = {id, S("")};
	assert_int_equal(media_attach(&w->ctx, note, &place, 1), OK);
	// It gets a new name while the loop is made: that one goes, and is made again.
	struct media_row before = row_of(w, id);
	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	assert_int_equal(media_rename(&w->ctx, &names), OK);
	assert_int_equal(make_loop(&w->ctx, &before, false), ERR_CONFLICT);
	assert_int_equal(files_of(w, before.name), 0);
	assert_int_equal(originals(w), 1);
	struct media_row row = row_of(w, id);
	assert_true(str_eq(row.name, names.at[0].fresh));
	assert_int_equal(row.moving, 0);
	// The loop is there after the files got their second name: both are done again.
	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	assert_int_equal(media_rename(&w->ctx, &names), ERR_CONFLICT);
	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	assert_int_equal(media_rename(&w->ctx, &names), OK);
	world_run(w);
	world_settle(w);
	row = row_of(w, id);
	assert_true(str_eq(row.name, names.at[0].fresh));
	assert_int_equal(row.moving, 16);
	assert_true(has_loop(w, row.name));
	assert_int_equal(files_of(w, names.at[0].old), 0);
	assert_int_equal(originals(w), 0);
	world_end(w);
}

// `others`: uploads on their way, whose files lie beside the originals.
static void stays_still_beside(struct world *w, media_id id, int64_t bytes, int others)
{
	struct media_row row = row_of(w, id);
	assert_int_equal(row.state, MEDIA_READY);
	assert_int_equal(row.moving, 0);
	assert_int_equal(row.source.n, 0);
	assert_int_equal(row.bytes, bytes);
	assert_int_equal(originals(w), others);
	assert_false(has_loop(w, row.name));
}

static void stays_still(struct world *w, media_id id, int64_t bytes)
{
	stays_still_beside(w, id, bytes, 0);
}

static void what_cannot_loop_stays_a_still(void **state)
{
	struct world *w = world_new();
	(void)state;
	media_id id = animation(w, true);
	struct media_row row = row_of(w, id);
	int64_t size = row.bytes;
	assert_int_equal(take(&w->ctx, &row, (struct how){0}), OK);
	row = row_of(w, id);
	assert_int_equal(row.width, 16);
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	stays_still(w, id, row.bytes - size);
	// No fault of its own, and the last try.
	id = still(w);
	row = row_of(w, id);
	char *upload = str_z(
		w->ctx.mem, str_fmt(w->ctx.mem, "%s/upload/%.*s", w->dir, STR_ARGS(row.source)));
	assert_int_equal(unlink(upload), 0);
	assert_int_equal(symlink(upload, upload), 0);
	assert_int_equal(make_loop(&w->ctx, &row, false), ERR_IO);
	assert_true(awaits_loop(&row));
	assert_int_equal(make_loop(&w->ctx, &row, true), OK);
	stays_still(w, id, row.bytes);
	// Its original did not come back with a backup.
	id = still(w);
	row = row_of(w, id);
	assert_int_equal(source_remove(&w->ctx, row.source), OK);
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	stays_still(w, id, row.bytes);
	world_end(w);
}

static int64_t space;

static bool measure(void *arg, int64_t *free, int64_t *size)
{
	(void)arg;
	*free = *size = space;
	return true;
}

// An upload of which so much has come that it counts whole.
static void half_comes(struct ctx *ctx, int64_t length)
{
	upload_id upload;
	media_id media;
	job_id job;
	int64_t now_at;
	FILE *zeros = tmpfile();
	assert_non_null(zeros);
	assert_int_equal(ftruncate(fileno(zeros), length / 2), 0);
	assert_int_equal(upload_begin(ctx, length, &upload), OK);
	assert_int_equal(upload_append(ctx, upload, 0, fileno(zeros), length / 2, USE_NOTE, &media,
				 &job, &now_at),
		OK);
	fclose(zeros);
}

// When much is on its way, originals go at once.
static void no_original_is_kept_for_want_of_room(void **state)
{
	struct world *w = world_new();
	(void)state;
	const struct disk_config config = {.dir = str_from(w->dir), .measure = measure};
	space = 100 << 20;
	assert_int_equal(disk_open(&config, &w->house.disk), OK);
	media_id id = animation(w, false);
	struct ctx other = as(w, 2);
	half_comes(&other, 22 << 20);
	struct media_row row = row_of(w, id);
	int64_t size = row.bytes;
	assert_int_equal(take(&w->ctx, &row, (struct how){0}), OK);
	row = row_of(w, id);
	assert_int_equal(row.state, MEDIA_WAITING); // there is room for this one
	assert_true(awaits_loop(&row));
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	half_comes(&w->ctx, 12 << 20);
	id = animation(w, false);
	row = row_of(w, id);
	assert_int_equal(take(&w->ctx, &row, (struct how){0}), OK);
	row = row_of(w, id);
	assert_true(row.bytes > 0 && size > 0);
	stays_still_beside(w, id, row.bytes, 2);
	disk_close(w->house.disk);
	w->house.disk = NULL;
	world_end(w);
}

static void a_long_wait_loses_no_original(void **state)
{
	struct world *w = world_new();
	struct job none = {0};
	upload_id upload;
	media_id id;
	job_id job;
	int64_t at;
	ptrdiff_t n;
	(void)state;
	w->ctx.now -= 25 * MS_HOUR;
	int fd = gif_of(3, false, &n);
	assert_int_equal(upload_begin(&w->ctx, n, &upload), OK);
	assert_int_equal(upload_append(&w->ctx, upload, 0, fd, n, USE_NOTE, &id, &job, &at), OK);
	close(fd);
	struct media_row row = row_of(w, id);
	assert_int_equal(take(&w->ctx, &row, (struct how){0}), OK);
	const struct picture_place place = {id, S("")};
	assert_int_equal(media_attach(&w->ctx, of_test(9), &place, 1), OK);
	w->ctx.now = clock_now();
	row = row_of(w, id);
	int source = source_open(&w->ctx, row.source, O_RDWR);
	const time_t then = time(NULL) - 25 * 3600;
	const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
	assert_int_equal(futimens(source, times), 0);
	close(source);
	assert_int_equal(job_sweep(&w->ctx, &none, NULL), OK);
	assert_int_equal(originals(w), 1);
	assert_int_equal(make_loop(&w->ctx, &row, false), OK);
	assert_int_equal(row_of(w, id).moving, 16);
	assert_int_equal(originals(w), 0);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_still_comes_first),
		cmocka_unit_test(stills_of_later_pictures_come_before),
		cmocka_unit_test(the_note_of_now_is_told),
		cmocka_unit_test(without_a_queue_it_is_made_at_once),
		cmocka_unit_test(nothing_is_left_of_what_is_deleted),
		cmocka_unit_test(no_loop_is_under_an_old_name),
		cmocka_unit_test(what_cannot_loop_stays_a_still),
		cmocka_unit_test(no_original_is_kept_for_want_of_room),
		cmocka_unit_test(a_long_wait_loses_no_original),
	};
	thread_is(THREAD_MAIN, "test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
