// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A picture of SAMPLE_SIZE by SAMPLE_SIZE pixels in each format, for `--check`. Made by
// tests/media/make_samples.py.
#pragma once

#include "sniff.h"

#define SAMPLE_SIZE 16

// By enum media_format; MEDIA_NONE is empty.
extern const struct bytes samples[MEDIA_FORMATS];
