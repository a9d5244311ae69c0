// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Leaving behind a proxy without anybody noticing. For a while all is served, /healthz says that it ends,
// and each answer ends its connection, so that none is kept for later. Then no connection begins any
// more, in an order in which none is cut off: closing a listening socket resets whoever is connected and
// not accepted yet, and a proxy may not send a POST twice.
#include "http/inside.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#define HANDSHAKE 300      // a connection that has begun is there by then
#define ACCEPTED MS_SECOND // and accepted
#define TCP_FLAGS 13       // their byte in a segment
#define TCP_SYN 2

void nap(ms time)
{
	struct timespec t = {time / 1000, (time % 1000) * 1000000};
	nanosleep(&t, NULL);
}

// The system forgets who would begin a connection, and goes on with those that have. Who was forgotten
// asks again after a second, and is refused then: a proxy goes to the next server.
static bool forget_newcomers(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, TCP_SYN, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = {COUNT(code), code};
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
}

static bool all_accepted(int fd)
{
	struct tcp_info info;
	socklen_t n = sizeof info;
	// Of a listening socket: how many wait to be accepted.
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0 || info.tcpi_unacked == 0;
}

void http_drain(struct http *http, ms time)
{
	if (time <= 0)
		return;
	atomic_store(&http->draining, true);
	nap(time);
	if (!forget_newcomers(http->listen_fd))
		return;
	ms end = clock_steady() + ACCEPTED;
	nap(HANDSHAKE);
	while (!all_accepted(http->listen_fd) && clock_steady() < end)
		nap(5);
}

bool http_is_draining(const struct http *http)
{
	return atomic_load(&http->draining);
}
