// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The part of the decoder that reads a picture's bytes before any limit is known to hold: whatever
// the bytes, it ends, reads only them, and lets nothing over the limits pass.
#include "sniff.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sniffed sniffed;
	enum media_result result = sniff(data, size, &sniffed);

	if (result != MEDIA_OK)
		return 0;
	if (sniffed.format == MEDIA_NONE || sniffed.frames < 1 ||
		sniffed.frames > MEDIA_FRAMES_MAX ||
		sniff_limits(sniffed.width, sniffed.height) != MEDIA_OK)
		abort();
	return 0;
}
