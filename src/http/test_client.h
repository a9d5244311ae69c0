// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For tests: a client that speaks raw sockets, so that it can misbehave.
#pragma once

#include "base/base.h"

struct reply {
	int status; // 0: the server closed without an answer
	str head, body;
	bool closed;
};
int dial(int port);
int dial_narrow(int port); // the kernel takes little for it while it does not read
void hang_up(int fd);
void say(int fd, str bytes);
void sayf(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
struct reply hear(struct arena *, int fd);      // one answer; later ones stay in the socket
struct reply hear_head(struct arena *, int fd); // to a HEAD request
str reply_header(const struct reply *, const char *name); // p is NULL when absent
// One request on a connection of its own.
struct reply ask(struct arena *, int port, const char *fmt, ...)
	__attribute__((format(printf, 3, 4), nonnull(3)));
bool closed_within(int fd, ms time); // the server closed, and sent nothing more
bool ends_within(int fd, ms time);   // the server closed, whatever it still sent
void nap_ms(ms time);
