// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Transcripts of the rooms' tests.
#include "transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct sb all;

void tell(const char *fmt, ...)
{
	char line[2000];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	must(n >= 0 && n < (int)sizeof line);
	sb_add(&all, (str){line, n});
	sb_char(&all, '\n');
}

const char *result_of(err code)
{
	return err_slug(code);
}

static struct sb read_file(const char *path)
{
	struct sb text = {0};
	FILE *file = fopen(path, "r");
	must(file);
	for (size_t n = 1; n;) {
		n = fread(sb_room(&text, 4096), 1, 4096, file);
		text.n += (ptrdiff_t)n;
	}
	fclose(file);
	return text;
}

static void write_file(const char *path)
{
	FILE *file = fopen(path, "w");
	must(file && fwrite(all.p, 1, (size_t)all.n, file) == (size_t)all.n);
	must(fclose(file) == 0);
}

void told_is(const char *path)
{
	if (getenv("TRANSCRIPT_WRITE"))
		write_file(path);
	struct sb right = read_file(path);
	str was = sb_str(&all), wanted = sb_str(&right);
	for (int line = 1; !str_eq(was, wanted); line++) {
		str one = str_cut(&was, '\n'), other = str_cut(&wanted, '\n');
		if (str_eq(one, other))
			continue;
		fprintf(stderr, "%s:%d: wanted: %.*s\n%s:%d: was:    %.*s\n", path, line,
			STR_ARGS(other), path, line, STR_ARGS(one));
		must(false && "the transcript is right");
	}
	sb_free(&right);
	sb_free(&all);
	all = (struct sb){0};
}
