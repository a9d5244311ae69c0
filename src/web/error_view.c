// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The words of errors: a title and a sentence for each code, for people.
#include "web/error_view.h"

static const struct {
	int title, text;
} words[ERR_COUNT] = {
	[ERR_BAD_REQUEST] = {W_error_title_bad_request, W_error_bad_request},
	[ERR_SIGN_IN] = {W_error_title_sign_in, W_error_sign_in},
	[ERR_FORBIDDEN] = {W_error_title_forbidden, W_error_forbidden},
	[ERR_NOT_FOUND] = {W_error_title_not_found, W_error_not_found},
	[ERR_METHOD] = {W_error_title_method, W_error_method},
	[ERR_CONFLICT] = {W_error_title_conflict, W_error_conflict},
	[ERR_GONE] = {W_error_title_gone, W_error_gone},
	[ERR_TOO_LARGE] = {W_error_title_too_large, W_error_too_large},
	[ERR_UNSUPPORTED] = {W_error_title_unsupported, W_error_unsupported},
	[ERR_INVALID] = {W_error_title_invalid, W_error_invalid},
	[ERR_TOO_MANY] = {W_error_title_too_many, W_error_too_many},
	[ERR_INTERNAL] = {W_error_title_internal, W_error_internal},
	[ERR_DATABASE] = {W_error_title_internal, W_error_database},
	[ERR_IO] = {W_error_title_internal, W_error_io},
	[ERR_UNAVAILABLE] = {W_error_title_unavailable, W_error_unavailable},
	[ERR_TIMEOUT] = {W_error_title_unavailable, W_error_timeout},
	[ERR_FULL] = {W_error_title_full, W_error_full},
};

int error_title(err code)
{
	must(code > OK && code < ERR_COUNT);
	return words[code].title;
}

int error_word(err code)
{
	must(code > OK && code < ERR_COUNT);
	return words[code].text;
}
