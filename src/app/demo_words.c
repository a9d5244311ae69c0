// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Texts for a filled community: lines of the demo world's own notes, mixed anew by language.
#include "app/demo_fill.h"

#include "unicode/unicode.h"

#include <math.h>

#define LINE_LEAST 9 // bytes; shorter ones say nothing alone

static struct fill_words *words_in(struct filling *f, lang language)
{
	list_each (w, &f->words)
		if (lang_eq(w->language, language))
			return w;
	list_push(f->mem, &f->words, (struct fill_words){.language = language});
	return &f->words.at[f->words.n - 1];
}

static void add_topics(struct filling *f, struct fill_words *w, const struct demo_account *a)
{
	for (int i = 0; i < a->n_topics; i++) {
		str name = topic_fold(f->mem, a->topics[i]);
		int index = 0;
		while (index < f->topics.n && !str_eq(f->topics.at[index].name, name))
			index++;
		if (index == f->topics.n)
			list_push(f->mem, &f->topics,
				(struct fill_topic){.name = name, .shown = a->topics[i]});
		list_push(f->mem, &w->topics, index);
	}
}

void fill_words_read(struct filling *f)
{
	list_each (a, &f->world->accounts)
		add_topics(f, words_in(f, a->writes), a);
	list_each (note, &f->world->notes) {
		struct fill_words *w = words_in(f, note->language);
		list_push(f->mem, &w->titles, note->title);
		for (str rest = note->body; rest.p;) {
			str line = str_trim(str_cut(&rest, '\n'));
			if (line.n >= LINE_LEAST && str_find_char(line, '#') < 0)
				list_push(f->mem, &w->lines, line);
		}
		list_each (c, &note->comments) {
			ptrdiff_t by = demo_account_named(f->world, c->by);
			w = words_in(f, f->world->accounts.at[by].writes);
			list_push(f->mem, &w->remarks, c->text);
		}
	}
}

static str any(struct filling *f, const str *at, ptrdiff_t n)
{
	return n ? at[dice_below(&f->dice, n)] : S("…");
}

str fill_title(struct filling *f, const struct fill_words *w)
{
	return any(f, w->titles.at, w->titles.n);
}

str fill_body(struct filling *f, const struct fill_words *w, struct arena *mem)
{
	struct sb sb = sb_new(mem, 600);
	int64_t lines = 2 + dice_below(&f->dice, 4);
	for (int64_t i = 0; i < lines; i++) {
		if (i)
			sb_char(&sb, '\n');
		sb_add(&sb, any(f, w->lines.at, w->lines.n));
	}
	return sb_str(&sb);
}

const struct fill_words *fill_words_of(struct filling *f, const struct fill_person *p)
{
	return words_in(f, f->world->accounts.at[p->model].writes);
}

int64_t fill_many(struct filling *f, double scale, double a, int64_t most)
{
	double x = scale * (pow(1 - dice_unit(&f->dice), -1 / a) - 1);
	return x > (double)most ? most : (int64_t)x;
}
