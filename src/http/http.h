// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The web server: listens, finds the route, reads forms and files within limits, runs the handler in
// the right kind of thread, sends the answer. Who is asking and whether they may is asked of the route's
// group. Nothing else in the house includes libmicrohttpd or libdeflate.
//
// Every value handed out is valid UTF-8 without NUL (otherwise the request was refused with 400)
// and lives as long as ctx->mem. A handler never holds a connection: a client that hangs up frees
// nothing it uses.
#pragma once

#include "base/base.h"
#include "crypto/crypto.h"
#include "disk/disk.h"

struct request;

enum http_method { GET, POST, PUT, PATCH, DELETE_, HEAD_, OPTIONS_, HTTP_METHODS };
enum http_who {
	WHO_ANYONE,
	WHO_SIGNED_IN, // else ERR_SIGN_IN
	WHO_MODERATOR, // else ERR_SIGN_IN or ERR_FORBIDDEN
	WHO_ADMIN,
	WHO_LOOPBACK // the client's address is this machine's, and no proxy stands between
};
enum http_run {
	RUN_MEMORY, // in the listener thread: memory only
	RUN_KEPT, // what is kept, from memory in the listener thread (the row's `kept`); else as RUN_READ
	RUN_READ, // in the listener thread on SQLite, in a worker when config.reads_wait
	RUN_WAIT, // in a worker: may wait for the database
	RUN_HASH, // in one of the few workers that may hash passwords; addresses take turns
	RUN_WATCH // in a worker kept for it, whatever all others wait for: how the server is
};
enum http_body {
	BODY_NONE, // a body is refused with 413
	BODY_FORM, // application/x-www-form-urlencoded or multipart/form-data
	BODY_JSON, // in memory: req_body
	BODY_RAW,  // any type, streamed into a temporary file: req_body_file
	BODY_ANY   // form, multipart or JSON, as the client likes (APIs)
};

// One row of the route table. GET rows answer HEAD too. A path consists of literal segments and
// `:name` segments (one whole, non-empty segment each): "/note/:id/likes"; a literal wins over a
// name. Nothing but the exact path matches: no trailing slash, no "//", no dot segments, no encoded
// slash. Rows that match the same requests are refused at start.
struct route {
	const char *name; // for `qiao routes`, log and metrics
	enum http_method method;
	const char *path;
	err (*handler)(struct request *);
	// GET with RUN_KEPT: asked right before the handler; true when it answered. Memory only. What it
	// leaves in req->kept is there for the handler.
	bool (*kept)(struct request *);
	enum http_who who;
	enum http_run run;
	enum http_body body;
	int64_t max_body;  // bytes; 0: 64 KiB
	int max_files;     // parts with a file name; 0: none
	int cost;          // rate-limit tokens; 0: one; below 0: none
	bool begins;       // WHO_SIGNED_IN, but a stranger's form is read before ERR_SIGN_IN
	bool no_csrf;      // an unsafe method that proves itself otherwise
	const char *scope; // for the group's `may`
};

// Whose scripts may call a group's routes and read their answers, from pages of other origins.
struct cors {
	const char *const *origins; // "https://app.example", NULL ends them; NULL: every origin
	const char *headers;        // that a request may have: "Authorization, Content-Type"
	const char *exposed; // of an answer, for the script to read: "Link, X-RateLimit-Remaining"
	int max_age;         // s: for so long a browser need not ask again (OPTIONS)
};

// How routes are asked and answered: pages with cookies and HTML, an API with tokens and JSON. All
// functions may be NULL.
struct route_group {
	const char *name;
	// What no row matches is answered by the group with the longest prefix ("/api") that the path lies
	// under, and by the one without a prefix, which there must be, where it lies under none. A path that
	// has rows, but not for the method, is its rows' group's.
	const char *prefix;
	// Who asks says so by Authorization: Bearer. Then req_cookie finds nothing, so that nobody's browser
	// can be made to speak for them and no CSRF token is asked for; answers have X-RateLimit headers.
	bool tokens;
	const struct cors *cors; // NULL: pages of this origin only. Needs `tokens`.
	// Fills ctx->viewer (account 0: a stranger) as far as memory tells; false when identify is needed.
	bool (*known)(struct request *);
	// The same, reading the database. An error is answered through on_error.
	err (*identify)(struct request *);
	// The last word after the row's `who`: standing, scope.
	err (*may)(struct request *, const struct route *);
	// Answers for an error in the viewer's language (who it is may not have been asked: then the viewer
	// is a stranger). Runs in place: memory only. Without it a line of text says what it was.
	err (*on_error)(struct request *, err);
};
struct route_table {
	const struct route_group *group;
	const struct route *at; // an empty row ends them
};

// What a handler sees of a request.
struct request {
	struct ctx *ctx;
	const struct route *route; // NULL when nothing matched (on_error only)
	enum http_method method;   // GET for HEAD
	bool head;
	bool awaited; // the job of answer_await ended (false: its deadline passed first)
	str path;     // decoded
	str query;    // raw, without '?'
	void *kept; // left in ctx->mem: by the row's `kept` for its handler, by a handler for the one
		    // after answer_await
};

