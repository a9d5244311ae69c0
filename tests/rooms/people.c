// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The town of the rooms' tests. Runners start with the first do_jobs, so that a test sees what
// happens before as well.
#include "people.h"

#include "accounts/accounts.sql.h"
#include "app/rooms.h"
#include "crypto/crypto.h"
#include "jobs/jobs.h"
#include "media/media.sql.h"

#include <string.h>
#include <time.h>

static account_id person(struct town *t, const char *name, enum role role)
{
	account_id id;
	struct account_new want = {.name = str_from(name), .role = role, .trusted = true};
	must(account_create(t->ctx, &want, &id) == OK);
	return id;
}

void town_open(struct town *t, struct pg_server *server)
{
	if (server)
		world_wipe(server);
	*t = (struct town){.world = world_new(server), .rooms = {.list = house_rooms}};
	t->ctx = &t->world->ctx;
	const struct option options[] = {{"data", str_from(t->world->dir)}, {"reserve", S("0")},
		{"database", str_from(t->world->address)}, {"media_tool", str_from(MEDIA_TOOL)},
		{"media", S("")}, {"language_data", S("")}, {"egress", S("")},
		{"egress_local", S("")}, {"egress_proxy", S("")}};
	memcpy(t->options, options, sizeof options);
	t->ctx->house->options = t->options;
	must(rooms_up(t->ctx, &t->rooms, OPEN_ROOMS) == OK);
	t->ann = person(t, "ann", ROLE_MEMBER);
	t->ben = person(t, "ben", ROLE_MEMBER);
	t->cleo = person(t, "cleo", ROLE_MEMBER);
	t->mod = person(t, "mod_a", ROLE_MODERATOR);
	t->mod2 = person(t, "mod_b", ROLE_MODERATOR);
	t->host = person(t, "the_host", ROLE_ADMIN);
}

void town_close(struct town *t)
{
	struct house *house = &t->world->house;
	store_done(t->ctx);
	if (t->running)
		must(jobs_stop(house->jobs, clock_steady() + 10 * MS_SECOND));
	must(rooms_down(t->ctx, &t->rooms));
	world_free(t->world);
}

static err insert_account(struct ctx *ctx, void *arg)
{
	int64_t made;
	TRY(account_insert(ctx, arg, &made));
	return made ? OK : ERR_CONFLICT;
}

account_id from_elsewhere(struct town *t, const char *name, const char *host)
{
	struct account_row row = {.id = {id_new(t->ctx->now)},
		.name = str_from(name),
		.host = str_from(host),
		.role = ROLE_MEMBER,
		.created = t->ctx->now};
	must(store_write(t->ctx, insert_account, &row) == OK);
	return row.id;
}

void act_as(struct town *t, account_id id)
{
	struct account a;
	t->ctx->viewer = (struct viewer){0};
	t->ctx->problem = (struct problem){0};
	t->ctx->now = MAX(t->ctx->now + 1, clock_now());
	must(account_by_id(t->ctx, id, &a) == OK);
	bool good = a.standing == STANDING_GOOD;
	t->ctx->viewer = (struct viewer){
		.account = id, .role = good ? a.role : ROLE_MEMBER, .limited = !good};
}

void act_as_stranger(struct town *t)
{
	t->ctx->viewer = (struct viewer){0};
}

note_id say(struct town *t, account_id who, const char *title, const char *body,
	enum visibility visibility)
{
	note_id id;
	struct note_draft draft = {
		.title = str_from(title), .body = str_from(body), .visibility = visibility};
	act_as(t, who);
	must(notes_publish(t->ctx, &draft, &id) == OK);
	return id;
}

note_id comment_on(
	struct town *t, account_id who, note_id under, const char *body, enum visibility visibility)
{
	note_id id;
	struct comment_draft draft = {
		.under = under, .body = str_from(body), .visibility = visibility};
	act_as(t, who);
	must(notes_comment(t->ctx, &draft, &id) == OK);
	return id;
}

static err insert_picture(struct ctx *ctx, void *arg)
{
	return media_insert(ctx, arg);
}

media_id picture_there(struct town *t, account_id whose)
{
	struct media_row row = {.id = {id_new(clock_now())},
		.name = token_new(t->ctx->mem),
		.account = whose,
		.use = USE_NOTE,
		.state = MEDIA_READY,
		.width = 1200,
		.height = 1600,
		.widths = S("360 540 1080")};
	must(store_write(t->ctx, insert_picture, &row) == OK);
	return row.id;
}

static int64_t waiting(struct town *t)
{
	struct job_count *counts;
	ptrdiff_t n;
	int64_t sum = 0;
	must(jobs_counts(t->ctx, &counts, &n) == OK);
	for (ptrdiff_t i = 0; i < n; i++) {
		must(counts[i].given_up == 0);
		// Sweeps wait for their hour.
		if (str_starts(counts[i].kind, S("notify.")) ||
			str_starts(counts[i].kind, S("notes.")) ||
			str_eq(counts[i].kind, S("standing.settle")))
			sum += counts[i].waiting;
	}
	store_done(t->ctx);
	return sum;
}

void do_jobs(struct town *t)
{
	struct house *house = &t->world->house;
	if (!t->running)
		jobs_start(house->jobs, house, 2);
	t->running = true;
	ms deadline = clock_steady() + 20 * MS_SECOND;
	while (waiting(t) && clock_steady() < deadline)
		nanosleep(&(struct timespec){.tv_nsec = 3000000}, NULL);
	must(waiting(t) == 0);
}
