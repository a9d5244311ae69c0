// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What comes on a connection, in pieces: a request is refused exactly when its head holds what no head
// may, wherever the pieces end. Plays the library's part with a smaller grammar: a head ends with '|',
// and the character before says how long its body is. The first byte says how large the pieces are.
#include "http/arrival.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define ROOM 4096

struct reader {
	struct arrival arrival;
	str stream; // what is still to come
	ptrdiff_t piece;
	char buffer[ROOM];
	ptrdiff_t have;
};

static bool read_piece(struct reader *r)
{
	ptrdiff_t n = MIN(MIN(r->piece, r->stream.n), ROOM - r->have);
	if (n <= 0)
		return false;
	memcpy(r->buffer + r->have, r->stream.p, (size_t)n);
	arrival_add(&r->arrival, r->buffer + r->have, n);
	r->have += n;
	r->stream = str_skip(r->stream, n);
	return true;
}

static bool is_flawed(str head)
{
	return head.p[0] == '\n' || memchr(head.p, '\0', (size_t)head.n);
}

// One request: false at the end of the stream, or when it was refused.
static bool read_request(struct reader *r, const char *sent)
{
	ptrdiff_t end;
	while ((end = str_find_char((str){r->buffer, r->have}, '|')) < 0)
		if (!read_piece(r))
			return false;
	str head = {sent, end + 1};
	ptrdiff_t body = end ? head.p[end - 1] & 31 : 0;
	ptrdiff_t before = str_starts(head, S("\r\n")) ? 2 : 0;
	bool taken =
		arrival_take_head(&r->arrival, r->buffer + before, (size_t)(head.n - before), body);
	must(taken == !is_flawed(head));
	while (taken && r->have < head.n + body)
		if (!read_piece(r))
			return false;
	if (!taken)
		return false;
	r->have -= head.n + body;
	memmove(r->buffer, r->buffer + head.n + body, (size_t)r->have);
	arrival_next(&r->arrival);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n < 2)
		return 0;
	struct reader r = {.arrival.flaw = -1, .piece = bytes[0] + 1};
	str stream = {(const char *)bytes + 1, (ptrdiff_t)n - 1};
	r.stream = stream;
	while (read_request(&r, stream.p + r.arrival.begins))
		;
	return 0;
}
