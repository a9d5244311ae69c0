// SPDX-License-Identifier: AGPL-3.0-or-later
//
// fastText's model for identifying languages, lid.176.ftz, read as it is. The file: https://fasttext.cc/docs/en/language-identification.html;
// its layout is that of fastText 0.9.2's Model, Dictionary and QMatrix. Everything may be called from any thread.
#pragma once

#include "base/base.h"

struct model;

// ERR_IO, ERR_INVALID with ctx->problem: no such file, or not one of its kind.
err model_open(struct ctx *, const char *path, struct model **) CHECKED;
void model_close(struct model *); // NULL: nothing
int model_labels(const struct model *);
str model_label(const struct model *, int); // "en"
// The probability of each label for words with single spaces between. `out` has room for all of them.
void model_judge(const struct model *, str words, float *out);
