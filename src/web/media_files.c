// SPDX-License-Identifier: AGPL-3.0-or-later
//
// GET /media/NAME/PART: pictures. Who may have one is media/'s matter; here is decided how long it
// may be kept: a public picture never changes under its name, any other is not
// to be kept at all (what an answer says unless told otherwise).
#include "web/private.h"

#include "media/media.h"

#include <unistd.h>

static err media_file(struct request *req)
{
	struct media_file file;
	str part = req_param(req, "part");
	TRY(media_open(req->ctx, req_param(req, "name"), part, &file));
	if (file.is_public) {
		answer_immutable(req);
		if (answer_etag(req, part)) {
			close(file.fd);
			return OK;
		}
	}
	answer_fd(req, file.fd, file.size, str_from(file.type));
	return OK;
}

// A page asks for many at once; each costs little.
const struct route media_routes[] = {
	PAGE(media_file, "/media/:name/:part", WHO_ANYONE, .cost = -1),
	{.handler = NULL},
};
