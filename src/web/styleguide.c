// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page /styleguide: what the house is dressed in.
#include "web/styleguide_view.h"

#include "web/pages.h"
#include "web/private.h"
#include "web/web_icons.h"

static const struct {
	const char *name, *address;
} icons[] = {
#define X(name, address) {#name, address},
	ICON_LIST(X)
#undef X
};

static struct comment_view comment(
	struct ctx *ctx, int64_t id, const char *author, const char *text, const char *tag)
{
	return (struct comment_view){.id = {id},
		.author = str_from(author),
		.author_url = url_fmt(ctx->mem, "/styleguide#main"),
		.lang = lang_from(str_from(tag)),
		.text = people_text(ctx->mem, str_from(text)),
		.time = time_view(ctx, ctx->now - 3 * MS_HOUR),
		.like = {.action = url_fmt(ctx->mem, "/styleguide"), .likes = 4},
		.reply = url_fmt(ctx->mem, "/styleguide#main"),
		.report = url_fmt(ctx->mem, "/styleguide#main")};
}

static void conversation(struct ctx *ctx, struct comment_view out[2])
{
	for (int i = 0; i < 2; i++) {
		struct comment_view *answer = NEW(ctx->mem, struct comment_view);
		out[i] = comment(ctx, 10 + i, "Maya eats",
			"How much Sichuan pepper is “a little”? #hotpot", "en");
		*answer = comment(ctx, 20 + i, "小满在重庆", "一小把，闻到香味就关火。", "zh-Hans");
		answer->by_author = true;
		answer->like.on = true;
		answer->narrower = true;
		answer->visibility = VIS_MENTIONED;
		out[i].replies = answer;
		out[i].n_replies = 1;
	}
}

static err styleguide(struct request *req)
{
	struct arena *mem = req->ctx->mem;
	struct styleguide_icon *list = NEW_N(mem, struct styleguide_icon, COUNT(icons));
	struct frame f;
	TRY(frame_begin(req, &f, HERE_NOWHERE, W_texts_styleguide));
	f.noindex = true;
	for (ptrdiff_t i = 0; i < COUNT(icons); i++)
		list[i] = (struct styleguide_icon){
			str_from(icons[i].name), url_fmt(mem, "%s", icons[i].address)};
	struct styleguide_view v = {.frame = &f, .icons = list, .n_icons = COUNT(icons)};
	conversation(req->ctx, v.comments);
	struct out o = frame_out(&f, 64 << 10);
	styleguide_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route styleguide_routes[] = {
	PAGE(styleguide, "/styleguide", WHO_ANYONE),
	{.handler = NULL},
};
