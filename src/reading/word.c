// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A word: its characters, readings and senses, and recent notes that have it.
#include "reading/pages.h"
#include "reading/private.h"

#define RECENT 200    // public notes that are looked through, the newest
#define SEARCHED 60   // of these, as many Chinese ones
#define SHOWN_NOTES 5 // that have the word
#define TITLE_SHOWN 40

// "abbr. for 重慶|重庆[Chong2 qing4]" with the marks of the tones.
static str sense_marked(struct arena *mem, str sense)
{
	struct sb sb = sb_new(mem, sense.n + 16);
	while (sense.n) {
		ptrdiff_t open = str_find_char(sense, '['), close = str_find_char(sense, ']');
		if (open < 0 || close < open)
			break;
		sb_add(&sb, str_sub(sense, 0, open + 1));
		sb_add(&sb, pinyin_marked(mem, str_sub(sense, open + 1, close)));
		sb_char(&sb, ']');
		sense = str_skip(sense, close + 1);
	}
	sb_add(&sb, sense);
	return sb_str(&sb);
}

static struct reading_view reading_of(struct arena *mem, const struct entry *e)
{
	struct reading_view v = {.pinyin = pinyin_marked(mem, e->pinyin), .note = e->note};
	LIST(str) senses = {0};
	for (str rest = e->senses; rest.n;) {
		str sense = str_cut(&rest, '/');
		if (sense.n)
			list_push(mem, &senses, sense_marked(mem, sense));
	}
	if (!senses.n && e->gloss.n)
		list_push(mem, &senses, e->gloss);
	v.senses = senses.at;
	v.n_senses = senses.n;
	return v;
}

static bool has_measure(const struct word_view *v, str word)
{
	for (ptrdiff_t i = 0; i < v->n_measures; i++)
		if (str_eq(v->measures[i].word, word))
			return true;
	return false;
}

static void add_measures(struct arena *mem, struct word_view *v, str measures)
{
	LIST(struct measure_view)
	all = {.at = v->measures, .n = v->n_measures, .cap = v->n_measures};
	while (measures.n) {
		str one = str_cut(&measures, '/');
		str simplified = str_cut(&one, '|');
		(void)str_cut(&one, '|');
		if (!simplified.n || has_measure(v, simplified))
			continue;
		list_push(mem, &all,
			(struct measure_view){
				simplified, pinyin_marked(mem, one), url_of_word(mem, simplified)});
		v->measures = all.at;
		v->n_measures = all.n;
	}
}

static void fill_word(struct ctx *ctx, word_id id, struct word_view *v)
{
	const struct dictionary *d = language_dictionary(ctx->house);
	int n = dictionary_readings(d, id);
	v->readings = NEW_N(ctx->mem, struct reading_view, n);
	for (int i = 0; i < n; i++) {
		struct entry e;
		if (!dictionary_entry(d, id, i, &e))
			continue;
		if (!v->simplified.n) {
			v->simplified = e.simplified;
			if (!str_eq(e.traditional, e.simplified))
				v->traditional = e.traditional;
		}
		v->readings[v->n_readings++] = reading_of(ctx->mem, &e);
		add_measures(ctx->mem, v, e.measures);
	}
}

// Of the newest public notes those in Chinese: nobody is told by a word that there are others.
static err recent_notes(struct ctx *ctx, struct note **notes, ptrdiff_t *n)
{
	struct note_fact *facts;
	ptrdiff_t n_facts, n_ids = 0;
	TRY(notes_facts(ctx, (note_id){0}, RECENT, &facts, &n_facts));
	note_id *ids = NEW_N(ctx->mem, note_id, SEARCHED);
	for (ptrdiff_t i = 0; i < n_facts && n_ids < SEARCHED; i++)
		if (facts[i].visibility == VIS_PUBLIC &&
			lang_same_base(facts[i].language, LANG("zh")))
			ids[n_ids++] = facts[i].id;
	return notes_visible(ctx, ids, n_ids, notes, n);
}

static bool has_word(const struct note *note, const struct word_view *v)
{
	return str_find(note->title, v->simplified) >= 0 ||
	       str_find(note->body, v->simplified) >= 0 ||
	       (v->traditional.n && (str_find(note->title, v->traditional) >= 0 ||
					    str_find(note->body, v->traditional) >= 0));
}

static err fill_notes(struct ctx *ctx, struct word_view *v)
{
	struct note *notes, having[SHOWN_NOTES];
	struct shown_note shown[SHOWN_NOTES];
	ptrdiff_t n;
	TRY(recent_notes(ctx, &notes, &n));
	for (ptrdiff_t i = 0; i < n && v->n_notes < SHOWN_NOTES; i++)
		if (has_word(&notes[i], v))
			having[v->n_notes++] = notes[i];
	if (!v->n_notes)
		return OK;
	TRY(shown_of(ctx, having, v->n_notes, 0, shown));
	v->notes = NEW_N(ctx->mem, struct mention_view, v->n_notes);
	for (ptrdiff_t i = 0; i < v->n_notes; i++) {
		str said = having[i].title.n ? having[i].title : having[i].body;
		v->notes[i] = (struct mention_view){.address = url_of_note(ctx->mem, having[i].id),
			.title = unicode_excerpt(
				ctx->mem, unicode_line(ctx->mem, said), TITLE_SHOWN),
			.author = shown[i].author->display,
			.lang = having[i].language};
	}
	return OK;
}

static err word(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	str asked = req_param(req, "word");
	const struct dictionary *d = language_dictionary(ctx->house);
	word_id id = d ? dictionary_find(d, asked) : 0;
	if (!id || !dictionary_readings(d, id))
		return fail(ctx, ERR_NOT_FOUND, NULL, W_reading_unknown);
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	struct word_view v = {.frame = &f};
	fill_word(ctx, id, &v);
	TRY(fill_notes(ctx, &v));
	f.title = v.simplified;
	f.noindex = true;
	f.page_class = S("page-narrow");
	struct out o = frame_out(&f, 16 << 10);
	if (req_header(req, "X-Fragment").n)
		word_part(&o, &v);
	else
		word_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route word_routes[] = {
	PAGE(word, "/word/:word", WHO_ANYONE),
	{.handler = NULL},
};
