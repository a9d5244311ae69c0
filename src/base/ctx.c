// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Recording what went wrong, and language tags.
#include "base/ctx.h"

#include <string.h>

err fail(struct ctx *ctx, err code, const char *field, int word)
{
	ctx->problem = (struct problem){.field = field, .word = word};
	return code;
}

err fail_n(struct ctx *ctx, err code, const char *field, int word, int64_t n)
{
	ctx->problem = (struct problem){.field = field, .word = word, .number = n};
	return code;
}

err fail_s(struct ctx *ctx, err code, const char *field, int word, str s)
{
	ctx->problem = (struct problem){.field = field, .word = word, .text = s};
	return code;
}

err fail_fmt(struct ctx *ctx, err code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	str text = str_vfmt(ctx->mem, fmt, ap);
	va_end(ap);
	return fail_s(ctx, code, NULL, 0, text);
}

bool lang_eq(lang a, lang b)
{
	return memcmp(a.tag, b.tag, sizeof a.tag) == 0;
}

static bool in_base(char c)
{
	return c && c != '-';
}

bool lang_same_base(lang a, lang b)
{
	int i = 0;
	while (in_base(a.tag[i]) && a.tag[i] == b.tag[i])
		i++;
	return i > 0 && !in_base(a.tag[i]) && !in_base(b.tag[i]);
}

lang lang_from(str tag)
{
	lang l = {0};
	if (tag.n < 2 || tag.n >= (ptrdiff_t)sizeof l.tag)
		return l;
	for (ptrdiff_t i = 0; i < tag.n; i++) {
		char c = tag.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c == '-' && i >= 2))
			return l;
	}
	memcpy(l.tag, tag.p, (size_t)tag.n);
	return l;
}

str lang_str(const lang *l)
{
	return str_from(l->tag);
}
