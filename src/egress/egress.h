// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The only door through which this server asks another one. Nothing leaves unless the host allowed its
// purpose to go to that origin (option egress); never to an address of this machine or of a private network,
// unless the host listed it (egress_local); and each request leaves a line in the ledger. A host that fails
// is left alone for a while, each process counting for itself.
#pragma once

#include "base/base.h"

struct egress;
extern const struct room egress_room;

// What something leaves for: enumerator, name in the option and the ledger.
#define EGRESS_PURPOSES(X) \
	X(EGRESS_TRANSLATE, "translate") \
	X(EGRESS_MAIL, "mail") \
	X(EGRESS_PUSH, "push") \
	X(EGRESS_FEDERATION, "federation")
enum egress_purpose {
#define X(purpose, name) purpose,
	EGRESS_PURPOSES(X)
#undef X
		EGRESS_PURPOSE_COUNT
};
const char *egress_purpose_name(enum egress_purpose);

enum egress_method { EGRESS_GET, EGRESS_POST };

struct egress_header {
	str name, value;
};

struct egress_request {
	enum egress_purpose purpose;
	enum egress_method method;
	str url;                             // http or https, in ASCII, without a user's name
	const struct egress_header *headers; // beside User-Agent, Host and Content-Length
	ptrdiff_t n_headers;
	str body; // of a POST
	ms time; // for all of it, redirects included; 0 = 10 s, at most 60 s; ctx->deadline may end it sooner
	int64_t bytes; // most of an answer's body; 0 = 1 MiB
};

struct egress_answer {  // in ctx->mem
	int status;     // 100 to 599: a refusal is an answer, too
	str type;       // Content-Type, "" without one or when it is no UTF-8
	str body;       // as it came: of any bytes
	ms retry_after; // as the answer asks for; 0: it does not
};

// Asks and waits: from a job or a worker, outside any transaction. A GET follows up to three redirects, each
// judged as if it were asked for; what the caller's headers say goes to the origin of the url alone. A POST
// is sent once: its redirect is the answer. Errors, with what happened in ctx->problem:
//   ERR_INVALID      url or headers are malformed; nothing was sent
//   ERR_FORBIDDEN    the host does not allow it, or the address is not a public one
//   ERR_TOO_MANY     the host asked is left alone at the moment, see egress_paused_until
//   ERR_UNAVAILABLE  no connection, no trustworthy certificate, no proper HTTP; or this server ends
//   ERR_TIMEOUT      the time was over
//   ERR_TOO_LARGE    more bytes than may come
// and those of the database: what cannot be written into the ledger is not given out either.
err egress_send(struct ctx *, const struct egress_request *, struct egress_answer *) CHECKED;

// Whether the policy lets this purpose reach this url; what an address resolves to is seen by egress_send.
bool egress_allowed(struct ctx *, enum egress_purpose, str url);
// Until when the url's host is left alone, of ctx->now's clock; 0: it is not.
ms egress_paused_until(struct ctx *, str url);
