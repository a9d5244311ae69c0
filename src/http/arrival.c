// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What libmicrohttpd reads, and what it is told of it. The surprising thing: the recv() below stands before
// libc's in the whole program, its libraries included, as a program's own malloc() would. The library has no
// other place between a socket and its parser that costs neither a copy nor a system call. Sockets of
// others are not watched.
#include "http/arrival.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

#define FDS_MOST (1 << 20) // as many as Linux gives a process

static _Atomic(struct arrival *) watched[FDS_MOST]; // takes room only as far as it is used

void arrival_watch(struct arrival *a, int fd)
{
	must(fd >= 0 && fd < FDS_MOST);
	*a = (struct arrival){.flaw = -1};
	atomic_store_explicit(&watched[fd], a, memory_order_relaxed);
}

void arrival_forget(int fd)
{
	atomic_store_explicit(&watched[fd], NULL, memory_order_relaxed);
}

// In C it has another name, because libc's headers may bring a body for recv().
ssize_t watching_recv(int fd, void *bytes, size_t n, int flags) __asm__("recv");
ssize_t watching_recv(int fd, void *bytes, size_t n, int flags)
{
	ssize_t got = recvfrom(fd, bytes, n, flags, NULL, NULL);
	// Who only looks whether there is something (guard.c) says so by a flag; the library has none.
	if (got < 0 || flags || fd >= FDS_MOST)
		return got;
	struct arrival *a = atomic_load_explicit(&watched[fd], memory_order_relaxed);
	if (!a)
		return got;
	if (got) {
		arrival_add(a, bytes, got);
		return got;
	}
	if (!a->keeps_end)
		return 0;
	errno = EAGAIN;
	return -1;
}

// The bytes from `at` on, where no body is, to the last that came.
static void look(struct arrival *a, const char *bytes, int64_t at)
{
	// A CRLF in front of a request is forgiven (RFC 9112, section 2.2), a bare LF is not.
	if (at == a->ends && *bytes == '\n') {
		a->flaw = at;
		return;
	}
	const char *nul = memchr(bytes, '\0', (size_t)(a->received - at));
	if (nul)
		a->flaw = at + (nul - bytes);
}

void arrival_add(struct arrival *a, const char *bytes, ptrdiff_t n)
{
	int64_t at = a->received;
	if (!a->buffer)
		a->buffer = bytes;
	a->received += n;
	if (a->flaw >= 0 || a->received <= a->ends)
		return;
	int64_t body = MAX(a->ends - at, 0);
	look(a, bytes + body, at + body);
}

bool arrival_take_head(struct arrival *a, const char *method, size_t head, int64_t body)
{
	uintptr_t before = (uintptr_t)method - (uintptr_t)a->buffer;
	if ((before != 0 && before != 2) || a->begins > a->received)
		return false;
	int64_t ends = a->begins + (int64_t)(before + head);
	if (ends > a->received || (a->flaw >= 0 && a->flaw < ends))
		return false;
	a->ends = body < 0 ? INT64_MAX : ends + body;
	// What came along was taken for a head's. Of that the body's part may hold what it likes, and
	// what is behind it begins anew.
	a->flaw = -1;
	if (a->received > a->ends)
		look(a, a->buffer + (a->ends - a->begins), a->ends);
	return true;
}

void arrival_next(struct arrival *a)
{
	a->begins = a->ends;
}
