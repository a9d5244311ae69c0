// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: the bytes of a connection as they come, before libmicrohttpd takes them apart. It
// writes NULs where lines ended, so that one which the client sent cannot be told afterwards, and
// skips empty lines in front of a request without a word.
//
// Places are counted in bytes from the connection's begin. All of it belongs to the connection's listener.
#pragma once

#include "base/base.h"

struct arrival {
	const char *buffer; // where the library keeps a request from its first byte on
	int64_t received;
	int64_t begins; // of the request at hand
	int64_t ends;   // of it, with its body; the same as `begins` while its head is not complete
	int64_t flaw;   // the first byte that is in no body and may be in no head; -1: none
	// The library is not told that the client will send no more: it would take that for the client's end, though
	// an answer is still to come.
	bool keeps_end;
};

// From now on, until arrival_forget, the pieces that the library reads from this socket are added.
void arrival_watch(struct arrival *, int fd);
void arrival_forget(int fd);

// A piece came, behind the one before it.
void arrival_add(struct arrival *, const char *bytes, ptrdiff_t n);
// The head is complete, so many bytes from `method` on; a body of -1 bytes has no known end, and nothing
// behind it will be taken for a request. False when there is something in the head that nobody may send.
bool arrival_take_head(struct arrival *, const char *method, size_t head, int64_t body);
// The request is done; what came behind it is moved to where it began.
void arrival_next(struct arrival *);
