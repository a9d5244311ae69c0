// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The stages of a request, the same in a listener and in a worker: who is it, may they, run the
// handler, or answer the error. One function each, in the table at the end; each names the stage that
// follows and says how to go on: at once, or when something else is there: a worker, the body, a job.
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
	if (ex->group->may)
		TRY(ex->group->may(&ex->req, ex->req.route));
	TRY(csrf_check_headers(ex));
	enum http_body body = ex->req.route->body;
	if (body != BODY_FORM && body != BODY_ANY)
		return csrf_check_token(ex);
	return OK;
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
	sb_fmt(&sb, "%sOPTIONS", sb.n ? ", " : "");
	answer_header(&ex->req, "Allow", sb_str(&sb));
}

static bool says_when(struct exchange *ex)
{
	list_each (h, &ex->answer.headers)
		if (str_ieq(h->name, S("Retry-After")))
			return true;
	return false;
}

// Whoever is sent away for now is told when to come again, by an error or by the page of a form.
static void say_when(struct exchange *ex)
{
	int64_t seconds = ex->rate_wait ? ex->rate_wait / MS_SECOND + 1 : ex->ctx.problem.number;
	if ((ex->answer.status != 503 && ex->answer.status != 429) || says_when(ex))
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
	err again = ex->group->on_error ? ex->group->on_error(&ex->req, failed) : failed;
	enum answer_kind kind = ex->answer.kind;
	if (again != OK || kind == ANSWER_NONE || kind == ANSWER_AWAIT)
		last_resort(ex, failed);
	if (failed == ERR_METHOD)
		methods_allowed(ex);
	say_when(ex);
}

static enum flow refuse(struct exchange *ex, err failed)
{
	exchange_refuse(ex, failed);
	return FLOW_ANSWER;
}

static enum flow answer(struct exchange *ex)
{
	ex->stage = STAGE_ANSWER;
	return FLOW_ANSWER;
}

static enum flow go_on(struct exchange *ex, enum stage stage)
{
	ex->stage = stage;
	return FLOW_ON;
}

static bool is_listener(void)
{
	return thread_kind() == THREAD_LISTENER;
}

// A listener gives up soon, because it serves all others too: a worker may wait until the deadline.
// For what only reads: to begin it once more is no harm.
static bool wants_worker(err failed)
{
	return is_listener() && (failed == ERR_TIMEOUT || failed == ERR_UNAVAILABLE);
}

static enum flow once_more_in_worker(struct exchange *ex)
{
	answer_drop(ex);
	ex->ctx.problem = (struct problem){0};
	return FLOW_WORKER;
}

static enum flow identify(struct exchange *ex)
{
	const struct route_group *group = ex->group;
	bool known = ex->identified || (group->known && group->known(&ex->req));
	if (!known && group->identify) {
		if (is_listener() && ex->http->config.reads_wait)
			return FLOW_WORKER;
		err failed = group->identify(&ex->req);
		if (wants_worker(failed))
			return once_more_in_worker(ex);
		if (failed != OK)
			return refuse(ex, ex->refusal != OK ? ex->refusal : failed);
	}
	ex->identified = true;
	return ex->refusal == OK ? go_on(ex, STAGE_ADMIT) : refuse(ex, ex->refusal);
}

// Nothing came: an empty file all the same, so that handlers have one case.
static err empty_file(struct exchange *ex)
{
	intake_start(ex);
	return ex->refusal == OK ? intake_finish(ex) : ex->refusal;
}

static enum flow admission(struct exchange *ex)
{
	err failed = admit(ex);
	if (failed == OK && !ex->has_body && ex->req.route->body == BODY_RAW)
		failed = empty_file(ex);
	if (failed != OK)
		return refuse(ex, failed);
	return go_on(ex, ex->has_body ? STAGE_BODY : STAGE_RUN);
}

static enum flow body(struct exchange *ex)
{
	(void)ex;
	return FLOW_BODY;
}

static bool needs_worker(const struct exchange *ex)
{
	switch (ex->req.route->run) {
	case RUN_MEMORY:
		return false;
	case RUN_KEPT:
	case RUN_READ:
		return ex->http->config.reads_wait;
	case RUN_WAIT:
	case RUN_HASH:
	case RUN_WATCH:
		return true;
	}
	return true;
}

// Runs a handler; what its answer means for the flow.
static enum flow run_handler(struct exchange *ex, err (*handler)(struct request *))
{
	err failed = handler(&ex->req);
	if (ex->req.method == GET && wants_worker(failed))
		return once_more_in_worker(ex);
	if (failed == OK && ex->answer.kind == ANSWER_NONE)
		failed = ERR_INTERNAL;
	if (failed != OK)
		return refuse(ex, failed);
	if (ex->answer.kind == ANSWER_AWAIT)
		return FLOW_AWAIT;
	say_when(ex);
	return answer(ex);
}

static enum flow run(struct exchange *ex)
{
	const struct route *route = ex->req.route;
	err failed = ex->refusal != OK ? ex->refusal : check_who(ex);
	if (failed != OK)
		return refuse(ex, failed);
	if (route->kept && route->kept(&ex->req))
		return answer(ex);
	if (is_listener() && needs_worker(ex))
		return FLOW_WORKER;
	failed = csrf_check_token(ex);
	return failed == OK ? run_handler(ex, route->handler) : refuse(ex, failed);
}

static enum flow next(struct exchange *ex)
{
	err (*handler)(struct request *) = ex->answer.next;
	answer_drop(ex);
	return run_handler(ex, handler);
}

// A preflight allows every method and says so for every path of the group: what is not there then
// answers for itself, in words that the script can read. A browser tells it of no failed preflight.
static void allow_calls(struct exchange *ex, const struct cors *cors)
{
	struct request *req = &ex->req;
	answer_header(req, "Access-Control-Allow-Methods", S("GET, POST, PUT, PATCH, DELETE"));
	if (cors->headers)
		answer_header(req, "Access-Control-Allow-Headers", str_from(cors->headers));
	if (cors->max_age)
		answer_header(req, "Access-Control-Max-Age", str_fmt(ex->mem, "%d", cors->max_age));
}

// Asked by a browser before it lets a page of another origin call, and by whoever is curious.
static enum flow options(struct exchange *ex)
{
	answer_empty(&ex->req, 204);
	methods_allowed(ex);
	if (ex->group->cors)
		allow_calls(ex, ex->group->cors);
	return answer(ex);
}

static enum flow (*const stages[STAGES])(struct exchange *) = {
	[STAGE_IDENTIFY] = identify,
	[STAGE_ADMIT] = admission,
	[STAGE_BODY] = body,
	[STAGE_RUN] = run,
	[STAGE_NEXT] = next,
	[STAGE_OPTIONS] = options,
	[STAGE_ANSWER] = answer,
};

enum flow exchange_advance(struct exchange *ex)
{
	const struct http_config *config = &ex->http->config;
	enum flow flow = FLOW_ON;
	if (config->begin)
		config->begin(&ex->ctx);
	while (flow == FLOW_ON)
		flow = stages[ex->stage](ex);
	if (config->finish)
		config->finish(&ex->ctx);
	return flow;
}
