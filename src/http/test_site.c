// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For tests: the site. "Signed in" is a cookie `session=ID`; `session=cold-ID` cannot be known from
// memory.
#include "http/test_site.h"

#include "crypto/crypto.h"
#include "http/test_client.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int slow_begun, slow_ended;
static _Atomic int64_t partial;

int site_slow_begun(void)
{
	return slow_begun;
}

int site_slow_ended(void)
{
	return slow_ended;
}

int64_t site_partial(void)
{
	return partial;
}

static void become(struct request *req, str session)
{
	int64_t id = 0;
	if (!session.n || !str_int(session, &id))
		return;
	req->ctx->viewer.account = (account_id){id};
	req->ctx->viewer.role = id == 1 ? ROLE_ADMIN : ROLE_MEMBER;
}

static bool known(struct request *req)
{
	str session = req_cookie(req, "session");
	if (str_starts(session, S("cold-")))
		return false;
	become(req, session);
	return true;
}

static err identify(struct request *req)
{
	must(thread_kind() != THREAD_LISTENER);
	become(req, str_skip(req_cookie(req, "session"), 5));
	return OK;
}

static err on_error(struct request *req, err failed)
{
	if (req->path.n > 7 && str_starts(req->path, S("/broken")))
		return ERR_INTERNAL;
	const char *field = req->ctx->problem.field;
	answer_html(req, err_status(failed),
		str_fmt(req->ctx->mem, "<p>%s for %lld%s", err_slug(failed),
			(long long)req->ctx->viewer.account.v, field ? field : ""));
	return OK;
}

static err hello(struct request *req)
{
	answer_text(req, 200, S("hello"));
	return OK;
}

static err echo(struct request *req)
{
	struct sb sb = sb_new(req->ctx->mem, 200);
	str *all = NULL;
	sb_fmt(&sb, "id=%.*s q=%.*s", STR_ARGS(req_param(req, "id")),
		STR_ARGS(req_query(req, "q")));
	ptrdiff_t n = req_query_all(req, "x", &all);
	for (ptrdiff_t i = 0; i < n; i++)
		sb_fmt(&sb, " x=%.*s", STR_ARGS(all[i]));
	sb_fmt(&sb, " from=%.*s", STR_ARGS(req_address(req)));
	answer_text(req, 200, sb_str(&sb));
	return OK;
}

static err number(struct request *req)
{
	int64_t id = 0;
	TRY(req_param_id(req, "id", &id));
	answer_text(req, 200, str_fmt(req->ctx->mem, "number %lld", (long long)id));
	return OK;
}

static err token(struct request *req)
{
	answer_text(req, 200, csrf_token(req));
	return OK;
}

static err form(struct request *req)
{
	struct sb sb = sb_new(req->ctx->mem, 200);
	str name = {0}, value = {0};
	struct req_file file;
	for (ptrdiff_t i = 0; req_form_at(req, i, &name, &value); i++)
		if (!str_eq(name, S("csrf")))
			sb_fmt(&sb, "%.*s=%.*s;", STR_ARGS(name), STR_ARGS(value));
	for (ptrdiff_t i = 0; req_file(req, NULL, i, &file); i++) {
		ptrdiff_t n = (ptrdiff_t)file.size;
		char *bytes = NEW_N(req->ctx->mem, char, n + 1);
		must(read(file.fd, bytes, (size_t)n + 1) == n);
		struct digest d = crypto_sha256((str){bytes, n});
		sb_fmt(&sb, "%.*s:%.*s:%.*s:%td:%.*s;", STR_ARGS(file.field), STR_ARGS(file.name),
			STR_ARGS(file.type), n, STR_ARGS(hex(req->ctx->mem, d.b, 8)));
	}
	sb_fmt(&sb, "%.*s", STR_ARGS(req_body(req)));
	answer_text(req, 200, sb_str(&sb));
	return OK;
}

static err raw(struct request *req)
{
	struct req_file file;
	must(req_body_file(req, &file));
	if (!file.complete)
		partial += file.size;
	answer_text(req, 200, str_fmt(req->ctx->mem, "%lld bytes", (long long)file.size));
	return OK;
}

static err page(struct request *req)
{
	if (answer_etag(req, S("v1")))
		return OK;
	answer_cache(req, CACHE_PRIVATE, 0);
	struct sb sb = sb_new(req->ctx->mem, 9000);
	sb_lit(&sb, "<!doctype html><title>page</title>");
	while (sb.n < 8192)
		sb_fmt(&sb, "<p>line %td of the page", sb.n);
	answer_html(req, 200, sb_str(&sb));
	return OK;
}

static err file(struct request *req)
{
	char name[] = "/tmp/http-test-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	must(fd >= 0 && unlink(name) == 0 && write(fd, "0123456789abcdef", 16) == 16);
	if (answer_etag(req, S("file-1"))) {
		close(fd);
		return OK;
	}
	answer_immutable(req);
	answer_fd(req, fd, 16, S("image/webp"));
	return OK;
}

