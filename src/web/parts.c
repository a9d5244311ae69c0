// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Languages in forms. Their order travels in hidden fields, so that it can be changed by buttons
// which are plain submits.
#include "web/parts_view.h"

static bool among(const lang *list, int n, lang l)
{
	for (int i = 0; i < n; i++)
		if (lang_eq(list[i], l))
			return true;
	return false;
}

bool reads_language(const struct languages_view *v, lang l)
{
	return among(v->reads, v->n_reads, l);
}

#define COMMON_LANGUAGES 17 // of words_languages, which begins with the commonest

bool is_common_language(const struct languages_view *v, const struct language *l)
{
	ptrdiff_t n;
	return l < words_languages(&n) + COMMON_LANGUAGES || reads_language(v, l->lang);
}

static bool is_checked(const str *checked, ptrdiff_t n, str tag)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (str_eq(checked[i], tag))
			return true;
	return false;
}

static void add(lang out[VIEWER_LANGS], int *n, str tag)
{
	lang l = lang_from(tag);
	if (l.tag[0] && *n < VIEWER_LANGS && !among(out, *n, l))
		out[(*n)++] = l;
}

int reads_from_form(struct request *req, lang out[VIEWER_LANGS])
{
	int n = 0;
	str *checked, *order;
	ptrdiff_t n_checked = req_form_all(req, "reads", &checked);
	ptrdiff_t n_order = req_form_all(req, "order", &order);
	lang up = lang_from(req_form(req, "up"));
	for (ptrdiff_t i = 0; i < n_order; i++)
		if (is_checked(checked, n_checked, order[i]))
			add(out, &n, order[i]);
	for (ptrdiff_t i = 0; i < n_checked; i++)
		add(out, &n, checked[i]);
	for (int i = 1; i < n; i++)
		if (up.tag[0] && lang_eq(out[i], up)) {
			out[i] = out[i - 1];
			out[i - 1] = up;
			break;
		}
	return n;
}

str time_text(struct arena *mem, ms at)
{
	char text[TIME_ISO_SIZE];
	time_iso(at, text);
	return str_copy(mem, str_from(text));
}
