/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "scenes.h"
const struct scene home_scenes[] = {{NULL, NULL, 0}};
