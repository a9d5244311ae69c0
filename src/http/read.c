// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From a connection's headers to an exchange: everything is copied, so nothing points into
// libmicrohttpd's memory afterwards. What is wrong is noted and answered later, with the page that
// belongs to it.
#include "http/accept.h"

#include <string.h>

#define HEADERS_MOST 100

static enum MHD_Result copy_header(void *cls, enum MHD_ValueKind kind, const char *key,
	size_t key_n, const char *value, size_t value_n)
{
	struct exchange *ex = cls;
	(void)kind;
	str name = {key, (ptrdiff_t)key_n}, text = {value ? value : "", (ptrdiff_t)value_n};
	if (ex->headers.n == HEADERS_MOST || !utf8_valid(text)) {
		ex->refusal = ERR_BAD_REQUEST;
		return MHD_NO;
	}
	list_push(ex->mem, &ex->headers,
		(struct pair){str_copy(ex->mem, name), str_copy(ex->mem, text)});
	return MHD_YES;
}

static enum http_method method_of(struct exchange *ex, const char *name)
{
	for (int m = 0; m < HTTP_METHODS; m++) {
		if (strcmp(name, http_method_name((enum http_method)m)) != 0)
			continue;
		ex->req.head = m == HEAD_;
		return m == HEAD_ ? GET : (enum http_method)m;
	}
	ex->refusal = ERR_METHOD;
	return GET;
}

// A chunked body's end is the one thing of it that libmicrohttpd reads less strictly than others
// may: nothing after it is taken for a request.
static void take_framing(struct exchange *ex, const struct framing *framing)
{
	if (!framing) {
		ex->refusal = ERR_BAD_REQUEST;
		ex->close_after = ex->has_body = true;
		return;
	}
	ex->body_length = framing->length;
	ex->has_body = framing->chunked || framing->length > 0;
	ex->close_after = framing->chunked;
	ex->expects_continue = str_ieq(req_header(&ex->req, "expect"), S("100-continue"));
}

// Each proxy on the way may have added a line of its own.
static str all_lines(struct exchange *ex, str name)
{
	struct sb sb = sb_new(ex->mem, 64);
	list_each (header, &ex->headers) {
		if (!str_ieq(header->name, name))
			continue;
		if (sb.n)
			sb_lit(&sb, ",");
		sb_add(&sb, header->value);
	}
	return sb_str(&sb);
}

static void read_client(struct exchange *ex, const struct conn *conn)
{
	static const char *const forwarding[] = {
		"x-forwarded-for", "forwarded", "x-real-ip", "x-forwarded-proto", "via"};
	const struct http *http = ex->http;
	bool forwarded = false;
	for (ptrdiff_t i = 0; i < COUNT(forwarding); i++)
		forwarded |= req_header(&ex->req, forwarding[i]).p != NULL;
	ex->client = conn->peer;
	if (conn->trusted)
		ex->client = forwarded_client(conn->peer, all_lines(ex, S("x-forwarded-for")),
			http->trusted, http->n_trusted);
	ex->loopback = address_is_loopback(conn->peer) && !forwarded;
}

static err read_target(struct exchange *ex, const struct conn *conn)
{
	str query = str_copy(ex->mem, (str){conn->uri, conn->n_uri});
	str raw = str_cut(&query, '?');
	// The absolute form, as to a proxy; its authority is as little trusted as Host.
	if (str_istarts(raw, S("http://")) || str_istarts(raw, S("https://"))) {
		raw = str_skip(raw, str_find(raw, S("://")) + 3);
		ptrdiff_t slash = str_find_char(raw, '/');
		raw = slash < 0 ? S("/") : str_skip(raw, slash);
	}
	struct path path;
	ex->req.path = S("/");
	ex->group = routes_group(ex->http->routes, raw);
	TRY(parse_path(ex->mem, raw, &path));
	if (path.n) {
		str joined = str_join(ex->mem, path.segments, path.n, S("/"));
		const str parts[] = {S("/"), joined};
		ex->req.path = str_join(ex->mem, parts, COUNT(parts), S(""));
	}
	if (query.p) {
		ex->req.query = query;
		err failed =
			parse_urlencoded(ex->mem, query, ex->http->limits.form_fields, &ex->query);
		if (failed != OK)
			return ERR_BAD_REQUEST;
	}
	routes_find(ex->http->routes, &path, ex->req.method, &ex->match);
	ex->req.route = ex->match.route;
	if (ex->match.group)
		ex->group = ex->match.group;
	if (!ex->req.route)
		return ex->match.methods ? ERR_METHOD : ERR_NOT_FOUND;
	return OK;
}

// May this be asked at all? Answered without asking who it is.
static bool asks_what_may_be(const struct exchange *ex)
{
	return ex->req.method == OPTIONS_ && (ex->match.methods || ex->group->cors);
}

static err pay_for_address(struct exchange *ex)
{
	struct http *http = ex->http;
	int cost = ex->req.route ? ex->req.route->cost : 1;
	if (!http->by_address || cost < 0)
		return OK;
	if (buckets_take(http->by_address, address_key(ex->client), cost ? cost : 1, clock_steady(),
		    &ex->rate_left, &ex->rate_wait))
		return OK;
	atomic_fetch_add_explicit(&http->counters.limited, 1, memory_order_relaxed);
	return ERR_TOO_MANY;
}

void exchange_read(struct exchange *ex, struct conn *conn, struct MHD_Connection *mhd,
	const char *method, const struct framing *framing)
{
	MHD_get_connection_values_n(mhd, MHD_HEADER_KIND, copy_header, ex);
	ex->req.method = method_of(ex, method);
	take_framing(ex, framing);
	read_client(ex, conn);
	err target = read_target(ex, conn);
	if (ex->refusal == OK)
		ex->refusal = target;
	err paid = pay_for_address(ex);
	// Too many: not even asked who it is. The same for what is no proper request.
	if (paid != OK)
		ex->refusal = paid;
	if (paid != OK || ex->refusal == ERR_BAD_REQUEST)
		ex->identified = true;
	if (ex->identified || !asks_what_may_be(ex))
		return;
	ex->stage = STAGE_OPTIONS;
	ex->refusal = OK;
}
