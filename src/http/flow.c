// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The stages of a request, the same in a listener and in a worker: who is it, may they, run the
// handler, or answer the error. Stops where something else is needed: a worker, the body, a job.
#include "http/inside.h"

#include <stdio.h>

#define BUSY_SECONDS 5 // when nothing better is known

static enum err check_who(struct exchange *ex)
{
	const struct viewer *viewer = &ex->ctx.viewer;
	enum http_who who = ex->req.route->who;
	if (who == WHO_ANYONE)
		return OK;
	if (who == WHO_LOOPBACK)
		return ex->loopback ? OK : ERR_NOT_FOUND;
	if (!viewer->account.v) // what a stranger begins is read first, and refused then
		return ex->req.route->begins && ex->stage == STAGE_ADMIT ? OK : ERR_SIGN_IN;
	enum role least = who == WHO_ADMIN       ? ROLE_ADMIN
			  : who == WHO_MODERATOR ? ROLE_MODERATOR
						 : ROLE_NONE;
	return viewer->role >= least ? OK : ERR_FORBIDDEN;
}

static err pay_for_account(struct exchange *ex)
{
	struct http *http = ex->http;
	int cost = ex->req.route->cost;
	if (!http->by_account || !ex->ctx.viewer.account.v || cost < 0)
		return OK;
	bool paid = buckets_take(http->by_account, (uint64_t)ex->ctx.viewer.account.v,
		cost ? cost : 1, clock_steady(), &ex->rate_left, &ex->rate_wait);
	return paid ? OK : ERR_TOO_MANY;
}

static err admit(struct exchange *ex)
{
	TRY(pay_for_account(ex));
	TRY(check_who(ex));
	if (ex->http->config.may)
		TRY(ex->http->config.may(&ex->req, ex->req.route));
	TRY(csrf_check_headers(ex));
	enum http_body body = ex->req.route->body;
	if (body != BODY_FORM && body != BODY_ANY)
		return csrf_check_token(ex);
	return OK;
}

static bool needs_worker(const struct exchange *ex)
{
	if (thread_kind() != THREAD_LISTENER)
		return false;
	enum http_run run = ex->req.route->run;
	return run == RUN_WAIT || run == RUN_HASH ||
	       (run == RUN_READ && ex->http->config.reads_wait);
}

static void last_resort(struct exchange *ex, err failed)
{
	str line = str_fmt(ex->mem, "%d %s\n", err_status(failed), err_slug(failed));
	answer_drop(ex);
	answer_text(&ex->req, err_status(failed), line);
}

static void methods_allowed(struct exchange *ex)
{
	struct sb sb = sb_new(ex->mem, 64);
	for (int m = 0; m < HTTP_METHODS; m++) {
		if (ex->match.methods & 1U << m)
			sb_fmt(&sb, "%s%s%s", sb.n ? ", " : "",
				http_method_name((enum http_method)m), m == GET ? ", HEAD" : "");
	}
	sb_lit(&sb, ", OPTIONS");
	answer_header(&ex->req, "Allow", sb_str(&sb));
}

// Whoever is sent away for now is told when to come again.
static void say_when(struct exchange *ex)
{
	int64_t seconds = ex->rate_wait ? ex->rate_wait / MS_SECOND + 1 : ex->ctx.problem.number;
	if (ex->answer.status != 503 && ex->answer.status != 429)
		return;
	if (seconds <= 0)
		seconds = ex->answer.status == 503 ? BUSY_SECONDS : 1;
	answer_header(&ex->req, "Retry-After", str_fmt(ex->mem, "%lld", (long long)seconds));
}

void exchange_refuse(struct exchange *ex, err failed)
{
	ex->refusal = failed;
	ex->stage = STAGE_ANSWER;
	answer_drop(ex);
	if (failed == ERR_METHOD && ex->req.method == OPTIONS_) {
		answer_empty(&ex->req, 204);
		methods_allowed(ex);
		return;
	}
	err again =
		ex->http->config.on_error ? ex->http->config.on_error(&ex->req, failed) : failed;
	enum answer_kind kind = ex->answer.kind;
	if (again != OK || kind == ANSWER_NONE || kind == ANSWER_AWAIT || kind == ANSWER_DEFER)
		last_resort(ex, failed);
	if (failed == ERR_METHOD)
		methods_allowed(ex);
	say_when(ex);
}

