// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For tests: a client on raw sockets. Reads byte by byte up to the end of the headers, so that a
// pipelined second answer stays where it is.
#include "http/test_client.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static int dial_with(int port, int receive_buffer)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (receive_buffer)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = {htonl(INADDR_LOOPBACK)}};
	must(connect(fd, (struct sockaddr *)(void *)&to, sizeof to) == 0);
	struct timeval patience = {.tv_sec = 10};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	return fd;
}

int dial(int port)
{
	return dial_with(port, 0);
}

int dial_narrow(int port)
{
	return dial_with(port, 4096);
}

void hang_up(int fd)
{
	close(fd);
}

void say(int fd, str bytes)
{
	while (bytes.n) {
		ssize_t n = send(fd, bytes.p, (size_t)bytes.n, MSG_NOSIGNAL);
		if (n <= 0)
			return; // the server may refuse to read on; the test looks at its answer
		bytes = str_skip(bytes, n);
	}
}

static void vsay(int fd, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void vsay(int fd, const char *fmt, va_list ap)
{
	char text[8192];
	int n = vsnprintf(text, sizeof text, fmt, ap);
	must(n >= 0 && n < (int)sizeof text);
	say(fd, (str){text, n});
}

void sayf(int fd, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsay(fd, fmt, ap);
	va_end(ap);
}

str reply_header(const struct reply *reply, const char *name)
{
	str rest = reply->head, wanted = str_from(name);
	while (rest.p && rest.n) {
		str value = str_cut(&rest, '\n');
		str key = str_cut(&value, ':');
		if (value.p && str_ieq(key, wanted))
			return str_trim(value);
	}
	return (str){0};
}

static struct reply read_reply(struct arena *mem, int fd, bool head)
{
	struct sb sb = sb_new(mem, 1024);
	struct reply reply = {0};
	char c = 0;
	while (!str_ends(sb_str(&sb), S("\r\n\r\n"))) {
		if (recv(fd, &c, 1, 0) != 1) {
			reply.closed = true;
			return reply;
		}
		sb_char(&sb, c);
	}
	reply.head = sb_str(&sb);
	int64_t status = 0, size = 0;
	must(str_starts(reply.head, S("HTTP/1.1 ")));
	must(str_int(str_sub(reply.head, 9, 12), &status));
	reply.status = (int)status;
	str length = reply_header(&reply, "content-length");
	if (head || !length.p || status == 304 || status == 204)
		return reply;
	must(str_int(length, &size));
	char *body = NEW_N(mem, char, size);
	int64_t have = 0;
	while (have < size) {
		ssize_t n = recv(fd, body + have, (size_t)(size - have), 0);
		if (n <= 0) {
			reply.closed = true;
			break;
		}
		have += n;
	}
	reply.body = (str){body, have};
	return reply;
}

struct reply hear(struct arena *mem, int fd)
{
	return read_reply(mem, fd, false);
}

struct reply hear_head(struct arena *mem, int fd)
{
	return read_reply(mem, fd, true);
}

struct reply ask(struct arena *mem, int port, const char *fmt, ...)
{
	int fd = dial(port);
	va_list ap;
	va_start(ap, fmt);
	vsay(fd, fmt, ap);
	va_end(ap);
	struct reply reply = hear(mem, fd);
	hang_up(fd);
	return reply;
}

bool closed_within(int fd, ms time)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char c = 0;
	if (poll(&p, 1, (int)time) != 1)
		return false;
	return recv(fd, &c, 1, 0) <= 0;
}

bool ends_within(int fd, ms time)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char bytes[512];
	ms end = clock_steady() + time;
	while (poll(&p, 1, (int)MAX(end - clock_steady(), 0)) == 1)
		if (recv(fd, bytes, sizeof bytes, 0) <= 0)
			return true;
	return false;
}

void nap_ms(ms time)
{
	struct timespec t = {time / 1000, (time % 1000) * 1000000};
	nanosleep(&t, NULL);
}
