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

static void attached(struct world *w, media_id id, struct media_owner owner)
{
	const struct picture_place place = {id, S("a gradient")};
	assert_int_equal(media_attach(&w->ctx, owner, &place, 1), OK);
}

static void a_warm_public_picture_costs_nothing(void **state)
{
	struct world *w = town();
	media_id id = ready(w, 40, 40);
	str name = name_of(w, id);
	(void)state;
	attached(w, id, of_test(77));
	test_asked = 0;
	for (int i = 0; i < 10; i++)
		assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(test_asked, 1);
	commit(w, &test_changed, 78);
	assert_int_equal(got(w, nobody, name, PART), 200);
	assert_int_equal(test_asked, 1);
	const struct {
		struct change_kind *kind;
		int64_t subject;
	} told[] = {{&test_changed, 77}, {&picture_changed, id.v}, {&account_changed, author.v},
		{&changes_lost, 0}};
	for (ptrdiff_t i = 0; i < COUNT(told); i++) {
		commit(w, told[i].kind, told[i].subject);
		test_asked = 0;
		assert_int_equal(got(w, nobody, name, PART), 200);
		assert_int_equal(got(w, nobody, name, PART), 200);
		assert_int_equal(test_asked, 1);
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

// Every change after which a note's pictures may be for others.
static void what_was_learnt_of_a_note_ends_with_it(void **state)
{
	struct world *w = town();
	media_id id = ready(w, 40, 40);
	str name = name_of(w, id);
	(void)state;
	note_id note = published(w, id, VIS_PUBLIC);
	struct change_kind *const told[] = {&note_edited, &note_deleted, &note_changed};
	for (ptrdiff_t i = 0; i < COUNT(told); i++) {
		assert_int_equal(got(w, nobody, name, PART), 200);
		const int64_t before = memo_weight(w->house.media->sights);
		commit(w, told[i], note.v);
		assert_int_equal(memo_weight(w->house.media->sights), before - 1);
	}
	world_end(w);
}

// A kind that no room registers (any more) is nobody's.
static void of_an_unknown_kind_nobody_gets_anything(void **state)
{
	struct world *w = town();
	static const struct media_owner_kind gone = {.name = "gone"};
	media_id id = ready(w, 40, 40);
	str name = name_of(w, id);
	(void)state;
	attached(w, id, (struct media_owner){&gone, 5});
	assert_int_equal(got(w, nobody, name, PART), 404);
	assert_int_equal(got(w, author, name, PART), 404);
	world_end(w);
}

static int type_of_file(struct world *w, account_id viewer, str name, str part, const char *type)
{
	struct ctx ctx = as(w, viewer.v);
	struct media_file file;
	err code = media_open(&ctx, name, part, &file);
	store_done(&ctx);
	if (code != OK)
		return 404;
	close(file.fd);
	assert_string_equal(file.type, type);
	return file.is_public ? 200 : 201;
}

#define CLIP S("clip.mp4")
static int clip(struct world *w, account_id viewer, str name)
{
	return type_of_file(w, viewer, name, CLIP, "video/mp4");
}

static int still(struct world *w, account_id viewer, str name)
{
	return type_of_file(w, viewer, name, PART, "image/jpeg");
}

static void a_video_and_its_poster_go_with_what_they_belong_to(void **state)
{
	struct world *w = town();
	media_id poster;
	struct picture p;
	(void)state;
	note_id note = published(w, ready(w, 40, 40), VIS_PUBLIC);
	media_id video = video_of(w, media_of_note(note), &poster);
	assert_int_equal(picture_by_id(&w->ctx, video, &p), OK);
	assert_true(p.kind == MEDIA_VIDEO && p.duration == 12500 && p.poster.v == poster.v);
	str old[2] = {name_of(w, video), name_of(w, poster)};
	assert_int_equal(clip(w, nobody, old[0]), 200);
	assert_int_equal(still(w, nobody, old[1]), 200);

	struct media_new_names names;
	assert_int_equal(media_new_names(&w->ctx, media_of_note(note), &names), OK);
	assert_int_equal(names.n, 3);
	assert_int_equal(media_rename(&w->ctx, &names), OK);
	assert_int_equal(clip(w, author, old[0]), 404);
	assert_int_equal(still(w, author, old[1]), 404);
	str name[2] = {name_of(w, video), name_of(w, poster)};
	assert_int_equal(clip(w, nobody, name[0]), 200);
	assert_int_equal(still(w, nobody, name[1]), 200);

	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_SUSPENDED), OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(clip(w, author, name[0]), 201);
		assert_int_equal(still(w, author, name[1]), 201);
		assert_int_equal(clip(w, reader, name[0]), 404);
		assert_int_equal(still(w, reader, name[1]), 404);
	}
	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_GOOD), OK);
	assert_int_equal(still(w, nobody, name[1]), 200);

	struct media_share share;
	assert_int_equal(media_share(&w->ctx, author, &share), OK);
	assert_true(share.used > 10);
	assert_int_equal(notes_delete(&w->ctx, note), OK);
	assert_int_equal(still(w, author, name[1]), 404);
	world_run(w);
	world_settle(w);
	assert_int_equal(files_in_all(w), 0);
	world_end(w);
}