str req_param(struct request *, const char *name); // of the path, decoded; always there
// A decimal id in the path; ERR_NOT_FOUND when it is none.
err req_param_id(struct request *, const char *name, int64_t *out) CHECKED;
// First value of that name; p is NULL when absent.
str req_query(struct request *, const char *name);
str req_form(struct request *, const char *name);
// All values of that name, in order (arrays in the arena).
ptrdiff_t req_query_all(struct request *, const char *name, str **out);
ptrdiff_t req_form_all(struct request *, const char *name, str **out);
// The i-th field of the form whatever its name; false at the end.
bool req_form_at(struct request *, ptrdiff_t i, str *name, str *value);
str req_header(struct request *, const char *name);
str req_cookie(struct request *, const char *name);
str req_bearer(struct request *);   // token of Authorization: Bearer
str req_body(struct request *);     // BODY_JSON (and BODY_ANY when JSON came)
bool req_is_json(struct request *); // the body came as application/json
// An uploaded file, in a temporary file that has no name and vanishes with the request (dup the fd
// to keep it). The name is what the client said: a label, never a path.
struct req_file {
	int fd; // at its beginning
	int64_t size;
	str name;
	str type; // what the client said
	str field;
	bool complete; // false only for the rest of a broken BODY_RAW
};
// Files count against the disk's shares (disk/) by account or address, until the answer: ERR_FULL when
// there is no room, ERR_TOO_MANY when the sender has too much on its way, both before the first byte is read
// if the length was announced; ERR_FULL also later, when others were faster. A handler that awaits must have kept what it needs of them: they go then.
// The i-th file of that field (NULL: of any field).
bool req_file(struct request *, const char *field, ptrdiff_t i, struct req_file *out);
// The body of a BODY_RAW route. When the client vanished or stalled midway the handler still runs
// if config.partial_raw_is_kept, with complete = false: resumable uploads keep what arrived.
bool req_body_file(struct request *, struct req_file *out);
// The client's address as text, seen through trusted proxies.
str req_address(struct request *);
// Where whoever shares an address stands: IPv4 as it is, in whatever clothes it comes; of IPv6 the /64
// that one household or server has to itself.
str req_network(struct request *);
bool req_is_loopback(struct request *);
// Public origin as configured, without a slash at the end: "https://qiao.example.org".
str req_origin(struct request *);
// True when the request came from one of our scripts (HX-Request or X-Requested-With).
bool req_is_script(struct request *);
bool req_wants_json(struct request *); // Accept names it, or it goes by tokens
// A token for forms of this viewer, masked anew each time: hidden field `csrf` or header
// X-CSRF-Token. Sets the `guest` cookie for strangers. A missing or wrong token is ERR_FORBIDDEN with
// problem.field "csrf" (a constant of http/) before the handler runs.
str csrf_token(struct request *);
// A key that only this server makes and only for this browser: bound to its `guest` cookie, which is set
// where there is none.
struct digest req_guest_key(struct request *, str purpose);

// Answers. A handler gives exactly one and returns OK; returning an error drops it and has
// the group's on_error give one. Bodies are constants or lie in ctx->mem, and stay as they are until sent.
void answer_html(struct request *, int status, str body);
void answer_json(struct request *, int status, str body); // application/json; charset=utf-8
void answer_text(struct request *, int status, str body);
void answer_as(struct request *, int status, str type, str body);
void answer_empty(struct request *, int status);
// Where to go next: 303 after a form, 302 otherwise. Only an address of this site ("/…", not "//")
// unless _away.
void answer_redirect(struct request *, str address);
void answer_redirect_away(struct request *, int status, str address);
// A file: sent by the kernel, ranges and HEAD handled. Takes the fd over.
void answer_fd(struct request *, int fd, int64_t size, str type);

// Bytes that several answers share, counted atomically. For cached pages: no copy is made.
struct shared_bytes;
struct shared_bytes *shared_new(str bytes); // one reference, the caller's
struct shared_bytes *shared_ref(struct shared_bytes *);
void shared_drop(struct shared_bytes *); // NULL is fine
str shared_str(const struct shared_bytes *);
struct shared_bytes *shared_gzip(str bytes, int level); // level 1-9
// Takes its own references. `gzip` may be NULL; with it, clients that can are sent that.
void answer_shared(struct request *, int status, str type, struct shared_bytes *plain,
	struct shared_bytes *gzip);

