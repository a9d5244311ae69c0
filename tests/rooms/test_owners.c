// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Rows of pictures from before the step that says what each belongs to, on both databases: each belongs
// afterwards to what showed it, and what nothing showed belongs to nothing.
#include "media/private.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#undef fail

#include "both.h"

#define STEP 26
#define BOTH(text) \
	{ \
		.name = "before", .sqlite = text, .postgres = text, .writes = true \
	}
#define ACCOUNT(id, avatar, cover) \
	BOTH("INSERT INTO account (id, name, display, bio, avatar, cover, role, standing, " \
	     "locale, " \
	     "reads, writes, topics, show_likes, welcomed, password, why, created, notes, " \
	     "followers, following, liked) VALUES (" id ", 'p" id "', '', '', " avatar ", " cover \
	     ", 1, 0, '', '', '', '', 0, 0, '', '', 1, 0, 0, 0, 0)")
#define MEDIA(id, account, note, place, use) \
	BOTH("INSERT INTO media (id, name, account, note, place, use, state, width, height, " \
	     "colour, " \
	     "blurhash, alt, widths, covers, crop, bytes, created, problem, problem_number, " \
	     "source) " \
	     "VALUES (" id ", 'name" id "', " account ", " note ", " place ", " use \
	     ", 1, 40, 30, 7, 'b', 'alt " id "', '360', '', '', 99, 5, '', 0, '')")

static const struct sql before[] = {
	ACCOUNT("1", "11", "12"),
	ACCOUNT("2", "NULL", "NULL"),
	MEDIA("10", "1", "500", "0", "0"),
	MEDIA("11", "1", "NULL", "0", "1"),
	MEDIA("12", "1", "NULL", "0", "2"),
	MEDIA("13", "2", "NULL", "0", "1"), // taken off
	MEDIA("14", "2", "NULL", "0", "3"),
	MEDIA("15", "2", "NULL", "0", "3"), // the mark before
	MEDIA("16", "1", "500", "1", "0"),
	MEDIA("17", "1", "NULL", "0", "0"), // not published
	BOTH("INSERT INTO setting (key, value) VALUES ('mark', 'name14')"),
};

static err fill(struct ctx *ctx, void *arg)
{
	(void)arg;
	for (ptrdiff_t i = 0; i < COUNT(before); i++)
		TRY(sql_change(ctx, &before[i], NULL, NULL));
	return OK;
}

static void belongs(struct world *w, int64_t id, str kind, int64_t owner)
{
	struct media_row row;
	assert_int_equal(media_get(&w->ctx, (media_id){id}, &row), OK);
	assert_true(str_eq(row.owner_kind, kind));
	assert_int_equal(row.owner.v, owner);
	assert_true(row.owner.has == (owner != 0));
	assert_true(row.kind == MEDIA_PICTURE && !row.duration && !row.poster.v);
	assert_true(row.width == 40 && row.bytes == 99 && row.state == MEDIA_READY);
	assert_true(str_eq(row.alt, str_fmt(w->ctx.mem, "alt %lld", (long long)id)));
}

static void rows_of_before_belong_to_what_showed_them(void **state)
{
	struct schema_step steps[64];
	struct media_row *rows;
	struct media_loose_row *loose;
	ptrdiff_t n;
	if (*state)
		world_wipe(*state);
	struct world *w = world_new(*state);
	must(schema_steps_n <= COUNT(steps));
	memcpy(steps, schema_steps, (size_t)schema_steps_n * sizeof *steps);
	w->steps = steps;
	while (w->n_steps < schema_steps_n && steps[w->n_steps].number < STEP)
		w->n_steps++;
	world_open(w);
	assert_int_equal(store_write(&w->ctx, fill, NULL), OK);
	world_close(w);
	w->n_steps = schema_steps_n;
	world_open(w);
	belongs(w, 10, S("note"), 500);
	belongs(w, 11, S("account"), 1);
	belongs(w, 12, S("account"), 1);
	belongs(w, 13, S(""), 0);
	belongs(w, 14, S("mark"), 1);
	belongs(w, 15, S(""), 0);
	belongs(w, 16, S("note"), 500);
	belongs(w, 17, S(""), 0);
	assert_int_equal(media_of(&w->ctx, S("note"), 500, &rows, &n), OK);
	assert_true(n == 2 && rows[0].id.v == 10 && rows[1].id.v == 16);
	assert_int_equal(media_of(&w->ctx, S("account"), 500, &rows, &n), OK);
	assert_int_equal(n, 0);
	assert_int_equal(media_loose(&w->ctx, 100, 10, &loose, &n), OK);
	assert_int_equal(n, 3);
	world_close(w);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_before_belong_to_what_showed_them),
	};
	return run_on_both(tests);
}
