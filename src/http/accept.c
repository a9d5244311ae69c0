// SPDX-License-Identifier: AGPL-3.0-or-later
//
// libmicrohttpd's callbacks: a connection comes and goes, a request line, a request with its body.
// The surprising thing: the access callback is called many times for one request (headers, pieces of
// the body, its end, and again after a suspension); conn->ex says how far we are.
#include "http/accept.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// A refused body up to this size is read away, so that the answer surely arrives and the connection
// lives on; beyond it the answer goes out at once and the connection ends.
#define READ_AWAY (256 << 10)
#define URI_KEPT 512

static void as_listener(void)
{
	if (thread_kind() != THREAD_LISTENER)
		thread_is(THREAD_LISTENER, "listener");
}

static bool peer_address(const struct sockaddr *sa, struct address *out)
{
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof in);
		*out = (struct address){.b = {[10] = 0xff, [11] = 0xff}};
		memcpy(out->b + 12, &in.sin_addr, 4);
		return true;
	}
	if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, sa, sizeof in);
		memcpy(out->b, &in.sin6_addr, 16);
		return true;
	}
	return false;
}

static bool is_trusted(const struct http *http, struct address a)
{
	for (ptrdiff_t i = 0; i < http->n_trusted; i++)
		if (network_has(&http->trusted[i], a))
			return true;
	return false;
}

enum MHD_Result on_policy(void *cls, const struct sockaddr *sa, socklen_t n)
{
	struct http *http = cls;
	struct address peer = {0};
	(void)n;
	as_listener();
	if (!peer_address(sa, &peer))
		return MHD_NO;
	return is_trusted(http, peer) || guard_admits(http, peer) ? MHD_YES : MHD_NO;
}

static void opened(struct http *http, struct MHD_Connection *mhd, void **context)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct conn *conn = mem_new(1, (ptrdiff_t)sizeof *conn);
	conn->http = http;
	must(info && peer_address(info->client_addr, &conn->peer));
	conn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	conn->trusted = is_trusted(http, conn->peer);
	guard_phase(conn, PHASE_FRESH, clock_steady());
	guard_open(conn);
	arrival_watch(&conn->arrival, conn->fd);
	*context = conn;
}

void on_connection(void *cls, struct MHD_Connection *mhd, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	as_listener();
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		opened(cls, mhd, context);
		return;
	}
	struct conn *conn = *context;
	arrival_forget(conn->fd);
	guard_close(conn);
	if (conn->lingers)
		guard_linger(conn);
	exchange_free(conn->ex);
	mem_free(conn->uri);
	mem_free(conn);
	*context = NULL;
}

static struct conn *conn_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

// Parameters are read from our own copy (parse.c). The library would make a list of them in the connection's
// memory, and where that is not enough for it there is none left for an answer: the client waits for nothing.
// So it finds an empty query; it writes into these bytes itself, next.
static void hide_query(const char *uri)
{
	char *query = strchr(uri, '?');
	if (query)
		query[1] = '\0';
}

// The request target as it came: libmicrohttpd takes it apart in place afterwards.
void *on_uri(void *cls, const char *uri, struct MHD_Connection *mhd)
{
	struct conn *conn = conn_of(mhd);
	ptrdiff_t n = (ptrdiff_t)strlen(uri);
	(void)cls;
	if (!conn->uri || n > conn->cap_uri || conn->cap_uri > URI_KEPT) {
		mem_free(conn->uri);
		conn->cap_uri = MAX(n, 128);
		conn->uri = mem_new(conn->cap_uri, 1);
	}
	memcpy(conn->uri, uri, (size_t)n);
	conn->n_uri = n;
	conn->target = uri;
	hide_query(uri);
	// Until we are asked, a refusal is libmicrohttpd's own; it closes without reading the rest.
	conn->lingers = true;
	guard_phase(conn, PHASE_HEADERS, clock_steady());
	return conn;
}

