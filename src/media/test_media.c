// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The life of a picture with the real decoder: sent in pieces, taken in, cut, attached, removed.
#include "media/test_world.h"

#include "community/community.h"
#include "disk/disk.h"
#include "words/words.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

static struct picture picture(struct world *w, media_id id)
{
	struct picture p = {0};
	assert_int_equal(picture_by_id(&w->ctx, id, &p), OK);
	return p;
}

static void assert_str(str got, const char *wanted)
{
	char text[256] = {0};
	memcpy(text, got.p, (size_t)MIN(got.n, 255));
	assert_string_equal(text, wanted);
}

struct sending {
	struct world *w;
	upload_id id;
	media_id media;
	job_id job;
	int64_t at;
};

static err send(struct sending *s, struct ctx *ctx, int64_t offset, const char *bytes, int64_t n)
{
	int fd = file_of(bytes, n);
	err code = upload_append(ctx, s->id, offset, fd, n, USE_NOTE, &s->media, &s->job, &s->at);
	close(fd);
	return code;
}

static void an_upload_goes_on_after_lost_connections(void **state)
{
	struct world *w = world_new();
	struct sending s = {.w = w};
	struct ctx stranger = as(w, 0), other = as(w, 2);
	static char bytes[1 << 20];
	ptrdiff_t n;
	int64_t offset = -1;
	int fd = png_of(400, 300, &n);
	(void)state;
	assert_true(n > 200000 && n < COUNT(bytes));
	assert_int_equal(pread(fd, bytes, sizeof bytes, 0), n);
	assert_int_equal(upload_begin(&stranger, n, &s.id), ERR_SIGN_IN);
	assert_int_equal(upload_begin(&w->ctx, n, &s.id), OK);
	assert_int_equal(send(&s, &w->ctx, 0, bytes, 100000), OK);
	assert_int_equal(s.at, 100000);
	assert_int_equal(s.media.v, 0);
	// The connection broke: fewer bytes than announced count for nothing.
	int half = file_of(bytes, 500);
	assert_int_equal(
		upload_append(&w->ctx, s.id, 100000, half, 5000, USE_NOTE, &s.media, &s.job, &s.at),
		ERR_BAD_REQUEST);
	close(half);
	world_reopen(w);
	assert_int_equal(upload_offset(&w->ctx, s.id, &offset, &(media_id){0}), OK);
	assert_int_equal(offset, 100000);
	assert_int_equal(send(&s, &w->ctx, 0, bytes, 100000), ERR_CONFLICT);
	assert_int_equal(w->ctx.problem.number, 100000);
	assert_int_equal(send(&s, &w->ctx, 100001, bytes, 10), ERR_CONFLICT);
	assert_int_equal(send(&s, &other, 100000, bytes, 10), ERR_NOT_FOUND);
	assert_int_equal(upload_offset(&other, s.id, &offset, &(media_id){0}), ERR_NOT_FOUND);
	assert_int_equal(upload_offset(&stranger, s.id, &offset, &(media_id){0}), ERR_SIGN_IN);
	assert_int_equal(send(&s, &w->ctx, 100000, bytes, n), ERR_BAD_REQUEST); // too much
	assert_int_equal(send(&s, &w->ctx, 100000, bytes + 100000, n - 100000), OK);
	assert_true(s.media.v && s.job.v);
	media_id media = s.media;
	assert_int_equal(send(&s, &w->ctx, n, bytes, 0), OK); // the answer was lost
	assert_int_equal(s.media.v, media.v);
	assert_int_equal(upload_offset(&w->ctx, s.id, &offset, &s.media), OK);
	assert_int_equal(offset, n);
	assert_int_equal(s.media.v, media.v);
	assert_int_equal(picture(w, media).state, MEDIA_WAITING);
	world_run(w);
	world_settle(w);
	struct picture p = picture(w, media);
	assert_int_equal(p.state, MEDIA_READY);
	assert_int_equal(p.width, 400);
	assert_int_equal(p.height, 300);
	assert_int_equal(p.name.n, 22);
	assert_int_equal(p.blurhash.n, 28);
	assert_true(p.colour != 0);
	assert_str(p.widths, "360 400");
	assert_int_equal(files_of(w, p.name), 3);
	assert_int_equal(originals(w), 0);
	assert_false(any_file_has(w, S(GPS_MARK)));
	close(fd);
	world_end(w);
}

