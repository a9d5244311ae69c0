// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Asking: each hop of a request is judged, made, written down.
#include "egress/inside.h"

#define REDIRECTS_MOST 3
#define TIME_USUAL (10 * MS_SECOND)
#define TIME_MOST (60 * MS_SECOND)
#define BYTES_USUAL (1 << 20)

struct journey {
	struct ctx *ctx;
	struct egress *egress;
	const struct egress_request *request;
	str url, origin; // origin: of the caller's url
	int redirects;
	ms until; // of clock_steady
};

static bool token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '_';
}

// A value with a line's end would be a header more; a Host of the caller's would pass by the policy, and
// lengths of its own make two requests of one.
static bool header_fits(const struct egress_header *h)
{
	static const str ours[] = {STR_INIT("host"), STR_INIT("content-length"),
		STR_INIT("transfer-encoding"), STR_INIT("connection"), STR_INIT("user-agent"),
		STR_INIT("upgrade"), STR_INIT("te"), STR_INIT("expect")};
	for (ptrdiff_t i = 0; i < h->name.n; i++)
		if (!token_char(h->name.p[i]))
			return false;
	for (int i = 0; i < COUNT(ours); i++)
		if (str_ieq(h->name, ours[i]))
			return false;
	return h->name.n > 0 && !str_istarts(h->name, S("proxy-")) && !str_has_controls(h->value);
}

static bool headers_fit(const struct egress_request *r)
{
	for (ptrdiff_t i = 0; i < r->n_headers; i++)
		if (!header_fits(&r->headers[i]))
			return false;
	return true;
}

static err error_of(enum result result)
{
	static const err errors[] = {[RESULT_ANSWERED] = OK,
		[RESULT_MALFORMED] = ERR_INVALID,
		[RESULT_NOT_ALLOWED] = ERR_FORBIDDEN,
		[RESULT_PRIVATE] = ERR_FORBIDDEN,
		[RESULT_TIMEOUT] = ERR_TIMEOUT,
		[RESULT_TOO_LARGE] = ERR_TOO_LARGE,
		[RESULT_CERTIFICATE] = ERR_UNAVAILABLE,
		[RESULT_ENDING] = ERR_UNAVAILABLE,
		[RESULT_FAILED] = ERR_UNAVAILABLE};
	return errors[result];
}

// Writes the line; an error says what is in it.
static err conclude(struct journey *j, const struct line *line, const char *why)
{
	TRY(ledger_add(j->ctx, line));
	if (line->result == RESULT_ANSWERED)
		return OK;
	return fail_fmt(j->ctx, error_of(line->result), "%s to %.*s: %s%s%s",
		egress_purpose_name(line->purpose), STR_ARGS(line->place),
		result_text(line->result), why ? ", " : "", why ? why : "");
}

static err deny(struct journey *j, str place, enum result result, const char *why)
{
	struct line line = {.purpose = j->request->purpose, .place = place, .result = result};
	return conclude(j, &line, why);
}

static err judge(struct journey *j, const struct target *t)
{
	const struct policy *policy = &j->egress->policy;
	if (!policy_allows(policy, j->request->purpose, t))
		return deny(j, t->place, RESULT_NOT_ALLOWED, NULL);
	bool by_proxy = policy->proxy.n && !policy_is_local(policy, t);
	const char *refused = by_proxy ? name_refused(t) : NULL;
	if (refused)
		return deny(j, t->place, RESULT_PRIVATE, refused);
	ms end_by = atomic_load(&j->egress->end_by);
	if (end_by && clock_steady() >= end_by)
		return fail_fmt(j->ctx, ERR_UNAVAILABLE, "this server ends");
	if (clock_steady() >= j->until)
		return deny(j, t->place, RESULT_TIMEOUT, NULL);
	if (pause_until(j->egress->pauses, t->host_port, clock_now()))
		return fail_fmt(j->ctx, ERR_TOO_MANY, "%.*s failed and is left alone for a while",
			STR_ARGS(t->place));
	return OK;
}

