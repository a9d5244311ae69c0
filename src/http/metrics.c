// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Counting and logging answers. Counters are relaxed atomics; the log has one line a request at
// most, and always one for what an operator should look at.
#include "http/inside.h"

static const int64_t bounds_us[LATENCY_BUCKETS] = {
	100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 2000000, 10000000};

static void add(_Atomic int64_t *counter, int64_t n)
{
	atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static int64_t get(_Atomic int64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void count_answer(struct exchange *ex, int status)
{
	struct counters *c = &ex->http->counters;
	int64_t us = clock_us() - ex->began_us;
	int row = ex->req.route ? ex->match.number : routes_count(ex->http->routes);
	add(&c->by_route[row][MIN(MAX(status / 100, 1), 5)], 1);
	int bucket = 0;
	while (bucket < LATENCY_BUCKETS && us > bounds_us[bucket])
		bucket++;
	add(&c->latency[bucket], 1);
	add(&c->latency_us, us);
	add(&c->requests, 1);
}

void log_answer(struct exchange *ex, int status)
{
	const struct http_config *config = &ex->http->config;
	int64_t us = clock_us() - ex->began_us;
	bool loud = ex->refusal != OK && err_is_loud(ex->refusal);
	bool slow = us > config->slow * 1000 && !ex->answer.next;
	if (!loud && !slow && !config->log_requests)
		return;
	enum log_level level = loud ? LOG_ERROR : slow ? LOG_WARN : LOG_INFO;
	log_event(level, "request", LOG_INT("number", ex->ctx.request),
		LOG_Z("method", ex->req.head ? "HEAD" : http_method_name(ex->req.method)),
		LOG_STR("path", ex->req.path), LOG_INT("status", status), LOG_INT("us", us),
		LOG_Z("route", ex->req.route ? ex->req.route->name : "none"),
		LOG_Z("error", ex->refusal == OK ? "none" : err_name(ex->refusal)));
}

static void one(struct sb *out, const char *name, const char *type, const char *help, int64_t value)
{
	sb_fmt(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name,
		(long long)value);
}

static void latency(struct counters *c, struct sb *out)
{
	int64_t sum = 0;
	sb_lit(out, "# HELP http_request_seconds Time from headers to answer.\n"
		    "# TYPE http_request_seconds histogram\n");
	for (int i = 0; i < LATENCY_BUCKETS; i++) {
		sum += get(&c->latency[i]);
		sb_fmt(out, "http_request_seconds_bucket{le=\"%g\"} %lld\n",
			(double)bounds_us[i] / 1e6, (long long)sum);
	}
	sum += get(&c->latency[LATENCY_BUCKETS]);
	sb_fmt(out,
		"http_request_seconds_bucket{le=\"+Inf\"} %lld\nhttp_request_seconds_sum %.6f\n"
		"http_request_seconds_count %lld\n",
		(long long)sum, (double)get(&c->latency_us) / 1e6, (long long)sum);
}

void http_metrics(struct http *http, struct sb *out)
{
	static const char *const phases[] = {"fresh", "idle", "headers", "body", "busy", "sending"};
	struct counters *c = &http->counters;
	int rows = routes_count(http->routes);
	sb_lit(out, "# HELP http_requests_total Answers by route and status class.\n"
		    "# TYPE http_requests_total counter\n");
	for (int row = 0; row <= rows; row++) {
		const char *name = row < rows ? routes_at(http->routes, row)->name : "none";
		const char *method =
			row < rows ? http_method_name(routes_at(http->routes, row)->method) : "";
		for (int class = 1; class <= 5; class ++) {
			int64_t n = get(&c->by_route[row][class]);
			if (n)
				sb_fmt(out,
					"http_requests_total{route=\"%s\",method=\"%s\",status=\"%"
					"dxx\"} %lld\n",
					name, method, class, (long long)n);
		}
	}
	latency(c, out);
	int by_phase[6];
	int64_t connections = guard_connections(http, by_phase);
	sb_lit(out, "# HELP http_connections Open connections by what they do.\n"
		    "# TYPE http_connections gauge\n");
	for (int i = 0; i < 6; i++)
		sb_fmt(out, "http_connections{state=\"%s\"} %d\n", phases[i], by_phase[i]);
	one(out, "http_connections_open", "gauge", "Open connections.", connections);
	one(out, "http_requests_running", "gauge", "Requests not answered yet.", get(&c->running));
	one(out, "http_assets_total", "counter", "Assets sent.", get(&c->assets));
	one(out, "http_received_bytes_total", "counter", "Bytes of bodies.", get(&c->bytes_in));
	one(out, "http_cut_off_total", "counter", "Connections closed for slowness.",
		get(&c->cut_off));
	one(out, "http_limited_total", "counter", "Requests refused by rate.", get(&c->limited));
	lock_take(&http->crew.lock);
	int workers = 0, busy = 0, queued = 0;
	for (int i = 0; i < LANES; i++) {
		workers += http->crew.lanes[i].n;
		busy += http->crew.lanes[i].busy;
		queued += http->crew.lanes[i].queued;
	}
	lock_release(&http->crew.lock);
	one(out, "http_workers", "gauge", "Worker threads started.", workers);
	one(out, "http_workers_busy", "gauge", "Workers running a request.", busy);
	one(out, "http_workers_queue", "gauge", "Requests waiting for a worker.", queued);
}

const char *http_method_name(enum http_method method)
{
	static const char *const names[HTTP_METHODS] = {
		"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};
	must(method < HTTP_METHODS);
	return names[method];
}
