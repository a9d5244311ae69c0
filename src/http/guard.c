// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Who is connected, and for how long. libmicrohttpd only knows inactivity; a client that dribbles is
// active, so the clocks are ours: a connection that overstays its phase is shut down from here, and
// libmicrohttpd closes it. A socket stays open as long as its conn is in the list.
#include "http/inside.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <sys/socket.h>
#include <unistd.h>

#define SWEEP_MOST MS_SECOND // between two sweeps
#define LINGER (2 * MS_SECOND)
#define LINGERING_MOST 64
#define SEND_RATE 4 // bytes a millisecond

bool guard_admits(struct http *http, struct address peer)
{
	struct guard *g = &http->guard;
	uint64_t n = 0;
	lock_take(&g->lock);
	map_get(&g->per_address, address_key(peer), &n);
	lock_release(&g->lock);
	return (int64_t)n < http->limits.per_address;
}

void guard_open(struct conn *conn)
{
	struct guard *g = &conn->http->guard;
	uint64_t n = 0, key = address_key(conn->peer);
	conn->counted = !conn->trusted;
	lock_take(&g->lock);
	conn->older = g->newest;
	if (g->newest)
		g->newest->newer = conn;
	g->newest = conn;
	g->n++;
	if (conn->counted) {
		map_get(&g->per_address, key, &n);
		map_put(&g->per_address, key, n + 1);
	}
	lock_release(&g->lock);
}

void guard_close(struct conn *conn)
{
	struct guard *g = &conn->http->guard;
	uint64_t n = 0, key = address_key(conn->peer);
	lock_take(&g->lock);
	if (conn->newer)
		conn->newer->older = conn->older;
	else
		g->newest = conn->older;
	if (conn->older)
		conn->older->newer = conn->newer;
	g->n--;
	if (conn->counted && map_get(&g->per_address, key, &n)) {
		if (n > 1)
			map_put(&g->per_address, key, n - 1);
		else
			map_del(&g->per_address, key);
	}
	lock_release(&g->lock);
}

void guard_phase(struct conn *conn, enum phase phase, ms now)
{
	atomic_store_explicit(&conn->since, now, memory_order_relaxed);
	atomic_store_explicit(&conn->progress, 0, memory_order_relaxed);
	atomic_store_explicit(&conn->moved, now, memory_order_relaxed);
	atomic_store_explicit(&conn->phase, phase, memory_order_release);
	conn->arrival.keeps_end = phase == PHASE_BUSY;
}

void guard_park(struct conn *conn, struct exchange *ex, struct MHD_Connection *mhd)
{
	struct guard *g = &conn->http->guard;
	guard_phase(conn, PHASE_BUSY, clock_steady());
	conn->ex = NULL;
	conn->parked = true;
	conn->mhd = mhd;
	lock_take(&g->lock);
	ex->number = ++g->last_number;
	map_put(&g->parked, ex->number, (uint64_t)(uintptr_t)conn);
	lock_release(&g->lock);
	MHD_suspend_connection(mhd);
}

void guard_return(struct http *http, struct exchange *ex)
{
	struct guard *g = &http->guard;
	struct conn *conn = NULL;
	uint64_t value = 0;
	lock_take(&g->lock);
	if (!ex->no_connection && map_get(&g->parked, ex->number, &value)) {
		conn = (struct conn *)(uintptr_t)value;
		map_del(&g->parked, ex->number);
		conn->ex = ex;
	}
	lock_release(&g->lock);
	if (conn)
		MHD_resume_connection(conn->mhd);
	else
		exchange_free(ex);
}

void guard_abandon(struct http *http)
{
	struct guard *g = &http->guard;
	LIST(struct conn *) all = {0};
	uint64_t number = 0, value = 0;
	lock_take(&g->lock);
	for (ptrdiff_t at = 0; map_next(&g->parked, &at, &number, &value);)
		list_push(NULL, &all, (struct conn *)(uintptr_t)value);
	map_free(&g->parked);
	lock_release(&g->lock);
	list_each (conn, &all)
		MHD_resume_connection((*conn)->mhd);
	list_free(&all);
}

// A body must keep coming: no silence of body_stall, and in each such span as many bytes as body_rate
// asks for, however many came before. Judging the average would let a client buy hours of silence
// with its first megabytes.
static bool body_too_slow(const struct http_limits *l, struct conn *conn, ms now)
{
	ms since = atomic_load_explicit(&conn->since, memory_order_relaxed);
	int64_t progress = atomic_load_explicit(&conn->progress, memory_order_relaxed);
	if (now - atomic_load_explicit(&conn->moved, memory_order_relaxed) > l->body_stall)
		return true;
	// Another body than at the last look: its first span begins with it.
	if (conn->span_of != since || progress < conn->span_bytes) {
		conn->span_of = conn->span_at = since;
		conn->span_bytes = 0;
	}
	ms spent = now - conn->span_at;
	if (spent <= l->body_stall)
		return false;
	if (progress - conn->span_bytes < l->body_rate * spent / 1000)
		return true;
	conn->span_at = now;
	conn->span_bytes = progress;
	return false;
}