static void uploads_are_limited(void **state)
{
	struct world *w = world_new();
	struct ctx other = as(w, 2);
	upload_id id;
	int64_t offset;
	(void)state;
	assert_int_equal(upload_begin(&w->ctx, 0, &id), ERR_INVALID);
	assert_int_equal(w->ctx.problem.word, W_media_empty);
	assert_int_equal(upload_begin(&w->ctx, PICTURE_MOST_BYTES + 1, &id), ERR_TOO_LARGE);
	assert_int_equal(w->ctx.problem.word, W_media_too_large);
	assert_int_equal(w->ctx.problem.number, 60);
	upload_id first = {0};
	for (int i = 0; i < UPLOADS_MOST; i++) {
		assert_int_equal(upload_begin(&w->ctx, 10, &id), OK);
		first = first.v ? first : id;
	}
	assert_int_equal(upload_begin(&w->ctx, 10, &id), ERR_TOO_MANY);
	assert_int_equal(w->ctx.problem.word, W_media_too_many_uploads);
	assert_int_equal(upload_begin(&other, 10, &id), OK);
	w->ctx.now += 2 * MS_HOUR; // the quiet ones make room
	assert_int_equal(upload_begin(&w->ctx, 10, &id), OK);
	assert_int_equal(upload_offset(&w->ctx, first, &offset, &(media_id){0}), ERR_NOT_FOUND);
	world_end(w);
}

#define KB ((int64_t)1 << 10)
static int64_t space; // on the disk

static bool measure(void *arg, int64_t *free, int64_t *size)
{
	(void)arg;
	*free = *size = space;
	return true;
}

static void disk_has(struct world *w, int64_t bytes)
{
	const struct disk_config config = {.dir = str_from(w->dir), .measure = measure};
	space = bytes;
	disk_close(w->house.disk);
	assert_int_equal(disk_open(&config, &w->house.disk), OK);
}

// A quarter for one, half for all, of the disk as it was before anything came.
static void shares_of_the_disk(void **state)
{
	struct world *w = world_new();
	struct ctx other = as(w, 2);
	struct sending s = {.w = w};
	static char bytes[700 << 10];
	upload_id id;
	(void)state;
	disk_has(w, 8000 * KB);
	assert_int_equal(upload_begin(&w->ctx, 700 * KB, &s.id), OK);
	assert_int_equal(upload_begin(&w->ctx, 700 * KB, &id), OK);
	assert_int_equal(upload_begin(&w->ctx, 700 * KB, &id), ERR_TOO_MANY);
	assert_int_equal(w->ctx.problem.word, W_media_on_the_way);
	assert_int_equal(send(&s, &w->ctx, 0, bytes, 699 * KB), OK);
	disk_has(w, (8000 - 699) * KB);
	assert_int_equal(upload_begin(&w->ctx, 500 * KB, &id), OK);

	// What is only announced is there for the others.
	struct sending slow = {.w = w};
	disk_has(w, 4000 * KB);
	assert_int_equal(upload_begin(&other, 900 * KB, &slow.id), OK);
	// As it comes it counts twice, up to the half of all.
	assert_int_equal(send(&slow, &other, 0, bytes, 300 * KB), OK);
	assert_int_equal(send(&slow, &other, 300 * KB, bytes, 300 * KB), OK);
	disk_has(w, 2500 * KB);
	assert_int_equal(send(&slow, &other, 600 * KB, bytes, 10), OK); // no more than that counts
	assert_int_equal(upload_begin(&other, 900 * KB, &id), ERR_FULL);
	// Who sends nothing more keeps nobody from it, and has to ask again before going on.
	disk_has(w, 4000 * KB);
	other.now += 2 * MS_HOUR;
	assert_int_equal(upload_begin(&other, 900 * KB, &s.id), OK);
	other.now += 2 * MS_HOUR;
	disk_has(w, 3000 * KB);
	assert_int_equal(send(&s, &other, 0, bytes, 10), ERR_FULL);
	disk_has(w, 4000 * KB);
	assert_int_equal(send(&s, &other, 0, bytes, 10), OK);
	disk_has(w, 3000 * KB);
	assert_int_equal(send(&s, &other, 10, bytes, 10), OK);
	disk_close(w->house.disk);
	w->house.disk = NULL;
	world_end(w);
}

