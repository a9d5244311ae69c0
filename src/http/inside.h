// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: the server's state, a connection, and an exchange (one request and its answer).
// Who owns what: the listener owns a connection always, and an exchange except while it is parked.
// A parked exchange belongs to the worker that runs it (or to the table of those that wait) and
// knows its connection only by number, so neither can outlive the other by accident.
#pragma once

#include "crypto/crypto.h"
#include "http/arrival.h"
#include "http/http.h"
#include "http/limits.h"
#include "http/multipart.h"
#include "http/parse.h"
#include "http/routes.h"
#include "http/shared.h"

#include <stdatomic.h>

// In the structs below `lock` guards all members that stand after it.

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

enum answer_kind {
	ANSWER_NONE,
	ANSWER_BODY,
	ANSWER_SHARED,
	ANSWER_FD,
	ANSWER_EMPTY,
	ANSWER_UNCHANGED, // 304
	ANSWER_AWAIT
};

struct answer {
	enum answer_kind kind;
	int status;
	str type, body;
	struct shared_bytes *plain, *gzip;
	int fd;
	int64_t size;
	pairs headers;
	LIST(str) cookies;
	enum http_cache cache;
	int64_t cache_seconds;
	bool immutable;
	str etag, form_action;
	job_id job;
	ms deadline; // clock_steady
	err (*next)(struct request *);
};

// What an exchange does next, one function each (flow.c); it only moves forward.
enum stage {
	STAGE_IDENTIFY,
	STAGE_ADMIT, // who, may, limits, CSRF as far as headers tell
	STAGE_BODY,  // the listener reads the body
	STAGE_RUN,
	STAGE_NEXT,    // what answer_await named
	STAGE_OPTIONS, // instead of all these: what may be asked here
	STAGE_ANSWER,
	STAGES
};

struct intake; // body.c: a body on its way in

struct exchange {
	struct request req; // first: what handlers see
	struct ctx ctx;
	struct http *http;
	struct arena *mem;
	enum stage stage;
	err refusal; // found before the route could run; on_error answers it
	struct route_match match;
	const struct route_group *group; // whose rules and errors
	pairs headers, cookies, query, form;
	bool cookies_read, query_read;
	LIST(struct req_file) files;
	str body;
	bool is_json, has_body, expects_continue, identified, no_connection, close_after;
	bool lent;           // mem belongs to the response that leaves
	int64_t body_length; // -1 unknown
	int64_t refused_at;  // so many bytes of the body were in
	struct address client;
	bool loopback;
	int64_t began_us;
	struct intake *intake;
	struct disk_claim claim; // of the files it brings
	struct answer answer;
	str guest; // token of the guest cookie set by this answer
	double rate_left;
	ms rate_wait;
	uint64_t number;       // of the connection, while parked
	struct exchange *next; // in a queue
	int64_t round;         // of a lane whose addresses take turns
};

enum phase {
	PHASE_FRESH,   // connected, nothing read yet
	PHASE_IDLE,    // kept alive
	PHASE_HEADERS, // request line seen
	PHASE_BODY,
	PHASE_BUSY, // ours to finish
	PHASE_SENDING
};

struct conn {
	struct http *http;
	struct conn *older, *newer; // all connections; under guard.lock
	int fd;
	struct address peer;
	bool trusted, counted;
	_Atomic int phase;
	_Atomic int64_t since;    // clock_steady of the phase's begin
	_Atomic int64_t progress; // bytes of the body in, or of the answer's size
	_Atomic int64_t moved;    // clock_steady of the phase's begin or the body's last bytes
	// The sweep's own: the body it watches, by its `since`, and where its present span began.
	ms span_of, span_at;
	int64_t span_bytes;
	char *uri;
	ptrdiff_t n_uri, cap_uri;
	struct arrival arrival;
	const char *target;  // where it stood in libmicrohttpd's memory; for framing.c's distances
	struct exchange *ex; // NULL while parked, and between requests
	bool parked, answered, lingers;
	struct MHD_Response *asset; // to be sent when the request is complete
	struct MHD_Connection *mhd; // only while parked
};

// Connections: their number, their address, their clocks.
struct guard {
	struct lock lock;
	struct conn *newest;
	int n;
	struct map per_address; // address key -> connections
	struct map parked;      // number -> struct conn *
	uint64_t last_number;
	LIST(struct lingering {
		int fd;
		ms until;
	})
	lingering;
};

// Workers by what they wait for: when all of one lane wait, the others go on.
enum lane_kind { LANE_READ, LANE_WRITE, LANE_HASH, LANE_WATCH, LANES };
struct lane {
	struct http *http;
	struct waker wake;
	struct exchange *first, *last;
	int queued, waiting, busy;
	int n, most; // threads
	int room;    // longest queue
	bool in_turns;
	int64_t round;
	ms patience;
	ms moved;    // when one was done last, or began to run alone
	double each; // how long one takes, ms
	pthread_t *threads;
};
struct crew {
	struct lock lock;
	struct waker idle;
	struct lane lanes[LANES];
	bool stop;
};

