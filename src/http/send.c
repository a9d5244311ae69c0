// SPDX-License-Identifier: AGPL-3.0-or-later
//
// From an answer to libmicrohttpd's response: security headers on everything, caching, compression,
// ranges. Assets have their responses made once at start and are sent without any work.
#include "http/inside.h"

#include <microhttpd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COMPRESS_FROM 1024
// Up to here a file is read and leaves together with its headers: a third faster than sendfile, which
// pushes the headers, then the file in pieces. What slow clients may hold of memory that way is bounded.
#define SMALL_FILE (256 << 10)
#define SMALL_HELD (16 << 20)
// A large body leaves from the arena it was written in. Slow clients may hold only so many arenas
// (limits.lent); the bodies of others are copied, and take no more than their own size.
#define LENT_FROM (8 << 10)

// libmicrohttpd wants C strings and copies them.
static void header(struct MHD_Response *r, const char *name, const char *value)
{
	// It takes no empty values; a header that says nothing may as well be absent.
	if (*value)
		must(MHD_add_response_header(r, name, value) == MHD_YES);
}

static void header_str(struct exchange *ex, struct MHD_Response *r, const char *name, str value)
{
	header(r, name, str_z(ex->mem, value));
}

static const char permissions[] =
	"accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), "
	"magnetometer=(), microphone=(), payment=(), usb=()";

static void security_headers(const struct http *http, struct MHD_Response *r, const char *csp)
{
	header(r, "Content-Security-Policy", csp);
	header(r, "X-Content-Type-Options", "nosniff");
	header(r, "Referrer-Policy", "same-origin");
	header(r, "Cross-Origin-Opener-Policy", "same-origin");
	header(r, "Permissions-Policy", permissions);
	if (http->https)
		header(r, "Strict-Transport-Security", "max-age=31536000");
}

static bool compressible(str type)
{
	return str_starts(type, S("text/")) || str_starts(type, S("application/json")) ||
	       str_starts(type, S("application/javascript")) || str_find(type, S("+json")) > 0 ||
	       str_find(type, S("+xml")) > 0;
}

static void drop_shared(void *cls)
{
	shared_drop(cls);
}

// libmicrohttpd takes bytes without const, and does not write to them.
static void *bytes_of(str s)
{
	union {
		const char *in;
		void *out;
	} p = {.in = s.n ? s.p : ""};
	return p.out;
}

static struct MHD_Response *from_shared(struct shared_bytes *bytes) // takes the reference
{
	str s = shared_str(bytes);
	return MHD_create_response_from_buffer_with_free_callback_cls(
		(size_t)s.n, bytes_of(s), drop_shared, bytes);
}

static struct MHD_Response *from_copy(str body)
{
	return MHD_create_response_from_buffer(
		(size_t)body.n, bytes_of(body), MHD_RESPMEM_MUST_COPY);
}

struct lent {
	struct http *http;
	struct arena *mem;
};

static void lent_back(void *cls)
{
	struct lent lent = *(struct lent *)cls; // lies in the arena itself
	atomic_fetch_sub_explicit(&lent.http->lent, 1, memory_order_relaxed);
	arena_give(lent.http, lent.mem);
}

static struct MHD_Response *from_arena(struct exchange *ex, str body)
{
	struct http *http = ex->http;
	if (body.n < LENT_FROM ||
		atomic_load_explicit(&http->lent, memory_order_relaxed) >= http->limits.lent)
		return from_copy(body);
	struct lent *lent = NEW(ex->mem, struct lent);
	*lent = (struct lent){http, ex->mem};
	ex->lent = true;
	atomic_fetch_add_explicit(&http->lent, 1, memory_order_relaxed);
	return MHD_create_response_from_buffer_with_free_callback_cls(
		(size_t)body.n, bytes_of(body), lent_back, lent);
}