static void given_up_uploads_leave_the_quota(void **state)
{
	struct world *w = world_new();
	upload_id first, id;
	media_id media;
	int64_t offset;
	ptrdiff_t n;
	(void)state;
	world_add(w, &community_room);
	assert_int_equal(setting_write(&w->ctx, S("quota_mb"), S("1")), OK);
	store_done(&w->ctx);
	int fd = png_of(300, 200, &n);
	assert_int_equal(upload_begin(&w->ctx, 900 * KB, &first), OK);
	assert_int_equal(upload_begin(&w->ctx, 900 * KB, &id), ERR_FULL);
	assert_int_equal(w->ctx.problem.word, W_media_quota);
	assert_int_equal(media_add(&w->ctx, fd, n, USE_NOTE, &media, NULL), ERR_FULL);
	assert_int_equal(originals(w), 0);
	w->ctx.now += 2 * MS_HOUR;
	assert_int_equal(upload_begin(&w->ctx, 900 * KB, &id), OK);
	assert_int_equal(upload_offset(&w->ctx, first, &offset, &media), ERR_NOT_FOUND);
	w->ctx.now += 2 * MS_HOUR;
	assert_int_equal(media_add(&w->ctx, fd, n, USE_NOTE, &media, NULL), OK);
	assert_int_equal(upload_offset(&w->ctx, id, &offset, &media), ERR_NOT_FOUND);
	close(fd);
	world_end(w);
}

static void no_metadata_is_left(void **state)
{
	struct world *w = world_new();
	ptrdiff_t n;
	char all[4096];
	(void)state;
	int fd = jpeg_with_gps(&n);
	assert_int_equal(pread(fd, all, sizeof all, 0), n);
	assert_non_null(memmem(all, (size_t)n, GPS_MARK, strlen(GPS_MARK)));
	media_id id = sent(w, fd, n, USE_NOTE);
	assert_int_equal(originals(w), 1);
	world_run(w);
	world_settle(w);
	struct picture p = picture(w, id);
	assert_int_equal(p.state, MEDIA_READY);
	assert_str(p.widths, "16"); // never enlarged
	assert_int_equal(files_of(w, p.name), 2);
	assert_true(any_file_has(w, S("WEBP")));
	assert_false(any_file_has(w, S(GPS_MARK)));
	assert_false(any_file_has(w, S("Exif")));
	assert_false(any_file_has(w, S("EXIF")));
	assert_int_equal(originals(w), 0);
	world_end(w);
}

static void a_broken_picture_is_told(void **state)
{
	struct world *w = world_new();
	ptrdiff_t n;
	int fd = png_of(300, 300, &n);
	(void)state;
	media_id cut = sent(w, fd, n - 1000, USE_NOTE);
	media_id text = sent(w, file_of("<svg/>", 6), 6, USE_NOTE);
	media_id id;
	world_run(w);
	world_settle(w);
	struct picture p = picture(w, cut);
	assert_int_equal(p.state, MEDIA_FAILED);
	assert_str(p.problem, "media_truncated");
	assert_int_equal(p.word, W_media_truncated);
	p = picture(w, text);
	assert_int_equal(p.state, MEDIA_FAILED);
	assert_int_equal(p.word, W_media_is_svg);
	assert_int_equal(files_in_all(w), 0);
	assert_int_equal(originals(w), 0);
	fd = file_of("no picture", 10);
	assert_int_equal(media_add(&w->ctx, fd, 10, USE_NOTE, &id, NULL), OK);
	assert_int_equal(media_take_now(&w->ctx, id), ERR_INVALID);
	assert_int_equal(w->ctx.problem.word, W_media_unknown_format);
	close(fd);
	world_end(w);
}

