// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where a request ends. A proxy in front and we must never disagree about that: what is one request
// to the one and two to the other lets a stranger put words into somebody else's connection. So a
// head that can be read in two ways is refused, whatever it asks for (RFC 9112, sections 2.2, 5.1,
// 5.2, 6.1, 11.2).
//
// The surprising thing: libmicrohttpd 0.9.75 forgives a bare LF, a folded line and a NUL, and does
// not tell. But it takes the head apart in place, so what it forgave shows in the distances between
// the pieces it gives us: one byte after the method and the target, two after each line, four after
// the last. Two things cannot be told that way and are seen as they come (arrival.h): a NUL before a bare
// LF, which looks like CR LF since the library puts NULs where lines ended, and what stands in front of a
// request line. Other versions may keep their pieces elsewhere; later ones refuse these by themselves.
#include "http/accept.h"

#include <string.h>

#define KNOWN_VERSION "0.9.75"

struct reading {
	const char *at;     // where the line before ended
	str length, coding; // p is NULL when absent
	int lengths, codings, hosts;
	bool in_place; // the library leaves its pieces where they came
	bool bad;
};

// Distances are compared as numbers: a piece that was moved lies in other memory.
static bool follows(const struct reading *head, const char *piece, const char *end, uintptr_t gap)
{
	return !head->in_place || (uintptr_t)piece - (uintptr_t)end == gap;
}

static bool is_field_value(str value)
{
	if (!str_has_controls(value))
		return true;
	for (ptrdiff_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

// Spaces and controls stand nowhere in a target; other bytes are the path's own matter.
static bool is_target(str target)
{
	for (ptrdiff_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];
		if (c <= ' ' || c == 0x7f)
			return false;
	}
	return true;
}

static bool is_number(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0 && s.n <= 18;
}

static enum MHD_Result read_line(void *cls, enum MHD_ValueKind kind, const char *key, size_t n_key,
	const char *text, size_t n_text)
{
	struct reading *head = cls;
	str name = {key, (ptrdiff_t)n_key}, value = {text ? text : "", (ptrdiff_t)n_text};
	(void)kind;
	if (!text || !follows(head, key, head->at, 2) || !is_token(name) ||
		!is_field_value(value)) {
		head->bad = true;
		return MHD_NO;
	}
	head->at = text + n_text;
	if (str_ieq(name, S("content-length"))) {
		head->length = value;
		head->lengths++;
	} else if (str_ieq(name, S("transfer-encoding"))) {
		head->coding = value;
		head->codings++;
	} else if (str_ieq(name, S("host"))) {
		head->hosts++;
	}
	return MHD_YES;
}

static bool has_two_readings(const struct reading *head, const struct conn *conn,
	const char *method, const char *version)
{
	if (!follows(head, conn->target, method + strlen(method), 1) ||
		!follows(head, version, conn->target + conn->n_uri, 1) ||
		!is_target((str){conn->uri, conn->n_uri}))
		return true;
	if (head->lengths + head->codings > 1 || head->hosts > 1)
		return true;
	if (!head->hosts && strcmp(version, "HTTP/1.0") != 0)
		return true;
	if (head->codings &&
		(!str_ieq(head->coding, S("chunked")) || strcmp(version, "HTTP/1.1") != 0))
		return true;
	return head->lengths && !is_number(head->length);
}

err framing_read(struct conn *conn, struct MHD_Connection *mhd, const char *method,
	const char *version, struct framing *out)
{
	struct reading head = {.at = version + strlen(version),
		.in_place = strcmp(MHD_get_version(), KNOWN_VERSION) == 0};
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, read_line, &head);
	size_t size =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
	if (head.bad || !follows(&head, method + size, head.at, 4) ||
		has_two_readings(&head, conn, method, version))
		return ERR_BAD_REQUEST;
	*out = (struct framing){.chunked = head.codings > 0, .length = -1};
	if (head.lengths && !str_int(head.length, &out->length))
		return ERR_BAD_REQUEST;
	int64_t body = out->chunked ? -1 : MAX(out->length, 0);
	if (head.in_place && !arrival_take_head(&conn->arrival, method, size, body))
		return ERR_BAD_REQUEST;
	return OK;
}
