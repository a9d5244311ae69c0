// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looking at pictures before decoding: formats, sizes and frames of whole files, cuts at every
// byte, limits exactly at their edge.
#include "samples.h"
#include "sniff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

// The bytes on the heap, exactly as many, so that a read past them is seen.
static enum media_result sniff_copy(const uint8_t *data, size_t size, struct sniffed *out)
{
	uint8_t *copy = malloc(size + (size == 0));
	assert_non_null(copy);
	memcpy(copy, data, size);
	enum media_result result = sniff(copy, size, out);
	free(copy);
	return result;
}

static void samples_are_what_they_are(void **state)
{
	(void)state;
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		struct sniffed found;
		assert_int_equal(
			sniff_copy(samples[format].at, samples[format].size, &found), MEDIA_OK);
		assert_int_equal(found.format, format);
		assert_int_equal(found.frames, 1);
		// HEVC and AV1 pad to blocks: the largest size said counts.
		assert_true(found.width >= SAMPLE_SIZE && found.width <= 64);
		assert_true(found.height >= SAMPLE_SIZE && found.height <= 64);
	}
}

// A JPEG's end shows in decoding, as does the lack of the whole last box. A GIF's last byte is often
// left out.
static bool may_pass(int format, size_t size)
{
	struct bytes whole = samples[format];
	if (format == MEDIA_GIF)
		return size == whole.size - 1;
	if (format == MEDIA_AVIF || format == MEDIA_HEIC)
		return whole.size - size > 8 && memcmp(whole.at + size + 4, "mdat", 4) == 0;
	return format == MEDIA_JPEG;
}

static void no_cut_file_passes_where_the_container_tells_its_end(void **state)
{
	(void)state;
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		for (size_t size = 0; size < samples[format].size; size++) {
			struct sniffed found;
			enum media_result result = sniff_copy(samples[format].at, size, &found);
			if (result == MEDIA_OK) {
				assert_true(may_pass(format, size));
			} else {
				assert_true(result == MEDIA_TRUNCATED ||
					    result == MEDIA_UNKNOWN_FORMAT ||
					    result == MEDIA_BROKEN);
			}
		}
	}
}

static void limits_hold_exactly(void **state)
{
	(void)state;
	assert_int_equal(sniff_limits(12000, 10000), MEDIA_OK);
	assert_int_equal(sniff_limits(12001, 10000), MEDIA_TOO_MANY_PIXELS);
	assert_int_equal(sniff_limits(30000, 4000), MEDIA_OK);
	assert_int_equal(sniff_limits(30001, 1), MEDIA_TOO_MANY_PIXELS);
	assert_int_equal(sniff_limits(1, 30001), MEDIA_TOO_MANY_PIXELS);
	assert_int_equal(sniff_limits(UINT64_MAX, UINT64_MAX), MEDIA_TOO_MANY_PIXELS);
	assert_int_equal(sniff_limits(0, 5), MEDIA_BROKEN);
}

static void a_size_said_in_the_header_is_held_against_the_limits(void **state)
{
	(void)state;
	uint8_t png[2048];
	struct bytes sample = samples[MEDIA_PNG];
	struct sniffed found;
	assert_true(sample.size <= sizeof png);
	memcpy(png, sample.at, sample.size);
	memcpy(png + 16, "\0\0\x75\x30\0\0\x0f\xa0", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_OK);
	memcpy(png + 16, "\0\0\x75\x31\0\0\0\1", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_TOO_MANY_PIXELS);
	memcpy(png + 16, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_TOO_MANY_PIXELS);
}

static void other_things_are_unknown(void **state)
{
	static const char *const others[] = {"", "GIF", "GIF88a and more", "<svg xmlns=\"x\"/>",
		"<!doctype html>", "II*\0\10\0\0\0", "%PDF-1.4", "BM\0\0\0\0\0\0\0\0",
		"RIFF\4\0\0\0WAVE", "\0\0\0\30ftypisom\0\0\0\0isommp42", "\0\0\0\14jP  \r\n\x87\n"};
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		char text[64] = {0};
		struct sniffed found;
		strncpy(text, others[i], sizeof text - 1);
		assert_int_equal(
			sniff_copy((const uint8_t *)text, i == 0 ? 0 : sizeof text, &found),
			MEDIA_UNKNOWN_FORMAT);
		assert_int_equal(found.format, MEDIA_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_are_what_they_are),
		cmocka_unit_test(no_cut_file_passes_where_the_container_tells_its_end),
		cmocka_unit_test(limits_hold_exactly),
		cmocka_unit_test(a_size_said_in_the_header_is_held_against_the_limits),
		cmocka_unit_test(other_things_are_unknown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
