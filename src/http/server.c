// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Start and stop. Stopping is the delicate part: libmicrohttpd must not be stopped while a connection
// is suspended, and a worker must not hand back to a connection that is gone; so waits end first,
// then workers, then the rest is let go, and only then the daemon.
#include "http/accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static void defaults(struct http_limits *l)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
#define DEFAULT(field, value) l->field = l->field > 0 ? l->field : (value)
	DEFAULT(listeners, (int)MIN(MAX(cores, 1), 64));
	DEFAULT(workers, 16);
	DEFAULT(connections, 10000);
	DEFAULT(per_address, 200);
	DEFAULT(header_bytes, 16 << 10);
	DEFAULT(queue, 1024);
	// Some more than hash at once: the others read and write what belongs to it.
	DEFAULT(hashers, 2 * password_hashers() + 2);
	DEFAULT(hash_queue, 32 * password_hashers());
	DEFAULT(patience, 5 * MS_SECOND);
	DEFAULT(header_time, 15 * MS_SECOND);
	DEFAULT(idle_time, 60 * MS_SECOND);
	DEFAULT(body_stall, 20 * MS_SECOND);
	DEFAULT(body_rate, 512);
	DEFAULT(send_time, 60 * MS_SECOND);
	DEFAULT(lent, 64);
	DEFAULT(memory_body, 1 << 20);
	DEFAULT(form_fields, 200);
	DEFAULT(rate_address, 20);
	DEFAULT(rate_account, 20);
	DEFAULT(burst_address, 300);
	DEFAULT(burst_account, 300);
#undef DEFAULT
}

static err refuse(char why[HTTP_WHY], const char *what, str which, const char *because)
{
	snprintf(why, HTTP_WHY, "%s %.*s: %s", what, (int)MIN(which.n, 120), which.p, because);
	return ERR_INVALID;
}

// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"
static err split_listen(str listen, char host[256], char port[8])
{
	ptrdiff_t colon = listen.n - 1;
	while (colon >= 0 && listen.p[colon] != ':')
		colon--;
	str name = str_sub(listen, 0, MAX(colon, 0)), number = str_skip(listen, colon + 1);
	int64_t n = 0;
	if (colon < 0 || !str_int(number, &n) || n < 0 || n > 65535)
		return ERR_INVALID;
	if (name.n >= 2 && name.p[0] == '[' && name.p[name.n - 1] == ']')
		name = str_sub(name, 1, name.n - 1);
	if (!name.n || name.n > 255)
		return ERR_INVALID;
	snprintf(host, 256, "%.*s", STR_ARGS(name));
	snprintf(port, 8, "%d", (int)n);
	return OK;
}

