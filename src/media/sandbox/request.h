// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Receives the one request and its files, and believes none of its fields before looking at it.
#pragma once

#include "../protocol.h"

#include <stdbool.h>

#define REQUEST_FILES_MAX (2 + MEDIA_RENDITIONS_MAX)

struct request {
	struct media_request message;
	int fds[REQUEST_FILES_MAX];
};

// False when what came is no request; `*asked` tells whether anything came before the other side
// closed or was idle.
bool request_receive(struct request *out, bool *asked);

// Whether each field is within what protocol.h says.
bool request_valid(const struct media_request *message);