static struct MHD_Response *from_nothing(void)
{
	return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

static bool takes_gzip(struct exchange *ex)
{
	return accepts_coding(req_header(&ex->req, "accept-encoding"), S("gzip"));
}

static struct MHD_Response *body_response(struct exchange *ex)
{
	struct answer *a = &ex->answer;
	bool can = a->body.n >= COMPRESS_FROM && compressible(a->type);
	if (!can || !takes_gzip(ex)) {
		struct MHD_Response *r = from_arena(ex, a->body);
		if (can)
			header(r, "Vary", "Accept-Encoding");
		return r;
	}
	struct MHD_Response *r = from_shared(deflators_gzip(ex->http->deflators, a->body));
	header(r, "Content-Encoding", "gzip");
	header(r, "Vary", "Accept-Encoding");
	return r;
}

static struct MHD_Response *shared_response(struct exchange *ex)
{
	struct answer *a = &ex->answer;
	bool zip = a->gzip && takes_gzip(ex);
	struct MHD_Response *r = from_shared(zip ? a->gzip : a->plain);
	if (zip) {
		a->gzip = NULL;
		header(r, "Content-Encoding", "gzip");
	} else {
		a->plain = NULL;
	}
	if (a->gzip || zip)
		header(r, "Vary", "Accept-Encoding");
	return r;
}

struct small_file {
	struct http *http;
	int64_t n;
	char bytes[];
};

static void small_free(void *cls)
{
	struct small_file *f = cls;
	atomic_fetch_sub_explicit(&f->http->small_held, f->n, memory_order_relaxed);
	mem_free(f);
}

static bool read_all(int fd, char *p, int64_t n, int64_t from)
{
	for (ssize_t got; n > 0; p += got, n -= got, from += got)
		if ((got = pread(fd, p, (size_t)n, from)) <= 0)
			return false;
	return true;
}

// NULL: better sent by the kernel.
static struct MHD_Response *small_response(struct exchange *ex, int64_t from, int64_t n)
{
	struct http *http = ex->http;
	if (ex->req.head || n > SMALL_FILE ||
		atomic_load_explicit(&http->small_held, memory_order_relaxed) > SMALL_HELD)
		return NULL;
	struct small_file *f = mem_bytes((ptrdiff_t)sizeof *f + n);
	f->http = http;
	f->n = n;
	atomic_fetch_add_explicit(&http->small_held, n, memory_order_relaxed);
	if (!read_all(ex->answer.fd, f->bytes, n, from)) {
		small_free(f);
		return NULL;
	}
	close(ex->answer.fd);
	return MHD_create_response_from_buffer_with_free_callback_cls(
		(size_t)n, f->bytes, small_free, f);
}

static struct MHD_Response *fd_response(struct exchange *ex, int *status)
{
	struct answer *a = &ex->answer;
	int64_t from = 0, to = a->size - 1;
	bool none = false;
	str range = req_header(&ex->req, "range"), condition = req_header(&ex->req, "if-range");
	bool wanted = range.p && ex->req.method == GET &&
		      (!condition.p || (a->etag.n && !str_starts(condition, S("W/")) &&
					       etag_listed(condition, a->etag)));
	bool part = wanted && parse_range(range, a->size, &from, &to, &none);
	struct MHD_Response *r = NULL;
	if (part && none) {
		r = from_nothing();
		*status = 416;
		header_str(ex, r, "Content-Range",
			str_fmt(ex->mem, "bytes */%lld", (long long)a->size));
		return r;
	}
	if (!part) {
		from = 0;
		to = a->size - 1;
	}
	r = small_response(ex, from, to - from + 1);
	if (!r)
		r = MHD_create_response_from_fd_at_offset64(
			(uint64_t)(to - from + 1), a->fd, (uint64_t)from);
	must(r != NULL);
	a->fd = -1;
	header(r, "Accept-Ranges", "bytes");
	if (part) {
		*status = 206;
		header_str(ex, r, "Content-Range",
			str_fmt(ex->mem, "bytes %lld-%lld/%lld", (long long)from, (long long)to,
				(long long)a->size));
	}
	return r;
}

static void cache_headers(struct exchange *ex, struct MHD_Response *r)
{
	const struct answer *a = &ex->answer;
	// A cookie is for one person: never let a shared cache keep it.
	enum http_cache cache = a->cookies.n && a->cache == CACHE_PUBLIC ? CACHE_NONE : a->cache;
	switch (cache) {
	case CACHE_NONE:
		header(r, "Cache-Control", "private, no-store");
		break;
	case CACHE_PRIVATE:
		header(r, "Cache-Control", "private, no-cache");
		break;
	case CACHE_PUBLIC:
		header_str(ex, r, "Cache-Control",
			str_fmt(ex->mem, "public, max-age=%lld%s", (long long)a->cache_seconds,
				a->immutable ? ", immutable" : ""));
		break;
	}
	if (a->etag.n)
		header_str(ex, r, "ETag",
			str_fmt(ex->mem, a->kind == ANSWER_FD ? "\"%.*s\"" : "W/\"%.*s\"",
				STR_ARGS(a->etag)));
}

static void rate_headers(struct exchange *ex, struct MHD_Response *r)
{
	const struct http *http = ex->http;
	if (!http->by_address || !ex->group->tokens)
		return;
	bool account = ex->ctx.viewer.account.v != 0;
	double burst = account ? http->limits.burst_account : http->limits.burst_address;
	double rate = account ? http->limits.rate_account : http->limits.rate_address;
	char at[TIME_ISO_SIZE];
	time_iso(ex->ctx.now + (ms)((burst - ex->rate_left) * 1000 / rate), at);
	header_str(ex, r, "X-RateLimit-Limit", str_fmt(ex->mem, "%.0f", burst));
	header_str(ex, r, "X-RateLimit-Remaining",
		str_fmt(ex->mem, "%lld", (long long)MAX(ex->rate_left, 0)));
	header(r, "X-RateLimit-Reset", at);
}

static bool is_listed(const char *const *origins, str origin)
{
	while (*origins && !str_eq(str_from(*origins), origin))
		origins++;
	return *origins != NULL;
}

// On errors too: a script that cannot read why it was refused cannot say so.
static void cors_headers(struct exchange *ex, struct MHD_Response *r)
{
	const struct cors *cors = ex->group->cors;
	if (!cors)
		return;
	str origin = cors->origins ? req_header(&ex->req, "origin") : S("*");
	if (cors->origins)
		header(r, "Vary", "Origin");
	if (cors->origins && !(origin.p && is_listed(cors->origins, origin)))
		return;
	header_str(ex, r, "Access-Control-Allow-Origin", origin);
	if (cors->exposed)
		header(r, "Access-Control-Expose-Headers", cors->exposed);
}

static const char *policy(struct exchange *ex)
{
	const struct http *http = ex->http;
	if (!ex->answer.form_action.n)
		return http->csp.p;
	const str parts[] = {http->csp, S(" "), ex->answer.form_action};
	return str_z(ex->mem, str_join(ex->mem, parts, COUNT(parts), S("")));
}

struct MHD_Response *response_for(struct exchange *ex, int *status)
{
	struct answer *a = &ex->answer;
	struct MHD_Response *r = NULL;
	*status = a->status;
	switch (a->kind) {
	case ANSWER_BODY:
		r = body_response(ex);
		break;
	case ANSWER_SHARED:
		r = shared_response(ex);
		break;
	case ANSWER_FD:
		r = fd_response(ex, status);
		break;
	default:
		r = from_nothing();
	}
	must(r != NULL);
	if (a->type.n && *status != 416)
		header_str(ex, r, "Content-Type", a->type);
	security_headers(ex->http, r, policy(ex));
	cache_headers(ex, r);
	rate_headers(ex, r);
	cors_headers(ex, r);
	list_each (pair, &a->headers)
		header_str(ex, r, str_z(ex->mem, pair->name), pair->value);
	list_each (cookie, &a->cookies)
		header_str(ex, r, "Set-Cookie", *cookie);
	if (ex->close_after)
		header(r, "Connection", "close");
	return r;
}

struct MHD_Response *response_plain(int status, bool close)
{
	char line[64];
	int n = snprintf(
		line, sizeof line, "%d %s\n", status, MHD_get_reason_phrase_for((unsigned)status));
	struct MHD_Response *r = from_copy((str){line, n});
	header(r, "Content-Type", "text/plain; charset=utf-8");
	header(r, "Content-Security-Policy", "default-src 'none'");
	header(r, "X-Content-Type-Options", "nosniff");
	header(r, "Cache-Control", "private, no-store");
	if (close)
		header(r, "Connection", "close");
	return r;
}

bool response_queue(struct MHD_Connection *mhd, int status, struct MHD_Response *r)
{
	bool queued = MHD_queue_response(mhd, (unsigned)status, r) == MHD_YES;
	MHD_destroy_response(r);
	return queued;
}

struct served_asset {
	struct MHD_Response *plain, *gzip, *brotli;
};

static struct MHD_Response *asset_response(
	const struct http *http, const struct asset *asset, str bytes, const char *coding)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		(size_t)bytes.n, bytes_of(bytes), MHD_RESPMEM_PERSISTENT);
	must(r != NULL);
	header(r, "Content-Type", asset->type);
	header(r, "Cache-Control", "public, max-age=31536000, immutable");
	if (asset->gzip.n || asset->brotli.n)
		header(r, "Vary", "Accept-Encoding");
	if (coding)
		header(r, "Content-Encoding", coding);
	security_headers(http, r, http->csp.p);
	return r;
}

