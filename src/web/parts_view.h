// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What parts that several forms share show: the languages a person reads, in their order.
#pragma once

#include "web/frame.h"

struct languages_view {
	const lang *reads; // most wanted first
	int n_reads;
};
bool reads_language(const struct languages_view *, lang);
// Shown at once; the others behind a fold.
bool is_common_language(const struct languages_view *, const struct language *);

// The form's wish: what is checked, in the order it had, with what is new at the end; `up` names one
// that moves up a place. Returns how many; out has VIEWER_LANGS places.
int reads_from_form(struct request *, lang out[VIEWER_LANGS]);

str time_text(struct arena *, ms at); // 2026-11-23T15:24:04.000Z, for <time datetime>
