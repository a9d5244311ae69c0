// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: multipart/form-data (RFC 7578) as it streams in. Bounded memory whatever comes:
// part headers of at most 4 KiB, data handed on as it arrives, never collected here.
#pragma once

#include "http/parse.h"

#define MULTIPART_HEADERS 4096
#define MULTIPART_BOUNDARY 70

struct multipart_sink {
	void *arg;
	// A part begins. file.p is NULL when it is a field; names are valid UTF-8.
	err (*begin)(void *arg, str name, str file, str type);
	err (*data)(void *arg, str bytes);
	err (*end)(void *arg);
};

struct multipart {
	struct multipart_sink sink;
	struct arena *mem;
	enum {
		MULTIPART_PREAMBLE,
		MULTIPART_AFTER, // behind a delimiter
		MULTIPART_LINE,  // between the delimiter's line break's two bytes
		MULTIPART_HEAD,
		MULTIPART_DATA,
		MULTIPART_DONE
	} state;
	char delimiter[MULTIPART_BOUNDARY + 4]; // CR LF - - boundary
	ptrdiff_t n_delimiter, matched;
	int dashes;
	char head[MULTIPART_HEADERS];
	ptrdiff_t n_head;
};

// ERR_BAD_REQUEST for a boundary that is none.
err multipart_start(
	struct multipart *, struct arena *, str boundary, struct multipart_sink) CHECKED;
// Errors are the sink's or ERR_BAD_REQUEST, ERR_TOO_LARGE for overlong headers; feed no more then.
err multipart_feed(struct multipart *, str bytes) CHECKED;
// ERR_BAD_REQUEST when the body ended before its last delimiter.
err multipart_finish(struct multipart *) CHECKED;
