// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Brings the demo world in through the rooms' own verbs, each at the moment it is said to have
// happened. Pictures are taken in by several threads ahead of the notes that show them, at first only
// in the size that is seen first; the other sizes follow when every note is there. A note with its
// comments and likes is one transaction, so that a load that was cut off goes on where it stopped.
#include "app/demo.h"

#include "accounts/accounts.h"
#include "app/app.sql.h"
#include "community/community.h"
#include "crypto/crypto.h"
#include "notes/notes.h"
#include "store/store.h"
#include "words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TOLD_SINCE (10 * MS_HOUR) // of what happened earlier nobody is told any more
#define LIVELY (4 * MS_DAY)       // how long a note is liked and commented on
#define THREADS_MOST 8
#define FIRST_NOTES 60 // worth a look

struct task {
	ptrdiff_t owner;
	struct demo_picture *picture; // to be taken in, or
	media_id id;                  // of which the other sizes are to be made
};

struct loading {
	struct app *app;
	struct demo_world *world;
	str dir; // of the pictures
	ms now;
	char password[PASSWORD_HASH_SIZE];
	struct lock lock; // guards what follows
	struct waker waker;
	LIST(struct task) tasks; // in the order in which they are wanted
	ptrdiff_t next, ended;
	const char *what; // for the progress bar
	err failed;
	pthread_t threads[THREADS_MOST];
	int n_threads;
};

static struct ctx ctx_for(struct loading *l, struct arena *mem, ptrdiff_t account, ms at)
{
	const struct demo_account *a = &l->world->accounts.at[account];
	struct ctx ctx = {.mem = mem,
		.now = at,
		.house = &l->app->house,
		.viewer = {.account = a->id, .role = ROLE_MEMBER, .n_reads = a->n_reads}};
	for (int i = 0; i < a->n_reads; i++)
		ctx.viewer.reads[i] = a->reads[i];
	return ctx;
}

static err told(struct ctx *ctx, err failed, const char *what, str which)
{
	if (failed == OK)
		return OK;
	complain("%s %.*s: %s: %.*s", what, STR_ARGS(which), err_name(failed),
		STR_ARGS(reason(ctx, failed)));
	return failed;
}

// --- pictures ----------------------------------------------------------------------------------

static err dress(struct ctx *ctx, const struct demo_account *a, const struct demo_picture *p)
{
	struct profile_edit edit = {.display = a->display, .bio = a->bio};
	if (p->use == USE_AVATAR)
		edit.avatar = p->id;
	else
		edit.cover = p->id;
	return account_edit_profile(ctx, &edit);
}

