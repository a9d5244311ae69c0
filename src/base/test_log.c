// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What strangers send into log lines: one line each, in both forms, that no terminal obeys and no
// reader takes for another.
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define TEXT_MOST 4096

// What log_event writes for this text, without the time.
static str logged(struct arena *mem, enum log_form form, str text)
{
	char bytes[TEXT_MOST * 8];
	FILE *f = tmpfile();
	assert_non_null(f);
	int was = dup(STDERR_FILENO);
	assert_true(was >= 0 && dup2(fileno(f), STDERR_FILENO) >= 0);
	log_setup(form, LOG_INFO);
	log_event(LOG_WARN, "refused", LOG_STR("path", text), LOG_INT("status", 400));
	assert_true(dup2(was, STDERR_FILENO) >= 0);
	(void)close(was);
	rewind(f);
	size_t n = fread(bytes, 1, sizeof bytes, f);
	(void)fclose(f);
	str line = str_copy(mem, (str){bytes, (ptrdiff_t)n});
	assert_true(n > 1 && str_find_char(line, '\n') == line.n - 1); // one line
	ptrdiff_t at = str_find(line, form == LOG_JSON ? S("\"path\":") : S("path="));
	return str_sub(line, at, line.n - 1);
}

static void is(enum log_form form, str text, const char *want)
{
	struct arena *mem = arena_new(4096);
	str got = logged(mem, form, text);
	if (!str_eq(got, str_from(want)))
		fail_msg("got %.*s, want %s", STR_ARGS(got), want);
	arena_free(mem);
}

static void fields_are_written(void **state)
{
	(void)state;
	is(LOG_HUMAN, S("/note/1"), "path=/note/1 status=400");
	is(LOG_HUMAN, S(""), "path=\"\" status=400");
	is(LOG_HUMAN, S("a b"), "path=\"a b\" status=400");
	is(LOG_HUMAN, S("a\" status=200"), "path=\"a\\\" status=200\" status=400");
	is(LOG_HUMAN, S("\\u0007"), "path=\"\\\\u0007\" status=400");
	is(LOG_HUMAN, S("/topic/火锅"), "path=\"/topic/火锅\" status=400");
	is(LOG_HUMAN, S("a\u3000status=200"), "path=\"a\u3000status=200\" status=400");
	is(LOG_HUMAN, S("a\n2026-11-30 info x"), "path=\"a\\u000a2026-11-30 info x\" status=400");
	is(LOG_HUMAN, S("\x1b[2J"), "path=\"\\u001b[2J\" status=400");
	is(LOG_HUMAN,
		S("\xc2\x9b"
		  "2J"),
		"path=\"\\u009b2J\" status=400");
	is(LOG_HUMAN,
		S("\x9b"
		  "2J"),
		"path=\"\\ufffd2J\" status=400");
	is(LOG_HUMAN, S("\u202egpj.exe"), "path=\"\\u202egpj.exe\" status=400");
	is(LOG_HUMAN,
		S("a\u2028b\u2029c\xc2\x85"
		  "d"),
		"path=\"a\\u2028b\\u2029c\\u0085d\" status=400");
	is(LOG_JSON, S("a\"b\\c\x7f\u200f\U000e0041"),
		"\"path\":\"a\\\"b\\\\c\\u007f\\u200f\\udb40\\udc41\",\"status\":400}");
	is(LOG_JSON, S("\xff\xc0\xaf\xed\xa0\x80"),
		"\"path\":\"\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd\",\"status\":400}");
}

static bool harmless(uint32_t cp)
{
	return cp >= 0x20 && !(cp >= 0x7f && cp < 0xa0) && cp != 0x61c &&
	       !(cp >= 0x200b && cp <= 0x200f) && !(cp >= 0x2028 && cp <= 0x202e) &&
	       !(cp >= 0x2066 && cp <= 0x2069) && cp != 0xfeff && cp != 0xfffd;
}

static void every_byte_and_character_is_harmless(void **state)
{
	(void)state;
	struct arena *mem = arena_new(1 << 16);
	for (int form = LOG_HUMAN; form <= LOG_JSON; form++) {
		for (uint32_t from = 0; from < 0x110000; from += 512) {
			struct sb sb = sb_new(mem, 2048);
			for (uint32_t cp = from; cp < from + 512; cp++) {
				if (from == 0)
					sb_char(&sb, (char)cp); // single bytes
				sb_utf8(&sb, cp);
			}
			str got = logged(mem, (enum log_form)form, sb_str(&sb));
			assert_true(utf8_valid(got));
			for (ptrdiff_t i = 0; i < got.n;) {
				uint32_t cp = utf8_next(got, &i);
				if (!harmless(cp))
					fail_msg("U+%04X reaches the log", cp);
			}
			arena_reset(mem);
		}
	}
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_written),
		cmocka_unit_test(every_byte_and_character_is_harmless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