// A listener gives up soon, because it serves all others too: a worker may wait until the deadline.
// For what only reads: to begin it once more is no harm.
static bool wants_worker(err failed)
{
	return thread_kind() == THREAD_LISTENER &&
	       (failed == ERR_TIMEOUT || failed == ERR_UNAVAILABLE);
}

static enum flow once_more_in_worker(struct exchange *ex)
{
	answer_drop(ex);
	ex->ctx.problem = (struct problem){0};
	return FLOW_WORKER;
}

// Runs a handler; what its answer means for the flow.
static enum flow run(struct exchange *ex, err (*handler)(struct request *))
{
	err failed = handler(&ex->req);
	if (ex->req.method == GET && wants_worker(failed))
		return once_more_in_worker(ex);
	if (failed == OK && ex->answer.kind == ANSWER_NONE)
		failed = ERR_INTERNAL;
	if (failed != OK) {
		exchange_refuse(ex, failed);
		return FLOW_ANSWER;
	}
	if (ex->answer.kind == ANSWER_DEFER) {
		answer_drop(ex);
		return FLOW_WORKER;
	}
	if (ex->answer.kind == ANSWER_AWAIT)
		return FLOW_AWAIT;
	ex->stage = STAGE_ANSWER;
	return FLOW_ANSWER;
}

// *worker: it wants one; else OK goes on with the next stage.
static err identify(struct exchange *ex, bool *worker)
{
	*worker = false;
	if (ex->identified || !ex->http->config.identify)
		return OK;
	TRY(ex->http->config.identify(&ex->req));
	if (ex->answer.kind == ANSWER_DEFER) {
		answer_drop(ex);
		*worker = true;
		return OK;
	}
	ex->identified = true;
	return OK;
}

static enum flow refuse(struct exchange *ex, err failed)
{
	exchange_refuse(ex, failed);
	return FLOW_ANSWER;
}

static enum flow stages(struct exchange *ex)
{
	if (ex->stage == STAGE_IDENTIFY) {
		bool worker = false;
		err failed = identify(ex, &worker);
		if (worker)
			return FLOW_WORKER;
		if (wants_worker(failed))
			return once_more_in_worker(ex);
		if (failed != OK || ex->refusal != OK)
			return refuse(ex, ex->refusal != OK ? ex->refusal : failed);
		ex->stage = STAGE_ADMIT;
	}
	if (ex->stage == STAGE_ADMIT) {
		err failed = admit(ex);
		// Nothing came: an empty file all the same, so that handlers have one case.
		if (failed == OK && !ex->has_body && ex->req.route->body == BODY_RAW) {
			intake_start(ex);
			failed = ex->refusal == OK ? intake_finish(ex) : ex->refusal;
		}
		if (failed != OK)
			return refuse(ex, failed);
		ex->stage = ex->has_body ? STAGE_BODY : STAGE_RUN;
		if (ex->has_body)
			return FLOW_BODY;
	}
	if (ex->stage == STAGE_RUN) {
		if (ex->refusal != OK)
			return refuse(ex, ex->refusal);
		err failed = check_who(ex);
		if (failed != OK)
			return refuse(ex, failed);
		if (needs_worker(ex))
			return FLOW_WORKER;
		failed = csrf_check_token(ex);
		return failed == OK ? run(ex, ex->req.route->handler) : refuse(ex, failed);
	}
	if (ex->stage == STAGE_NEXT) {
		err (*next)(struct request *) = ex->answer.next;
		answer_drop(ex);
		return run(ex, next);
	}
	return FLOW_ANSWER;
}

enum flow exchange_advance(struct exchange *ex)
{
	const struct http_config *config = &ex->http->config;
	if (config->begin)
		config->begin(&ex->ctx);
	enum flow flow = stages(ex);
	if (config->finish)
		config->finish(&ex->ctx);
	return flow;
}
