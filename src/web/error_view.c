// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The words of errors: one for each code, for people.
#include "web/error_view.h"

static const int words[ERR_COUNT] = {
	[ERR_BAD_REQUEST] = W_error_bad_request,
	[ERR_SIGN_IN] = W_error_sign_in,
	[ERR_FORBIDDEN] = W_error_forbidden,
	[ERR_NOT_FOUND] = W_error_not_found,
	[ERR_METHOD] = W_error_method,
	[ERR_CONFLICT] = W_error_conflict,
	[ERR_GONE] = W_error_gone,
	[ERR_TOO_LARGE] = W_error_too_large,
	[ERR_UNSUPPORTED] = W_error_unsupported,
	[ERR_INVALID] = W_error_invalid,
	[ERR_TOO_MANY] = W_error_too_many,
	[ERR_INTERNAL] = W_error_internal,
	[ERR_DATABASE] = W_error_database,
	[ERR_IO] = W_error_io,
	[ERR_UNAVAILABLE] = W_error_unavailable,
	[ERR_TIMEOUT] = W_error_timeout,
	[ERR_FULL] = W_error_full,
};

int error_title_word(int status)
{
	return status == 404 || status == 410 ? W_error_title_gone : W_error_title;
}

int error_word(err code)
{
	must(code > OK && code < ERR_COUNT);
	return words[code];
}
