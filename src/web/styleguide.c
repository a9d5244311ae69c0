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
	struct out o = frame_out(&f, 64 << 10);
	styleguide_page(&o, &v);
	frame_send(req, 200, &o);
	return OK;
}

const struct route styleguide_routes[] = {
	PAGE(styleguide, "/styleguide", WHO_ANYONE),
	{.handler = NULL},
};
