// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Opening the house, and what is said to the person at the terminal.
#include "app/app.h"

#include "words/words.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

const char *app_version(void)
{
	return PROGRAM_VERSION;
}

static atomic_bool complained;

void complain(const char *fmt, ...)
{
	va_list ap;
	atomic_store(&complained, true);
	fputs("qiao: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

bool has_complained(void)
{
	return atomic_load(&complained);
}

str reason(struct ctx *ctx, err code)
{
	const struct problem *p = &ctx->problem;
	if (p->word)
		return word_fmt(ctx->mem, LOCALE_EN, p->word,
			&(struct word_args){.n = p->number, .s = p->text});
	return p->text.n ? p->text : str_from(err_name(code));
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
