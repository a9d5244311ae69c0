// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The room: its pages, and the way there from under a note's text.
#include "reading/private.h"

static err start(struct ctx *ctx)
{
	web_text_offer(ctx, &words_offer);
	return OK;
}

static const struct route_table tables[] = {
	{&web_group, words_routes},
	{&web_group, word_routes},
	{0},
};

const struct room reading_room = {
	.name = "reading", .extent = OPEN_SERVER, .routes = tables, .start = start};