void on_completed(
	void *cls, struct MHD_Connection *mhd, void **request, enum MHD_RequestTerminationCode code)
{
	struct http *http = cls;
	struct conn *conn = *request;
	(void)mhd;
	(void)code;
	if (!conn)
		return;
	struct exchange *ex = conn->ex;
	conn->ex = NULL;
	conn->asset = NULL;
	conn->answered = conn->parked = false;
	arrival_next(&conn->arrival);
	guard_phase(conn, PHASE_IDLE, clock_steady());
	if (!ex)
		return;
	bool keep = http->config.partial_raw_is_kept && ex->stage == STAGE_BODY && ex->intake &&
		    ex->req.route->body == BODY_RAW && ex->refusal == OK && ex->files.n &&
		    ex->files.at[0].size > 0;
	ex->no_connection = true;
	if (keep && intake_finish(ex) == OK) {
		ex->stage = STAGE_RUN;
		exchange_begin_wait(ex);
		if (crew_add(http, ex))
			return;
	}
	exchange_free(ex);
}

// The answer leaves. Early: before the body was read.
static enum MHD_Result send_answer(
	struct conn *conn, struct MHD_Connection *mhd, struct exchange *ex, bool early)
{
	int status = 0;
	ex->close_after |= early ||
			   atomic_load_explicit(&conn->http->stopping, memory_order_relaxed) ||
			   http_is_draining(conn->http);
	struct MHD_Response *r = response_for(ex, &status);
	int64_t size = ex->answer.kind == ANSWER_FD ? ex->answer.size : ex->answer.body.n;
	count_answer(ex, status);
	log_answer(ex, status);
	conn->ex = NULL;
	conn->answered = true;
	exchange_free(ex);
	guard_phase(conn, PHASE_SENDING, clock_steady());
	atomic_store_explicit(&conn->progress, size, memory_order_relaxed);
	conn->lingers = early;
	return response_queue(mhd, status, r) ? MHD_YES : MHD_NO;
}

static enum MHD_Result hand_over(
	struct conn *conn, struct MHD_Connection *mhd, struct exchange *ex, enum flow flow)
{
	struct http *http = conn->http;
	guard_park(conn, ex, mhd);
	if (flow == FLOW_AWAIT) {
		await_add(http, ex);
	} else if (!crew_add(http, ex)) {
		exchange_refuse(ex, ERR_UNAVAILABLE);
		guard_return(http, ex);
	}
	return MHD_YES;
}

// Headers are through and the route may run once the body is here; or it was refused.
static enum MHD_Result before_body(
	struct conn *conn, struct MHD_Connection *mhd, struct exchange *ex, bool refused)
{
	conn->ex = ex;
	if (!refused) {
		intake_start(ex);
		if (ex->refusal != OK) {
			exchange_refuse(ex, ex->refusal);
			refused = true;
		}
	}
	bool read_away =
		!ex->expects_continue && ex->body_length >= 0 && ex->body_length <= READ_AWAY;
	if (refused && !read_away)
		return send_answer(conn, mhd, ex, true);
	guard_phase(conn, PHASE_BODY, clock_steady());
	return MHD_YES;
}

static enum MHD_Result go(
	struct conn *conn, struct MHD_Connection *mhd, struct exchange *ex, bool body_unread)
{
	exchange_begin_wait(ex);
	enum flow flow = exchange_advance(ex);
	if (flow == FLOW_BODY)
		return before_body(conn, mhd, ex, false);
	if (flow == FLOW_ANSWER)
		return body_unread ? before_body(conn, mhd, ex, true)
				   : send_answer(conn, mhd, ex, false);
	return hand_over(conn, mhd, ex, flow);
}

// An answer past libmicrohttpd, which will only close the connection.
static void last_word(struct conn *conn, struct exchange *ex)
{
	int status = ex->answer.status;
	str answer = str_fmt(ex->mem,
		"HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Length: %zu\r\nConnection: close\r\n\r\n%s\n",
		status, err_slug(ex->refusal), strlen(err_slug(ex->refusal)) + 1,
		err_slug(ex->refusal));
	// A client that does not even make room for this does without.
	(void)!send(conn->fd, answer.p, (size_t)answer.n, MSG_NOSIGNAL | MSG_DONTWAIT);
	count_answer(ex, status);
	log_answer(ex, status);
	conn->lingers = true;
}