static err take_picture(struct ctx *ctx, struct loading *l, struct demo_picture *p)
{
	struct stat st;
	str path = str_fmt(ctx->mem, "%.*s/%.*s", STR_ARGS(l->dir), STR_ARGS(p->file));
	int fd = open(str_z(ctx->mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		complain("cannot read %.*s: %s", STR_ARGS(path), strerror(errno));
		if (fd >= 0)
			close(fd);
		return ERR_IO;
	}
	err failed = media_add(ctx, fd, st.st_size, p->use, &p->id, NULL);
	close(fd);
	if (failed == OK)
		failed = media_take_first(ctx, p->id);
	if (failed == OK && p->use != USE_NOTE)
		failed = dress(ctx, &l->world->accounts.at[p->owner], p);
	return told(ctx, failed, "picture", p->file);
}

static bool next_task(struct loading *l, struct task *out)
{
	lock_take(&l->lock);
	bool found = l->failed == OK && l->next < l->tasks.n;
	if (found)
		*out = l->tasks.at[l->next++];
	lock_release(&l->lock);
	return found;
}

static void end_task(struct loading *l, const struct task *task, err failed)
{
	lock_take(&l->lock);
	if (failed != OK && l->failed == OK)
		l->failed = failed;
	if (task->picture)
		task->picture->done = true;
	l->ended++;
	waker_all(&l->waker);
	lock_release(&l->lock);
}

static void *work(void *arg)
{
	struct loading *l = arg;
	struct arena *mem = arena_new(64 << 10);
	struct task task;
	thread_is(THREAD_RUNNER, "pictures");
	while (next_task(l, &task)) {
		ms at = task.picture ? task.picture->at : l->now;
		struct ctx ctx = ctx_for(l, mem, task.owner, at);
		err failed = task.picture ? take_picture(&ctx, l, task.picture)
					  : told(&ctx, media_take_now(&ctx, task.id), "picture",
						    S("of a note"));
		store_done(&ctx);
		arena_reset(mem);
		end_task(l, &task, failed);
	}
	arena_free(mem);
	return NULL;
}

static void start_work(struct loading *l, const char *what)
{
	l->what = what;
	l->next = l->ended = 0;
	l->n_threads = (int)MAX(1, MIN(sysconf(_SC_NPROCESSORS_ONLN), THREADS_MOST));
	for (int i = 0; i < l->n_threads; i++)
		l->threads[i] = thread_start(work, l);
}

static err end_work(struct loading *l, err failed)
{
	lock_take(&l->lock);
	if (l->failed == OK)
		l->failed = failed;
	while (l->failed == OK && l->ended < l->tasks.n) {
		progress(l->what, l->ended, l->tasks.n);
		waker_wait(&l->waker, &l->lock);
	}
	lock_release(&l->lock);
	for (int i = 0; i < l->n_threads; i++)
		pthread_join(l->threads[i], NULL);
	progress(l->what, l->ended, l->tasks.n);
	progress_end();
	return l->failed;
}

static void want(struct loading *l, bool *wanted, ptrdiff_t picture)
{
	if (picture < 0 || wanted[picture])
		return;
	struct demo_picture *p = &l->world->pictures.at[picture];
	wanted[picture] = true;
	if (!p->done)
		list_push(l->app->mem, &l->tasks, (struct task){.owner = p->owner, .picture = p});
}

// A face comes right before its first note; banners come last.
static void plan_pictures(struct loading *l)
{
	struct demo_world *w = l->world;
	bool *wanted = NEW_N(l->app->mem, bool, w->pictures.n);
	list_each (note, &w->notes) {
		want(l, wanted, w->accounts.at[note->by].avatar);
		for (int i = 0; i < note->n_pictures; i++)
			want(l, wanted, note->first_picture + i);
	}
	list_each (a, &w->accounts)
		want(l, wanted, a->avatar);
	list_each (a, &w->accounts)
		want(l, wanted, a->cover);
}

// Covers first, the newest first: that is what is looked at.
static err plan_sizes(struct loading *l, struct arena *mem)
{
	struct demo_world *w = l->world;
	struct ctx ctx = ctx_for(l, mem, 0, l->now);
	l->tasks.n = 0;
	for (ptrdiff_t i = w->notes.n - 1; i >= 0; i--)
		if (w->notes.at[i].cover.v)
			list_push(l->app->mem, &l->tasks,
				(struct task){
					.owner = w->notes.at[i].by, .id = w->notes.at[i].cover});
	for (ptrdiff_t i = w->notes.n - 1; i >= 0; i--) {
		const struct demo_note *note = &w->notes.at[i];
		struct picture *pictures;
		ptrdiff_t n;
		TRY(told(&ctx, pictures_of_note(&ctx, note->id, &pictures, &n), "note",
			note->title));
		for (ptrdiff_t k = 0; k < n; k++)
			if (pictures[k].id.v != note->cover.v)
				list_push(l->app->mem, &l->tasks,
					(struct task){.owner = note->by, .id = pictures[k].id});
	}
	store_done(&ctx);
	arena_reset(mem);
	return OK;
}

static err await_pictures(struct loading *l, const struct demo_note *note)
{
	lock_take(&l->lock);
	for (int i = 0; i < note->n_pictures && l->failed == OK;) {
		if (l->world->pictures.at[note->first_picture + i].done)
			i++;
		else
			waker_wait(&l->waker, &l->lock);
	}
	err failed = l->failed;
	progress(l->what, l->ended, l->tasks.n);
	lock_release(&l->lock);
	return failed;
}

// --- people ------------------------------------------------------------------------------------

struct joining {
	struct loading *loading;
	struct demo_account *account;
	enum role role;
};

static err describe(struct ctx *ctx, const struct demo_account *a, const char *password)
{
	struct reading_edit reading = {
		.reads = a->reads, .n_reads = a->n_reads, .writes = a->writes};
	struct profile_edit profile = {.display = a->display, .bio = a->bio};
	TRY(account_edit_reading(ctx, &reading));
	TRY(account_edit_topics(ctx, a->topics, a->n_topics));
	TRY(account_edit_profile(ctx, &profile));
	TRY(demo_password(ctx, a->id, str_from(password)));
	return account_welcomed(ctx);
}

static err join(struct ctx *ctx, void *arg)
{
	struct joining *j = arg;
	struct demo_account *a = j->account;
	struct account_new fresh = {.name = a->name,
		.display = a->display,
		.role = j->role,
		.created = a->created,
		.trusted = true};
	TRY(account_create(ctx, &fresh, &a->id));
	ctx->viewer.account = a->id;
	return describe(ctx, a, j->loading->password);
}

static err known_notes(struct ctx *ctx, struct loading *l, ptrdiff_t account)
{
	struct demo_notes_of_row *rows;
	ptrdiff_t n;
	TRY(demo_notes_of(ctx, l->world->accounts.at[account].id, &rows, &n));
	for (ptrdiff_t i = 0; i < n; i++) {
		list_each (note, &l->world->notes) {
			if (note->by != account || !str_eq(note->request, rows[i].request))
				continue;
			note->id = rows[i].id;
			note->cover = rows[i].cover;
			for (int k = 0; k < note->n_pictures; k++)
				l->world->pictures.at[note->first_picture + k].done = true;
		}
	}
	return OK;
}

static err admit(struct loading *l, struct arena *mem, ptrdiff_t index, enum role role)
{
	struct demo_account *a = &l->world->accounts.at[index];
	struct ctx ctx = ctx_for(l, mem, index, a->created);
	struct account known;
	err found = account_by_name(&ctx, a->name, &known);
	if (found == ERR_NOT_FOUND)
		return told(&ctx, store_write(&ctx, join, &(struct joining){l, a, role}), "account",
			a->name);
	TRY(told(&ctx, found, "account", a->name));
	a->id = known.id;
	if (known.avatar_id.v && a->avatar >= 0)
		l->world->pictures.at[a->avatar].done = true;
	if (known.cover_id.v && a->cover >= 0)
		l->world->pictures.at[a->cover].done = true;
	return told(&ctx, known_notes(&ctx, l, index), "account", a->name);
}

struct befriending {
	struct loading *loading;
	const struct demo_account *account;
};

static bool is_old_news(const struct loading *l, ms at)
{
	return at < l->now - TOLD_SINCE;
}

static err befriend(struct ctx *ctx, void *arg)
{
	struct befriending *b = arg;
	const struct demo_account *a = b->account;
	for (int i = 0; i < a->n_follows; i++) {
		ptrdiff_t whom = demo_account_named(b->loading->world, a->follows[i]);
		if (whom < 0)
			continue;
		const struct demo_account *other = &b->loading->world->accounts.at[whom];
		ctx->now = MAX(a->created, other->created) + (i + 1) * 7 * MS_HOUR;
		ctx->quiet = is_old_news(b->loading, ctx->now);
		TRY(follow_add(ctx, other->id));
	}
	return OK;
}

static void add_host(struct loading *l)
{
	struct demo_world *w = l->world;
	struct demo_account host = {.name = S(DEMO_HOST),
		.display = S("Demo"),
		.bio = S("Looks after this demo community. 这个演示社区的管理员。"),
		.reads = {LANG("en"), LANG("zh-Hans")},
		.n_reads = 2,
		.avatar = -1,
		.cover = -1,
		.created = l->now - 71 * MS_DAY};
	for (ptrdiff_t i = 0; i < w->accounts.n && host.n_follows < COUNT(host.follows); i += 3)
		host.follows[host.n_follows++] = w->accounts.at[i].name;
	list_push(l->app->mem, &w->accounts, host);
	strmap_put(&w->by_name, host.name, (void *)(uintptr_t)w->accounts.n);
}

static err people(struct loading *l, struct arena *mem)
{
	struct demo_world *w = l->world;
	add_host(l);
	TRY(password_hash(S(DEMO_PASSWORD), l->password));
	for (ptrdiff_t i = 0; i < w->accounts.n; i++) {
		bool host = i == w->accounts.n - 1;
		TRY(admit(l, mem, i, host ? ROLE_ADMIN : ROLE_MEMBER));
		arena_reset(mem);
	}
	for (ptrdiff_t i = 0; i < w->accounts.n; i++) {
		struct ctx ctx = ctx_for(l, mem, i, l->now);
		struct befriending b = {l, &w->accounts.at[i]};
		TRY(told(&ctx, store_write(&ctx, befriend, &b), "follows of", b.account->name));
		arena_reset(mem);
	}
	return OK;
}

// --- notes -------------------------------------------------------------------------------------

struct telling {
	struct loading *loading;
	struct demo_note *note;
	struct dice dice;
	ms until; // nothing happens to the note after this
};

static void become(struct ctx *ctx, struct telling *t, ptrdiff_t account, ms at)
{
	*ctx = (struct ctx){.mem = ctx->mem,
		.now = at,
		.quiet = is_old_news(t->loading, at),
		.request = ctx->request,
		.house = ctx->house,
		.db = ctx->db,
		.pending = ctx->pending,
		.viewer = {.account = t->loading->world->accounts.at[account].id,
			.role = ROLE_MEMBER}};
}

static ms moment(struct telling *t, ms after, double power)
{
	double part = dice_unit(&t->dice);
	for (double p = 1; p < power; p++)
		part *= part;
	return after + 1 + (ms)(part * (double)(t->until - after - 1));
}

// `n` different accounts like it, never its author.
static err likes(struct ctx *ctx, struct telling *t, note_id id, ptrdiff_t author, int n, ms after)
{
	ptrdiff_t all = t->loading->world->accounts.n - 1; // the host keeps out of it
	ptrdiff_t *who = NEW_N(ctx->mem, ptrdiff_t, all);
	int64_t now;
	for (ptrdiff_t i = 0; i < all; i++)
		who[i] = i;
	for (ptrdiff_t i = 0; n > 0 && i < all; i++) {
		ptrdiff_t k = i + (ptrdiff_t)dice_below(&t->dice, all - i), chosen = who[k];
		who[k] = who[i];
		if (chosen == author)
			continue;
		become(ctx, t, chosen, moment(t, after, 2));
		TRY(like_add(ctx, id, &now));
		n--;
	}
	return OK;
}

static err comments(struct ctx *ctx, struct telling *t)
{
	struct demo_note *note = t->note;
	ms last = note->created;
	int number = 0;
	list_each (c, &note->comments) {
		ptrdiff_t by = demo_account_named(t->loading->world, c->by);
		// In the order of the file: each takes a share of the time that is left.
		ms at = last + 1 + (ms)(dice_unit(&t->dice) * 0.3 * (double)(t->until - last));
		note_id under = c->parent < 0 ? note->id : note->comments.at[c->parent].id;
		struct comment_draft draft = {.under = under,
			.body = c->text,
			.visibility = VIS_PUBLIC,
			.request = str_fmt(ctx->mem, "%.*s-%d", STR_ARGS(note->request), number++),
			.created = MIN(at, t->until)};
		become(ctx, t, by, draft.created);
		TRY(notes_comment(ctx, &draft, &c->id));
		TRY(likes(ctx, t, c->id, by, c->likes, draft.created));
		last = draft.created;
	}
	return OK;
}

static err publish(struct ctx *ctx, void *arg)
{
	struct telling *t = arg;
	struct loading *l = t->loading;
	struct demo_note *note = t->note;
	struct picture_place *places = NEW_N(ctx->mem, struct picture_place, note->n_pictures);
	struct note_draft draft = {.title = note->title,
		.body = note->body,
		.visibility = VIS_PUBLIC,
		.language = note->language,
		.pictures = places,
		.n_pictures = note->n_pictures,
		.ratio = note->n_pictures ? note->ratio : RATIO_TEXT,
		.request = note->request,
		.created = note->created};
	for (int i = 0; i < note->n_pictures; i++) {
		const struct demo_picture *p = &l->world->pictures.at[note->first_picture + i];
		places[i] = (struct picture_place){p->id, p->alt};
	}
	t->dice = (struct dice){(uint64_t)note->created / 1000 ^ (uint64_t)note->title.n << 40};
	t->until = MIN(l->now, note->created + LIVELY);
	become(ctx, t, note->by, note->created);
	TRY(notes_publish(ctx, &draft, &note->id));
	TRY(demo_forget_covers(ctx, note->created));
	TRY(comments(ctx, t));
	return likes(ctx, t, note->id, note->by, note->likes, note->created);
}

static err notes(struct loading *l, struct arena *mem)
{
	list_each (note, &l->world->notes) {
		TRY(await_pictures(l, note));
		if (note->id.v)
			continue;
		struct ctx ctx = ctx_for(l, mem, note->by, note->created);
		struct telling t = {.loading = l, .note = note};
		TRY(told(&ctx, store_write(&ctx, publish, &t), "note", note->title));
		if (note->n_pictures)
			note->cover = l->world->pictures.at[note->first_picture].id;
		store_done(&ctx);
		arena_reset(mem);
		if (note - l->world->notes.at == FIRST_NOTES) {
			puts("The first notes are there; the others follow.");
			demo_print_sign_in(false);
			fflush(stdout);
		}
	}
	return OK;
}

static err load(struct loading *l, struct arena *mem)
{
	TRY(people(l, mem));
	plan_pictures(l);
	start_work(l, "Notes");
	TRY(end_work(l, notes(l, mem)));
	TRY(plan_sizes(l, mem));
	start_work(l, "Picture sizes");
	TRY(end_work(l, OK));
	struct ctx ctx = {.mem = mem, .now = clock_now(), .house = &l->app->house};
	return told(&ctx, setting_write(&ctx, S("demo"), S("loaded")), "setting", S("demo"));
}

err demo_load(struct app *app, struct demo_world *world, str pictures)
{
	struct loading l = {.app = app, .world = world, .dir = pictures, .now = app->ctx.now};
	struct arena *mem = arena_new(64 << 10);
	lock_init(&l.lock);
	waker_init(&l.waker);
	err failed = load(&l, mem);
	arena_free(mem);
	return failed;
}
