// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The texts of the demo world, from JSON into structs. A name that no account has, or a picture that
// cannot be named, is an error: the files are ours, and a slip in them should be seen at once.
#include "app/demo.h"

#include "json/json.h"

#include "../../demo/draw/name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST (8 << 20)
#define FILES_MOST 64

struct reading {
	struct app *app;
	struct demo_world *world;
	const char *file;
	ms now;
};

static err wrong(const struct reading *r, const char *what, str which)
{
	complain("%s: %s '%.*s'", r->file, what, STR_ARGS(which));
	return ERR_INVALID;
}

static enum ratio ratio_from(str s)
{
	if (str_eq(s, S("1:1")))
		return RATIO_1_1;
	return str_eq(s, S("4:3")) ? RATIO_4_3 : RATIO_3_4;
}

static err add_picture(struct reading *r, const struct json *p, const char *shape,
	enum media_use use, ptrdiff_t owner, ptrdiff_t *out)
{
	struct arena *mem = r->app->mem;
	char name[PICTURE_NAME_MAX];
	if (!picture_name(name, sizeof name, str_z(mem, json_str(p, "scene")),
		    (unsigned long)json_int(p, "seed"), shape, str_z(mem, json_str(p, "headline"))))
		return wrong(r, "no such picture", json_str(p, "scene"));
	*out = r->world->pictures.n;
	list_push(mem, &r->world->pictures,
		(struct demo_picture){.file = str_copy(mem, str_from(name)),
			.alt = json_str(p, "alt"),
			.use = use,
			.owner = owner});
	return OK;
}

static err read_account(struct reading *r, const struct json *j)
{
	struct demo_world *w = r->world;
	struct demo_account a = {.name = json_str(j, "name"),
		.display = json_str(j, "display"),
		.bio = json_str(j, "bio"),
		.writes = lang_from(json_str(j, "lang")),
		.avatar = -1,
		.cover = -1};
	const struct json *reads = json_at(j, "reads"), *topics = json_at(j, "topics"),
			  *follows = json_at(j, "follows");
	for (ptrdiff_t i = 0; i < json_count(reads) && a.n_reads < VIEWER_LANGS; i++)
		a.reads[a.n_reads++] = lang_from(json_text(json_item(reads, i)));
	for (ptrdiff_t i = 0; i < json_count(topics) && a.n_topics < COUNT(a.topics); i++)
		a.topics[a.n_topics++] = json_text(json_item(topics, i));
	for (ptrdiff_t i = 0; i < json_count(follows) && a.n_follows < COUNT(a.follows); i++)
		a.follows[a.n_follows++] = json_text(json_item(follows, i));
	// The first came ten weeks ago, the others one by one, all before the first note.
	a.created = r->now - 70 * MS_DAY + w->accounts.n * 11 * MS_HOUR;
	if (demo_account_named(w, a.name) >= 0 || !a.name.n)
		return wrong(r, "an account twice:", a.name);
	list_push(r->app->mem, &w->accounts, a);
	strmap_put(&w->by_name, a.name, (void *)(uintptr_t)w->accounts.n);
	return OK;
}

static err read_comments(
	struct reading *r, const struct json *list, ptrdiff_t parent, struct demo_note *note)
{
	for (ptrdiff_t i = 0; i < json_count(list); i++) {
		const struct json *j = json_item(list, i);
		struct demo_comment c = {.by = json_str(j, "by"),
			.text = json_str(j, "text"),
			.likes = (int)json_int(j, "likes"),
			.parent = parent};
		if (demo_account_named(r->world, c.by) < 0)
			return wrong(r, "a comment by nobody:", c.by);
		list_push(r->app->mem, &note->comments, c);
		if (parent < 0)
			TRY(read_comments(r, json_at(j, "replies"), note->comments.n - 1, note));
	}
	return OK;
}

static err read_note(struct reading *r, const struct json *j)
{
	struct arena *mem = r->app->mem;
	struct demo_world *w = r->world;
	const struct json *pictures = json_at(j, "pictures");
	struct demo_note note = {.by = demo_account_named(w, json_str(j, "by")),
		.language = lang_from(json_str(j, "lang")),
		.title = json_str(j, "title"),
		.body = json_str(j, "body"),
		.created = r->now - (ms)(json_double(j, "hours_ago") * (double)MS_HOUR),
		.ratio = ratio_from(json_str(j, "ratio")),
		.likes = (int)json_int(j, "likes"),
		.n_pictures = (int)json_count(pictures)};
	if (note.by < 0)
		return wrong(r, "a note by nobody:", json_str(j, "by"));
	if (note.n_pictures > PICTURES_MOST)
		return wrong(r, "too many pictures in", note.title);
	note.request = str_fmt(mem, "demo-%td", w->notes.n);
	note.first_picture = w->pictures.n;
	const char *shape = str_z(mem, json_str(j, "ratio"));
	for (int i = 0; i < note.n_pictures; i++) {
		ptrdiff_t index;
		TRY(add_picture(r, json_item(pictures, i), shape, USE_NOTE, note.by, &index));
	}
	TRY(read_comments(r, json_at(j, "comments"), -1, &note));
	list_push(mem, &w->notes, note);
	return OK;
}

