// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What other rooms offer for people's texts.
#include "web/note_view.h"
#include "web/private.h"

void web_text_offer(struct ctx *ctx, const struct text_offer *offer)
{
	struct web *web = ctx->house->web;
	if (!web)
		return;
	must(web->n_offers < OFFERS_MOST);
	web->offers[web->n_offers++] = offer;
}

struct offers_view offers_for(struct ctx *ctx, const struct note *note)
{
	const struct web *web = ctx->house->web;
	struct offers_view v = {
		.at = NEW_N(ctx->mem, struct offer_view, web->n_offers),
		.text = str_fmt(ctx->mem, "text-%lld", (long long)note->id.v),
	};
	for (int i = 0; i < web->n_offers; i++) {
		url to = web->offers[i]->address(ctx, note);
		if (!url_none(to))
			v.at[v.n++] = (struct offer_view){to, web->offers[i]->word};
	}
	return v;
}