// What makes and cuts pictures leaves alone what is none.
static void a_video_is_no_picture(void **state)
{
	struct world *w = town();
	media_id poster, video = video_of(w, of_test(7), &poster);
	struct media_row row;
	struct job none = {0};
	(void)state;
	assert_int_equal(media_get(&w->ctx, video, &row), OK);
	assert_int_equal(media_take_now(&w->ctx, video), OK);
	assert_int_equal(make_renditions(&w->ctx, &row), OK);
	assert_int_equal(media_cover(&w->ctx, video, RATIO_1_1, (struct crop){0}), ERR_INVALID);
	row.state = MEDIA_WAITING; // one that is still made has its size before it is ready
	assert_int_equal(state_of(&row), MEDIA_WAITING);
	w->ctx.now += 25 * MS_HOUR;
	assert_int_equal(job_sweep(&w->ctx, &none, NULL), OK);
	assert_int_equal(media_get(&w->ctx, video, &row), OK);
	assert_int_equal(media_get(&w->ctx, poster, &row), OK);
	assert_int_equal(media_remove(&w->ctx, &video, 1), OK);
	assert_int_equal(media_get(&w->ctx, poster, &row), ERR_NOT_FOUND);
	world_end(w);
}

static void suspended_and_back(struct world *w, str avatar)
{
	struct ctx judge = as(w, reader.v);
	struct media_file file;
	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_SUSPENDED), OK);
	assert_int_equal(got(w, nobody, avatar, S("avatar-96.webp")), 404);
	assert_int_equal(got(w, reader, avatar, S("avatar-96.webp")), 404);
	assert_int_equal(got(w, author, avatar, S("avatar-96.webp")), 201);
	judge.viewer.role = ROLE_MODERATOR;
	assert_int_equal(media_open(&judge, avatar, S("avatar-96.webp"), &file), OK);
	close(file.fd);
	assert_false(file.is_public);
	store_done(&judge);
	assert_int_equal(account_set_standing(&w->ctx, author, STANDING_GOOD), OK);
	assert_int_equal(got(w, nobody, avatar, S("avatar-96.webp")), 200);
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
	const struct profile_edit edit = {.display = S("Author"), .avatar = avatar};
	const struct profile_edit wrong = {.display = S("Author"), .cover = avatar};
	assert_int_equal(account_edit_profile(&w->ctx, &edit), ERR_INVALID);
	assert_int_equal(w->ctx.problem.word, W_media_not_ready);
	assert_int_equal(media_take_now(&w->ctx, avatar), OK);
	assert_int_equal(media_take_now(&w->ctx, banner), OK);
	assert_int_equal(account_edit_profile(&w->ctx, &wrong), ERR_INVALID);
	str name = name_of(w, avatar);
	assert_int_equal(got(w, nobody, name, S("avatar-96.webp")), 404);
	assert_int_equal(got(w, author, name, S("avatar-96.webp")), 201);
	str path = media_path(w->ctx.mem, name, "avatar", 100);
	assert_true(str_ends(path, S("/avatar-192.webp")));
	assert_int_equal(account_edit_profile(&other, &edit), ERR_INVALID);
	assert_int_equal(account_edit_profile(&w->ctx, &edit), OK);
	// What is shown already is not everything else as well.
	assert_int_equal(account_edit_profile(&w->ctx, &wrong), ERR_INVALID);
	assert_int_equal(account_by_id(&w->ctx, author, &account), OK);
	assert_true(str_eq(account.avatar, name));
	assert_int_equal(got(w, nobody, name, S("avatar-96.webp")), 200);
	assert_int_equal(got(w, nobody, name, S("avatar-384.webp")), 200);
	assert_int_equal(got(w, author, name_of(w, banner), S("banner-1440.webp")), 201);
	suspended_and_back(w, name);
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
		cmocka_unit_test(what_was_learnt_of_a_note_ends_with_it),
		cmocka_unit_test(of_an_unknown_kind_nobody_gets_anything),
		cmocka_unit_test(a_video_and_its_poster_go_with_what_they_belong_to),
		cmocka_unit_test(a_video_is_no_picture),
		cmocka_unit_test(profile_pictures_are_everyones),
	};
	thread_is(THREAD_MAIN, "test");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
