// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Cards as they are written, and what is set where they are put on a page.
#include "web/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define ID 1869000000000000000

struct sample {
	struct ctx ctx;
	struct person author;
	struct picture cover;
	struct shown_note card;
};

static struct sample *sample(void)
{
	struct sample *s = mem_new(1, (ptrdiff_t)sizeof *s);
	s->ctx.mem = arena_new(16 << 10);
	s->ctx.viewer.locale = LOCALE_EN;
	s->author = (struct person){
		.id = {7}, .name = S("ann"), .display = S("Ann"), .standing = STANDING_GOOD};
	s->cover = (struct picture){.id = {9},
		.name = S("aaaaaaaaaaaaaaaaaaaaaa"),
		.state = MEDIA_READY,
		.width = 1200,
		.height = 1600,
		.colour = 0x40c0ff,
		.alt = S("Bread"),
		.widths = S("360 540 1080"),
		.covers = S("270 360 540")};
	s->card = (struct shown_note){.note = {.id = {ID},
					      .account = {7},
					      .language = LANG("en"),
					      .title = S("Rye bread"),
					      .body = S("With seeds"),
					      .ratio = RATIO_3_4,
					      .pictures = 1,
					      .cover = {9}},
		.author = &s->author,
		.cover = &s->cover};
	return s;
}

static void done(struct sample *s)
{
	arena_free(s->ctx.mem);
	mem_free(s);
}

static bool has(str text, const char *what)
{
	return str_find(text, str_from(what)) >= 0;
}

static int count(str text, const char *what)
{
	int n = 0;
	for (ptrdiff_t at; (at = str_find(text, str_from(what))) >= 0; n++)
		text = str_skip(text, at + 1);
	return n;
}

static void what_people_wrote_is_escaped(void **state)
{
	(void)state;
	struct sample *s = sample();
	s->card.note.title = S("<b>\" loading=\"lazy\" & '");
	s->author.display = S("<script>alert(1)</script>");
	s->cover.alt = S("\"><img src=x onerror=y>");
	struct shown_text w = card_write(&s->ctx, &s->card);
	assert_false(has(w.written.text, "<b>"));
	assert_false(has(w.written.text, "<script"));
	assert_false(has(w.written.text, "<img src=x"));
	assert_true(has(w.written.text, "&lt;script&gt;alert(1)"));
	assert_true(has(w.written.text, "alt=\"&quot;&gt;&lt;img src=x onerror=y&gt;\""));
	assert_int_equal(w.written.gaps[0].name, CARD_LOADING);
	str before = str_sub(w.written.text, 0, w.written.gaps[0].at);
	assert_true(has(before, "class=\"card-cover"));
	assert_false(has(before, "card-title"));
	done(s);
}

static str lines_for(struct sample *s, const char *title)
{
	s->card.note.title = str_from(title);
	return card_view(&s->ctx, &s->card).lines;
}

static void classes_say_ratio_lines_and_colour(void **state)
{
	(void)state;
	struct sample *s = sample();
	str text = card_write(&s->ctx, &s->card).written.text;
	assert_true(has(text, "<article class=\"card ratio-3x4 lines-1\" id=\"note-"));
	assert_true(has(text, "card-cover avg avg-r4 avg-gc avg-bf\""));
	assert_true(has(text, "width=\"540\" height=\"720\""));
	assert_true(has(text, "srcset=\""));
	assert_true(has(text, "lang=\"en\" dir=\"auto\""));
	assert_false(has(text, "card-mark"));
	s->card.note.ratio = RATIO_4_3;
	s->card.note.pictures = 4;
	text = card_write(&s->ctx, &s->card).written.text;
	assert_true(has(text, "ratio-4x3") && has(text, "height=\"405\""));
	assert_true(has(text, "</span>4</span>"));
	assert_true(str_eq(lines_for(s, "1234567890123456789012"), S("lines-1")));
	assert_true(str_eq(lines_for(s, "12345678901234567890123"), S("lines-m")));
	assert_true(str_eq(lines_for(s, "123456789012345678901234567"), S("lines-2")));
	assert_true(str_eq(lines_for(s, "一二三四五六七八九十一"), S("lines-1")));
	assert_true(str_eq(lines_for(s, "一二三四五六七八九十一二"), S("lines-m")));
	assert_true(str_eq(lines_for(s, "一二三四五六七八九十一二三四"), S("lines-2")));
	done(s);
}