// Too large to be read into memory first.
static err large(struct request *req)
{
	char name[] = "/tmp/http-test-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	must(fd >= 0 && unlink(name) == 0 && pwrite(fd, "begin", 5, 0) == 5 &&
		pwrite(fd, "end", 3, 399997) == 3);
	answer_fd(req, fd, 400000, S("image/webp"));
	return OK;
}

// More than the kernel takes for a client that does not read.
static err letters(struct request *req)
{
	int64_t n = 0;
	must(str_int(req_param(req, "n"), &n));
	char *text = NEW_N(req->ctx->mem, char, n);
	for (int64_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 23);
	answer_text(req, 200, (str){text, n});
	return OK;
}

static err slow(struct request *req)
{
	slow_begun++;
	int64_t time = 0;
	must(str_int(req_param(req, "ms"), &time));
	nap_ms(time);
	// Read after the wait: the client may be long gone, its words are still ours.
	str agent = req_header(req, "user-agent");
	answer_text(req, 200, str_copy(req->ctx->mem, agent));
	slow_ended++;
	return OK;
}

static err after_job(struct request *req)
{
	must(thread_kind() == THREAD_WORKER);
	answer_text(req, 200, req->awaited ? S("ended") : S("deadline"));
	return OK;
}

static err await(struct request *req)
{
	int64_t time = 0;
	must(str_int(req_param(req, "ms"), &time));
	answer_await(req, SITE_JOB, time, after_job);
	return OK;
}

static bool remembers(struct request *req)
{
	str *q = NEW(req->ctx->mem, str);
	*q = req_query(req, "q");
	req->kept = q;
	bool kept = str_eq(*q, S("kept"));
	if (kept)
		answer_text(req, 200,
			thread_kind() == THREAD_LISTENER ? S("kept, from a listener")
							 : S("kept, from a worker"));
	return kept;
}

static err made_anew(struct request *req)
{
	const str *q = req->kept;
	answer_text(req, 200,
		str_fmt(req->ctx->mem, "%.*s, from a %s", STR_ARGS(*q),
			thread_kind() == THREAD_LISTENER ? "listener" : "worker"));
	return OK;
}

// The database, read from a listener, was not quick enough; the answer was half made.
static err impatient(struct request *req)
{
	if (thread_kind() == THREAD_LISTENER) {
		answer_cookie(req, "left", S("over"), 0, COOKIE_LAX);
		return fail(req->ctx, ERR_TIMEOUT, "statement", 0);
	}
	must(!req->ctx->problem.field);
	answer_text(req, 200, S("from a worker"));
	return OK;
}

static err fails(struct request *req)
{
	answer_cookie(req, "left", S("over"), 0, COOKIE_LAX);
	return ERR_CONFLICT;
}

static err silent(struct request *req)
{
	(void)req;
	return OK;
}

static err cookies(struct request *req)
{
	answer_cookie(req, "theme", S("dark"), 3600, COOKIE_SCRIPT);
	answer_cookie(req, "gone", S("x"), -1, COOKIE_STRICT);
	answer_cache(req, CACHE_PUBLIC, 60);
	answer_cookie(req, "odd", S("a; Domain=\"evil\"\r\n"), 0, COOKIE_LAX);
	answer_header(req, "X-Split", S("a\r\nX-Evil: b"));
	answer_header(req, "X-Empty", S(""));
	answer_text(req, 200, req_cookie(req, "theme"));
	return OK;
}

static err shared(struct request *req)
{
	str text = S("some text that many people share, and share, and share");
	struct shared_bytes *plain = shared_new(text), *gzip = shared_gzip(text, 4);
	answer_cache(req, CACHE_PUBLIC, 30);
	answer_shared(req, 200, S("text/plain"), plain, gzip);
	shared_drop(plain);
	shared_drop(gzip);
	return OK;
}

static err consent(struct request *req)
{
	answer_form_action(req, S("https://app.test;, *\n"));
	answer_html(req, 200, S("<form>"));
	return OK;
}

static err empty(struct request *req)
{
	answer_fd(req, open("/dev/null", O_RDONLY | O_CLOEXEC), 0, S("image/webp"));
	return OK;
}

static err replaced(struct request *req)
{
	TRY(shared(req));
	TRY(empty(req));
	answer_text(req, 201, S("the last word"));
	return OK;
}

static err leave(struct request *req)
{
	answer_redirect(req, req_query(req, "to"));
	return OK;
}

static err who(struct request *req)
{
	answer_text(req, 200,
		str_fmt(req->ctx->mem, "account %lld", (long long)req->ctx->viewer.account.v));
	return OK;
}

