// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Fills an empty community to any size, fast: rows by statements of its own, thousands in one
// transaction, in the order in which the tables store them. Numbers follow power laws, as everywhere
// where people are. Only the newest notes' pictures have files; older ones have their rows.
#include "app/demo_fill.h"

#include "accounts/accounts.h"
#include "blobs/blobs.h"
#include "community/community.h"
#include "crypto/crypto.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPAN (730 * MS_DAY)
#define ROWS_AT_ONCE 8000
#define PICTURES 24
#define WITH_FILES 1500 // newest notes whose pictures are really there
#define FOLLOWS_OF_HOST 200

static ms moment(struct filling *f, ms from)
{
	double part = dice_unit(&f->dice);
	return from + 1 + (ms)(part * part * (double)(MIN(f->end, from + 20 * MS_DAY) - from - 1));
}

static ptrdiff_t somebody(struct filling *f, double power) // the first are the busiest
{
	double part = dice_unit(&f->dice), x = part;
	for (double p = 1; p < power; p++)
		x *= part;
	return (ptrdiff_t)(x * (double)f->n_people);
}

// --- notes -------------------------------------------------------------------------------------

static err write_picture(
	struct ctx *ctx, struct filling *f, struct fill_note *note, bool with_files)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const struct picture *p = &f->pictures.at[dice_below(&f->dice, f->pictures.n)];
	char name[22];
	for (int i = 0; i < COUNT(name); i++)
		name[i] = digits[dice_below(&f->dice, 64)];
	struct fill_media row = {.id = {id_past(note->created - MS_MINUTE)},
		.name = {name, COUNT(name)},
		.account = note->account,
		.owner = note->id,
		.width = p->width,
		.height = p->height,
		.colour = p->colour,
		.blurhash = p->blurhash,
		.alt = p->alt,
		.widths = p->widths,
		.covers = p->covers,
		.crop = p->crop,
		.created = note->created - MS_MINUTE};
	note->cover = row.id;
	note->pictures = 1;
	note->ratio = RATIO_3_4;
	TRY(fill_media_add(ctx, &row));
	return with_files ? blobs_link(ctx->house->blobs, p->name, row.name) : OK;
}

static err write_comments(struct ctx *ctx, struct filling *f, const struct fill_note *root)
{
	note_id first = {0};
	account_id first_by = {0};
	for (int64_t i = 0; i < root->comments; i++) {
		struct fill_person *by = &f->people[somebody(f, 2)];
		const struct fill_words *w = fill_words_of(f, by);
		struct fill_note c = {.account = by->id,
			.root = root->id,
			.created = moment(f, root->created),
			.language = w->language,
			.body = w->remarks.n ? w->remarks.at[dice_below(&f->dice, w->remarks.n)]
					     : fill_title(f, w)};
		// Of three comments one answers the first.
		if (first.v && dice_below(&f->dice, 3) == 0) {
			c.parent = first;
			c.answers = first_by;
			c.created = MAX(c.created, id_time(first.v) + 1);
		}
		c.id = (note_id){id_past(c.created)};
		TRY(fill_note_add(ctx, &c));
		if (c.parent.v) {
			TRY(fill_comment_count(ctx, first, 1));
		} else if (!first.v) {
			first = c.id;
			first_by = by->id;
		}
	}
	return OK;
}

static void plan_likes(
	struct filling *f, const struct fill_note *note, ptrdiff_t author, int64_t index)
{
	// The number of people is prime: any step goes round all of them.
	int64_t at = dice_below(&f->dice, f->n_people),
		step = 1 + dice_below(&f->dice, f->n_people - 1);
	for (int64_t left = note->likes; left > 0; at = (at + step) % f->n_people) {
		if (at == author)
			continue;
		list_push(NULL, &f->likes,
			(struct fill_like){
				(uint32_t)at, (uint32_t)index, moment(f, note->created)});
		left--;
	}
}

static err write_note(struct ctx *ctx, struct filling *f, int64_t index)
{
	ptrdiff_t author = somebody(f, 2);
	struct fill_person *by = &f->people[author];
	const struct fill_words *w = fill_words_of(f, by);
	ms created =
		f->start + (ms)((double)index * ((double)(f->end - f->start) / (double)f->n_notes));
	struct fill_note note = {.id = {id_past(created)},
		.account = by->id,
		.created = created,
		.language = w->language,
		.title = fill_title(f, w),
		.body = fill_body(f, w, ctx->mem),
		.likes = fill_many(f, 1.2, 1.35, f->n_people - 1),
		.comments = fill_many(f, 0.6, 1.5, 300)};
	if (f->pictures.n && dice_below(&f->dice, 10) < 4)
		TRY(write_picture(ctx, f, &note, index >= f->n_notes - WITH_FILES));
	f->notes[index] = note.id;
	by->notes++;
	by->liked += (int32_t)note.likes;
	TRY(fill_note_add(ctx, &note));
	if (w->topics.n) {
		struct fill_topic *t =
			&f->topics.at[w->topics.at[dice_below(&f->dice, w->topics.n)]];
		t->notes++;
		if (!t->source.v)
			t->source = note.id;
		TRY(fill_note_topic_add(ctx, t->name, note.id, note.account, t->shown));
	}
	plan_likes(f, &note, author, index);
	return write_comments(ctx, f, &note);
}

