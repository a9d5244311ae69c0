// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A note or comment word by word: a page, or for a script the part that takes the text's place.
#include "reading/pages.h"
#include "reading/private.h"

// So many are looked up, which is more than a screenful of a long note and keeps the page of the longest small.
#define WORDS_MOST 1000

static bool is_chinese(struct ctx *ctx, const struct note *note)
{
	return language_dictionary(ctx->house) && lang_same_base(note->language, LANG("zh"));
}

// A stranger's pages are kept by their locale.
static bool reads_chinese(const struct viewer *v)
{
	if (!v->account.v || !v->n_reads)
		return lang_same_base(locale_lang(v->locale), LANG("zh"));
	for (int i = 0; i < v->n_reads; i++)
		if (lang_same_base(v->reads[i], LANG("zh")))
			return true;
	return false;
}

static url address(struct ctx *ctx, const struct note *note)
{
	if (!is_chinese(ctx, note) || reads_chinese(&ctx->viewer))
		return (url){0};
	return url_fmt(ctx->mem, "/note/%lld/words", (long long)note->id.v);
}
const struct text_offer words_offer = {W_reading_word_by_word, address};

static void fill(struct ctx *ctx, const struct shown_note *s, struct words_view *v)
{
	const struct note *note = &s->note;
	struct passage_view *title;
	int left = WORDS_MOST;
	v->lang = note->language;
	v->author = s->author->display;
	v->plain = url_of_note(ctx->mem, note->id);
	v->comment = note->root.v != 0;
	if (passages_of(ctx, note, s->leads, note->title, &left, &title))
		v->title = *title;
	v->n_paragraphs = passages_of(ctx, note, s->leads, note->body, &left, &v->paragraphs);
	v->cut = left <= 0;
}

static str title_of(struct ctx *ctx, const struct note *note, const struct words_view *v)
{
	int word = v->comment ? W_reading_comment_of : W_note_of;
	return note->title.n ? note->title
			     : word_fmt(ctx->mem, ctx->viewer.locale, word,
				       &(struct word_args){.s = v->author});
}

static err words(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct note note;
	struct shown_note shown;
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	TRY(notes_get(ctx, id, &note));
	if (!is_chinese(ctx, &note))
		return ERR_NOT_FOUND;
	TRY(shown_of(ctx, &note, 1, SHOWN_LEADS, &shown));
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	struct words_view v = {.frame = &f};
	fill(ctx, &shown, &v);
	f.title = title_of(ctx, &note, &v);
	f.noindex = true;
	f.page_class = S("page-narrow");
	struct out o = frame_out(&f, 64 << 10);
	if (req_header(req, "X-Fragment").n)
		words_part(&o, &v);
	else
		words_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route words_routes[] = {
	PAGE(words, "/note/:id/words", WHO_ANYONE),
	{.handler = NULL},
};
