// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Opening the house, and what is said to the person at the terminal.
#include "app/app.h"

#include "words/words.h"

#include <stdarg.h>
#include <stdio.h>

const char *app_version(void)
{
	return PROGRAM_VERSION;
}

int complain(const char *fmt, ...)
{
	va_list ap;
	fputs("qiao: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_FAILED;
}

int complain_err(struct app *app, const char *what, err code)
{
	const struct problem *p = &app->ctx.problem;
	str told = {0};
	if (p->word)
		told = word_fmt(app->mem, LOCALE_EN, p->word,
			&(struct word_args){.n = p->number, .s = p->text});
	else if (p->text.n)
		told = p->text;
	if (told.n)
		return complain("%s: %.*s", what, STR_ARGS(told));
	return complain("%s: %s", what, err_name(code));
}

err app_open(struct app *app, enum extent extent)
{
	err failed = rooms_up(&app->ctx, &app->rooms, extent);
	if (failed != OK)
		complain("%.*s", STR_ARGS(app->ctx.problem.text));
	return failed;
}

bool app_close(struct app *app)
{
	return rooms_down(&app->ctx, &app->rooms);
}