// --- the others --------------------------------------------------------------------------------

static err write_like(struct ctx *ctx, struct filling *f, int64_t index)
{
	const struct fill_like *like = &f->likes.at[index];
	return fill_like_add(ctx, f->people[like->account].id, f->notes[like->note], like->at);
}

static err write_follows(struct ctx *ctx, struct filling *f, int64_t index)
{
	struct fill_person *p = &f->people[index];
	struct map chosen = {0};
	bool host = index == f->n_people - 1;
	int64_t n = host ? MIN(FOLLOWS_OF_HOST, f->n_people / 2)
			 : 3 + fill_many(f, 8, 1.6, MIN(500, f->n_people / 2));
	err failed = OK;
	map_put(&chosen, (uint64_t)index, 1);
	for (int64_t i = 0; i < n && failed == OK; i++) {
		ptrdiff_t whom = somebody(f, 2);
		uint64_t known;
		if (map_get(&chosen, (uint64_t)whom, &known))
			continue;
		map_put(&chosen, (uint64_t)whom, 1);
		p->following++;
		f->people[whom].followers++;
		failed = fill_follow_add(ctx, p->id, f->people[whom].id, moment(f, f->start));
	}
	map_free(&chosen);
	return failed;
}

static err write_person(struct ctx *ctx, struct filling *f, int64_t index)
{
	const struct fill_person *p = &f->people[index];
	const struct demo_account *model = &f->world->accounts.at[p->model];
	bool host = index == f->n_people - 1;
	if (host && f->hosted)
		return fill_account_numbers(
			ctx, p->id, p->notes, p->followers, p->following, p->liked);
	static char hash[PASSWORD_HASH_SIZE];
	if (!hash[0])
		TRY(password_hash(S(DEMO_PASSWORD), hash));
	struct fill_account row = {.id = p->id,
		.name = host ? S(DEMO_HOST)
			     : str_fmt(ctx->mem, "%.*s_%lld", (int)MIN(model->name.n, 20),
				       model->name.p, (long long)index),
		.display = host ? S("Demo") : model->display,
		.bio = model->bio,
		.role = host ? ROLE_ADMIN : ROLE_MEMBER,
		.reads = str_fmt(ctx->mem, "%s", model->writes.tag),
		.writes = model->writes,
		.password = str_from(hash),
		.created = p->created,
		.notes = p->notes,
		.followers = p->followers,
		.following = p->following,
		.liked = p->liked};
	return fill_account_add(ctx, &row);
}

static err write_topic(struct ctx *ctx, struct filling *f, int64_t index)
{
	const struct fill_topic *t = &f->topics.at[index];
	return t->notes ? fill_topic_add(ctx, t->name, t->shown, t->notes, t->source) : OK;
}

// --- in batches --------------------------------------------------------------------------------

typedef err (*write_fn)(struct ctx *, struct filling *, int64_t index);
struct batch {
	struct filling *f;
	write_fn write;
	int64_t from, to;
};

static err write_batch(struct ctx *ctx, void *arg)
{
	struct batch *b = arg;
	for (int64_t i = b->from; i < b->to; i++)
		TRY(b->write(ctx, b->f, i));
	return OK;
}

static err write_all(
	struct filling *f, const char *what, write_fn write, int64_t n, int64_t at_once)
{
	struct arena *mem = arena_new(1 << 20);
	err failed = OK;
	for (int64_t i = 0; i < n && failed == OK; i += at_once) {
		struct ctx ctx = {.mem = mem, .now = f->end, .house = &f->app->house};
		struct batch b = {f, write, i, MIN(i + at_once, n)};
		failed = store_write(&ctx, write_batch, &b);
		if (failed != OK)
			complain("%s: %s %.*s", what, err_name(failed), STR_ARGS(ctx.problem.text));
		store_done(&ctx);
		arena_reset(mem);
		progress(what, b.to, n);
	}
	progress_end();
	arena_free(mem);
	return failed;
}

// --- beginning and end -------------------------------------------------------------------------

static int64_t prime_from(int64_t n)
{
	for (;; n++) {
		bool prime = true;
		for (int64_t d = 2; prime && d * d <= n; d++)
			prime = n % d != 0;
		if (prime)
			return n;
	}
}

