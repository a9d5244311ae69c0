// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The page /styleguide: what the house is dressed in.
#include "web/styleguide_view.h"

#include "web/pages.h"
#include "web/private.h"
#include "web/web_assets.h"
#include "web/web_icons.h"

static const struct {
	const char *name, *address;
} icons[] = {
#define X(name, address) {#name, address},
	ICON_LIST(X)
#undef X
};

static const str colours[] = {STR_INIT("ground"), STR_INIT("surface"), STR_INIT("sunken"),
	STR_INIT("raised"), STR_INIT("line"), STR_INIT("line-strong"), STR_INIT("ink"),
	STR_INIT("ink-2"), STR_INIT("ink-3"), STR_INIT("accent"), STR_INIT("accent-fill"),
	STR_INIT("accent-soft"), STR_INIT("good"), STR_INIT("good-soft"), STR_INIT("warn"),
	STR_INIT("warn-soft"), STR_INIT("link"), STR_INIT("stage"), STR_INIT("paper-1"),
	STR_INIT("paper-2"), STR_INIT("paper-3"), STR_INIT("paper-4"), STR_INIT("paper-5"),
	STR_INIT("paper-6")};

static struct comment_view comment(
	struct ctx *ctx, int64_t id, const char *author, const char *text, const char *tag)
{
	static str topics[] = {STR_INIT("hotpot")};
	static const struct leads leads = {.topics = topics, .n_topics = 1};
	return (struct comment_view){.id = {id},
		.author = str_from(author),
		.author_url = url_fmt(ctx->mem, "/styleguide#main"),
		.lang = lang_from(str_from(tag)),
		.text = people_text(ctx->mem, str_from(text), (note_id){id}, &leads),
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

static struct card_view sample(
	struct ctx *ctx, int64_t id, const char *title, const char *tag, const char *author)
{
	return (struct card_view){.id = {id},
		.address = url_fmt(ctx->mem, "/styleguide#main"),
		.title = str_from(title),
		.lang = lang_from(str_from(tag)),
		.ratio = S("ratio-3x4"),
		.lines = S("lines-2"),
		.author = str_from(author),
		.author_url = url_fmt(ctx->mem, "/styleguide#main"),
		.avatar = url_fmt(ctx->mem, ASSET_app_svg),
		.like_action = url_fmt(ctx->mem, "/styleguide")};
}

static void with_picture(
	struct ctx *ctx, struct card_view *v, int height, const char *alt, uint32_t rgb)
{
	v->src = url_fmt(ctx->mem, ASSET_app_svg);
	v->set = (srcset){S(ASSET_app_svg " 540w")};
	v->width = 540;
	v->height = height;
	v->alt = str_from(alt);
	v->average = average_class(ctx->mem, rgb);
	v->pictures = 2;
}

// One for each theme: ids differ, since both stand on one page.
static struct deck cards(struct ctx *ctx, int64_t first)
{
	struct card_view v[] = {
		sample(ctx, first, "I made mapo tofu four times this week and only one was good",
			"en", "Maya eats"),
		sample(ctx, first + 1, "Toledo station, 3:15 a.m., and somehow I’m happy", "en",
			"Tyler rides trains"),
		sample(ctx, first + 2, "教外地朋友点火锅，第一次别点这几样", "zh-Hans",
			"小满在重庆"),
		sample(ctx, first + 3, "A ranking of things I’ve eaten at 4 a.m.", "en",
			"Jo, mostly asleep"),
	};
	static const int64_t likes[COUNT(v)] = {1128, 19, 12345, 0};
	with_picture(
		ctx, &v[0], 720, "A wok of red mapo tofu on a gas stove, steam rising", 0x503020);
	with_picture(ctx, &v[1], 405, "Dark window of a train, station lights blurred outside",
		0x9090a0);
	v[1].ratio = S("ratio-4x3");
	with_picture(ctx, &v[2], 720, "", 0xd0c0b0);
	v[2].sensitive = true;
	v[3].words = true;
	v[3].paper = 5;
	v[3].words_class = S("words-long");
	v[3].excerpt =
		S("The canteen shuts at 8 pm and the vending machine took my last pound coin in "
		  "March and I have not forgiven it. So, from worst to best:\n7. Cold chips, "
		  "somebody else’s\n6. Instant noodles, but the kettle’s been descaled and nobody "
		  "rinsed it");
	struct deck d = {.at = NEW_N(ctx->mem, struct deck_card, COUNT(v)),
		.n = COUNT(v),
		.eager = COUNT(v)};
	for (ptrdiff_t i = 0; i < d.n; i++) {
		d.at[i] = (struct deck_card){
			.id = v[i].id, .card = card_write_view(ctx, &v[i]), .liked = i == 1};
		d.at[i].card.likes = likes[i];
	}
	return d;
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
	struct styleguide_view v = {.frame = &f,
		.icons = list,
		.n_icons = COUNT(icons),
		.colours = colours,
		.n_colours = COUNT(colours),
		.decks = {cards(req->ctx, 30), cards(req->ctx, 40)}};
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
