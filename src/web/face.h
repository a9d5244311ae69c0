// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Faces: the picture of somebody who has not chosen one, drawn from a number. The same number is the
// same drawing for ever; it tells nothing of the account it was made from.
#pragma once

#include "html/html.h"

// What an account's number becomes in an address.
uint32_t face_seed(account_id);
// The drawing as SVG, 96 by 96.
str face_draw(struct arena *, uint32_t seed);