static void invent_people(struct filling *f)
{
	f->people = NEW_N(f->mem, struct fill_person, f->n_people);
	for (int64_t i = 0; i < f->n_people; i++) {
		ms created = f->start - 30 * MS_DAY + (ms)(i * (29 * MS_DAY / f->n_people));
		f->people[i] = (struct fill_person){.id = {id_past(created)},
			.created = created,
			.model = (int32_t)(i % f->world->accounts.n)};
	}
}

static err take_one(struct ctx *ctx, struct filling *f, str path, str alt)
{
	struct stat st;
	struct picture p;
	media_id id;
	int fd = open(str_z(ctx->mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		complain("cannot read %.*s: %s", STR_ARGS(path), strerror(errno));
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	err failed = media_add(ctx, fd, st.st_size, USE_NOTE, &id, NULL);
	close(fd);
	TRY(failed);
	TRY(media_take_first(ctx, id));
	TRY(media_cover(ctx, id, RATIO_3_4, (struct crop){0}));
	TRY(media_take_now(ctx, id));
	TRY(picture_by_id(ctx, id, &p));
	p.alt = alt;
	list_push(f->mem, &f->pictures, p);
	return OK;
}

static err write_host(struct ctx *ctx, void *arg)
{
	struct filling *f = arg;
	TRY(write_person(ctx, f, f->n_people - 1));
	f->hosted = true;
	return OK;
}

// They belong to the host, who is therefore the first to be there, and to no note; only their files are used.
static err take_pictures(struct filling *f, str dir)
{
	struct ctx ctx = {.mem = f->mem, .now = f->end, .house = &f->app->house};
	ctx.viewer = (struct viewer){.account = f->people[f->n_people - 1].id, .role = ROLE_MEMBER};
	TRY(store_write(&ctx, write_host, f));
	list_each (note, &f->world->notes) {
		if (f->pictures.n == PICTURES)
			break;
		if (!note->n_pictures || note->ratio != RATIO_3_4)
			continue;
		const struct demo_picture *p = &f->world->pictures.at[note->first_picture];
		str path = str_fmt(f->mem, "%.*s/%.*s", STR_ARGS(dir), STR_ARGS(p->file));
		err failed = take_one(&ctx, f, path, p->alt);
		if (failed != OK) {
			complain("picture %.*s: %s", STR_ARGS(p->file), err_name(failed));
			return failed;
		}
		progress("Pictures", f->pictures.n, PICTURES);
	}
	progress_end();
	return OK;
}

static int by_account(const void *a, const void *b)
{
	const struct fill_like *x = a, *y = b;
	if (x->account != y->account)
		return x->account < y->account ? -1 : 1;
	return x->note < y->note ? -1 : x->note > y->note;
}

static err finish(struct ctx *ctx, void *arg)
{
	(void)arg;
	TRY(setting_write(ctx, S("demo"), S("filled")));
	change_add(ctx, &changes_lost, 0, 0, 0);
	return OK;
}

static err fill(struct filling *f, str pictures)
{
	fill_words_read(f);
	invent_people(f);
	f->notes = NEW_N(f->mem, note_id, f->n_notes);
	TRY(take_pictures(f, pictures));
	TRY(write_all(f, "Notes", write_note, f->n_notes, ROWS_AT_ONCE / 4));
	qsort(f->likes.at, (size_t)f->likes.n, sizeof *f->likes.at, by_account);
	TRY(write_all(f, "Likes", write_like, f->likes.n, ROWS_AT_ONCE));
	TRY(write_all(f, "Follows", write_follows, f->n_people, ROWS_AT_ONCE / 20));
	TRY(write_all(f, "Accounts", write_person, f->n_people, ROWS_AT_ONCE));
	TRY(write_all(f, "Topics", write_topic, f->topics.n, ROWS_AT_ONCE));
	struct ctx ctx = {.mem = f->mem, .now = f->end, .house = &f->app->house};
	return store_write(&ctx, finish, NULL);
}

err demo_fill(struct app *app, struct demo_world *world, int64_t notes, str pictures)
{
	struct account *any;
	ptrdiff_t n;
	TRY(accounts_list(&app->ctx, STANDING_GOOD, (account_id){0}, 1, &any, &n));
	if (n) {
		complain("only an empty community can be filled; choose another --data or "
			 "--database");
		return ERR_CONFLICT;
	}
	struct filling f = {.app = app,
		.world = world,
		.mem = arena_new(1 << 20),
		.dice = {(uint64_t)notes},
		.start = app->ctx.now - SPAN,
		.end = app->ctx.now,
		.n_notes = notes,
		.n_people = prime_from(MAX(notes / 50, 23))};
	err failed = fill(&f, pictures);
	if (failed == OK)
		printf("Filled: %lld notes of %lld accounts, %td likes.\n", (long long)notes,
			(long long)f.n_people, f.likes.n);
	list_free(&f.likes);
	arena_free(f.mem);
	return failed;
}
