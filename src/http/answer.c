// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What handlers say: an answer is a value in the exchange until it is sent. Giving another answer
// replaces the one before and keeps its headers; an error drops both.
#include "http/inside.h"

#include <unistd.h>

static struct answer *give(struct request *req, enum answer_kind kind, int status)
{
	struct answer *a = &exchange_of(req)->answer;
	shared_drop(a->plain);
	shared_drop(a->gzip);
	if (a->fd >= 0)
		close(a->fd);
	a->plain = a->gzip = NULL;
	a->fd = -1;
	a->kind = kind;
	a->status = status;
	a->type = a->body = (str){0};
	return a;
}

void answer_drop(struct exchange *ex)
{
	give(&ex->req, ANSWER_NONE, 0);
	ex->answer = (struct answer){.fd = -1};
	ex->guest = (str){0};
}

void answer_as(struct request *req, int status, str type, str body)
{
	struct answer *a = give(req, ANSWER_BODY, status);
	a->type = type;
	a->body = body;
}

void answer_html(struct request *req, int status, str body)
{
	answer_as(req, status, S("text/html; charset=utf-8"), body);
}

void answer_json(struct request *req, int status, str body)
{
	answer_as(req, status, S("application/json; charset=utf-8"), body);
}

void answer_text(struct request *req, int status, str body)
{
	answer_as(req, status, S("text/plain; charset=utf-8"), body);
}

void answer_empty(struct request *req, int status)
{
	give(req, ANSWER_EMPTY, status);
}

static bool is_cookie_char(char c)
{
	return c > 0x20 && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
}

// What may not stand in a header cannot reach one, whatever a handler was given.
static str only(struct arena *mem, str value, bool (*fits)(char))
{
	ptrdiff_t i = 0;
	while (i < value.n && fits(value.p[i]))
		i++;
	if (i == value.n)
		return value;
	struct sb sb = sb_new(mem, value.n);
	for (i = 0; i < value.n; i++)
		if (fits(value.p[i]))
			sb_char(&sb, value.p[i]);
	return sb_str(&sb);
}

static bool is_printable(char c)
{
	return (unsigned char)c >= 0x20 && c != 0x7f;
}

static str clean(struct arena *mem, str value)
{
	return str_has_controls(value) ? only(mem, value, is_printable) : value;
}

// Header values are ASCII: what is not becomes percent escapes.
static str ascii(struct arena *mem, str address)
{
	struct sb sb = sb_new(mem, address.n + 16);
	for (ptrdiff_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];
		if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\')
			sb_fmt(&sb, "%%%02X", (unsigned)c);
		else
			sb_char(&sb, (char)c);
	}
	return sb_str(&sb);
}

static void go(struct request *req, int status, str address)
{
	give(req, ANSWER_EMPTY, status);
	answer_header(req, "Location", ascii(req->ctx->mem, address));
}

void answer_redirect(struct request *req, str address)
{
	bool ours = address.n && address.p[0] == '/' &&
		    !(address.n > 1 && (address.p[1] == '/' || address.p[1] == '\\'));
	go(req, req->method == GET ? 302 : 303, ours ? address : S("/"));
}

void answer_redirect_away(struct request *req, int status, str address)
{
	go(req, status, address);
}

void answer_fd(struct request *req, int fd, int64_t size, str type)
{
	struct answer *a = give(req, ANSWER_FD, 200);
	a->fd = fd;
	a->size = size;
	a->type = type;
}

void answer_shared(struct request *req, int status, str type, struct shared_bytes *plain,
	struct shared_bytes *gzip)
{
	struct answer *a = give(req, ANSWER_SHARED, status);
	a->type = type;
	a->plain = shared_ref(plain);
	a->gzip = gzip ? shared_ref(gzip) : NULL;
}

void answer_header(struct request *req, const char *name, str value)
{
	struct exchange *ex = exchange_of(req);
	list_push(
		ex->mem, &ex->answer.headers, (struct pair){str_from(name), clean(ex->mem, value)});
}

void answer_cookie(struct request *req, const char *name, str value, int64_t max_age, int flags)
{
	struct exchange *ex = exchange_of(req);
	struct sb sb = sb_new(ex->mem, value.n + 120);
	sb_add(&sb, cookie_wire_name(ex, name));
	sb_char(&sb, '=');
	sb_add(&sb, max_age < 0 ? S("") : only(ex->mem, value, is_cookie_char));
	sb_lit(&sb, "; Path=/");
	if (max_age)
		sb_fmt(&sb, "; Max-Age=%lld", (long long)MAX(max_age, 0));
	if (ex->http->https)
		sb_lit(&sb, "; Secure");
	if (!(flags & COOKIE_SCRIPT))
		sb_lit(&sb, "; HttpOnly");
	sb_add(&sb, flags & COOKIE_STRICT ? S("; SameSite=Strict") : S("; SameSite=Lax"));
	list_push(ex->mem, &ex->answer.cookies, sb_str(&sb));
}

bool answer_etag(struct request *req, str tag)
{
	struct exchange *ex = exchange_of(req);
	tag = only(ex->mem, tag, is_cookie_char);
	ex->answer.etag = tag;
	str known = req_header(req, "if-none-match");
	if (req->method != GET || !known.p || !etag_listed(known, tag))
		return false;
	give(req, ANSWER_UNCHANGED, 304);
	return true;
}

void answer_cache(struct request *req, enum http_cache cache, int64_t seconds)
{
	struct answer *a = &exchange_of(req)->answer;
	a->cache = cache;
	a->cache_seconds = seconds;
	a->immutable = false;
}

void answer_immutable(struct request *req)
{
	answer_cache(req, CACHE_PUBLIC, 365 * 24 * 3600);
	exchange_of(req)->answer.immutable = true;
}

void answer_form_action(struct request *req, str origin)
{
	struct exchange *ex = exchange_of(req);
	// One source with a scheme: a lone "*" would allow every site.
	if (str_find_char(origin, ':') > 0)
		ex->answer.form_action = only(ex->mem, origin, is_cookie_char);
}

void answer_await(struct request *req, job_id job, ms deadline, err (*next)(struct request *))
{
	struct answer *a = give(req, ANSWER_AWAIT, 0);
	a->job = job;
	a->deadline = clock_steady() + MIN(MAX(deadline, 0), MS_MINUTE);
	a->next = next;
}

void answer_later(struct request *req, ms wait, err (*next)(struct request *))
{
	const job_id nobodys = {-1};
	answer_await(req, nobodys, wait, next);
}
