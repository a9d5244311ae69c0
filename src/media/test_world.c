// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The world of this room's tests. Pictures are built here byte by byte, so that it is known what is
// in them.
#include "media/test_world.h"

#include "media/sandbox/samples.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE (60 * MS_SECOND)

// The decoder is built in a folder below this program's.
static str tool(struct arena *mem)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	must(n > 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	return str_fmt(mem, "%s/media/sandbox/qiao-media", self);
}

// An empty PostgreSQL given by tests/lib/on-postgres; NULL: SQLite.
static const char *postgres(void)
{
	return getenv("TEST_DATABASE");
}

static void wipe(void)
{
	char command[512];
	if (!postgres())
		return;
	must(snprintf(command, sizeof command,
		     "psql -q '%s' -c 'SET client_min_messages=error' "
		     "-c 'DROP SCHEMA public CASCADE' -c 'CREATE SCHEMA public'",
		     postgres()) < (int)sizeof command);
	must(system(command) == 0);
}

int test_asked;
struct change_kind test_changed = {.name = "test.changed"};

static err guard(struct ctx *ctx, int64_t id, account_id by, bool *is_public)
{
	(void)ctx, (void)id, (void)by;
	test_asked++;
	*is_public = true;
	return OK;
}

static struct change_kind *const until[] = {&test_changed, NULL};
static const struct media_owner_kind tests = {.name = "test", .guard = guard, .until = until};

struct media_owner of_test(int64_t id)
{
	return (struct media_owner){&tests, id};
}

void world_add(struct world *w, const struct room *room)
{
	must(w->n_rooms < COUNT(w->rooms) && room->start(&w->ctx) == OK);
	w->rooms[w->n_rooms++] = room;
}

static void open_all(struct world *w)
{
	struct store_config config = {.database = str_fmt(w->ctx.mem, "%s/db", w->dir)};
	if (postgres())
		config.database = str_from(postgres());
	w->options[0] = (struct option){"data", str_from(w->dir)};
	w->options[1] = (struct option){"media_tool", tool(w->ctx.mem)};
	w->options[2] = (struct option){"media", S("")};
	w->house.options = w->options;
	must(store_open(&w->ctx, &config, &w->house.store) == OK);
	world_add(w, &blobs_room);
	world_add(w, &jobs_room);
	world_add(w, &media_room);
	media_owner_register(&w->ctx, &tests);
}

// The two who upload: who may is asked of their accounts.
static err add_people(struct ctx *ctx, void *arg)
{
#define ADD(id) \
	"INSERT INTO account (id, name, display, bio, role, standing, locale, reads, writes, " \
	"topics," \
	" show_likes, welcomed, password, why, created, notes, followers, following, liked)" \
	" VALUES (" id ", 'person_" id \
	"', '', '', 1, 0, '', '', '', '', 0, 0, '', '', 1, 0, 0, 0, 0)"
	static const struct sql add[] = {
		{.name = "one", .sqlite = ADD("1"), .postgres = ADD("1"), .writes = true},
		{.name = "two", .sqlite = ADD("2"), .postgres = ADD("2"), .writes = true}};
	(void)arg;
	TRY(sql_change(ctx, &add[0], NULL, NULL));
	return sql_change(ctx, &add[1], NULL, NULL);
}

struct world *world_new(void)
{
	struct world *w = mem_new(1, sizeof *w);
	wipe();
	strcpy(w->dir, "/tmp/media-test.XXXXXX");
	must(mkdtemp(w->dir));
	w->ctx = (struct ctx){.mem = arena_new(4096),
		.now = clock_now(),
		.house = &w->house,
		.viewer = {.account = {1}, .role = ROLE_MEMBER}};
	open_all(w);
	must(store_write(&w->ctx, add_people, NULL) == OK);
	store_done(&w->ctx);
	return w;
}

static void close_all(struct world *w)
{
	store_done(&w->ctx);
	while (w->n_rooms)
		w->rooms[--w->n_rooms]->stop(&w->ctx);
	store_close(w->house.store);
	w->house.store = NULL;
}

void world_reopen(struct world *w)
{
	close_all(w);
	open_all(w);
}

void world_end(struct world *w)
{
	char command[128];
	close_all(w);
	snprintf(command, sizeof command, "rm -rf '%s'", w->dir);
	must(system(command) == 0);
	arena_free(w->ctx.mem);
	mem_free(w);
}

void world_run(struct world *w)
{
	jobs_start(w->house.jobs, &w->house, 2);
}

static bool any_due(struct world *w)
{
	struct job_info *jobs;
	ptrdiff_t n;
	bool due = false;
	must(jobs_list(&w->ctx, JOB_WAITING, 100, &jobs, &n) == OK);
	store_done(&w->ctx);
	for (ptrdiff_t i = 0; i < n; i++)
		due |= !str_eq(jobs[i].kind, S("media.sweep")) &&
		       str_starts(jobs[i].kind, S("media.")) &&
		       jobs[i].run_at <= clock_now() + MS_MINUTE;
	return due;
}

