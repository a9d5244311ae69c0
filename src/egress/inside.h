// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the files of this room share.
#pragma once

#include "egress/egress.h"

#include <curl/curl.h>
#include <stdatomic.h>
#include <sys/socket.h>

// target.c: an address taken apart by the same library that connects to it, so that both read the same.
struct target {
	CURLU *parts; // its own; target_free
	bool tls;     // https
	str host;     // lower case, without brackets; numbers of IPv4 in whatever form are a.b.c.d
	int port;
	bool literal;  // the host is an address
	str place;     // host, or host:port where that is not the scheme's
	str origin;    // scheme://place
	str host_port; // host:port, always
};
// False: not http or https, not of plain ASCII, with a user's name, or no address at all. Strings in mem.
bool target_parse(struct arena *mem, str url, struct target *out);
void target_free(struct target *);

// address.c: why a server must not be led to this address, NULL when it may.
const char *address_refused(const struct sockaddr *);
// The same of a name that a proxy resolves.
const char *name_refused(const struct target *);

// policy.c
struct rule {
	enum egress_purpose purpose;
	str origin; // "*": any https on port 443
};
struct policy {
	LIST(struct rule) rules;
	LIST(str) local; // host:port
	str proxy;       // "" none
};
// Of the options, in mem (NULL: not allowed). ERR_INVALID with ctx->problem.text.
err policy_read(struct ctx *, struct arena *mem, struct policy *out) CHECKED;
bool policy_allows(const struct policy *, enum egress_purpose, const struct target *);
bool policy_is_local(const struct policy *, const struct target *);

// pause.c: hosts that fail. Places are host:port; times of the wall clock.
struct pauses;
struct pauses *pauses_new(void);
void pauses_free(struct pauses *);
ms pause_until(struct pauses *, str place, ms now); // 0: none
void pause_worked(struct pauses *, str place);
// began: when what failed did, so that many that fail together count once a pause; wait: Retry-After, or 0.
void pause_failed(struct pauses *, str place, ms began, ms now, ms wait);

// ledger.c: one line a hop.
#define RESULTS(X) \
	X(RESULT_ANSWERED, "answered") \
	X(RESULT_MALFORMED, "denied: malformed") \
	X(RESULT_NOT_ALLOWED, "denied: not allowed") \
	X(RESULT_PRIVATE, "denied: address") \
	X(RESULT_TIMEOUT, "failed: timeout") \
	X(RESULT_TOO_LARGE, "failed: too large") \
	X(RESULT_CERTIFICATE, "failed: certificate") \
	X(RESULT_ENDING, "failed: shutdown") \
	X(RESULT_FAILED, "failed: connection")
enum result {
#define X(result, text) result,
	RESULTS(X)
#undef X
};
struct line {
	enum egress_purpose purpose;
	str place;
	enum result result;
	int status;             // 0: no answer
	int64_t sent, received; // bytes, headers included
	ms took;
};
const char *result_text(enum result);
err ledger_add(struct ctx *, const struct line *) CHECKED;
err ledger_prune(struct ctx *) CHECKED;

// hop.c: one request to one server, no redirects.
struct hop {
	const struct egress_request *request;
	const struct target *target;
	const struct policy *policy;
	const atomic_llong *end_by; // of clock_steady; 0: not
	bool foreign;               // another origin than the caller's: its headers stay here
	ms time;
	int64_t bytes;
	// what came of it
	struct line line;
	const char *why; // what is behind the result, for the operator; a literal
	bool refused;    // the guard did not let it connect
	int64_t header_bytes;
	struct sb body;               // on the heap, the caller's
	str body_out, type, location; // in mem
	ms retry_after;
};
void hop_run(struct arena *mem, struct hop *);

struct egress {
	struct arena *mem; // of the policy
	struct policy policy;
	struct pauses *pauses;
	atomic_llong end_by; // requests end then (clock_steady); 0: the server goes on
	ms next_prune;       // the timer's
};

extern const struct command egress_commands[];
