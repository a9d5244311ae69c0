// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Forged requests. Three walls: cookies are SameSite, the browser's own word on where a request
// comes from (Origin, Sec-Fetch-Site), and a token made from the cookie. Tokens are masked by a
// random pad each time, so that compressed pages do not leak them (BREACH).
#include "http/inside.h"

#define GUEST_COOKIE "guest"

static struct digest tag_of(const struct http *http, str cookie)
{
	return crypto_mac(&http->csrf_key, cookie);
}

void csrf_start(struct http *http)
{
	http->csrf_key = crypto_hmac(http->config.secret, COUNT(http->config.secret), S("csrf"));
}

static str session_cookie(struct exchange *ex)
{
	const char *name = ex->http->config.session_cookie;
	return name ? req_cookie(&ex->req, name) : (str){0};
}

static str guest_cookie(struct exchange *ex)
{
	str cookie = req_cookie(&ex->req, GUEST_COOKIE);
	if (cookie.n)
		return cookie;
	if (!ex->guest.n) {
		ex->guest = token_new(ex->mem);
		answer_cookie(&ex->req, GUEST_COOKIE, ex->guest, 0, COOKIE_LAX);
	}
	return ex->guest;
}

struct digest req_guest_key(struct request *req, str purpose)
{
	struct exchange *ex = exchange_of(req);
	struct digest key = tag_of(ex->http, purpose);
	return crypto_mac(&key, guest_cookie(ex));
}

str csrf_token(struct request *req)
{
	struct exchange *ex = exchange_of(req);
	str cookie = session_cookie(ex);
	struct digest tag = tag_of(ex->http, cookie.n ? cookie : guest_cookie(ex));
	uint8_t masked[2 * SHA256_SIZE];
	crypto_random(masked, SHA256_SIZE);
	for (int i = 0; i < SHA256_SIZE; i++)
		masked[SHA256_SIZE + i] = masked[i] ^ tag.b[i];
	return base64url(ex->mem, masked, COUNT(masked));
}

static bool made_from(struct exchange *ex, str raw, str cookie)
{
	if (!cookie.n)
		return false;
	struct digest tag = tag_of(ex->http, cookie);
	uint8_t given[SHA256_SIZE];
	for (int i = 0; i < SHA256_SIZE; i++)
		given[i] = (uint8_t)(raw.p[i] ^ raw.p[SHA256_SIZE + i]);
	return crypto_equal(given, tag.b, SHA256_SIZE);
}

static bool is_exempt(struct exchange *ex)
{
	const struct route *route = ex->req.route;
	return !route || ex->req.method == GET || route->no_csrf || ex->group->tokens;
}

// The page may say more than "forbidden": the form is old, load it again.
static err refuse(struct exchange *ex)
{
	ex->ctx.problem = (struct problem){.field = "csrf"};
	return ERR_FORBIDDEN;
}

// A house that is not on the net yet calls itself localhost; the same machine by number is no stranger.
static bool is_own_origin(str url, str origin)
{
	static const str numbers[] = {STR_INIT("http://127.0.0.1"), STR_INIT("http://[::1]")};
	str name = S("http://localhost");
	if (str_ieq(origin, url))
		return true;
	for (ptrdiff_t i = 0; i < COUNT(numbers); i++)
		if (str_starts(url, name) && str_starts(origin, numbers[i]) &&
			str_eq(str_skip(url, name.n), str_skip(origin, numbers[i].n)))
			return true;
	return false;
}

err csrf_check_headers(struct exchange *ex)
{
	if (is_exempt(ex))
		return OK;
	str site = req_header(&ex->req, "sec-fetch-site");
	if (site.p && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
		return refuse(ex);
	str origin = req_header(&ex->req, "origin");
	if (origin.p && !is_own_origin(ex->http->config.url, origin))
		return refuse(ex);
	return OK;
}

err csrf_check_token(struct exchange *ex)
{
	if (is_exempt(ex))
		return OK;
	str token = req_header(&ex->req, "x-csrf-token");
	if (!token.n)
		token = req_form(&ex->req, "csrf");
	str raw = {0};
	if (!base64url_decode(ex->mem, token, &raw) || raw.n != 2 * SHA256_SIZE)
		return refuse(ex);
	// Who can plant a guest cookie knows its token: it speaks for nobody who is signed in.
	bool guest =
		!ex->ctx.viewer.account.v && made_from(ex, raw, req_cookie(&ex->req, GUEST_COOKIE));
	bool good = guest || made_from(ex, raw, session_cookie(ex));
	return good ? OK : refuse(ex);
}
