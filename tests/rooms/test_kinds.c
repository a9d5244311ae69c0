// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A kind of notification that a room above brings: told once, shown and counted as long as its room says
// that it is so, asked once for a page; of a kind without its room nothing is shown.
#include "notifications/notifications.h"
#include "people.h"
#include "store/store.h"
#include "web/notification_view.h"
#include "web/private.h"
#include "words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define WAVE 4711
static struct change_kind wave_changed = {.name = "test.wave"};
static bool waves_stand;
static int asked;
static ptrdiff_t asked_of;

static err still_true(struct ctx *ctx, const struct told_thing *things, ptrdiff_t n, bool *so)
{
	asked++;
	asked_of += n;
	for (ptrdiff_t i = 0; i < n; i++) {
		assert_int_equal(things[i].reader.v, ctx->viewer.account.v);
		assert_true(things[i].actor.v && things[i].thing >= WAVE);
		so[i] = waves_stand;
	}
	return OK;
}

static struct change_kind *const until[] = {&wave_changed, NULL};
static const struct told_kind waved = {.number = 120, .still_true = still_true, .until = until};
static const struct told_kind nobodys = {.number = 121};

struct waving {
	const struct told_kind *kind;
	struct told_thing what;
	str once;
};

static err wave(struct ctx *ctx, void *arg)
{
	const struct waving *w = arg;
	return notifications_tell(ctx, w->kind, &w->what, w->once);
}

static void waves(
	struct town *t, const struct told_kind *kind, account_id from, int64_t thing, str once)
{
	struct waving w = {kind, {t->ann, from, thing}, once};
	assert_int_equal(store_write(t->ctx, wave, &w), OK);
}

static err change(struct ctx *ctx, void *arg)
{
	change_add(ctx, &wave_changed, *(int64_t *)arg, 0, 0);
	return OK;
}

static void stand(struct town *t, bool so)
{
	int64_t thing = WAVE;
	waves_stand = so;
	assert_int_equal(store_write(t->ctx, change, &thing), OK);
}

static struct notification_page page_of(struct town *t, ptrdiff_t n, int64_t unread)
{
	struct notification_page page;
	int64_t fresh;
	act_as(t, t->ann);
	assert_int_equal(notifications_unread(t->ctx, &fresh), OK);
	assert_int_equal(fresh, unread);
	assert_int_equal(notifications_page(t->ctx, (notification_id){0}, 50, &page), OK);
	assert_int_equal(page.n, n);
	store_done(t->ctx);
	return page;
}

static void begin(struct town *t, struct pg_server *server)
{
	town_open(t, server);
	notifications_register(t->ctx, &waved);
	waves_stand = true;
	asked = 0;
	asked_of = 0;
}

static void a_rooms_kind_is_told_as_long_as_it_is_so(void **state)
{
	struct town t;
	begin(&t, *state);
	page_of(&t, 0, 0);
	for (int i = 0; i < 2; i++)
		waves(&t, &waved, t.ben, WAVE, S("wave ben"));
	waves(&t, &waved, t.ann, WAVE, S("wave ann")); // to oneself
	waves(&t, &waved, t.cleo, WAVE + 1, S(""));
	waves(&t, &nobodys, t.cleo, WAVE + 2, S(""));
	act_as(&t, t.ben);
	assert_int_equal(follow_add(t.ctx, t.ann), OK);
	do_jobs(&t);
	struct notification_page page = page_of(&t, 3, 3);
	assert_int_equal(asked, 2); // for the number, and for the page
	assert_int_equal(asked_of, 4);
	assert_int_equal(page.at[0].kind, FOLLOWED);
	assert_true((int64_t)page.at[2].kind == waved.number && page.at[2].thing == WAVE);
	assert_true(page.at[2].actor->id.v == t.ben.v);
	// What is kept of the number ends with the thing alone.
	waves_stand = false;
	page_of(&t, 1, 3);
	stand(&t, false);
	page_of(&t, 1, 1);
	stand(&t, true);
	page_of(&t, 3, 3);
	assert_int_equal(account_set_standing(t.ctx, t.cleo, STANDING_SUSPENDED), OK);
	page_of(&t, 2, 2);
	assert_int_equal(account_set_standing(t.ctx, t.cleo, STANDING_GOOD), OK);
	assert_int_equal(notifications_seen(t.ctx), OK);
	page_of(&t, 3, 0);
	assert_int_equal(notifications_forget(t.ctx, WAVE), OK);
	page_of(&t, 2, 0);
	town_close(&t);
}

