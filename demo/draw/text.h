/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Cover headlines: large words in one of several manners, wrapped in even lines, inside a given band. */
#ifndef TEXT_H
#define TEXT_H

#include "paint.h"

/* How high a band a headline needs in a picture of this size, in units. */
double headline_height(double w, double h);

/* Draws text into the band from y, high units high, across the picture. Never wider or higher. */
void headline(struct art *a, double y, double high, const char *text);

#endif