static bool is_refusal(int status)
{
	return status == 429 || status >= 500;
}

static void remember(struct pauses *pauses, const struct hop *h, ms began)
{
	str place = h->target->host_port;
	enum result result = h->line.result;
	if (result == RESULT_PRIVATE || result == RESULT_ENDING)
		return; // it says nothing of the host
	if (result == RESULT_ANSWERED && !is_refusal(h->line.status))
		pause_worked(pauses, place);
	else
		pause_failed(pauses, place, began, clock_now(),
			result == RESULT_ANSWERED ? h->retry_after : 0);
}

static err visit(struct journey *j, const struct target *t, struct hop *h)
{
	TRY(judge(j, t));
	const struct egress_request *r = j->request;
	*h = (struct hop){.request = r,
		.target = t,
		.policy = &j->egress->policy,
		.end_by = &j->egress->end_by,
		.foreign = !str_eq(t->origin, j->origin),
		.time = MAX(j->until - clock_steady(), 1),
		.bytes = r->bytes ? r->bytes : BYTES_USUAL,
		.line = {.purpose = r->purpose, .place = t->place}};
	ms began = clock_now();
	hop_run(j->ctx->mem, h);
	remember(j->egress->pauses, h, began);
	err result = conclude(j, &h->line, h->why);
	if (result == OK)
		h->body_out = str_copy(j->ctx->mem, sb_str(&h->body));
	sb_free(&h->body);
	return result;
}

static err step(struct journey *j, struct hop *h)
{
	struct target t;
	if (!target_parse(j->ctx->mem, j->url, &t))
		return deny(j, S(""), RESULT_MALFORMED, NULL);
	if (!j->origin.n)
		j->origin = t.origin;
	err result = visit(j, &t, h);
	target_free(&t);
	return result;
}

static bool leads_on(const struct egress_request *r, const struct hop *h)
{
	return r->method == EGRESS_GET && h->location.n &&
	       (h->line.status == 301 || h->line.status == 302 || h->line.status == 303 ||
		       h->line.status == 307 || h->line.status == 308);
}

static ms ends_at(const struct ctx *ctx, const struct egress_request *r)
{
	ms until = clock_steady() + MIN(r->time ? r->time : TIME_USUAL, TIME_MOST);
	return ctx->deadline ? MIN(until, ctx->deadline) : until;
}

err egress_send(struct ctx *ctx, const struct egress_request *r, struct egress_answer *out)
{
	thread_must_be(THREAD_MAIN | THREAD_WORKER | THREAD_RUNNER);
	must(!ctx->db); // a transaction that waits for strangers would hold up everybody
	if (!headers_fit(r))
		return fail_fmt(ctx, ERR_INVALID, "a header that cannot be sent");
	struct journey j = {.ctx = ctx,
		.egress = ctx->house->egress,
		.request = r,
		.url = r->url,
		.until = ends_at(ctx, r)};
	struct hop h;
	TRY(step(&j, &h));
	while (leads_on(r, &h)) {
		if (j.redirects++ == REDIRECTS_MOST)
			return fail_fmt(ctx, ERR_UNAVAILABLE, "%.*s: led on too often",
				STR_ARGS(h.line.place));
		j.url = h.location;
		TRY(step(&j, &h));
	}
	*out = (struct egress_answer){.status = h.line.status,
		.type = h.type,
		.body = h.body_out,
		.retry_after = h.retry_after};
	return OK;
}

bool egress_allowed(struct ctx *ctx, enum egress_purpose purpose, str url)
{
	struct target t;
	if (!target_parse(ctx->mem, url, &t))
		return false;
	bool allowed = policy_allows(&ctx->house->egress->policy, purpose, &t);
	target_free(&t);
	return allowed;
}

ms egress_paused_until(struct ctx *ctx, str url)
{
	struct target t;
	if (!target_parse(ctx->mem, url, &t))
		return 0;
	ms until = pause_until(ctx->house->egress->pauses, t.host_port, ctx->now);
	target_free(&t);
	return until;
}