// Additions to the answer, before or after it was given; an error drops them (cookies too).
void answer_header(struct request *, const char *name, str value);
enum cookie_flags {
	COOKIE_LAX = 0,
	COOKIE_STRICT = 1,
	COOKIE_SCRIPT = 2 /* readable by scripts */
};
// max_age in seconds; 0: until the browser closes; below 0: delete. Always Path=/, Secure when the
// public address is https (and then named __Host-…, transparently for req_cookie).
// Characters a cookie cannot hold are left out of the value.
void answer_cookie(struct request *, const char *name, str value, int64_t max_age, int flags);
// True when the client has this version already: then 304 was answered and the handler returns OK.
// The tag is any short ASCII text; quotes, commas, blanks are left out of it.
bool answer_etag(struct request *, str tag);
enum http_cache {
	CACHE_NONE,    // private, no-store (signed-in pages; the default)
	CACHE_PRIVATE, // private, no-cache: kept by the browser, asked each time (with an ETag)
	CACHE_PUBLIC   // public, max-age=seconds
};
void answer_cache(struct request *, enum http_cache, int64_t seconds);
void answer_immutable(struct request *); // public, a year, immutable
// Adds to form-action 'self' of the Content-Security-Policy (an origin: "https://app.example").
void answer_form_action(struct request *, str origin);

// Suspends the connection (no thread waits) until http_job_ended(job) or the deadline (ms from now,
// at most 60 s); then runs `next` in a worker with the same request. Counts as the answer.
void answer_await(struct request *, job_id job, ms deadline, err (*next)(struct request *));
// Suspends the connection for so long (at most 60 s; no thread waits), then goes on with `next` as above.
void answer_later(struct request *, ms wait, err (*next)(struct request *));
// Immutable files, compressed already; their addresses carry a hash of their content.
struct asset {
	const char *path; // "/assets/style-3f9c2a1b.css"
	const char *type;
	str plain, gzip, brotli; // gzip and brotli may be empty
};

struct http_limits {         // 0 takes the default
	int listeners;       // threads; 0: one per core
	int workers;         // threads, started when first needed; 16
	int connections;     // open at once; 10,000
	int per_address;     // connections of one address (/64 of IPv6), proxies exempt; 200
	int header_bytes;    // request line and headers together; 16 KiB
	int queue;           // requests waiting for a worker to read, to write; 1,024, then 503
	int hashers;         // workers for RUN_HASH; some more than crypto/ hashes at once
	int hash_queue;      // requests waiting for one of them; 32 for each hash at once, then 503
	ms patience;         // how long a request may wait for a worker and the database; 5 s
	ms header_time;      // from the first byte we can see to the end of the headers; 15 s
	ms idle_time;        // keep-alive; 60 s
	ms body_stall;       // a body that does not grow for so long ends the connection; 20 s
	int64_t body_rate;   // and each span of that length must bring so many bytes a second; 512
	ms send_time;        // an answer must leave within this plus 1 s a 4 KB; 60 s
	int lent;            // answers that leave from the memory they were written in; 64
	int64_t memory_body; // urlencoded and JSON bodies, and all fields of a multipart form; 1 MiB
	int form_fields;     // 200
	double rate_address, rate_account;   // tokens a second; 20 and 20
	double burst_address, burst_account; // 300 and 300
};

struct http_config {
	str listen; // "127.0.0.1:8080", "[::]:8080"; port 0 takes a free one, also in url
	str url;    // public origin: "https://qiao.example.org"
	const str *trusted_proxies; // addresses or networks ("10.0.0.0/8"), for X-Forwarded-For
	ptrdiff_t n_trusted_proxies;
	const struct route_table *tables;
	ptrdiff_t n_tables;
	const struct asset *assets;
	ptrdiff_t n_assets;
	struct house *house;        // becomes ctx->house
	str temporary;              // directory of uploads in progress
	struct disk *disk;          // where that is; NULL: no bound on files that arrive
	uint8_t secret[32];         // of this community; CSRF tokens are made from it
	const char *session_cookie; // the cookie CSRF tokens of signed-in people are bound to
	bool reads_wait;            // RUN_READ rows go to workers, which are divided (PostgreSQL)
	bool rate_limits;
	bool partial_raw_is_kept;
	bool log_requests; // one line each at LOG_INFO; otherwise only loud errors and slow ones
	ms slow;           // 0: 1 s
	struct http_limits limits;
	// Around every run of a handler, in its thread. May be NULL.
	void (*begin)(struct ctx *);
	void (*finish)(struct ctx *);
};

struct http;
#define HTTP_WHY 240
// Takes the port: who connects waits until http_serve. On an error a line for the operator is in `why`. The
// config's strings, tables and assets must live until http_free.
err http_open(const struct http_config *, struct http **out, char why[HTTP_WHY]) CHECKED;
int http_port(const struct http *);
// Begins the threads. On an error (the system refuses) nothing runs, and http_free is next.
err http_serve(struct http *) CHECKED;
// Resumes what awaits this job; called from any thread.
void http_job_ended(struct http *, job_id);
// Before http_stop, where a proxy chooses among several servers: for `time` ms serves on and says that it
// will end; then lets no connection begin, without cutting off any. 0: does nothing.
void http_drain(struct http *, ms time);
bool http_is_draining(const struct http *);
// Refuses new connections, finishes running requests; after `deadline` ms what
// still waits gets 503. True when all was finished in time.
// http_job_ended may be called until http_free.
bool http_stop(struct http *, ms deadline);
void http_free(struct http *);
// Counters as Prometheus text: requests by route and status class, latency, connections, workers.
void http_metrics(struct http *, struct sb *);
const char *http_method_name(enum http_method);