static void jobs_may_run_twice(void **state)
{
	const struct how queued = {.queue = true};
	struct world *w = world_new();
	struct media_row row;
	ptrdiff_t n;
	(void)state;
	int fd = png_of(1200, 900, &n);
	media_id id = sent(w, fd, n, USE_NOTE);
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	struct media_row waiting = row;
	assert_int_equal(take(&w->ctx, &row, queued), OK);
	assert_str(picture(w, id).widths, "540");
	assert_int_equal(originals(w), 0);
	assert_int_equal(take(&w->ctx, &waiting, queued), ERR_IO); // its lease ran out: again
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	assert_int_equal(take(&w->ctx, &row, queued), OK);
	assert_int_equal(make_renditions(&w->ctx, &row), OK);
	assert_int_equal(make_renditions(&w->ctx, &row), OK); // with the row of before
	assert_str(picture(w, id).widths, "360 540 720 1080");
	assert_int_equal(files_of(w, row.name), 5);
	int64_t bytes = row.bytes;
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	assert_true(row.bytes > bytes);
	bytes = row.bytes;
	world_run(w);
	world_settle(w);
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	assert_int_equal(row.bytes, bytes);
	assert_int_equal(files_of(w, row.name), 5);
	// A late writer finds the row gone and takes its files back.
	assert_int_equal(media_remove(&w->ctx, &id, 1), OK);
	assert_int_equal(make_renditions(&w->ctx, &(struct media_row){.id = row.id,
							  .name = row.name,
							  .state = MEDIA_READY,
							  .width = 1200}),
		OK);
	assert_int_equal(files_of(w, row.name), 0);
	world_end(w);
}

static void pictures_are_attached_by_their_owner(void **state)
{
	struct world *w = world_new();
	struct ctx other = as(w, 2);
	struct picture *of;
	ptrdiff_t n;
	(void)state;
	media_id a = ready(w, 40, 30), b = ready(w, 30, 40), c = ready(w, 20, 20);
	ptrdiff_t size;
	int fd = png_of(20, 20, &size);
	media_id waiting = sent(w, fd, size, USE_NOTE);
	const struct media_owner note = of_test(77), another = of_test(78);
	assert_int_equal(
		media_attach(&other, note, &(struct picture_place){a, S("")}, 1), ERR_INVALID);
	assert_int_equal(other.problem.word, W_media_not_yours);
	assert_int_equal(media_attach(&w->ctx, note, &(struct picture_place){waiting, S("")}, 1),
		ERR_INVALID);
	assert_int_equal(w->ctx.problem.word, W_media_not_ready);
	assert_int_equal(media_attach(&w->ctx, note, &(struct picture_place){{12345}, S("")}, 1),
		ERR_INVALID);
	const struct picture_place twice[] = {{a, S("")}, {a, S("")}};
	assert_int_equal(media_attach(&w->ctx, note, twice, 2), ERR_INVALID);
	const struct picture_place all[] = {{a, S("one")}, {b, S("two")}, {c, S("three")}};
	assert_int_equal(media_attach(&w->ctx, note, all, 3), OK);
	assert_int_equal(media_attach(&w->ctx, another, all, 1), ERR_INVALID);
	assert_int_equal(media_discard(&w->ctx, a), ERR_NOT_FOUND); // is published
	const struct picture_place fewer[] = {{c, S("trois")}, {a, S("one")}};
	assert_int_equal(media_attach(&w->ctx, note, fewer, 2), OK);
	assert_int_equal(pictures_of(&w->ctx, note, &of, &n), OK);
	assert_int_equal(n, 2);
	assert_int_equal(of[0].id.v, c.v);
	assert_str(of[0].alt, "trois");
	assert_int_equal(of[1].id.v, a.v);
	assert_int_equal(picture_by_id(&w->ctx, b, of), ERR_NOT_FOUND);
	assert_int_equal(media_discard(&other, waiting), ERR_NOT_FOUND);
	assert_int_equal(media_discard(&w->ctx, waiting), OK);
	assert_int_equal(originals(w), 1);
	world_run(w);
	world_settle(w);
	assert_int_equal(originals(w), 0);
	assert_int_equal(files_in_all(w), 4); // master and one rendition of a and c
	assert_int_equal(media_remove_of(&w->ctx, note), OK);
	world_reopen(w); // the files go although the process ended before
	world_run(w);
	world_settle(w);
	assert_int_equal(files_in_all(w), 0);
	world_end(w);
}

