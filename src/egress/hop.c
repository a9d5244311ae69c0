// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One request to one server, by a handle of libcurl of its own: nothing is kept for the next, no connection, no
// cookie, no answer of the DNS. The guard stands where curl makes the socket, with the very address that it
// will connect to: what a name resolved to a moment before does not matter.
#include "egress/inside.h"

#include <unistd.h>

#define HEADERS_MOST (64 << 10) // bytes of all headers of an answer

static bool is_direct(const struct hop *h)
{
	return !h->policy->proxy.n || policy_is_local(h->policy, h->target);
}

static curl_socket_t open_socket(void *arg, curlsocktype kind, struct curl_sockaddr *at)
{
	struct hop *h = arg;
	(void)kind;
	// Otherwise it is the proxy's, which the host named.
	if (is_direct(h) && !policy_is_local(h->policy, h->target)) {
		const char *why = address_refused(&at->addr);
		if (why) {
			h->why = why;
			h->refused = true;
			return CURL_SOCKET_BAD;
		}
	}
	return socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct hop *h = arg;
	if ((int64_t)(size * n) > h->bytes - h->body.n) {
		h->line.result = RESULT_TOO_LARGE;
		return CURL_WRITEFUNC_ERROR;
	}
	sb_add(&h->body, (str){bytes, (ptrdiff_t)(size * n)});
	return size * n;
}

static size_t take_header(char *bytes, size_t size, size_t n, void *arg)
{
	struct hop *h = arg;
	(void)bytes;
	h->header_bytes += (int64_t)(size * n);
	if (h->header_bytes <= HEADERS_MOST)
		return size * n;
	h->line.result = RESULT_TOO_LARGE;
	return 0;
}

static int count(CURL *easy, curl_infotype kind, char *bytes, size_t n, void *arg)
{
	struct hop *h = arg;
	(void)easy;
	(void)bytes;
	if (kind == CURLINFO_HEADER_OUT || kind == CURLINFO_DATA_OUT)
		h->line.sent += (int64_t)n;
	if (kind == CURLINFO_HEADER_IN || kind == CURLINFO_DATA_IN)
		h->line.received += (int64_t)n;
	return 0;
}

static int look_up(void *arg, curl_off_t to_get, curl_off_t got, curl_off_t to_put, curl_off_t put)
{
	const struct hop *h = arg;
	(void)to_get, (void)got, (void)to_put, (void)put;
	ms end_by = atomic_load(h->end_by);
	return end_by && clock_steady() >= end_by;
}

#define SET(option, value) must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static struct curl_slist *headers_of(struct arena *mem, const struct hop *h)
{
	// Those that curl would add of its own.
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	const struct egress_request *r = h->request;
	bool typed = false;
	for (ptrdiff_t i = 0; i < r->n_headers && !h->foreign; i++) {
		const struct egress_header *one = &r->headers[i];
		typed = typed || str_ieq(one->name, S("content-type"));
		str text = one->value.n ? str_fmt(mem, "%.*s: %.*s", STR_ARGS(one->name),
						  STR_ARGS(one->value))
					: str_fmt(mem, "%.*s;", STR_ARGS(one->name));
		list = curl_slist_append(list, str_z(mem, text));
		must(list);
	}
	if (!typed)
		list = curl_slist_append(list, "Content-Type:");
	must(list);
	return list;
}

// What the environment says (http_proxy, no_proxy) is meant for other programs.
static void set_way(CURL *easy, struct arena *mem, struct hop *h)
{
	SET(CURLOPT_CURLU, h->target->parts);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, is_direct(h) ? "" : str_z(mem, h->policy->proxy));
	SET(CURLOPT_NOPROXY, "");
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, h);
}

// No answer is inflated, so none can be larger than what came.
static void set_limits(CURL *easy, struct hop *h)
{
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long)h->time);
	SET(CURLOPT_QUICK_EXIT, 1L); // a DNS that hangs does not outlast the time
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, h);
	SET(CURLOPT_HEADERFUNCTION, take_header);
	SET(CURLOPT_HEADERDATA, h);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, look_up);
	SET(CURLOPT_XFERINFODATA, h);
	SET(CURLOPT_VERBOSE, 1L); // tells the function, nobody else
	SET(CURLOPT_DEBUGFUNCTION, count);
	SET(CURLOPT_DEBUGDATA, h);
}

static void set_request(CURL *easy, const struct hop *h, struct curl_slist *headers)
{
	SET(CURLOPT_USERAGENT, "Qiao/" PROGRAM_VERSION);
	SET(CURLOPT_HTTPHEADER, headers);
	if (h->request->method != EGRESS_POST)
		return;
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)h->request->body.n);
	SET(CURLOPT_POSTFIELDS, h->request->body.n ? h->request->body.p : "");
}

static enum result result_of(const struct hop *h, CURLcode code)
{
	if (h->line.result == RESULT_TOO_LARGE)
		return RESULT_TOO_LARGE;
	if (code == CURLE_OK)
		return h->line.status ? RESULT_ANSWERED : RESULT_FAILED;
	if (h->refused && code == CURLE_COULDNT_CONNECT)
		return RESULT_PRIVATE;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return RESULT_TIMEOUT;
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return RESULT_ENDING;
	bool tls = code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
		   code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_ISSUER_ERROR;
	return tls ? RESULT_CERTIFICATE : RESULT_FAILED;
}

static void take_answer(CURL *easy, struct arena *mem, struct hop *h)
{
	char *type = NULL, *location = NULL;
	curl_off_t wait = 0;
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
	curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait);
	h->type = str_copy(mem, str_from(type));
	if (!utf8_valid(h->type))
		h->type = (str){0};
	h->location = str_copy(mem, str_from(location));
	h->retry_after = MAX(MIN((ms)wait, 365 * MS_DAY / MS_SECOND), 0) * MS_SECOND;
}

void hop_run(struct arena *mem, struct hop *h)
{
	CURL *easy = curl_easy_init();
	must(easy);
	struct curl_slist *headers = headers_of(mem, h);
	ms began = clock_steady();
	long status = 0;
	h->line.result = RESULT_ANSWERED;
	set_way(easy, mem, h);
	set_limits(easy, h);
	set_request(easy, h, headers);
	CURLcode code = curl_easy_perform(easy);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	h->line.status = (int)status;
	h->line.result = result_of(h, code);
	if (h->line.result == RESULT_FAILED || h->line.result == RESULT_CERTIFICATE)
		h->why = code == CURLE_OK ? "no HTTP" : curl_easy_strerror(code);
	take_answer(easy, mem, h);
	h->line.took = clock_steady() - began;
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
}