static const struct route rows[] = {
	{.name = "hello", .path = "/", .handler = hello, .cost = -1},
	{.name = "echo", .path = "/echo/:id", .handler = echo},
	{.name = "number", .path = "/number/:id", .handler = number},
	{.name = "token", .path = "/token", .handler = token},
	{.name = "form",
		.method = POST,
		.path = "/form",
		.handler = form,
		.body = BODY_FORM,
		.run = RUN_WAIT,
		.max_body = 32 << 20,
		.max_files = 4},
	{.name = "json", .method = POST, .path = "/json", .handler = form, .body = BODY_JSON},
	{.name = "small",
		.method = POST,
		.path = "/small",
		.handler = form,
		.body = BODY_FORM,
		.max_body = 1000,
		.no_csrf = true},
	{.name = "raw",
		.method = PATCH,
		.path = "/raw",
		.handler = raw,
		.body = BODY_RAW,
		.max_body = 4 << 20,
		.no_csrf = true,
		.run = RUN_WAIT},
	{.name = "page", .path = "/page", .handler = page, .run = RUN_READ},
	{.name = "file", .path = "/file", .handler = file},
	{.name = "large", .path = "/large", .handler = large},
	{.name = "letters", .path = "/letters/:n", .handler = letters},
	{.name = "hold", .path = "/hold/:ms", .handler = slow}, // in the listener
	{.name = "slow", .path = "/slow/:ms", .handler = slow, .run = RUN_WAIT},
	{.name = "write",
		.method = POST,
		.path = "/write/:ms",
		.handler = slow,
		.run = RUN_WAIT,
		.no_csrf = true},
	{.name = "hash",
		.method = POST,
		.path = "/hash/:ms",
		.handler = slow,
		.run = RUN_HASH,
		.no_csrf = true},
	{.name = "await", .path = "/await/:ms", .handler = await, .run = RUN_READ},
	{.name = "impatient", .path = "/impatient", .handler = impatient, .run = RUN_READ},
	{.name = "memory",
		.path = "/memory",
		.kept = remembers,
		.handler = made_anew,
		.run = RUN_KEPT},
	{.name = "fails", .path = "/fails", .handler = fails},
	{.name = "broken", .path = "/broken/:x", .handler = fails},
	{.name = "silent", .path = "/silent", .handler = silent},
	{.name = "cookies", .path = "/cookies", .handler = cookies},
	{.name = "shared", .path = "/shared", .handler = shared},
	{.name = "consent", .path = "/consent", .handler = consent},
	{.name = "empty", .path = "/empty", .handler = empty},
	{.name = "replaced", .path = "/replaced", .handler = replaced},
	{.name = "leave", .path = "/leave", .handler = leave},
	{.name = "me", .path = "/me", .handler = who, .who = WHO_SIGNED_IN},
	{.name = "admin", .path = "/admin", .handler = who, .who = WHO_ADMIN},
	{.name = "metrics", .path = "/metrics", .handler = hello, .who = WHO_LOOPBACK},
	{.name = "upload",
		.method = POST,
		.path = "/upload",
		.handler = form,
		.body = BODY_FORM,
		.who = WHO_SIGNED_IN,
		.max_body = 1 << 20,
		.max_files = 1,
		.no_csrf = true},
	{0},
};
static const struct route rows_with_tokens[] = {
	{.name = "any", .method = POST, .path = "/any", .handler = form, .body = BODY_ANY},
	{0},
};
static const struct route_group pages = {
	.name = "pages", .known = known, .identify = identify, .on_error = on_error};
static const struct route_group programs = {.name = "programs", .prefix = "/api", .tokens = true};
static const struct route_table tables[] = {{&pages, rows}, {&programs, rows_with_tokens}};

static const struct asset assets[] = {
	{"/assets/style-1.css", "text/css", STR_INIT("plain css"), STR_INIT("gzip css"),
		STR_INIT("brotli css")},
};

struct http_config site_config(struct site *site)
{
	*site = (struct site){.mem = arena_new(4096)};
	strcpy(site->directory, "/tmp/http-site-XXXXXX");
	must(mkdtemp(site->directory) != NULL);
	return (struct http_config){
		.listen = S("127.0.0.1:0"),
		.url = S("http://site.test"),
		.tables = tables,
		.n_tables = COUNT(tables),
		.assets = assets,
		.n_assets = COUNT(assets),
		.temporary = str_from(site->directory),
		.secret = {1, 2, 3},
		.session_cookie = "session",
		.slow = MS_MINUTE,
		.limits = {.listeners = 2},
	};
}

void site_open(struct site *site, const struct http_config *config)
{
	char why[HTTP_WHY];
	if (http_open(config, &site->http, why) != OK) {
		fprintf(stderr, "%s\n", why);
		abort();
	}
	must(http_serve(site->http) == OK);
	site->port = http_port(site->http);
}

bool site_close(struct site *site, ms deadline)
{
	bool in_time = http_stop(site->http, deadline);
	http_free(site->http);
	// Nothing may be left behind: uploads have no names.
	must(rmdir(site->directory) == 0);
	arena_free(site->mem);
	return in_time;
}
