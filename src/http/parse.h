// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: readers of what strangers send. Each takes any bytes; values that come out are
// valid UTF-8 without NUL, or the reader says ERR_BAD_REQUEST.
#pragma once

#include "base/base.h"

struct pair {
	str name, value;
};
typedef LIST(struct pair) pairs;

// RFC 9110's token: names of headers, methods, cookies.
bool is_token(str);
// Decodes %XX (and '+' as a space when `form`) into the arena.
err percent_decode(struct arena *, str raw, bool form, str *out) CHECKED;
// "a=1&b=2" appended to *out; more than `most` pairs are ERR_TOO_LARGE.
err parse_urlencoded(struct arena *, str raw, ptrdiff_t most, pairs *out) CHECKED;
// A Cookie header, appended. Pairs that are no cookies are skipped, as browsers' neighbours set them.
err parse_cookies(struct arena *, str header, pairs *out) CHECKED;
#define PATH_SEGMENTS 16
struct path {
	str segments[PATH_SEGMENTS]; // decoded
	int n;                       // 0 is "/"
};
// ERR_BAD_REQUEST for broken escapes and bytes that are no UTF-8; ERR_NOT_FOUND for what is no
// address of ours: empty or dot segments, encoded slashes, trailing slashes, too many segments.
err parse_path(struct arena *, str raw, struct path *out) CHECKED;
// Range: bytes=… of a body of `size`. False when to be ignored (send all); *none when no byte of
// the body is asked for (416).
bool parse_range(str header, int64_t size, int64_t *from, int64_t *to, bool *none);
// Whether an If-None-Match list names the tag (weak comparison).
bool etag_listed(str header, str tag);
// Whether an Accept-Encoding header wants this coding.
bool accepts_coding(str header, str coding);
// Media type without parameters, lower case; and one parameter of it (p is NULL when absent).
str media_type(struct arena *, str header);
str media_parameter(struct arena *, str header, str name);

// Addresses.
struct address {
	uint8_t b[16]; // IPv6, or IPv4 mapped into it
};
struct network {
	struct address base;
	int bits;
};
bool parse_address(str text, struct address *out);
bool parse_network(str text, struct network *out); // "10.0.0.0/8", "::1"
bool network_has(const struct network *, struct address);
str address_text(struct arena *, struct address);
bool address_is_loopback(struct address);
uint64_t address_key(struct address);                // of the /64 for IPv6
str address_network(struct arena *, struct address); // that, as text
bool address_eq(struct address, struct address);
// The client behind trusted proxies: the last entry of X-Forwarded-For that is no trusted proxy.
struct address forwarded_client(
	struct address peer, str header, const struct network *trusted, ptrdiff_t n);