void world_settle(struct world *w)
{
	ms deadline = clock_steady() + PATIENCE;
	while (any_due(w)) {
		must(clock_steady() < deadline);
		nanosleep(&(struct timespec){0, 10000000}, NULL);
	}
	must(jobs_stop(w->house.jobs, deadline));
}

struct ctx as(struct world *w, int64_t account)
{
	struct ctx ctx = w->ctx;
	ctx.viewer =
		(struct viewer){.account = {account}, .role = account ? ROLE_MEMBER : ROLE_NONE};
	ctx.problem = (struct problem){0};
	return ctx;
}

static err changed(struct ctx *ctx, void *arg)
{
	const struct change *c = arg;
	change_add(ctx, c->kind, c->subject, 0, 0);
	return OK;
}

void commit(struct world *w, struct change_kind *kind, int64_t subject)
{
	struct change c = {.kind = kind, .subject = subject};
	must(store_write(&w->ctx, changed, &c) == OK);
	store_done(&w->ctx);
}

int file_of(const void *bytes, ptrdiff_t n)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, bytes, (size_t)n) == n);
	return fd;
}

int jpeg_with_gps(ptrdiff_t *n)
{
	static const char exif[] = "\xff\xe1\x00\x40"
				   "Exif\0\0MM\0*\0\0\0\10\0\1\x01\x0e\0\2\0\0\0\x13\0\0\0\x1a"
				   "\0\0\0\0" GPS_MARK;
	static const char comment[] = "\xff\xfe\x00\x14" GPS_MARK;
	uint8_t all[4096];
	struct bytes plain = samples[MEDIA_JPEG];
	ptrdiff_t at = 2;
	memcpy(all, plain.at, 2);
	memcpy(all + at, exif, sizeof exif - 1);
	at += 0x42; // the length given above and the marker; the rest is zero
	memset(all + 2 + sizeof exif - 1, 0, 0x42 - (sizeof exif - 1));
	memcpy(all + at, comment, 0x16);
	at += 0x16;
	memcpy(all + at, (const char *)plain.at + 2, plain.size - 2);
	*n = at + (ptrdiff_t)plain.size - 2;
	return file_of(all, *n);
}

static void be32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t crc(const uint8_t *p, ptrdiff_t n)
{
	uint32_t c = 0xffffffffu;
	for (ptrdiff_t i = 0; i < n; i++) {
		c ^= p[i];
		for (int k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
	}
	return ~c;
}

static void chunk(struct sb *png, const char *type, str data)
{
	uint8_t number[4];
	be32(number, (uint32_t)data.n);
	sb_add(png, (str){(char *)number, 4});
	ptrdiff_t from = png->n;
	sb_add(png, str_from(type));
	sb_add(png, data);
	be32(number, crc((const uint8_t *)png->p + from, png->n - from));
	sb_add(png, (str){(char *)number, 4});
}

// Stored, not compressed: one block a row.
static str pixels(struct arena *mem, int width, int height)
{
	int stride = 1 + 3 * width;
	uint32_t a = 1, b = 0;
	struct sb z = sb_new(mem, (ptrdiff_t)height * (stride + 5) + 8);
	sb_add(&z, (str){"\x78\x01", 2});
	uint8_t *row = NEW_N(mem, uint8_t, stride);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			row[1 + 3 * x] = (uint8_t)(x * 255 / width);
			row[2 + 3 * x] = (uint8_t)(y * 255 / height);
			row[3 + 3 * x] = 90;
		}
		const uint8_t head[] = {y == height - 1, (uint8_t)stride, (uint8_t)(stride >> 8),
			(uint8_t)~stride, (uint8_t)(~stride >> 8)};
		sb_add(&z, (str){(const char *)head, 5});
		sb_add(&z, (str){(const char *)row, stride});
		for (int i = 0; i < stride; i++) {
			a = (a + row[i]) % 65521;
			b = (b + a) % 65521;
		}
	}
	uint8_t sum[4];
	be32(sum, b << 16 | a);
	sb_add(&z, (str){(char *)sum, 4});
	return sb_str(&z);
}

int png_of(int width, int height, ptrdiff_t *n)
{
	struct arena *mem = arena_new(1 << 16);
	struct sb png = sb_new(mem, 1 << 16);
	uint8_t header[13] = {0};
	be32(header, (uint32_t)width);
	be32(header + 4, (uint32_t)height);
	header[8] = 8;
	header[9] = 2;
	sb_add(&png, (str){"\x89PNG\r\n\x1a\n", 8});
	chunk(&png, "IHDR", (str){(char *)header, 13});
	chunk(&png, "tEXt", (str){"Comment\0" GPS_MARK, 8 + (ptrdiff_t)strlen(GPS_MARK)});
	chunk(&png, "IDAT", pixels(mem, width, height));
	chunk(&png, "IEND", S(""));
	int fd = file_of(png.p, png.n);
	*n = png.n;
	arena_free(mem);
	return fd;
}

