// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who gets which picture, with the real rules of notes and accounts.
#include "media/test_world.h"

#include "accounts/accounts.h"
#include "community/community.h"
#include "notes/notes.h"
#include "words/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static account_id author, reader;

static account_id person(struct world *w, str name)
{
	account_id id;
	const struct account_new made = {.name = name, .role = ROLE_MEMBER, .trusted = true};
	assert_int_equal(account_create(&w->ctx, &made, &id), OK);
	return id;
}

static struct world *town(void)
{
	struct world *w = world_new();
	world_add(w, &community_room);
	world_add(w, &accounts_room);
	world_add(w, &notes_room);
	author = person(w, S("author"));
	reader = person(w, S("reader"));
	w->ctx.viewer.account = author;
	return w;
}

static note_id published(struct world *w, media_id picture, enum visibility visibility)
{
	note_id id;
	const struct picture_place place = {picture, S("a gradient")};
	const struct note_draft draft = {.title = S("A picture"),
		.visibility = visibility,
		.pictures = &place,
		.n_pictures = 1,
		.ratio = RATIO_1_1};
	assert_int_equal(notes_publish(&w->ctx, &draft, &id), OK);
	return id;
}

static void edited(struct world *w, note_id id, media_id picture, enum visibility visibility)
{
	const struct picture_place place = {picture, S("a gradient")};
	const struct note_draft draft = {.title = S("A picture"),
		.visibility = visibility,
		.pictures = &place,
		.n_pictures = 1,
		.ratio = RATIO_1_1};
	assert_int_equal(notes_edit(&w->ctx, id, &draft), OK);
}

static str name_of(struct world *w, media_id id)
{
	struct picture p;
	assert_int_equal(picture_by_id(&w->ctx, id, &p), OK);
	return p.name;
}

// 200: everyone's; 201: only this viewer's; 404.
static int got(struct world *w, account_id viewer, str name, str part)
{
	struct ctx ctx = as(w, viewer.v);
	struct media_file file;
	err code = media_open(&ctx, name, part, &file);
	store_done(&ctx);
	if (code != OK) {
		assert_int_equal(code, ERR_NOT_FOUND);
		return 404;
	}
	char magic[4];
	assert_true(file.size > 0);
	assert_int_equal(read(file.fd, magic, 4), 4);
	assert_int_equal(memcmp(magic, str_ends(part, S("jpg")) ? "\xff\xd8\xff" : "RIFF", 3), 0);
	close(file.fd);
	return file.is_public ? 200 : 201;
}

static const account_id nobody;
#define PART S("master.jpg")

static void loose_pictures_are_their_owners(void **state)
{
	struct world *w = town();
	str name = name_of(w, ready(w, 40, 40));
	(void)state;
	assert_int_equal(got(w, author, name, PART), 201);
	assert_int_equal(got(w, reader, name, PART), 404);
	assert_int_equal(got(w, nobody, name, PART), 404);
	assert_int_equal(got(w, author, name, S("40.webp")), 201);
	assert_int_equal(got(w, author, name, S("540.webp")), 404);
	assert_int_equal(got(w, author, name, S("../../db.jpg")), 404);
	assert_int_equal(got(w, author, name, S("master.png")), 404);
	assert_int_equal(got(w, author, S("aaaaaaaaaaaaaaaaaaaaaa"), PART), 404);
	assert_int_equal(got(w, author, S("../.."), PART), 404);
	world_end(w);
}

static void a_note_that_turns_private_closes_its_pictures(void **state)
{
	struct world *w = town();
	media_id id = ready(w, 40, 40);
	str name = name_of(w, id);
	(void)state;
	assert_int_equal(got(w, nobody, name, PART), 404);
	note_id note = published(w, id, VIS_PUBLIC);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(got(w, nobody, name, PART), 200);
		assert_int_equal(got(w, reader, name, PART), 200);
	}
	edited(w, note, id, VIS_ONLY_ME);
	assert_int_equal(got(w, nobody, name, PART), 404);
	assert_int_equal(got(w, reader, name, PART), 404);
	assert_int_equal(got(w, author, name, PART), 404); // caches may have it under this name
	name = name_of(w, id);
	assert_int_equal(got(w, author, name, PART), 201);
	assert_int_equal(got(w, nobody, name, PART), 404);
	edited(w, note, id, VIS_FOLLOWERS);
	assert_int_equal(got(w, reader, name, PART), 404);
	struct ctx ctx = as(w, reader.v);
	assert_int_equal(follow_add(&ctx, author), OK);
	assert_int_equal(got(w, reader, name, PART), 201);
	assert_int_equal(got(w, nobody, name, PART), 404);
	assert_true(str_eq(name, name_of(w, id))); // was nobody's to keep
	edited(w, note, id, VIS_UNLISTED);
	assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_SUSPENDED), OK);
	assert_int_equal(got(w, author, name, PART), 201);
	assert_int_equal(got(w, nobody, name, PART), 404);
	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_GOOD), OK);
	assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(notes_delete(&w->ctx, note), OK);
	assert_int_equal(got(w, author, name, PART), 404);
	assert_true(files_of(w, name) > 0);
	world_run(w);
	world_settle(w);
	assert_int_equal(files_in_all(w), 0);
	world_end(w);
}

