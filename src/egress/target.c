// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Addresses taken apart. There are many ways to write one (numbers in octal, a user's name that looks like a host,
// escapes), and two parsers that disagree are a way in: so what is judged is what libcurl read, and the
// same handle is what it connects by.
#include "egress/inside.h"

#include <netdb.h>

#define URL_MOST 8192

// libcurl would forgive a slash more or less and guess a scheme.
static bool is_whole(str url)
{
	str rest = str_skip(url, MAX(str_find(url, S("://")), 0) + 3);
	bool known = str_istarts(url, S("http://")) || str_istarts(url, S("https://"));
	return known && rest.n > 0 && rest.p[0] != '/';
}

static bool is_plain(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= 0x20 || (unsigned char)s.p[i] >= 0x7f ||
			s.p[i] == '\\')
			return false;
	return s.n > 0 && s.n <= URL_MOST;
}

static str part(struct arena *mem, CURLU *parts, CURLUPart which)
{
	char *text = NULL;
	if (curl_url_get(parts, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
		return (str){0};
	str kept = str_copy(mem, str_from(text));
	curl_free(text);
	return kept;
}

static bool host_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == ':';
}

static bool is_host(str host)
{
	for (ptrdiff_t i = 0; i < host.n; i++)
		if (!host_char(host.p[i]))
			return false;
	return host.n > 0;
}

static bool is_literal(struct arena *mem, str host)
{
	struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found;
	if (getaddrinfo(str_z(mem, host), NULL, &hints, &found) != 0)
		return false;
	freeaddrinfo(found);
	return true;
}

static bool take_apart(struct arena *mem, struct target *t)
{
	str scheme = part(mem, t->parts, CURLUPART_SCHEME);
	str host = str_lower(mem, part(mem, t->parts, CURLUPART_HOST));
	int64_t port = 0;
	t->tls = str_eq(scheme, S("https"));
	if (!t->tls && !str_eq(scheme, S("http")))
		return false;
	bool bracketed = str_starts(host, S("[")) && str_ends(host, S("]"));
	t->host = bracketed ? str_sub(host, 1, host.n - 1) : host;
	if (!is_host(t->host) || !str_int(part(mem, t->parts, CURLUPART_PORT), &port) || port <= 0)
		return false;
	t->port = (int)port;
	t->literal = bracketed || is_literal(mem, t->host);
	t->host_port = str_fmt(mem, "%.*s:%d", STR_ARGS(host), t->port);
	t->place = t->port == (t->tls ? 443 : 80) ? host : t->host_port;
	t->origin = str_fmt(mem, "%.*s://%.*s", STR_ARGS(scheme), STR_ARGS(t->place));
	return true;
}

bool target_parse(struct arena *mem, str url, struct target *out)
{
	struct target t = {0};
	if (!is_plain(url) || !is_whole(url))
		return false;
	t.parts = curl_url();
	must(t.parts);
	if (curl_url_set(t.parts, CURLUPART_URL, str_z(mem, url), CURLU_DISALLOW_USER) !=
			CURLUE_OK ||
		!take_apart(mem, &t)) {
		curl_url_cleanup(t.parts);
		return false;
	}
	*out = t;
	return true;
}

void target_free(struct target *t)
{
	curl_url_cleanup(t->parts);
	t->parts = NULL;
}