static enum MHD_Result body_piece(struct conn *conn, const char *bytes, size_t *n)
{
	struct exchange *ex = conn->ex;
	int64_t size = (int64_t)*n;
	*n = 0;
	int64_t progress =
		atomic_fetch_add_explicit(&conn->progress, size, memory_order_relaxed) + size;
	atomic_store_explicit(&conn->moved, clock_steady(), memory_order_relaxed);
	atomic_fetch_add_explicit(&conn->http->counters.bytes_in, size, memory_order_relaxed);
	if (ex->stage == STAGE_BODY && ex->refusal == OK) {
		err failed = intake_feed(ex, (str){bytes, (ptrdiff_t)size});
		if (failed != OK) {
			exchange_refuse(ex, failed);
			ex->refused_at = progress;
		}
	}
	// libmicrohttpd takes no answer amid a body. One of known length is read away (it is no longer
	// than its route allows); of one that may never end, some more.
	bool endless = ex->body_length < 0 && progress > ex->refused_at + READ_AWAY;
	if (ex->stage != STAGE_ANSWER || !endless)
		return MHD_YES;
	last_word(conn, ex);
	return MHD_NO;
}

// The request is complete, with or without a body.
static enum MHD_Result request_end(struct conn *conn, struct MHD_Connection *mhd)
{
	struct exchange *ex = conn->ex;
	if (ex->stage == STAGE_BODY) {
		err failed = intake_finish(ex);
		if (failed != OK)
			exchange_refuse(ex, failed);
		else
			ex->stage = STAGE_RUN;
	}
	if (ex->has_body)
		guard_phase(conn, PHASE_BUSY, clock_steady());
	return go(conn, mhd, ex, false);
}

// Called again after a suspension: the answer is there, or the body is to be read, or the server is
// stopping and nobody will answer.
static enum MHD_Result resumed(struct conn *conn, struct MHD_Connection *mhd)
{
	struct exchange *ex = conn->ex;
	conn->parked = false;
	if (!ex) {
		conn->answered = true;
		guard_phase(conn, PHASE_SENDING, clock_steady());
		return response_queue(mhd, 503, response_plain(503, true)) ? MHD_YES : MHD_NO;
	}
	if (ex->stage == STAGE_BODY)
		return before_body(conn, mhd, ex, false);
	// Parked before its body was read: identifying it needed a worker, and refused it.
	if (ex->has_body && !ex->intake)
		return before_body(conn, mhd, ex, true);
	return send_answer(conn, mhd, ex, false);
}

static struct MHD_Response *find_asset(
	struct conn *conn, struct MHD_Connection *mhd, const char *method)
{
	str path = {conn->uri, conn->n_uri};
	if (!conn->http->assets.n || (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0))
		return NULL;
	const char *coding = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, "Accept-Encoding");
	return response_asset(conn->http, str_cut(&path, '?'), str_from(coding));
}

static enum MHD_Result send_asset(struct conn *conn, struct MHD_Connection *mhd)
{
	atomic_fetch_add_explicit(&conn->http->counters.assets, 1, memory_order_relaxed);
	guard_phase(conn, PHASE_SENDING, clock_steady());
	conn->answered = true;
	return MHD_queue_response(mhd, 200, conn->asset);
}

// The headers are here. What is answered now ends the connection, so only what has a body that we
// will not read is; the rest waits for the call that says the request is complete.
static enum MHD_Result first_call(
	struct conn *conn, struct MHD_Connection *mhd, const char *method, const char *version)
{
	struct framing framing;
	conn->lingers = false;
	err framed = framing_read(conn, mhd, method, version, &framing);
	bool has_body = framed == OK && (framing.chunked || framing.length > 0);
	if (framed == OK)
		conn->asset = find_asset(conn, mhd, method);
	if (conn->asset && has_body) { // nobody is there to read it
		conn->asset = NULL;
		framed = ERR_BAD_REQUEST;
	}
	if (conn->asset)
		return MHD_YES;
	conn->ex = exchange_new(conn->http);
	exchange_read(conn->ex, conn, mhd, method, framed == OK ? &framing : NULL);
	return conn->ex->has_body ? go(conn, mhd, conn->ex, true) : MHD_YES;
}

enum MHD_Result on_access(void *cls, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *upload, size_t *n, void **request)
{
	struct conn *conn = *request;
	(void)cls;
	(void)url;
	if (conn->answered) {
		*n = 0;
		return MHD_YES;
	}
	if (conn->parked)
		return resumed(conn, mhd);
	if (conn->asset)
		return send_asset(conn, mhd);
	if (!conn->ex)
		return first_call(conn, mhd, method, version);
	return *n ? body_piece(conn, upload, n) : request_end(conn, mhd);
}