static void covers_follow_the_crop(void **state)
{
	struct world *w = world_new();
	struct arena *mem = w->ctx.mem;
	struct media_file file;
	(void)state;
	media_id id = ready(w, 800, 600);
	struct picture p = picture(w, id);
	str whole = picture_cover_src(mem, &p, 270);
	assert_str(whole,
		p.name.n ? str_z(mem, str_fmt(mem, "/media/%.*s/360.webp", STR_ARGS(p.name))) : "");
	assert_int_equal(media_cover(&w->ctx, id, RATIO_3_4, (struct crop){0}), OK);
	world_run(w);
	world_settle(w);
	p = picture(w, id);
	assert_str(p.crop, "1 0 0 0 0");
	assert_str(p.covers, "270 360 450"); // 3:4 of 600 is 450 wide
	str centred = picture_cover_src(mem, &p, 300);
	str part = str_skip(centred, S("/media/").n + p.name.n + 1);
	assert_int_equal(media_open(&w->ctx, p.name, part, &file), OK);
	assert_string_equal(file.type, "image/webp");
	close(file.fd);
	part = str_skip(picture_cover_jpeg(mem, &p), S("/media/").n + p.name.n + 1);
	assert_int_equal(media_open(&w->ctx, p.name, part, &file), OK);
	assert_string_equal(file.type, "image/jpeg");
	close(file.fd);
	assert_true(str_find(picture_cover_srcset(mem, &p), S(" 270w, ")) > 0);
	// Another crop has another address; until it is made the whole picture stands in.
	assert_int_equal(media_cover(&w->ctx, id, RATIO_1_1, (struct crop){0, 0, 5000, 5000}), OK);
	p = picture(w, id);
	assert_true(str_eq(picture_cover_src(mem, &p, 270), whole));
	assert_int_equal(media_take_now(&w->ctx, id), OK);
	p = picture(w, id);
	assert_str(p.covers, "270 300");
	assert_false(str_eq(picture_cover_src(mem, &p, 270), centred));
	assert_int_equal(media_cover(&w->ctx, id, RATIO_1_1, (struct crop){-5, 0, 20000, 1}), OK);
	assert_str(picture(w, id).crop, "2 0 0 0 0");
	assert_int_equal(
		media_cover(&w->ctx, (media_id){5}, RATIO_1_1, (struct crop){0}), ERR_NOT_FOUND);
	world_end(w);
}

// As they were before there was a middle width.
static err lose_a_cover(struct ctx *ctx, void *arg)
{
	const struct picture *p = arg;
	int64_t changed;
	TRY(media_set_covers(ctx, p->id, p->name, p->crop, p->covers, S("270 540"), -1, &changed));
	return changed ? OK : ERR_CONFLICT;
}

// Every part that the row tells of is there.
static void assert_whole(struct world *w, const struct picture *p)
{
	const struct widths lists[] = {widths_read(p->widths), widths_read(p->covers)};
	for (int cover = 0; cover < 2; cover++)
		for (int i = 0; i < lists[cover].n; i++) {
			int fd, width = lists[cover].at[i];
			int64_t size;
			str part = cover ? part_of_cover(w->ctx.mem, width, p->crop, "webp")
					 : part_of_picture(w->ctx.mem, width);
			assert_int_equal(blobs_get(w->house.blobs, p->name, part, &fd, &size), OK);
			close(fd);
		}
}

