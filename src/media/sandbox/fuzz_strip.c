// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Taking parts out of any bytes, as each of the formats: what is left is never larger, nothing
// outside is touched, and a second time finds nothing more to take.
#include "sniff.h"
#include "strip.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		uint8_t *copy = malloc(size ? size : 1);
		size_t once = size;
		if (copy == NULL)
			return 0;
		memcpy(copy, data, size);
		enum media_result result = strip(copy, &once, (enum media_format)format);
		size_t twice = once;
		if (once > size || (result != MEDIA_OK && result != MEDIA_TIMEOUT))
			abort();
		if (result == MEDIA_OK &&
			(strip(copy, &twice, (enum media_format)format) != MEDIA_OK ||
				twice != once))
			abort();
		free(copy);
	}
	return 0;
}
