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

static void json_text(struct sb *sb, str s)
{
	sb_char(sb, '"');
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '"' || c == '\\')
			sb_char(sb, '\\');
		if ((unsigned char)c < 0x20)
			sb_fmt(sb, "\\u%04x", (unsigned)c);
		else
			sb_char(sb, c);
	}
	sb_char(sb, '"');
}

// A line is a line: what a stranger sent cannot start another one.
static void human_text(struct sb *sb, str s)
{
	bool plain = s.n > 0 && str_find_char(s, ' ') < 0;
	for (ptrdiff_t i = 0; plain && i < s.n; i++)
		plain = (unsigned char)s.p[i] >= 0x20 && s.p[i] != '"' && s.p[i] != 0x7f;
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
