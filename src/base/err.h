// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The closed list of errors. A function that can fail returns `err`, is marked CHECKED, and leaves
// its outputs alone unless it returns OK. What a person needs to know beyond the code is put into
// the context by `fail` (ctx.h); words for people are chosen at the edge, never here.
#pragma once

// name, HTTP status, slug of the JSON API, whether the operator should look at it (logged as error)
#define ERR_LIST(X) \
	X(OK, 200, "ok", 0) \
	X(ERR_BAD_REQUEST, 400, "bad_request", 0) \
	X(ERR_SIGN_IN, 401, "sign_in", 0) \
	X(ERR_FORBIDDEN, 403, "forbidden", 0) \
	X(ERR_NOT_FOUND, 404, "not_found", 0) \
	X(ERR_METHOD, 405, "method_not_allowed", 0) \
	X(ERR_CONFLICT, 409, "conflict", 0) \
	X(ERR_GONE, 410, "gone", 0) \
	X(ERR_TOO_LARGE, 413, "too_large", 0) \
	X(ERR_UNSUPPORTED, 415, "unsupported_media", 0) \
	X(ERR_INVALID, 422, "invalid", 0) \
	X(ERR_TOO_MANY, 429, "too_many_requests", 0) \
	X(ERR_INTERNAL, 500, "internal", 1) \
	X(ERR_DATABASE, 500, "database", 1) \
	X(ERR_IO, 500, "io", 1) \
	X(ERR_UNAVAILABLE, 503, "unavailable", 1) \
	X(ERR_TIMEOUT, 503, "timeout", 1) \
	X(ERR_FULL, 507, "full", 0)

typedef enum err {
#define X(name, status, slug, loud) name,
	ERR_LIST(X)
#undef X
		ERR_COUNT
} err;

#define CHECKED __attribute__((warn_unused_result))

// Returns early with the error of a call. The only macro of the house that hides a jump.
#define TRY(call) \
	do { \
		err try_result_ = (call); \
		if (try_result_ != OK) \
			return try_result_; \
	} while (0)

// What errno means when the system would not write: ERR_FULL for want of room, else ERR_IO.
err err_of_write(int number) CHECKED;
int err_status(err code);
const char *err_slug(err code);
const char *err_name(err code);
int err_is_loud(err code);

// States what we promised ourselves; never used to judge bytes from outside. Stays on in releases.
#define must(cond) ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))
_Noreturn void must_failed(const char *cond, const char *file, int line);