static int asked;

static err count(struct ctx *ctx, note_id note, account_id owner, bool *is_public)
{
	(void)ctx, (void)note, (void)owner;
	asked++;
	*is_public = true;
	return OK;
}

static void a_warm_public_picture_costs_nothing(void **state)
{
	struct world *w = town();
	media_id id = ready(w, 40, 40);
	str name = name_of(w, id);
	(void)state;
	note_id note = published(w, id, VIS_PUBLIC);
	media_guard(&w->ctx, count);
	asked = 0;
	for (int i = 0; i < 10; i++)
		assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(asked, 1);
	commit(w, &note_edited, note.v + 1);
	assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(asked, 1);
	const struct {
		struct change_kind *kind;
		int64_t subject;
	} told[] = {{&note_edited, note.v}, {&note_deleted, note.v}, {&note_changed, note.v},
		{&picture_changed, id.v}, {&account_changed, author.v}, {&changes_lost, 0}};
	for (ptrdiff_t i = 0; i < COUNT(told); i++) {
		commit(w, told[i].kind, told[i].subject);
		asked = 0;
		assert_int_equal(got(w, nobody, name, PART), 200);
		assert_int_equal(got(w, nobody, name, PART), 200);
		assert_int_equal(asked, 1);
	}
	// Warm: no statement at all, so also not when the store is away.
	struct ctx ctx = as(w, 0);
	struct media_file file;
	struct store *store = w->house.store;
	w->house.store = NULL;
	assert_int_equal(media_open(&ctx, name, PART, &file), OK);
	close(file.fd);
	w->house.store = store;
	world_end(w);
}

static void profile_pictures_are_everyones(void **state)
{
	struct world *w = town();
	ptrdiff_t n;
	struct ctx other = as(w, reader.v);
	struct account account;
	(void)state;
	int fd = png_of(300, 200, &n);
	media_id avatar = sent(w, fd, n, USE_AVATAR);
	fd = png_of(900, 500, &n);
	media_id banner = sent(w, fd, n, USE_COVER);
	assert_int_equal(media_check_profile(&w->ctx, avatar, USE_AVATAR), ERR_INVALID);
	assert_int_equal(w->ctx.problem.word, W_media_not_ready);
	assert_int_equal(media_take_now(&w->ctx, avatar), OK);
	assert_int_equal(media_take_now(&w->ctx, banner), OK);
	assert_int_equal(media_check_profile(&w->ctx, avatar, USE_AVATAR), OK);
	assert_int_equal(media_check_profile(&w->ctx, avatar, USE_COVER), ERR_INVALID);
	assert_int_equal(media_check_profile(&other, avatar, USE_AVATAR), ERR_INVALID);
	assert_int_equal(media_check_profile(&w->ctx, banner, USE_COVER), OK);
	str name = name_of(w, avatar);
	assert_int_equal(got(w, nobody, name, S("avatar-96.webp")), 200);
	assert_int_equal(got(w, nobody, name, S("avatar-384.webp")), 200);
	assert_int_equal(got(w, nobody, name_of(w, banner), S("banner-1440.webp")), 200);
	str path = media_path(w->ctx.mem, name, "avatar", 100);
	assert_true(str_ends(path, S("/avatar-192.webp")));
	const struct profile_edit edit = {.display = S("Author"), .avatar = avatar};
	assert_int_equal(account_edit_profile(&other, &edit), ERR_INVALID);
	assert_int_equal(account_edit_profile(&w->ctx, &edit), OK);
	assert_int_equal(account_by_id(&w->ctx, author, &account), OK);
	assert_true(str_eq(account.avatar, name));
	assert_int_equal(media_discard(&w->ctx, avatar), ERR_NOT_FOUND); // is shown
	assert_int_equal(media_discard(&other, banner), ERR_NOT_FOUND);
	const struct profile_edit bare = {.display = S("Author"), .avatar = {-1}};
	assert_int_equal(account_edit_profile(&w->ctx, &bare), OK);
	world_run(w);
	world_settle(w);
	assert_int_equal(files_of(w, name), 0);
	assert_int_equal(files_of(w, name_of(w, banner)), 3);
	world_end(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loose_pictures_are_their_owners),
		cmocka_unit_test(a_note_that_turns_private_closes_its_pictures),
		cmocka_unit_test(a_warm_public_picture_costs_nothing),
		cmocka_unit_test(profile_pictures_are_everyones),
	};
	thread_is(THREAD_MAIN, "test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
