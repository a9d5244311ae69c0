// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Pages and assets as they are in the program: the error page in both languages, assets whole and
// compressed, addresses that agree.
#include "web/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static str error_in(struct ctx *ctx, int locale, err code)
{
	struct error_view v = {.site = S("A & B"),
		.status = err_status(code),
		.title = error_title(code),
		.on = url_fmt(ctx->mem, "/note/1"),
		.on_word = W_common_back,
		.text = word_get(locale, error_word(code)),
		.request = S("17")};
	struct out o = out_new(ctx, locale, 1024);
	error_page(&o, &v);
	return out_done(&o).s;
}

static void the_error_page_speaks_both_languages(void **state)
{
	(void)state;
	struct ctx ctx = {.mem = arena_new(4096)};
	for (int code = OK + 1; code < ERR_COUNT; code++) {
		assert_int_not_equal(error_word((err)code), W_none);
		str en = error_in(&ctx, LOCALE_EN, (err)code);
		str zh = error_in(&ctx, LOCALE_ZH_HANS, (err)code);
		assert_true(str_find(en, word_get(LOCALE_EN, error_word((err)code))) > 0);
		assert_true(str_find(zh, word_get(LOCALE_ZH_HANS, error_word((err)code))) > 0);
		assert_true(
			str_starts(en, S("<!doctype html><html lang=\"en\" dir=\"ltr\"><head>")));
		assert_true(str_starts(
			zh, S("<!doctype html><html lang=\"zh-Hans\" dir=\"ltr\"><head>")));
		assert_true(str_find(en, S("href=\"/note/1\">Back<")) > 0);
		for (int locale = 0; locale < LOCALE_COUNT; locale++) {
			str page = locale == LOCALE_EN ? en : zh;
			str title = word_get(locale, error_title((err)code));
			assert_true(
				str_find(page, str_fmt(ctx.mem, "<title>%.*s · A &amp; B</title>",
						       STR_ARGS(title))) > 0);
			assert_true(str_find(page, str_fmt(ctx.mem, "<h1>%.*s</h1>",
							   STR_ARGS(title))) > 0);
		}
		// What people can tell apart has a title of its own.
		for (int other = OK + 1; other < code; other++)
			if (err_status((err)other) != err_status((err)code))
				assert_int_not_equal(
					error_title((err)other), error_title((err)code));
	}
	arena_free(ctx.mem);
}

static const struct asset *asset(const char *path)
{
	for (ptrdiff_t i = 0; i < web_assets_n; i++)
		if (str_eq(str_from(web_assets[i].path), str_from(path)))
			return &web_assets[i];
	fail_msg("no asset %s", path);
	return NULL;
}

static void assets_are_whole(void **state)
{
	(void)state;
	for (ptrdiff_t i = 0; i < web_assets_n; i++) {
		const struct asset *a = &web_assets[i];
		assert_true(str_starts(str_from(a->path), S("/assets/")));
		assert_true(a->plain.n > 0);
		assert_true(a->gzip.n < a->plain.n && a->brotli.n < a->plain.n);
		if (a->gzip.n)
			assert_memory_equal(a->gzip.p, "\x1f\x8b", 2);
	}
	const struct asset *css = asset(ASSET_style_css);
	assert_string_equal(css->type, "text/css; charset=utf-8");
	assert_true(css->brotli.n > 0 && css->gzip.n > 0);
	assert_int_equal(str_find(css->plain, S("/*")), -1);
	assert_true(str_starts(asset(ASSET_icons_svg)->plain,
		S("<svg xmlns=\"http://www.w3.org/2000/svg\"><symbol id=")));
	assert_true(str_ends(asset(ASSET_icons_svg)->plain, S("</svg>\n")));
	assert_true(str_find(asset(ASSET_htmx_min_js)->plain, S("htmx")) >= 0);
}

static void modules_import_by_the_names_they_are_served_under(void **state)
{
	(void)state;
	str app = asset(ASSET_app_js)->plain;
	assert_int_equal(str_find(app, S("from './")), -1);
	assert_true(str_find(app, S(ASSET_toast_js)) > 0);
	assert_true(str_find(S(PRELOAD_app_js),
			    S("<link rel=\"modulepreload\" href=\"" ASSET_page_js "\">")) >= 0);
}

static void icons_that_pages_name_are_in_the_sprite_or_the_page(void **state)
{
	(void)state;
	str sprite = asset(ASSET_icons_svg)->plain;
	struct arena *mem = arena_new(4096);
#define X(name, address) address,
	const char *addresses[] = {ICON_LIST(X)};
#undef X
	assert_true(COUNT(addresses) > 20);
	for (ptrdiff_t i = 0; i < COUNT(addresses); i++) {
		str rest = str_from(addresses[i]);
		assert_true(str_eq(str_cut(&rest, '#'), S(ASSET_icons_svg)));
		assert_true(
			str_find(sprite, str_fmt(mem, "<symbol id=\"%.*s\" ", STR_ARGS(rest))) > 0);
	}
	str own = str_skip(S(ICON_heart), 1);
	assert_true(str_starts(S(ICON_heart), S("#")));
	assert_true(str_find(S(SYMBOLS), str_fmt(mem, "<symbol id=\"%.*s\" ", STR_ARGS(own))) > 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_error_page_speaks_both_languages),
		cmocka_unit_test(assets_are_whole),
		cmocka_unit_test(modules_import_by_the_names_they_are_served_under),
		cmocka_unit_test(icons_that_pages_name_are_in_the_sprite_or_the_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