static err read_text(struct reading *r, str path, const struct json **out)
{
	struct arena *mem = r->app->mem;
	struct stat st;
	int fd = open(str_z(mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size > FILE_MOST) {
		complain("cannot read %.*s: %s", STR_ARGS(path), strerror(errno));
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	char *text = arena_alloc(mem, st.st_size + 1, 1, 1);
	ssize_t n = read(fd, text, (size_t)st.st_size);
	close(fd);
	if (n == st.st_size && json_read(mem, (str){text, n}, FILE_MOST, out) == OK)
		return OK;
	complain("%.*s is no JSON", STR_ARGS(path));
	return ERR_INVALID;
}

static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const str *)a, *(const str *)b);
}

// Sorted, so that the same files give the same world.
static err files_of(struct app *app, str dir, str prefix, str *out, int *n)
{
	DIR *d = opendir(str_z(app->mem, dir));
	*n = 0;
	if (!d) {
		complain("no demo world in %.*s: %s", STR_ARGS(dir), strerror(errno));
		return ERR_NOT_FOUND;
	}
	for (struct dirent *e; (e = readdir(d));) {
		str name = str_from(e->d_name);
		if (str_starts(name, prefix) && str_ends(name, S(".json")) && *n < FILES_MOST)
			out[(*n)++] = str_copy(app->mem, name);
	}
	closedir(d);
	qsort(out, (size_t)*n, sizeof *out, by_name);
	return OK;
}

static err read_files(
	struct reading *r, str dir, str prefix, err (*entry)(struct reading *, const struct json *))
{
	str names[FILES_MOST];
	int n;
	TRY(files_of(r->app, dir, prefix, names, &n));
	for (int i = 0; i < n; i++) {
		const struct json *list;
		str path = str_fmt(r->app->mem, "%.*s/%.*s", STR_ARGS(dir), STR_ARGS(names[i]));
		r->file = str_z(r->app->mem, path);
		TRY(read_text(r, path, &list));
		for (ptrdiff_t k = 0; k < json_count(list); k++)
			TRY(entry(r, json_item(list, k)));
	}
	return OK;
}

// A second pass over the same files, when the notes are known: faces come with their first note.
static err read_faces(struct reading *r, const struct json *j)
{
	ptrdiff_t owner = demo_account_named(r->world, json_str(j, "name"));
	struct demo_account *a = &r->world->accounts.at[owner];
	if (json_at(j, "avatar"))
		TRY(add_picture(r, json_at(j, "avatar"), "avatar", USE_AVATAR, owner, &a->avatar));
	if (json_at(j, "cover"))
		TRY(add_picture(r, json_at(j, "cover"), "cover", USE_COVER, owner, &a->cover));
	return OK;
}

static int by_age(const void *a, const void *b)
{
	const struct demo_note *x = a, *y = b;
	return x->created < y->created ? -1 : x->created > y->created;
}

err demo_read(struct app *app, str dir, struct demo_world *out)
{
	struct reading r = {.app = app, .world = out, .now = app->ctx.now};
	TRY(read_files(&r, dir, S("accounts-"), read_account));
	TRY(read_files(&r, dir, S("notes-"), read_note));
	TRY(read_files(&r, dir, S("accounts-"), read_faces));
	if (!out->notes.n) {
		complain("no notes-*.json in %.*s", STR_ARGS(dir));
		return ERR_NOT_FOUND;
	}
	qsort(out->notes.at, (size_t)out->notes.n, sizeof *out->notes.at, by_age);
	list_each (note, &out->notes)
		for (int i = 0; i < note->n_pictures; i++)
			out->pictures.at[note->first_picture + i].at =
				note->created - (note->n_pictures - i) * 20 * MS_SECOND;
	list_each (account, &out->accounts) {
		if (account->avatar >= 0)
			out->pictures.at[account->avatar].at = account->created + MS_HOUR;
		if (account->cover >= 0)
			out->pictures.at[account->cover].at = account->created + 2 * MS_HOUR;
	}
	return OK;
}

void demo_free(struct demo_world *w)
{
	strmap_free(&w->by_name);
}

ptrdiff_t demo_account_named(const struct demo_world *w, str name)
{
	return (ptrdiff_t)(uintptr_t)strmap_get(&w->by_name, name) - 1;
}

uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

int64_t dice_below(struct dice *d, int64_t n)
{
	return (int64_t)(dice_next(d) % (uint64_t)n);
}

double dice_unit(struct dice *d)
{
	return (double)(dice_next(d) >> 11) * 0x1p-53;
}
