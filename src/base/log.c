// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Log lines, one write(2) each, so that lines of several threads never mix. Set up once at start.
#include "base/log.h"

#include "base/clock.h"

#include <unistd.h>

static enum log_form form = LOG_HUMAN;
static enum log_level threshold = LOG_INFO;

static const char *const levels[] = {"debug", "info", "warn", "error"};

void log_setup(enum log_form new_form, enum log_level least)
{
	form = new_form;
	threshold = least;
}

// What a terminal obeys or a reader does not see: controls of both sets, line and paragraph ends,
// changes of direction, invisible characters, tags.
static bool fools(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad || cp == 0x61c ||
	       cp == 0x180e || (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff0 && cp <= 0xfffd) ||
	       (cp & 0xfffe) == 0xfffe || (cp >= 0xe0000 && cp <= 0xe0fff);
}

static void escaped(struct sb *sb, uint32_t cp)
{
	if (cp < 0x10000)
		sb_fmt(sb, "\\u%04x", (unsigned)cp);
	else
		sb_fmt(sb, "\\u%04x\\u%04x", 0xd7c0 + (unsigned)(cp >> 10),
			0xdc00 + (unsigned)(cp & 0x3ff));
}

// Bytes that are no UTF-8 become U+FFFD: some terminals obey single bytes too.
static void json_text(struct sb *sb, str s)
{
	sb_char(sb, '"');
	for (ptrdiff_t i = 0; i < s.n;) {
		ptrdiff_t from = i;
		uint32_t cp = utf8_next(s, &i);
		if (cp == '"' || cp == '\\')
			sb_char(sb, '\\');
		if (fools(cp))
			escaped(sb, cp);
		else
			sb_add(sb, str_sub(s, from, i));
	}
	sb_char(sb, '"');
}

// A line is a line: what a stranger sent cannot start another one, nor pass for another field.
static void human_text(struct sb *sb, str s)
{
	bool plain = s.n > 0;
	for (ptrdiff_t i = 0; plain && i < s.n; i++)
		plain = s.p[i] > ' ' && s.p[i] < 0x7f && s.p[i] != '"' && s.p[i] != '\\';
	if (plain)
		sb_add(sb, s);
	else
		json_text(sb, s);
}

void log_fields(enum log_level level, const char *event, const struct log_field *fields, int n)
{
	if (level < threshold)
		return;
	char at[TIME_ISO_SIZE];
	struct sb sb = sb_new(NULL, 256);
	time_iso(clock_now(), at);
	if (form == LOG_JSON)
		sb_fmt(&sb, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"%s\"", at, levels[level],
			event);
	else
		sb_fmt(&sb, "%s %-5s %s", at, levels[level], event);
	for (int i = 0; i < n; i++) {
		const struct log_field *f = &fields[i];
		sb_fmt(&sb, form == LOG_JSON ? ",\"%s\":" : " %s=", f->name);
		if (f->is_number)
			sb_int(&sb, f->number);
		else if (form == LOG_JSON)
			json_text(&sb, f->text);
		else
			human_text(&sb, f->text);
	}
	sb_add(&sb, form == LOG_JSON ? S("}\n") : S("\n"));
	ssize_t written = write(STDERR_FILENO, sb.p, (size_t)sb.n);
	(void)written; // nowhere left to complain
	sb_free(&sb);
}
