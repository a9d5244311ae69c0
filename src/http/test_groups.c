// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One server, several groups of routes: pages with cookies, an API with tokens that every origin may
// call, and one that only some may. Each knows people, answers errors and lets others in by its own rules.
#include "http/test_client.h"
#include "http/test_site.h"

#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <cmocka.h>

#define HOST "Host: x\r\n"
#define EMPTY "Content-Length: 0\r\n"

static struct site site;
static atomic_int asked_who;

static void become(struct request *req, str text)
{
	int64_t id = 0;
	if (text.n && str_int(text, &id))
		req->ctx->viewer.account = (account_id){id};
}

static bool known_by_cookie(struct request *req)
{
	asked_who++;
	become(req, req_cookie(req, "session"));
	return true;
}

// "5" may do all, "read-6" only what has no scope.
static err identify_by_token(struct request *req)
{
	asked_who++;
	str token = req_bearer(req);
	become(req, str_starts(token, S("read-")) ? str_skip(token, 5) : token);
	return str_eq(token, S("broken")) ? ERR_CONFLICT : OK;
}

static err may_by_scope(struct request *req, const struct route *route)
{
	return route->scope && str_starts(req_bearer(req), S("read-")) ? ERR_FORBIDDEN : OK;
}

static err html_error(struct request *req, err failed)
{
	answer_html(req, err_status(failed), str_fmt(req->ctx->mem, "<p>%s", err_slug(failed)));
	return OK;
}

static err json_error(struct request *req, err failed)
{
	answer_json(req, err_status(failed),
		str_fmt(req->ctx->mem, "{\"error\":\"%s\"}", err_slug(failed)));
	return OK;
}

static err who(struct request *req)
{
	answer_text(req, 200,
		str_fmt(req->ctx->mem, "account %lld cookie %d",
			(long long)req->ctx->viewer.account.v,
			req_cookie(req, "session").p != NULL));
	return OK;
}

#define WHO(address) \
	{ \
		.name = "who", .path = (address), .handler = who, .who = WHO_SIGNED_IN \
	}
#define WRITE(address) \
	{ \
		.name = "write", .method = POST, .path = (address), .handler = who, \
		.who = WHO_SIGNED_IN, .scope = "write" \
	}
static const struct route page_rows[] = {WHO("/who"), WRITE("/write"), {0}};
static const struct route more_rows[] = {WHO("/api-docs"), {0}};
static const struct route api_rows[] = {WHO("/api/who"), WRITE("/api/write"), WHO("/token"), {0}};
static const struct route some_rows[] = {WHO("/some/who"), {0}};

static const struct cors every_origin = {.headers = "Authorization, Content-Type",
	.exposed = "Link, X-RateLimit-Remaining",
	.max_age = 600};
static const char *const friends[] = {"https://friend.test", "https://other.test:8443", NULL};
static const struct cors some_origins = {.origins = friends};

static const struct route_group pages = {
	.name = "pages", .known = known_by_cookie, .on_error = html_error};
static const struct route_group api = {.name = "api",
	.prefix = "/api",
	.tokens = true,
	.cors = &every_origin,
	.identify = identify_by_token,
	.may = may_by_scope,
	.on_error = json_error};
static const struct route_group some = {.name = "some",
	.prefix = "/some",
	.tokens = true,
	.cors = &some_origins,
	.identify = identify_by_token};
static const struct route_table tables[] = {
	{&api, api_rows}, {&pages, page_rows}, {&some, some_rows}, {&pages, more_rows}};

static struct http_config with_groups(struct site *s)
{
	struct http_config config = site_config(s);
	config.tables = tables;
	config.n_tables = COUNT(tables);
	return config;
}

