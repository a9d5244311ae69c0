// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An exchange's memory, and what handlers read of a request. Arenas are pooled: a request costs no
// allocation when the pool has one.
#include "http/inside.h"

#include <string.h>
#include <unistd.h>

static struct arena *arena_take(struct http *http)
{
	struct arena *mem = NULL;
	lock_take(&http->arenas.lock);
	if (http->arenas.n)
		mem = http->arenas.free[--http->arenas.n];
	lock_release(&http->arenas.lock);
	return mem ? mem : arena_new(16 << 10);
}

void arena_give(struct http *http, struct arena *mem)
{
	arena_reset(mem);
	lock_take(&http->arenas.lock);
	if (http->arenas.n < ARENAS_KEPT) {
		http->arenas.free[http->arenas.n++] = mem;
		mem = NULL;
	}
	lock_release(&http->arenas.lock);
	arena_free(mem);
}

struct exchange *exchange_new(struct http *http)
{
	struct arena *mem = arena_take(http);
	struct exchange *ex = NEW(mem, struct exchange);
	ex->http = http;
	ex->mem = mem;
	ex->began_us = clock_us();
	ex->answer.fd = -1;
	ex->body_length = -1;
	ex->ctx.mem = mem;
	ex->ctx.now = clock_now();
	ex->ctx.house = http->config.house;
	ex->ctx.request =
		atomic_fetch_add_explicit(&http->last_request, 1, memory_order_relaxed) + 1;
	ex->req.ctx = &ex->ctx;
	atomic_fetch_add_explicit(&http->counters.running, 1, memory_order_relaxed);
	return ex;
}

void exchange_drop_files(struct exchange *ex)
{
	list_each (file, &ex->files)
		if (file->fd >= 0)
			close(file->fd);
	ex->files.n = 0;
	disk_claim_end(&ex->claim);
}

void exchange_free(struct exchange *ex)
{
	if (!ex)
		return;
	struct http *http = ex->http;
	exchange_drop_files(ex);
	answer_drop(ex);
	atomic_fetch_sub_explicit(&http->counters.running, 1, memory_order_relaxed);
	if (!ex->lent)
		arena_give(http, ex->mem);
}

static str first(const pairs *list, str name)
{
	for (ptrdiff_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i].name, name))
			return list->at[i].value;
	return (str){0};
}

static ptrdiff_t all(struct arena *mem, const pairs *list, const char *name, str **out)
{
	LIST(str) found = {0};
	str wanted = str_from(name);
	for (ptrdiff_t i = 0; i < list->n; i++)
		if (str_eq(list->at[i].name, wanted))
			list_push(mem, &found, list->at[i].value);
	*out = found.at;
	return found.n;
}

str req_param(struct request *req, const char *name)
{
	const struct route_match *m = &exchange_of(req)->match;
	str wanted = str_from(name);
	for (int i = 0; i < m->n_params; i++)
		if (str_eq(m->names[i], wanted))
			return m->values[i];
	bool route_has_parameter = false;
	must(route_has_parameter);
	return (str){0};
}

err req_param_id(struct request *req, const char *name, int64_t *out)
{
	return id_parse(req_param(req, name), out) ? OK : ERR_NOT_FOUND;
}

str req_query(struct request *req, const char *name)
{
	return first(&exchange_of(req)->query, str_from(name));
}

ptrdiff_t req_query_all(struct request *req, const char *name, str **out)
{
	return all(req->ctx->mem, &exchange_of(req)->query, name, out);
}

str req_form(struct request *req, const char *name)
{
	return first(&exchange_of(req)->form, str_from(name));
}

ptrdiff_t req_form_all(struct request *req, const char *name, str **out)
{
	return all(req->ctx->mem, &exchange_of(req)->form, name, out);
}

bool req_form_at(struct request *req, ptrdiff_t i, str *name, str *value)
{
	const pairs *form = &exchange_of(req)->form;
	if (i < 0 || i >= form->n)
		return false;
	*name = form->at[i].name;
	*value = form->at[i].value;
	return true;
}

str req_header(struct request *req, const char *name)
{
	const pairs *headers = &exchange_of(req)->headers;
	str wanted = str_from(name);
	for (ptrdiff_t i = 0; i < headers->n; i++)
		if (str_ieq(headers->at[i].name, wanted))
			return headers->at[i].value;
	return (str){0};
}

str req_cookie(struct request *req, const char *name)
{
	struct exchange *ex = exchange_of(req);
	if (ex->group->tokens)
		return (str){0};
	if (!ex->cookies_read) {
		ex->cookies_read = true;
		for (ptrdiff_t i = 0; i < ex->headers.n; i++) {
			if (!str_ieq(ex->headers.at[i].name, S("cookie")))
				continue;
			// The headers were checked to be UTF-8 when they came.
			err ignored = parse_cookies(ex->mem, ex->headers.at[i].value, &ex->cookies);
			must(ignored == OK);
		}
	}
	return first(&ex->cookies, cookie_wire_name(ex, name));
}

str cookie_wire_name(struct exchange *ex, const char *name)
{
	str plain = str_from(name);
	if (!ex->http->https)
		return plain;
	const str parts[] = {S("__Host-"), plain};
	return str_join(ex->mem, parts, COUNT(parts), S(""));
}

str req_bearer(struct request *req)
{
	str value = req_header(req, "authorization");
	if (!str_istarts(value, S("bearer ")))
		return (str){0};
	return str_trim(str_skip(value, 7));
}

str req_body(struct request *req)
{
	return exchange_of(req)->body;
}

bool req_is_json(struct request *req)
{
	return exchange_of(req)->is_json;
}

bool req_file(struct request *req, const char *field, ptrdiff_t i, struct req_file *out)
{
	str wanted = str_from(field);
	list_each (file, &exchange_of(req)->files) {
		if (field && !str_eq(file->field, wanted))
			continue;
		if (i-- == 0) {
			*out = *file;
			return true;
		}
	}
	return false;
}

bool req_body_file(struct request *req, struct req_file *out)
{
	return req->route && req->route->body == BODY_RAW && req_file(req, NULL, 0, out);
}

str req_address(struct request *req)
{
	struct exchange *ex = exchange_of(req);
	return address_text(ex->mem, ex->client);
}

str req_network(struct request *req)
{
	struct exchange *ex = exchange_of(req);
	return address_network(ex->mem, ex->client);
}

bool req_is_loopback(struct request *req)
{
	return exchange_of(req)->loopback;
}

str req_origin(struct request *req)
{
	return exchange_of(req)->http->config.url;
}

bool req_is_script(struct request *req)
{
	return req_header(req, "hx-request").p || req_header(req, "x-requested-with").p;
}

bool req_wants_json(struct request *req)
{
	return exchange_of(req)->group->tokens ||
	       str_find(req_header(req, "accept"), S("application/json")) >= 0;
}