static bool too_slow(const struct http *http, struct conn *conn, ms now)
{
	const struct http_limits *l = &http->limits;
	int phase = atomic_load_explicit(&conn->phase, memory_order_acquire);
	ms spent = now - atomic_load_explicit(&conn->since, memory_order_relaxed);
	int64_t progress = atomic_load_explicit(&conn->progress, memory_order_relaxed);
	switch ((enum phase)phase) {
	case PHASE_FRESH:
	case PHASE_HEADERS:
		return spent > l->header_time;
	case PHASE_IDLE:
		return spent > l->idle_time;
	case PHASE_BODY:
		return body_too_slow(l, conn, now);
	case PHASE_SENDING:
		return spent > l->send_time + progress / SEND_RATE;
	case PHASE_BUSY:
		return false;
	}
	return false;
}

// libmicrohttpd reads until a short read and then waits for the next edge of epoll; a client's end
// that came together with its last bytes gives none, nor does one that was kept from it (arrival.h).
// Both are there when the phase begins, so the many that are idle for longer are not asked again.
static bool hung_up_unseen(const struct conn *conn, ms now)
{
	char byte;
	int phase = atomic_load_explicit(&conn->phase, memory_order_acquire);
	ms since = atomic_load_explicit(&conn->since, memory_order_relaxed);
	bool waits = phase == PHASE_FRESH || phase == PHASE_IDLE || phase == PHASE_HEADERS;
	return (phase == PHASE_BODY || (waits && now - since <= 2 * SWEEP_MOST)) &&
	       recv(conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

// Reads away what still comes on connections whose answer is out.
static void drain_lingering(struct guard *g, ms now) REQUIRES_LOCK(g->lock)
{
	char bytes[16 << 10];
	for (ptrdiff_t i = 0; i < g->lingering.n;) {
		struct lingering *one = &g->lingering.at[i];
		ssize_t n = 1;
		for (int rounds = 0; n > 0 && rounds < 64; rounds++)
			n = recv(one->fd, bytes, sizeof bytes, MSG_DONTWAIT);
		if (n == 0 || one->until <= now) {
			close(one->fd);
			*one = g->lingering.at[--g->lingering.n];
		} else {
			i++;
		}
	}
}

ms guard_sweep(struct http *http, ms now)
{
	struct guard *g = &http->guard;
	const struct http_limits *l = &http->limits;
	lock_take(&g->lock);
	for (struct conn *conn = g->newest; conn; conn = conn->older) {
		if (hung_up_unseen(conn, now))
			shutdown(conn->fd, SHUT_RD); // that is an edge
		if (!too_slow(http, conn, now))
			continue;
		shutdown(conn->fd, SHUT_RDWR);
		atomic_fetch_add_explicit(&http->counters.cut_off, 1, memory_order_relaxed);
		atomic_store_explicit(&conn->since, now, memory_order_relaxed);
	}
	drain_lingering(g, now);
	bool lingering = g->lingering.n > 0;
	lock_release(&g->lock);
	deflators_trim(http->deflators, now - 10 * MS_SECOND);
	ms shortest = MIN(MIN(l->header_time, l->idle_time), MIN(l->body_stall, l->send_time));
	ms wait = MIN(MAX(shortest / 4, 20), SWEEP_MOST);
	return now + (lingering ? MIN(wait, 50) : wait);
}

void guard_linger(struct conn *conn)
{
	struct guard *g = &conn->http->guard;
	// Closing a socket with unread bytes resets it, and the answer is lost on its way.
	int fd = fcntl(conn->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return;
	shutdown(fd, SHUT_WR);
	lock_take(&g->lock);
	bool room = g->lingering.n < LINGERING_MOST;
	if (room)
		list_push(NULL, &g->lingering, (struct lingering){fd, clock_steady() + LINGER});
	lock_release(&g->lock);
	if (!room)
		close(fd);
}

int guard_connections(struct http *http, int phases[6])
{
	struct guard *g = &http->guard;
	for (int i = 0; i < 6; i++)
		phases[i] = 0;
	lock_take(&g->lock);
	int n = g->n;
	for (const struct conn *conn = g->newest; conn; conn = conn->older)
		phases[atomic_load_explicit(&conn->phase, memory_order_relaxed)]++;
	lock_release(&g->lock);
	return n;
}