// Jobs go on while an edit gives new names: what they make must not stay behind under the old one.
static void a_new_name_has_all_that_was_made(void **state)
{
	struct world *w = world_new();
	struct media_new_names names;
	struct media_row row;
	ptrdiff_t n;
	(void)state;
	const struct media_owner note = of_test(77);
	int fd = png_of(1200, 900, &n);
	media_id id = sent(w, fd, n, USE_NOTE);
	assert_int_equal(media_take_first(&w->ctx, id), OK);
	const struct picture_place place = {id, S("")};
	assert_int_equal(media_attach(&w->ctx, note, &place, 1), OK);
	assert_int_equal(media_cover(&w->ctx, id, RATIO_4_3, (struct crop){0}), OK);

	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	str old = names.at[0].old;
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	assert_int_equal(make_renditions(&w->ctx, &row), OK);
	assert_int_equal(media_rename(&w->ctx, &names), ERR_CONFLICT);
	assert_true(str_eq(picture(w, id).name, old));
	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	assert_int_equal(media_get(&w->ctx, id, &row), OK);
	assert_int_equal(make_covers(&w->ctx, &row), OK);
	assert_int_equal(media_rename(&w->ctx, &names), ERR_CONFLICT);
	assert_int_equal(media_new_names(&w->ctx, note, &names), OK);
	struct media_new_names later;
	assert_int_equal(media_new_names(&w->ctx, note, &later), OK);
	assert_int_equal(media_rename(&w->ctx, &names), OK);
	assert_int_equal(media_rename(&w->ctx, &later), OK); // was faster, and is enough

	world_run(w);
	world_settle(w);
	struct picture p = picture(w, id);
	assert_true(str_eq(p.name, names.at[0].fresh));
	assert_str(p.widths, "360 540 720 1080");
	assert_str(p.covers, "270 360 540");
	assert_whole(w, &p);
	assert_int_equal(files_of(w, old), 0);
	world_end(w);
}

// A database of before has covers without the middle width; the job may be stopped and begun again.
static void old_covers_get_the_new_width(void **state)
{
	struct world *w = world_new();
	(void)state;
	media_id small[18], big = {0};
	for (int i = 0; i < COUNT(small); i++) {
		small[i] = ready(w, 60, 40); // of which there is no more to be made
		assert_int_equal(media_cover(&w->ctx, small[i], RATIO_1_1, (struct crop){0}), OK);
		assert_int_equal(media_take_now(&w->ctx, small[i]), OK);
	}
	big = ready(w, 1200, 900);
	assert_int_equal(media_cover(&w->ctx, big, RATIO_4_3, (struct crop){0}), OK);
	assert_int_equal(media_take_now(&w->ctx, big), OK);
	struct picture p = picture(w, big);
	assert_str(p.covers, "270 360 540");
	str part = part_of_cover(w->ctx.mem, 360, p.crop, "webp");
	int files = files_of(w, p.name);
	assert_int_equal(store_write(&w->ctx, lose_a_cover, &p), OK);
	assert_str(picture(w, big).covers, "270 540");
	const struct job_new widen = {.kind = S("media.widen")};
	assert_int_equal(jobs_add(&w->ctx, &widen, NULL), OK);
	assert_int_equal(jobs_add(&w->ctx, &widen, NULL), OK);
	world_run(w);
	world_settle(w);
	struct media_file file;
	assert_str(picture(w, big).covers, "270 360 540");
	assert_int_equal(files_of(w, p.name), files);
	assert_int_equal(media_open(&w->ctx, p.name, part, &file), OK);
	close(file.fd);
	assert_str(picture(w, small[17]).covers, "40");

	// One that cannot be read for ever does not stop those behind it.
	struct picture bad = picture(w, small[0]);
	str name = bad.name;
	char *master = str_z(w->ctx.mem, str_fmt(w->ctx.mem, "%s/media/%.2s/%.*s/master.jpg",
						 w->dir, name.p, STR_ARGS(name)));
	assert_int_equal(unlink(master), 0);
	assert_int_equal(symlink(master, master), 0);
	assert_int_equal(store_write(&w->ctx, lose_a_cover, &bad), OK);
	assert_int_equal(store_write(&w->ctx, lose_a_cover, &p), OK);
	struct job job = {.kind = S("media.widen")};
	assert_int_not_equal(job_widen(&w->ctx, &job, NULL), OK);
	job.last = true;
	assert_int_equal(job_widen(&w->ctx, &job, NULL), OK);
	world_run(w);
	world_settle(w);
	assert_str(picture(w, big).covers, "270 360 540");
	world_end(w);
}