#define MANY 350

static err wave_much(struct ctx *ctx, void *arg)
{
	const struct town *t = arg;
	for (int i = 0; i < MANY; i++)
		TRY(notifications_tell(ctx, &waved, &(struct told_thing){t->ann, t->ben, WAVE},
			str_fmt(ctx->mem, "wave %d", i)));
	return OK;
}

static void very_many_stand_aside_and_come_back(void **state)
{
	struct town t;
	struct notification_page page;
	begin(&t, *state);
	assert_int_equal(store_write(t.ctx, wave_much, &t), OK);
	stand(&t, false);
	page_of(&t, 0, 0);
	do_jobs(&t);
	asked_of = 0;
	page_of(&t, 0, 0);
	assert_int_equal(asked_of, 0); // they stand aside
	stand(&t, true);
	do_jobs(&t);
	act_as(&t, t.ann);
	assert_int_equal(notifications_page(t.ctx, (notification_id){0}, 50, &page), OK);
	assert_int_equal(page.n, 50);
	page_of(&t, 50, MANY);
	assert_int_equal(notifications_forget(t.ctx, WAVE), OK);
	page_of(&t, 0, 0);
	town_close(&t);
}

static url to_actor(struct ctx *ctx, const struct notification *n)
{
	return url_of_person(ctx->mem, n->actor->name, n->actor->host);
}

static void sign(struct out *o)
{
	(void)o;
}

static const struct notification_look looks = {.kind = 120,
	.channel = CHANNEL_FOLLOWS,
	.words = {W_notification_note_liked, W_notification_note_liked_two,
		W_notification_note_liked_many},
	.icon = sign,
	.address = to_actor};

// Those of one thing are one line; one whose room says nothing of its looks is none.
static void a_room_says_how_its_kind_looks(void **state)
{
	struct town t;
	struct web web = {0};
	struct notification_view v = {0};
	static const struct told_kind plain = {.number = 122};
	begin(&t, *state);
	notifications_register(t.ctx, &plain);
	t.ctx->house->web = &web;
	web_notification(t.ctx, &looks);
	waves(&t, &waved, t.ben, WAVE, S(""));
	waves(&t, &waved, t.cleo, WAVE, S(""));
	waves(&t, &waved, t.cleo, WAVE + 1, S(""));
	waves(&t, &plain, t.cleo, WAVE + 2, S(""));
	struct notification_page page = page_of(&t, 4, 4);
	assert_int_equal(notification_lines(t.ctx, page.at, page.n, &v), OK);
	assert_int_equal(v.n, 2);
	assert_ptr_equal(v.lines[0].icon, sign);
	assert_true(str_find(v.lines[1].text.s, S("cleo")) >= 0);
	assert_true(str_find(v.lines[1].text.s, S("ben")) > 0);
	assert_true(str_eq(v.lines[1].address.s, S("/@cleo")));
	assert_true(!v.lines[0].of_house && v.lines[0].fresh);
	t.ctx->house->web = NULL;
	town_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rooms_kind_is_told_as_long_as_it_is_so),
		cmocka_unit_test(very_many_stand_aside_and_come_back),
		cmocka_unit_test(a_room_says_how_its_kind_looks),
	};
	return run_on_both(tests);
}