void response_assets(struct http *http)
{
	for (ptrdiff_t i = 0; i < http->config.n_assets; i++) {
		const struct asset *asset = &http->config.assets[i];
		struct served_asset *s = mem_new(1, (ptrdiff_t)sizeof *s);
		s->plain = asset_response(http, asset, asset->plain, NULL);
		if (asset->gzip.n)
			s->gzip = asset_response(http, asset, asset->gzip, "gzip");
		if (asset->brotli.n)
			s->brotli = asset_response(http, asset, asset->brotli, "br");
		strmap_put(&http->assets, str_from(asset->path), s);
	}
}

void response_assets_free(struct http *http)
{
	str key = {0};
	void *value = NULL;
	for (ptrdiff_t at = 0; strmap_next(&http->assets, &at, &key, &value);) {
		struct served_asset *s = value;
		MHD_destroy_response(s->plain);
		if (s->gzip)
			MHD_destroy_response(s->gzip);
		if (s->brotli)
			MHD_destroy_response(s->brotli);
		mem_free(s);
	}
	strmap_free(&http->assets);
}

struct MHD_Response *response_asset(struct http *http, str path, str accept_encoding)
{
	const struct served_asset *s = http->assets.n ? strmap_get(&http->assets, path) : NULL;
	if (!s)
		return NULL;
	if (s->brotli && accepts_coding(accept_encoding, S("br")))
		return s->brotli;
	if (s->gzip && accepts_coding(accept_encoding, S("gzip")))
		return s->gzip;
	return s->plain;
}