static void a_note_without_pictures_is_words(void **state)
{
	(void)state;
	struct sample *s = sample();
	s->card.cover = NULL;
	s->card.note.ratio = RATIO_TEXT;
	struct shown_text w = card_write(&s->ctx, &s->card);
	assert_true(w.written.n_gaps == 2 && w.written.gaps[0].name == CARD_PRESSED);
	assert_true(has(w.written.text, "card-cover words words-short paper-"));
	assert_true(has(w.written.text, "ratio-1x1"));
	assert_true(has(w.written.text, "<p lang=\"en\" dir=\"auto\">With seeds</p>"));
	struct sb sb = sb_new(s->ctx.mem, 400);
	while (sb.n < 300)
		sb_lit(&sb, "many words ");
	s->card.note.body = sb_str(&sb);
	struct card_view v = card_view(&s->ctx, &s->card);
	assert_true(str_eq(v.words_class, S("words-long")));
	assert_true(str_eq(v.ratio, S("ratio-3x4")));
	assert_in_range(v.paper, 1, 6);
	s->card.note.title = S("");
	assert_true(has(card_write(&s->ctx, &s->card).written.text, "\">many words"));
	done(s);
}

static void whole_minutes_are_papers_of_all_colours(void **state)
{
	(void)state;
	struct sample *s = sample();
	int seen[7] = {0};
	s->card.cover = NULL;
	s->card.note.ratio = RATIO_TEXT;
	for (int i = 0; i < 240; i++) {
		s->card.note.id.v = id_new(MS_DAY + i * MS_MINUTE);
		seen[card_view(&s->ctx, &s->card).paper]++;
	}
	for (int paper = 1; paper <= 6; paper++)
		assert_in_range(seen[paper], 15, 75);
	done(s);
}

static void sensitive_pictures_are_veiled(void **state)
{
	(void)state;
	struct sample *s = sample();
	s->card.note.sensitive = true;
	s->card.note.pictures = 3;
	str text = card_write(&s->ctx, &s->card).written.text;
	assert_true(has(text, "card-cover card-veil"));
	assert_true(str_find(text, word_get(LOCALE_EN, W_explore_sensitive)) > 0);
	assert_false(has(text, "alt=\"Bread\""));
	assert_false(has(text, "card-mark"));
	done(s);
}

static str put(struct sample *s, ptrdiff_t n, bool eager, bool liked, int64_t likes, str csrf)
{
	struct shown_text w = card_write(&s->ctx, &s->card);
	w.likes = likes;
	struct deck d = {.at = NEW_N(s->ctx.mem, struct deck_card, n),
		.n = n,
		.eager = eager ? DECK_EAGER : 0,
		.csrf = csrf};
	struct out o = out_new(&s->ctx, s->ctx.viewer.locale, 4096);
	for (ptrdiff_t i = 0; i < n; i++)
		d.at[i] = (struct deck_card){.id = {ID}, .card = w, .liked = liked};
	deck_grid(&o, &d);
	return out_done(&o).s;
}

static void the_like_button_is_the_viewers(void **state)
{
	(void)state;
	struct sample *s = sample();
	str stranger = put(s, 1, false, false, 1234, S(""));
	assert_int_equal(count(stranger, "<button"), 1);
	assert_false(has(stranger, "csrf"));
	assert_true(has(stranger, "value=\"1\" aria-pressed=\"false\""));
	assert_true(has(stranger, "data-count=\"1234\">1.2k<"));
	assert_true(has(stranger, "/like\">"));
	str fan = put(s, 1, false, true, 1, S("to\"ken"));
	assert_true(has(fan, "name=\"csrf\" value=\"to&quot;ken\""));
	assert_true(has(fan, "value=\"0\" aria-pressed=\"true\""));
	assert_true(has(fan, "data-count=\"1\""));
	// One form and one token for all; each button says which note.
	str many = put(s, 3, false, true, 1, S("token"));
	assert_int_equal(count(many, "<form"), 1);
	assert_int_equal(count(many, "name=\"csrf\""), 1);
	assert_int_equal(count(many, "/like\">"), 3);
	assert_int_equal(count(many, "aria-pressed=\"true\""), 3);
	s->ctx.viewer.locale = LOCALE_ZH_HANS;
	assert_true(has(put(s, 1, false, true, 12345, S("")), "1.2万"));
	done(s);
}

static void the_first_pictures_are_wanted_at_once(void **state)
{
	(void)state;
	struct sample *s = sample();
	str first = put(s, DECK_EAGER + 3, true, false, 0, S(""));
	str later = put(s, DECK_EAGER + 3, false, false, 0, S(""));
	assert_int_equal(count(first, "fetchpriority=\"high\""), DECK_EAGER);
	// The faces of the authors can wait on every card.
	assert_int_equal(count(first, "loading=\"lazy\""), 3 + DECK_EAGER + 3);
	assert_int_equal(count(later, "fetchpriority"), 0);
	assert_int_equal(count(later, "loading=\"lazy\""), 2 * (DECK_EAGER + 3));
	done(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_wrote_is_escaped),
		cmocka_unit_test(classes_say_ratio_lines_and_colour),
		cmocka_unit_test(a_note_without_pictures_is_words),
		cmocka_unit_test(whole_minutes_are_papers_of_all_colours),
		cmocka_unit_test(sensitive_pictures_are_veiled),
		cmocka_unit_test(the_like_button_is_the_viewers),
		cmocka_unit_test(the_first_pictures_are_wanted_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
