// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The part of the decoder that reads a picture's bytes before any limit is known to hold: whatever
// the bytes, it ends, reads only them, and lets nothing over the limits pass.
#include "sniff.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Mending changes nothing the second time, and nothing that is looked at.
static void mend(const uint8_t *data, size_t size)
{
	uint8_t *once = malloc(size), *twice = malloc(size);
	struct sniffed after;

	if (once == NULL || twice == NULL)
		abort();
	memcpy(once, data, size);
	sniff_heif_mend(once, size);
	memcpy(twice, once, size);
	sniff_heif_mend(twice, size);
	if (memcmp(once, twice, size) != 0 || sniff(once, size, &after) != MEDIA_OK)
		abort();
	free(once);
	free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sniffed sniffed;
	enum media_result result = sniff(data, size, &sniffed);

	if ((result == MEDIA_UNSUPPORTED) != (sniffed.kind != MEDIA_KIND_NONE) ||
		sniffed.kind >= MEDIA_KINDS)
		abort();
	if (result != MEDIA_OK)
		return 0;
	if (sniffed.format == MEDIA_NONE || sniffed.frames < 1 ||
		sniff_limits(sniffed.width, sniffed.height) != MEDIA_OK)
		abort();
	if (sniffed.format == MEDIA_AVIF || sniffed.format == MEDIA_HEIC)
		mend(data, size);
	return 0;
}
