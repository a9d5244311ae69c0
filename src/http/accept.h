// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Private to http/: the callbacks libmicrohttpd is started with.
#pragma once

#include "http/inside.h"

#include <microhttpd.h>

enum MHD_Result on_policy(void *http, const struct sockaddr *, socklen_t);
void on_connection(
	void *http, struct MHD_Connection *, void **context, enum MHD_ConnectionNotificationCode);
void *on_uri(void *http, const char *uri, struct MHD_Connection *);
void on_completed(
	void *http, struct MHD_Connection *, void **request, enum MHD_RequestTerminationCode);
enum MHD_Result on_access(void *http, struct MHD_Connection *, const char *url, const char *method,
	const char *version, const char *upload, size_t *n, void **request);

// framing.c: how the body of a request ends. ERR_BAD_REQUEST when its head could be read in two
// ways: then nothing that follows on this connection may be taken for a request.
struct framing {
	bool chunked;
	int64_t length; // -1: no Content-Length
};
err framing_read(struct conn *, struct MHD_Connection *, const char *method, const char *version,
	struct framing *out) CHECKED;

// read.c: fills an exchange from the connection's headers. What is wrong with them is left in
// ex->refusal. Without framing the request is refused, and the connection ends.
void exchange_read(struct exchange *, struct conn *, struct MHD_Connection *, const char *method,
	const struct framing *);