static int bound_socket(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	int on = 1, off = 0;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (ai->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, 1024) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static err open_listen(struct http *http, char why[HTTP_WHY])
{
	char host[256], port[8];
	if (split_listen(http->config.listen, host, port) != OK)
		return refuse(why, "listen address", http->config.listen, "must be ADDRESS:PORT");
	struct addrinfo *ai = NULL, hints = {.ai_socktype = SOCK_STREAM,
					    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	int failed = getaddrinfo(host, port, &hints, &ai);
	if (failed)
		return refuse(why, "listen address", http->config.listen, gai_strerror(failed));
	http->listen_fd = bound_socket(ai);
	int number = errno;
	freeaddrinfo(ai);
	if (http->listen_fd < 0)
		return refuse(
			why, "cannot listen at", http->config.listen, strerrordesc_np(number));
	struct sockaddr_storage at;
	socklen_t n = sizeof at;
	must(getsockname(http->listen_fd, (struct sockaddr *)(void *)&at, &n) == 0);
	struct sockaddr_in in;
	memcpy(&in, &at, sizeof in); // the port stands at the same place in both families
	http->port = ntohs(in.sin_port);
	return OK;
}

static err read_url(struct http *http, char why[HTTP_WHY])
{
	str url = http->config.url, rest = url;
	http->https = str_starts(url, S("https://"));
	if (!http->https && !str_starts(url, S("http://")))
		return refuse(why, "public address", url, "must begin with https:// or http://");
	rest = str_skip(url, http->https ? 8 : 7);
	for (ptrdiff_t i = 0; i < rest.n; i++)
		if (rest.p[i] == '/' || rest.p[i] <= ' ' || rest.p[i] == '?' || rest.p[i] == '#' ||
			rest.p[i] == '@' || rest.p[i] == '"' || rest.p[i] == ';')
			rest.n = 0;
	if (!rest.n)
		return refuse(why, "public address", url, "must be an origin, without a path");
	return OK;
}

// A port that the system chose is known only now.
static void name_port(struct http *http)
{
	str url = http->config.url, any = S(":0");
	if (!str_ends(url, any) || url.n - any.n + 6 > (ptrdiff_t)sizeof http->url)
		return;
	int n = snprintf(
		http->url, sizeof http->url, "%.*s:%d", (int)(url.n - any.n), url.p, http->port);
	http->config.url = (str){http->url, n};
}

static err read_trusted(struct http *http, char why[HTTP_WHY])
{
	ptrdiff_t n = http->config.n_trusted_proxies;
	http->trusted = mem_new(MAX(n, 1), (ptrdiff_t)sizeof *http->trusted);
	for (ptrdiff_t i = 0; i < n; i++) {
		str text = http->config.trusted_proxies[i];
		if (!parse_network(text, &http->trusted[http->n_trusted]))
			return refuse(why, "trusted proxy", text, "must be an address or network");
		http->n_trusted++;
	}
	return OK;
}

static void on_log(void *cls, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void on_log(void *cls, const char *fmt, va_list ap)
{
	char line[400];
	(void)cls;
	int n = vsnprintf(line, sizeof line, fmt, ap);
	str text = {line, MIN(MAX(n, 0), (int)sizeof line - 1)};
	// What clients do wrong is no event of ours.
	log_event(LOG_DEBUG, "libmicrohttpd", LOG_STR("says", str_trim(text)));
}

// Paths and names are decoded by us, once and strictly.
static size_t keep_escapes(void *cls, struct MHD_Connection *mhd, char *s)
{
	(void)cls;
	(void)mhd;
	return strlen(s);
}

static struct MHD_Daemon *start_daemon(struct http *http)
{
	const struct http_limits *l = &http->limits;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
			 MHD_USE_ERROR_LOG;
	struct MHD_OptionItem options[] = {
		{MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)on_log, NULL},
		{MHD_OPTION_LISTEN_SOCKET, http->listen_fd, NULL},
		{MHD_OPTION_CONNECTION_LIMIT, MAX(l->connections, l->listeners), NULL},
		// Half of it is for reading; a request line and headers need their room at once.
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, 2 * l->header_bytes, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, 0, NULL},
		{MHD_OPTION_THREAD_STACK_SIZE, 512 << 10, NULL},
		// What it is strict about it drops without an answer; framing.c refuses that and more.
		{MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, http},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, http},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_uri, http},
		{MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)keep_escapes, NULL},
		{l->listeners > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, l->listeners,
			NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	return MHD_start_daemon(flags, 0, on_policy, http, on_access, http, MHD_OPTION_ARRAY,
		options, MHD_OPTION_END);
}

static void free_all(struct http *http)
{
	if (http->listen_fd >= 0)
		close(http->listen_fd);
	response_assets_free(http);
	routes_free(http->routes);
	buckets_free(http->by_address);
	buckets_free(http->by_account);
	if (http->deflators)
		deflators_free(http->deflators);
	for (int i = 0; i < LANES; i++)
		mem_free(http->crew.lanes[i].threads);
	for (int i = 0; i < http->arenas.n; i++)
		arena_free(http->arenas.free[i]);
	map_free(&http->guard.per_address);
	map_free(&http->guard.parked);
	for (ptrdiff_t i = 0; i < http->guard.lingering.n; i++)
		close(http->guard.lingering.at[i].fd);
	list_free(&http->guard.lingering);
	mem_free(http->counters.by_route);
	mem_free(http->trusted);
	mem_free(http);
}