// As if nothing had come for a day.
static void age_file(int fd)
{
	const time_t then = time(NULL) - 25 * 3600;
	const struct timespec times[2] = {{.tv_sec = then}, {.tv_sec = then}};
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

static void age(struct world *w, str source)
{
	age_file(source_open(&w->ctx, source, O_RDWR | O_CREAT));
}

static void what_nobody_needs_is_swept(void **state)
{
	struct world *w = world_new();
	struct sending s = {.w = w};
	struct job none = {0};
	struct picture p;
	int64_t offset;
	ptrdiff_t n;
	(void)state;
	media_id fresh = ready(w, 10, 10);
	w->ctx.now -= 25 * MS_HOUR;
	media_id loose = ready(w, 30, 30), kept = ready(w, 20, 30);
	int fd = png_of(30, 30, &n);
	media_id avatar = sent(w, fd, n, USE_AVATAR);
	assert_int_equal(media_take_now(&w->ctx, avatar), OK);
	const struct picture_place place = {kept, S("")};
	assert_int_equal(media_attach(&w->ctx, of_test(9), &place, 1), OK);
	assert_int_equal(upload_begin(&w->ctx, 100, &s.id), OK);
	assert_int_equal(send(&s, &w->ctx, 0, "begun", 5), OK);
	upload_id abandoned = s.id;
	w->ctx.now = clock_now();
	assert_int_equal(upload_begin(&w->ctx, 100, &s.id), OK);
	assert_int_equal(send(&s, &w->ctx, 0, "begun", 5), OK);
	age(w, S("u123")); // of an upload nobody knows
	age(w, source_name(w->ctx.mem, 'u', abandoned.v));
	struct blob_temp lost, made; // by a process that crashed, and by one that works
	assert_int_equal(blobs_temp(w->house.blobs, &lost), OK);
	assert_int_equal(blobs_temp(w->house.blobs, &made), OK);
	age_file(lost.fd);
	assert_int_equal(originals(w), 5);
	assert_int_equal(job_sweep(&w->ctx, &none, NULL), OK);
	assert_int_equal(originals(w), 2);
	blobs_temp_close(w->house.blobs, &made);
	assert_int_equal(originals(w), 1);
	assert_int_equal(upload_offset(&w->ctx, abandoned, &offset, &(media_id){0}), ERR_NOT_FOUND);
	assert_int_equal(upload_offset(&w->ctx, s.id, &offset, &(media_id){0}), OK);
	assert_int_equal(picture_by_id(&w->ctx, loose, &p), ERR_NOT_FOUND);
	assert_int_equal(picture_by_id(&w->ctx, avatar, &p), ERR_NOT_FOUND);
	assert_int_equal(picture_by_id(&w->ctx, fresh, &p), OK);
	assert_int_equal(picture_by_id(&w->ctx, kept, &p), OK);
	world_run(w);
	world_settle(w);
	assert_int_equal(files_of(w, p.name), 2);
	assert_int_equal(files_in_all(w), 4);
	world_end(w);
}

static void shapes_by_their_sides(void **state)
{
	static const struct {
		int width, height;
		enum picture_shape shape;
	} some[] = {{990, 11490, SHAPE_TALL}, {1170, 2532, SHAPE_PLAIN}, {1000, 2500, SHAPE_PLAIN},
		{1000, 2501, SHAPE_TALL}, {221, 2560, SHAPE_TALL}, {3000, 1000, SHAPE_PLAIN},
		{3001, 1000, SHAPE_WIDE}, {6480, 1080, SHAPE_WIDE}, {2560, 1097, SHAPE_PLAIN},
		{1, 1, SHAPE_PLAIN}, {0, 0, SHAPE_PLAIN}, {1, 65500, SHAPE_TALL}};
	(void)state;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		struct picture p = {.width = some[i].width, .height = some[i].height};
		assert_int_equal(picture_shape(&p), some[i].shape);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_by_their_sides),
		cmocka_unit_test(an_upload_goes_on_after_lost_connections),
		cmocka_unit_test(uploads_are_limited),
		cmocka_unit_test(shares_of_the_disk),
		cmocka_unit_test(given_up_uploads_leave_the_quota),
		cmocka_unit_test(no_metadata_is_left),
		cmocka_unit_test(a_broken_picture_is_told),
		cmocka_unit_test(jobs_may_run_twice),
		cmocka_unit_test(pictures_are_attached_by_their_owner),
		cmocka_unit_test(covers_follow_the_crop),
		cmocka_unit_test(a_new_name_has_all_that_was_made),
		cmocka_unit_test(old_covers_get_the_new_width),
		cmocka_unit_test(what_nobody_needs_is_swept),
	};
	thread_is(THREAD_MAIN, "test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