#define ENDED_JOBS 1024
struct awaiting {
	struct lock lock;
	struct waker wake; // the timer
	struct exchange *first;
	int64_t ended[ENDED_JOBS]; // jobs that ended lately, before anyone waited
	unsigned n_ended;
	bool stop;
};

#define ARENAS_KEPT 8
struct arenas {
	struct lock lock;
	struct arena *free[ARENAS_KEPT];
	int n;
};

#define LATENCY_BUCKETS 12
struct counters {
	_Atomic int64_t (*by_route)[6]; // row -> class 1xx…5xx; the last row: no route
	_Atomic int64_t latency[LATENCY_BUCKETS + 1], latency_us, requests;
	_Atomic int64_t bytes_in, cut_off, limited, running, assets;
};

struct http {
	struct http_config config;
	struct http_limits limits;
	struct MHD_Daemon *daemon;
	int port, listen_fd;
	char url[80]; // where the configured one has port 0
	bool https;
	str csp; // NUL-terminated; ends with form-action, so that more of it can be appended
	struct digest csrf_key;
	struct routes *routes;
	struct network *trusted;
	ptrdiff_t n_trusted;
	struct strmap assets; // path -> struct served_asset *
	struct buckets *by_address, *by_account;
	struct deflators *deflators;
	struct guard guard;
	struct crew crew;
	struct awaiting awaiting;
	struct arenas arenas;
	struct counters counters;
	pthread_t timer;
	_Atomic int64_t last_request;
	_Atomic int64_t small_held; // bytes of small files on their way out
	_Atomic int lent;           // arenas that answers leave from
	_Atomic bool stopping;
	_Atomic bool draining;
};

static inline struct exchange *exchange_of(struct request *req)
{
	return (struct exchange *)(void *)req;
}

// exchange.c: from a connection's headers to an exchange, and its end
struct exchange *exchange_new(struct http *);
void exchange_drop_files(struct exchange *);
void exchange_free(struct exchange *); // gives back files, shared bytes, arena unless it is lent
void arena_give(struct http *, struct arena *); // back to the pool, or freed
// flow.c: runs stages until something else is needed
enum flow {
	FLOW_ON,     // the stage that ex->stage names now, at once; exchange_advance never says it
	FLOW_ANSWER, // ex->answer is to be sent
	FLOW_WORKER,
	FLOW_BODY,
	FLOW_AWAIT
};
enum flow exchange_advance(struct exchange *);
void exchange_refuse(struct exchange *, err); // asks on_error for the answer
void answer_drop(struct exchange *);          // takes an answer back, with its headers

// body.c
void intake_start(struct exchange *);
// An error is final: nothing more is to be fed.
err intake_feed(struct exchange *, str bytes) CHECKED;
err intake_finish(struct exchange *) CHECKED;

// crew.c
void crew_prepare(struct http *); // a worker begins when there is work
// False when there is no room or nothing moves: then the exchange knows what to say.
bool crew_add(struct http *, struct exchange *);
void exchange_begin_wait(struct exchange *); // from now on its deadline counts
void crew_stop(struct http *);               // joins the workers
bool crew_drain(struct http *, ms deadline); // waits until nothing is queued or running
void await_add(struct http *, struct exchange *);
void await_stop(struct http *); // ends the timer; what still waits goes to the workers
void *timer_main(void *http);

// drain.c
void nap(ms time);

// lane.c, under the crew's lock
ms lane_wait(const struct lane *, ms now); // how long a newcomer would wait, about
// False when there is no room; an exchange that another one displaced is to be refused too.
bool lane_add(struct lane *, struct exchange *, ms now, struct exchange **displaced);
struct exchange *lane_take(struct lane *);
void lane_done(struct lane *, ms now, ms spent);

// guard.c
bool guard_admits(struct http *, struct address);
void guard_open(struct conn *);
void guard_close(struct conn *);
void guard_phase(struct conn *, enum phase, ms now);
void guard_park(struct conn *, struct exchange *, struct MHD_Connection *);
// Gives a parked exchange back to its connection and resumes it; frees it when there is none.
void guard_return(struct http *, struct exchange *);
void guard_abandon(struct http *);     // resumes all parked connections without an exchange
ms guard_sweep(struct http *, ms now); // cuts off who is too slow; when to come again
void guard_linger(struct conn
		*); // as it closes:      // reads on for a while after the answer, so it arrives
int guard_connections(struct http *, int phases[6]);

// send.c
struct MHD_Response *response_for(struct exchange *, int *status);
void response_assets(struct http *);
void response_assets_free(struct http *);
// The ready-made response for an asset; NULL when the path is none.
struct MHD_Response *response_asset(struct http *, str path, str accept_encoding);
bool response_queue(struct MHD_Connection *, int status, struct MHD_Response *);
struct MHD_Response *response_plain(int status, bool close);

// csrf.c
void csrf_start(struct http *); // makes the key
err csrf_check_headers(struct exchange *) CHECKED;
err csrf_check_token(struct exchange *) CHECKED;

// metrics.c
void count_answer(struct exchange *, int status);
void log_answer(struct exchange *, int status);

// cookie names as they go over the wire
str cookie_wire_name(struct exchange *, const char *name);
