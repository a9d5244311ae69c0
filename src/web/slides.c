// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The pictures of a note: the slides of its stage, and a page for one of them. There a picture much
// longer than the window is as wide as can be read and the page scrolls, without any script.
#include "web/note_view.h"
#include "web/pages.h"
#include "web/private.h"

// A picture is a link to look closely: where nobody described it, its number says what it is.
static void name_slides(struct ctx *ctx, struct note_view *v)
{
	for (ptrdiff_t i = 0; i < v->n_slides; i++) {
		struct slide_view *s = &v->slides[i];
		s->described = s->alt.n > 0;
		if (!s->described)
			s->alt = word_fmt(ctx->mem, ctx->viewer.locale, W_note_picture_n,
				&(struct word_args){.n = i + 1});
		s->look =
			url_fmt(ctx->mem, "/note/%lld/picture/%td", (long long)v->note.id.v, i + 1);
	}
}

static struct slide_view slide_of(struct ctx *ctx, const struct picture *p)
{
	return (struct slide_view){
		.large = url_fmt(
			ctx->mem, "%.*s", STR_ARGS(media_path(ctx->mem, p->name, "master", 0))),
		.src = url_fmt(ctx->mem, "%.*s", STR_ARGS(picture_src(ctx->mem, p, 1080))),
		.set = {picture_srcset(ctx->mem, p)},
		.width = p->width,
		.height = p->height,
		.shape = picture_shape(p),
		.moving = {picture_moving(ctx->mem, p)},
		.alt = p->alt,
		.average = average_class(ctx->mem, p->colour),
	};
}

// The stage of a phone takes the ratio nearest to the first picture's own; the card's is for the grid.
static str stage_ratio(const struct note_view *v)
{
	const struct slide_view *first = v->slides;
	if (!v->n_slides || first->width * 8 < first->height * 7)
		return S("ratio-3x4");
	return first->width * 7 <= first->height * 8 ? S("ratio-1x1") : S("ratio-4x3");
}

void slides_fill(struct ctx *ctx, struct note_view *v, const struct shown_note *s)
{
	v->slides = NEW_N(ctx->mem, struct slide_view, s->n_pictures);
	for (ptrdiff_t i = 0; i < s->n_pictures; i++) {
		const struct picture *p = &s->pictures[i];
		ptrdiff_t at = v->n_slides++;
		// The cover comes first: the author chose it.
		if (p == s->cover)
			for (; at > 0; at--)
				v->slides[at] = v->slides[at - 1];
		v->slides[at] = slide_of(ctx, p);
	}
	name_slides(ctx, v);
	v->ratio = stage_ratio(v);
}

static err fill_look(struct request *req, struct look_view *look, struct note_view *v, int64_t n)
{
	struct ctx *ctx = req->ctx;
	struct shown_note shown;
	TRY(shown_of(ctx, &v->note, 1, SHOWN_PICTURES, &shown));
	slides_fill(ctx, v, &shown);
	if (n < 1 || n > v->n_slides)
		return ERR_NOT_FOUND;
	look->slide = &v->slides[n - 1];
	look->note =
		url_fmt(ctx->mem, "/note/%lld#picture-%lld", (long long)v->note.id.v, (long long)n);
	look->number = n;
	look->of = v->n_slides;
	if (n > 1)
		look->previous = v->slides[n - 2].look;
	if (n < v->n_slides)
		look->next = v->slides[n].look;
	return OK;
}

static err look(struct request *req)
{
	struct ctx *ctx = req->ctx;
	struct frame f;
	struct note_view v = {0};
	struct look_view view = {.frame = &f};
	int64_t n;
	note_id id;
	TRY(req_param_id(req, "id", &id.v));
	if (!str_int(req_param(req, "n"), &n))
		return ERR_NOT_FOUND;
	TRY(notes_get(ctx, id, &v.note));
	TRY(frame_begin(req, &f, HERE_NOWHERE, 0));
	TRY(fill_look(req, &view, &v, n));
	f.title = view.slide->alt;
	f.noindex = true;
	f.page_class = S("page-look");
	struct out o = frame_out(&f, 16 << 10);
	look_page(&o, &view);
	frame_send(req, 200, &o);
	return OK;
}

const struct route slide_routes[] = {
	PAGE(look, "/note/:id/picture/:n", WHO_ANYONE),
	{.handler = NULL},
};