static int start(void **state)
{
	(void)state;
	crypto_start();
	struct http_config config = with_groups(&site);
	config.reads_wait = true; // who a token is takes a worker
	site_open(&site, &config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	return site_close(&site, 2000) ? 0 : -1;
}

static struct reply call(const char *line, const char *headers)
{
	return ask(site.mem, site.port, "%s HTTP/1.1\r\n" HOST "%s\r\n", line, headers);
}

static void expect(const char *line, const char *headers, int status, const char *body)
{
	struct reply r = call(line, headers);
	if (r.status != status || !str_eq(r.body, str_from(body)))
		print_message("%s: %d %.*s\n", line, r.status, STR_ARGS(r.body));
	assert_int_equal(r.status, status);
	assert_true(str_eq(r.body, str_from(body)));
}

static bool has(const struct reply *r, const char *name, const char *value)
{
	str found = reply_header(r, name);
	return value ? str_eq(found, str_from(value)) : !found.p;
}

static void each_knows_people_in_its_own_way(void **state)
{
	(void)state;
	expect("GET /who", "Cookie: session=5\r\n", 200, "account 5 cookie 1");
	expect("GET /who", "Authorization: Bearer 5\r\n", 401, "<p>sign_in");
	expect("GET /api/who", "Authorization: Bearer 5\r\n", 200, "account 5 cookie 0");
	expect("GET /token", "Authorization: Bearer 5\r\n", 200, "account 5 cookie 0");
	// A browser sends its cookies wherever it is told to: they count for nothing here.
	expect("GET /api/who", "Cookie: session=5\r\n", 401, "{\"error\":\"sign_in\"}");
	expect("GET /api/who", "Cookie: session=5\r\nAuthorization: Bearer 6\r\n", 200,
		"account 6 cookie 0");
	expect("GET /api/who", "Authorization: Bearer broken\r\n", 409, "{\"error\":\"conflict\"}");
}

static void each_may_in_its_own_way(void **state)
{
	(void)state;
	expect("GET /api/who", "Authorization: Bearer read-6\r\n", 200, "account 6 cookie 0");
	expect("POST /api/write", EMPTY "Authorization: Bearer read-6\r\n", 403,
		"{\"error\":\"forbidden\"}");
	expect("POST /api/write", EMPTY "Authorization: Bearer 5\r\n", 200, "account 5 cookie 0");
}

// Only what a browser adds by itself can be forged.
static void what_goes_by_tokens_needs_none_of_a_form(void **state)
{
	(void)state;
	const char *foreign = EMPTY "Authorization: Bearer 5\r\nCookie: session=5\r\n"
				    "Origin: https://evil.test\r\nSec-Fetch-Site: cross-site\r\n";
	expect("POST /api/write", foreign, 200, "account 5 cookie 0");
	expect("POST /write", foreign, 403, "<p>forbidden");
	expect("POST /write", EMPTY "Authorization: Bearer 5\r\nCookie: session=5\r\n", 403,
		"<p>forbidden");
}

static void each_answers_its_own_errors(void **state)
{
	(void)state;
	const char *not_found = "{\"error\":\"not_found\"}";
	expect("GET /nowhere", "", 404, "<p>not_found");
	expect("GET /apis", "", 404, "<p>not_found");
	expect("GET /nowhere", "Accept: application/json\r\n", 404, "<p>not_found");
	expect("GET /api/nowhere", "Accept: text/html\r\n", 404, not_found);
	expect("GET /api", "", 404, not_found);
	expect("GET /api/who/", "", 404, not_found);
	expect("GET /api/%zz", "", 400, "{\"error\":\"bad_request\"}");
	expect("GET /api/who?q=%ff", "", 400, "{\"error\":\"bad_request\"}");
	expect("GET http://x/api/nowhere", "", 404, not_found);
	expect("GET /some/nowhere", "", 404, "404 not_found\n");
	struct reply r = call("DELETE /api/who", "");
	assert_int_equal(r.status, 405);
	assert_true(has(&r, "allow", "GET, HEAD, OPTIONS"));
	assert_true(has(&r, "content-type", "application/json; charset=utf-8"));
	// A path that has rows is theirs, wherever it lies.
	expect("DELETE /token", "", 405, "{\"error\":\"method_not_allowed\"}");
	expect("DELETE /api-docs", "", 405, "<p>method_not_allowed");
}

#define PREFLIGHT \
	"Origin: https://app.test\r\nAccess-Control-Request-Method: POST\r\n" \
	"Access-Control-Request-Headers: authorization\r\n"

static void a_preflight_is_answered_from_the_group(void **state)
{
	(void)state;
	const char *const there[] = {
		"OPTIONS /api/who", "OPTIONS /api/write", "OPTIONS /api/nowhere", "OPTIONS /token"};
	int before = asked_who;
	for (ptrdiff_t i = 0; i < COUNT(there); i++) {
		struct reply r = call(there[i], PREFLIGHT);
		assert_int_equal(r.status, 204);
		assert_int_equal(r.body.n, 0);
		assert_true(has(&r, "access-control-allow-origin", "*"));
		assert_true(
			has(&r, "access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE"));
		assert_true(has(&r, "access-control-allow-headers", "Authorization, Content-Type"));
		assert_true(has(&r, "access-control-max-age", "600"));
		assert_true(has(&r, "access-control-allow-credentials", NULL));
	}
	struct reply r = call("OPTIONS /api/write", PREFLIGHT "Content-Length: 3\r\n\r\nabc");
	assert_int_equal(r.status, 204);
	assert_true(has(&r, "allow", "POST, OPTIONS"));
	r = call("OPTIONS /who", PREFLIGHT);
	assert_int_equal(r.status, 204);
	assert_true(has(&r, "allow", "GET, HEAD, OPTIONS"));
	assert_true(has(&r, "access-control-allow-origin", NULL));
	assert_true(has(&r, "access-control-allow-methods", NULL));
	assert_int_equal(asked_who, before); // nobody has to be known for it
	assert_int_equal(call("OPTIONS /nowhere", PREFLIGHT).status, 404);
	assert_int_equal(call("OPTIONS /api/%zz", PREFLIGHT).status, 400);
}

static void other_origins_read_answers_and_errors(void **state)
{
	(void)state;
	const char *const lines[] = {
		"GET /api/who", "GET /api/nowhere", "DELETE /api/who", "GET /api/%zz"};
	const int statuses[] = {401, 404, 405, 400};
	for (ptrdiff_t i = 0; i < COUNT(lines); i++) {
		struct reply r = call(lines[i], "Origin: https://app.test\r\n");
		assert_int_equal(r.status, statuses[i]);
		assert_true(has(&r, "access-control-allow-origin", "*"));
		assert_true(
			has(&r, "access-control-expose-headers", "Link, X-RateLimit-Remaining"));
	}
	struct reply r = call("GET /who", "Origin: https://app.test\r\nCookie: session=5\r\n");
	assert_int_equal(r.status, 200);
	assert_true(has(&r, "access-control-allow-origin", NULL));
}

static void only_listed_origins_are_let_in(void **state)
{
	(void)state;
	struct reply r = call("OPTIONS /some/who", "Origin: https://friend.test\r\n");
	assert_int_equal(r.status, 204);
	assert_true(has(&r, "access-control-allow-origin", "https://friend.test"));
	assert_true(has(&r, "vary", "Origin"));
	assert_true(has(&r, "access-control-allow-headers", NULL));
	r = call("GET /some/who", "Origin: https://other.test:8443\r\nAuthorization: Bearer 5\r\n");
	assert_int_equal(r.status, 200);
	assert_true(has(&r, "access-control-allow-origin", "https://other.test:8443"));
	const char *const others[] = {"Origin: https://friend.test.evil.test\r\n",
		"Origin: https://evil.test\r\n", "Origin: null\r\n", ""};
	for (ptrdiff_t i = 0; i < COUNT(others); i++) {
		r = call("GET /some/who", others[i]);
		assert_int_equal(r.status, 401);
		assert_true(has(&r, "access-control-allow-origin", NULL));
		assert_true(has(&r, "vary", "Origin"));
	}
}

static void whoever_asks_too_often_can_read_that(void **state)
{
	(void)state;
	struct site limited;
	struct http_config config = with_groups(&limited);
	config.rate_limits = true;
	config.limits.burst_address = 2;
	config.limits.rate_address = 0.001;
	site_open(&limited, &config);
	struct reply r;
	for (int i = 0; i < 3; i++)
		r = ask(limited.mem, limited.port, "GET /api/nowhere HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(r.status, 429);
	assert_true(str_eq(r.body, S("{\"error\":\"too_many_requests\"}")));
	assert_true(has(&r, "access-control-allow-origin", "*"));
	assert_true(has(&r, "x-ratelimit-remaining", "0"));
	assert_true(reply_header(&r, "retry-after").n > 0);
	assert_true(site_close(&limited, 1000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_knows_people_in_its_own_way),
		cmocka_unit_test(each_may_in_its_own_way),
		cmocka_unit_test(what_goes_by_tokens_needs_none_of_a_form),
		cmocka_unit_test(each_answers_its_own_errors),
		cmocka_unit_test(a_preflight_is_answered_from_the_group),
		cmocka_unit_test(other_origins_read_answers_and_errors),
		cmocka_unit_test(only_listed_origins_are_let_in),
		cmocka_unit_test(whoever_asks_too_often_can_read_that),
	};
	return cmocka_run_group_tests(tests, start, end);
}