// Every pixel is a code of eight bits, and the table is cleared before codes get longer.
static void gif_frame(struct sb *gif, int colour, bool bad)
{
	static const uint8_t head[] = {
		'!', 0xf9, 4, 4, 10, 0, 0, 0, ',', 0, 0, 0, 0, 16, 0, 16, 0, 0};
	const uint8_t clear[] = {65, 0x80}, last[] = {1, 0x81, 0};
	char pixels[64];
	memset(pixels, colour, sizeof pixels);
	sb_add(gif, (str){(const char *)head, sizeof head});
	sb_char(gif, bad ? 13 : 7);
	for (int i = 0; i < 4; i++) {
		sb_add(gif, (str){(const char *)clear, 2});
		sb_add(gif, (str){pixels, sizeof pixels});
	}
	sb_add(gif, (str){(const char *)last, 3});
}

int gif_of(int frames, bool bad, ptrdiff_t *n)
{
	static const uint8_t head[] = {16, 0, 16, 0, 0xf6, 0, 0};
	struct arena *mem = arena_new(4096);
	struct sb gif = sb_new(mem, 4096);
	sb_lit(&gif, "GIF89a");
	sb_add(&gif, (str){(const char *)head, sizeof head});
	for (int i = 0; i < 128 * 3; i++)
		sb_char(&gif, (char)(i % 128 * 2));
	for (int i = 0; i < frames; i++)
		gif_frame(&gif, 40 * i % 128, bad && i == 1);
	sb_char(&gif, ';');
	int fd = file_of(gif.p, gif.n);
	*n = gif.n;
	arena_free(mem);
	return fd;
}

media_id sent(struct world *w, int fd, ptrdiff_t n, enum media_use use)
{
	media_id id;
	job_id job;
	must(media_add(&w->ctx, fd, n, use, &id, &job) == OK);
	close(fd);
	return id;
}

media_id ready(struct world *w, int width, int height)
{
	media_id id;
	ptrdiff_t n;
	int fd = png_of(width, height, &n);
	must(media_add(&w->ctx, fd, n, USE_NOTE, &id, NULL) == OK);
	must(media_take_now(&w->ctx, id) == OK);
	close(fd);
	return id;
}

struct looking {
	struct world *w;
	str name, what;
	int n;
	bool found;
};

static err look(str name, str part, str path, int64_t size, void *arg)
{
	struct looking *l = arg;
	(void)part, (void)size;
	if (l->name.n && !str_eq(name, l->name))
		return OK;
	l->n++;
	if (!l->what.n)
		return OK;
	char *full =
		str_z(l->w->ctx.mem, str_fmt(l->w->ctx.mem, "%s/%.*s", l->w->dir, STR_ARGS(path)));
	int fd = open(full, O_RDONLY | O_CLOEXEC);
	must(fd >= 0);
	void *at = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	must(at != MAP_FAILED);
	l->found |= memmem(at, (size_t)size, l->what.p, (size_t)l->what.n) != NULL;
	munmap(at, (size_t)size);
	close(fd);
	return OK;
}

int files_of(struct world *w, str name)
{
	struct looking l = {.w = w, .name = name};
	must(blobs_each(w->house.blobs, look, &l) == OK);
	return l.n;
}

int files_in_all(struct world *w)
{
	return files_of(w, S(""));
}

bool any_file_has(struct world *w, str what)
{
	struct looking l = {.w = w, .what = what};
	must(blobs_each(w->house.blobs, look, &l) == OK);
	return l.found;
}

static err count_original(str name, ms changed, int64_t size, void *arg)
{
	(void)name, (void)changed, (void)size;
	*(int *)arg += 1;
	return OK;
}

int originals(struct world *w)
{
	int n = 0;
	must(blobs_originals_each(w->house.blobs, count_original, &n) == OK);
	return n;
}

static void put(struct world *w, str name, str part)
{
	struct blob_temp t;
	must(blobs_temp(w->house.blobs, &t) == OK && write(t.fd, "bytes", 5) == 5);
	must(blobs_put(w->house.blobs, &t, name, part) == OK);
	blobs_temp_close(w->house.blobs, &t);
}

static err add_video(struct ctx *ctx, void *arg)
{
	struct media_row *rows = arg;
	TRY(media_insert(ctx, &rows[0]));
	return media_insert(ctx, &rows[1]);
}

media_id video_of(struct world *w, struct media_owner owner, media_id *poster)
{
	struct media_row rows[2] = {{.kind = MEDIA_VIDEO,
					    .owner_kind = str_from(owner.kind->name),
					    .owner = {owner.id, true},
					    .duration = 12500},
		{.owner_kind = S(OF_MEDIA)}};
	for (int i = 1; i >= 0; i--) {
		struct media_row *r = &rows[i];
		r->id = (media_id){id_new(w->ctx.now)};
		r->name = media_random_name(w->ctx.mem);
		r->account = w->ctx.viewer.account;
		r->state = MEDIA_READY;
		r->width = 640;
		r->height = 360;
		r->bytes = 5;
		r->created = w->ctx.now;
		put(w, r->name, i ? S("master.jpg") : S("clip.mp4"));
	}
	rows[0].poster = rows[1].id;
	rows[1].owner = (opt_int){rows[0].id.v, true};
	must(store_write(&w->ctx, add_video, rows) == OK);
	*poster = rows[1].id;
	return rows[0].id;
}