static err prepare(struct http *http, char why[HTTP_WHY])
{
	TRY(read_url(http, why));
	TRY(read_trusted(http, why));
	char *directory = mem_new(http->config.temporary.n + 1, 1);
	if (http->config.temporary.n)
		memcpy(directory, http->config.temporary.p, (size_t)http->config.temporary.n);
	int number = access(directory, W_OK | X_OK) == 0 ? 0 : errno;
	mem_free(directory);
	if (number)
		return refuse(why, "directory for uploads", http->config.temporary,
			strerrordesc_np(number));
	http->routes = routes_compile(http->config.tables, http->config.n_tables, why);
	if (!http->routes)
		return ERR_INVALID;
	http->csp = S("default-src 'none'; img-src 'self' blob:; media-src 'self' blob:; "
		      "style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; "
		      "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
		      "form-action 'self'");
	const struct http_limits *l = &http->limits;
	if (http->config.rate_limits) {
		http->by_address = buckets_new(l->rate_address, l->burst_address);
		http->by_account = buckets_new(l->rate_account, l->burst_account);
	}
	http->deflators = deflators_new();
	csrf_start(http);
	lock_init(&http->guard.lock);
	lock_init(&http->arenas.lock);
	http->counters.by_route =
		mem_new(routes_count(http->routes) + 1, (ptrdiff_t)sizeof *http->counters.by_route);
	if (!http->config.slow)
		http->config.slow = MS_SECOND;
	response_assets(http);
	crew_prepare(http);
	TRY(open_listen(http, why));
	name_port(http);
	return OK;
}

err http_open(const struct http_config *config, struct http **out, char why[HTTP_WHY])
{
	struct http *http = mem_new(1, (ptrdiff_t)sizeof *http);
	http->config = *config;
	http->limits = config->limits;
	http->listen_fd = -1;
	defaults(&http->limits);
	why[0] = '\0';
	err failed = prepare(http, why);
	if (failed != OK) {
		free_all(http);
		return failed;
	}
	*out = http;
	return OK;
}

err http_serve(struct http *http)
{
	http->daemon = start_daemon(http);
	if (!http->daemon) {
		crew_stop(http);
		return ERR_UNAVAILABLE;
	}
	http->timer = thread_start(timer_main, http);
	return OK;
}

int http_port(const struct http *http)
{
	return http->port;
}

static int unfinished(struct http *http)
{
	int phases[6];
	guard_connections(http, phases);
	return phases[PHASE_HEADERS] + phases[PHASE_BODY] + phases[PHASE_BUSY] +
	       phases[PHASE_SENDING];
}

#define QUIET_TIME (3 * MS_SECOND)

// A proxy that has only connected is about to ask; one that keeps a connection may be, and lets go of it
// within two seconds by the examples in deploy/.
static void await_quiet(struct http *http, ms deadline)
{
	int phases[6];
	do {
		guard_connections(http, phases);
		nap(5);
	} while (phases[PHASE_FRESH] + phases[PHASE_IDLE] && clock_steady() < deadline);
}

static bool finish_until(struct http *http, ms deadline)
{
	while (unfinished(http) && clock_steady() < deadline)
		nap(5);
	return unfinished(http) == 0;
}

// No more connections. MHD_quiesce_daemon would do, but races with the listeners of a pool and then
// ends the program; so something that never becomes readable takes the listening socket's place.
static void stop_listening(struct http *http)
{
	int never = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (never >= 0) {
		dup3(never, http->listen_fd, O_CLOEXEC);
		close(never);
	}
	http->listen_fd = -1; // MHD_stop_daemon closes it
}

bool http_stop(struct http *http, ms deadline)
{
	atomic_store(&http->stopping, true);
	stop_listening(http);
	ms end = clock_steady() + deadline;
	if (http_is_draining(http))
		await_quiet(http, clock_steady() + QUIET_TIME);
	bool in_time = finish_until(http, end) && crew_drain(http, end);
	await_stop(http);
	if (in_time)
		in_time = crew_drain(http, end);
	guard_abandon(http);
	crew_stop(http);
	// What was let go gets a moment to carry its 503 away.
	finish_until(http, clock_steady() + 500);
	MHD_stop_daemon(http->daemon);
	return in_time;
}

void http_free(struct http *http)
{
	free_all(http);
}
