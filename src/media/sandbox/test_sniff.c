// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Looking at pictures before decoding: formats, sizes and frames of whole files, cuts at every
// byte, limits exactly at their edge.
#include "samples.h"
#include "walk.h"

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
	assert_int_equal(sniff_limits(21000, 10000), MEDIA_OK);
	assert_int_equal(sniff_limits(21001, 10000), MEDIA_TOO_MANY_PIXELS);
	assert_int_equal(sniff_limits(65500, 3206), MEDIA_OK);
	assert_int_equal(sniff_limits(65501, 1), MEDIA_TOO_LONG);
	assert_int_equal(sniff_limits(1, 65501), MEDIA_TOO_LONG);
	assert_int_equal(sniff_limits(UINT64_MAX, UINT64_MAX), MEDIA_TOO_LONG);
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
	memcpy(png + 16, "\0\0\xff\xdc\0\0\x0c\x80", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_OK);
	memcpy(png + 16, "\0\0\xff\xdc\0\0\x0c\x87", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_TOO_MANY_PIXELS);
	memcpy(png + 16, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	assert_int_equal(sniff_copy(png, sample.size, &found), MEDIA_TOO_LONG);
}

static void other_things_are_unknown(void **state)
{
	static const char *const others[] = {"", "GIF", "GIF88a and more", "<!doctype html>",
		"BM\0\0\0\0\0\0\0\0", "RIFF\4\0\0\0WAVE", "a text that says <svg",
		"<?xml version='1.0'?><html/>"};
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		char text[64] = {0};
		struct sniffed found;
		strncpy(text, others[i], sizeof text - 1);
		assert_int_equal(
			sniff_copy((const uint8_t *)text, i == 0 ? 0 : sizeof text, &found),
			MEDIA_UNKNOWN_FORMAT);
		assert_int_equal(found.format, MEDIA_NONE);
		assert_int_equal(found.kind, MEDIA_KIND_NONE);
	}
}

// It begins as a pointer of Windows does, with no picture in it.
static void a_targa_is_no_icon(void **state)
{
	static const uint8_t targa[32] = {[2] = 2, [12] = 16, [14] = 16, [16] = 24};
	struct sniffed found;
	(void)state;
	assert_int_equal(sniff_copy(targa, sizeof targa, &found), MEDIA_UNKNOWN_FORMAT);
}

static void what_is_known_but_not_taken_has_a_name(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum media_kind kind;
	} others[] = {
#define OTHER(text, what) {text, sizeof text - 1, MEDIA_KIND_##what}
		OTHER("II*\0\10\0\0\0\0\0", TIFF),
		OTHER("MM\0*\0\0\0\10\0\0", TIFF),
		OTHER("II*\0", TIFF),
		OTHER("II+\0\10\0\0\0", TIFF),
		OTHER("II*\0\xff\xff\xff\xff", TIFF),
		OTHER("II*\0\20\0\0\0CR\2\0", RAW),
		OTHER("MM\0*\0\0\0\10\0\1\xc6\x12\0\1\0\0\0\4\1\4\0\0", RAW),
		OTHER("II*\0\10\0\0\0\2\0\x0f\1\2\0\1\0\0\0\0\0\0\0\x4a\1\4\0\1\0\0\0\0\0\0\0",
			RAW),
		OTHER("\0\0\0\20ftypcrx \0\0\0\1", RAW),
		OTHER("FUJIFILMCCD-RAW 0201", RAW),
		OTHER("\0\0\0\14jP  \r\n\x87\n", JPEG_2000),
		OTHER("\xff\x4f\xff\x51\0\0", JPEG_2000),
		OTHER("\xff\x0a\0\0", JPEG_XL),
		OTHER("\0\0\0\14JXL \r\n\x87\n", JPEG_XL),
		OTHER("II\xbc\1", JPEG_XR),
		OTHER("8BPS\0\1", PSD),
		OTHER("%PDF-1.4\n", PDF),
		OTHER("<svg xmlns=\"x\"/>", SVG),
		OTHER("\xef\xbb\xbf <?xml version=\"1.0\"?>\n<!-- drawn --><svg/>", SVG),
		OTHER("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0", BMP),
		OTHER("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x10\0\0\0\1\0\0\0\1\0\0\0", BMP),
		OTHER("\0\0\1\0\1\0\x10\x10", ICO),
		OTHER("\x76\x2f\x31\x01\2", HDR),
		OTHER("#?RADIANCE\n", HDR),
		OTHER("\0\0\0\30ftypisom\0\0\0\0isommp42", VIDEO),
		OTHER("\0\0\0\20ftypqt  \0\0\0\0", VIDEO),
		OTHER("\x1a\x45\xdf\xa3\1", VIDEO),
		OTHER("RIFF\4\0\0\0AVI LIST", VIDEO),
		OTHER("\0\0\0\30ftypmif1\0\0\0\0mif1jpeg", HEIF_CODEC),
		OTHER("\0\0\0\30ftypavci\0\0\0\0mif1avci", HEIF_CODEC),
	};
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct sniffed found;
		const uint8_t *bytes = (const uint8_t *)others[i].bytes;
		assert_int_equal(sniff_copy(bytes, others[i].n, &found), MEDIA_UNSUPPORTED);
		assert_int_equal(found.kind, others[i].kind);
		for (size_t n = 0; n < others[i].n; n++) {
			enum media_result cut = sniff_copy(bytes, n, &found);
			assert_true(cut == MEDIA_UNSUPPORTED || cut == MEDIA_UNKNOWN_FORMAT ||
				    cut == MEDIA_TRUNCATED || cut == MEDIA_BROKEN);
		}
	}
}

// Stripping bounds the first table of items: no second one may tell of other sizes.
static void one_table_of_items_only(void **state)
{
	static uint8_t twice[1 << 16];
	struct sniffed sniffed;
	(void)state;
	for (int format = MEDIA_AVIF; format <= MEDIA_HEIC; format++) {
		struct bytes one = samples[format], meta;
		assert_true(box_find(one, "meta", &meta));
		assert_true(one.size + meta.size + 8 <= sizeof twice);
		memcpy(twice, one.at, one.size);
		memcpy(twice + one.size, meta.at - 8, meta.size + 8);
		assert_int_equal(sniff(twice, one.size, &sniffed), MEDIA_OK);
		assert_int_equal(sniff(twice, one.size + meta.size + 8, &sniffed), MEDIA_BROKEN);
	}
}

static void items_are_found_by_their_type(void **state)
{
	uint8_t heic[4096];
	struct bytes sample = samples[MEDIA_HEIC];
	(void)state;
	assert_true(sample.size <= sizeof heic);
	memcpy(heic, sample.at, sample.size);
	uint8_t *type = memmem(heic, sample.size, "hvc1", 4);
	assert_true(sniff_heif_has_item(sample, "hvc1"));
	assert_true(sniff_heif_has_item(samples[MEDIA_AVIF], "av01"));
	assert_false(sniff_heif_has_item(sample, "iden"));
	assert_false(sniff_heif_has_item(samples[MEDIA_PNG], "iden"));
	memcpy(type, "iden", 4);
	assert_true(sniff_heif_has_item((struct bytes){heic, sample.size}, "iden"));
	for (size_t size = 0; size < sample.size; size++)
		(void)sniff_heif_has_item((struct bytes){heic, size}, "none");
}

static void a_last_box_is_told_how_long_it_is(void **state)
{
	(void)state;
	// A box with a length of 64 bits before it, and one in a meta box.
	uint8_t file[] = {0, 0, 0, 1, 'f', 'r', 'e', 'e', 0, 0, 0, 0, 0, 0, 0, 16, //
		0, 0, 0, 28, 'm', 'e', 't', 'a', 0, 0, 0, 0,                       //
		0, 0, 0, 0, 'i', 'd', 'a', 't', 1, 2, 3, 4, 5, 6, 7, 8,            //
		0, 0, 0, 0, 'm', 'd', 'a', 't', 9, 9};
	sniff_heif_mend(file, sizeof file);
	assert_int_equal(big32(file), 1);
	assert_int_equal(big32(file + 28), 16);
	assert_int_equal(big32(file + 44), 10);
}

static void kinds_of_jpeg_have_names(void **state)
{
	static const struct {
		uint8_t marker, bits;
		enum media_kind kind;
	} frames[] = {{0xC0, 8, MEDIA_KIND_NONE}, {0xC1, 8, MEDIA_KIND_NONE},
		{0xC2, 8, MEDIA_KIND_NONE}, {0xC9, 8, MEDIA_KIND_NONE}, {0xCA, 8, MEDIA_KIND_NONE},
		{0xC1, 12, MEDIA_KIND_JPEG_12}, {0xC2, 12, MEDIA_KIND_JPEG_12},
		{0xC3, 8, MEDIA_KIND_JPEG_LOSSLESS}, {0xC3, 16, MEDIA_KIND_JPEG_LOSSLESS},
		{0xCB, 8, MEDIA_KIND_JPEG_LOSSLESS}, {0xC5, 8, MEDIA_KIND_JPEG_HIERARCHICAL},
		{0xC7, 8, MEDIA_KIND_JPEG_HIERARCHICAL}, {0xCF, 8, MEDIA_KIND_JPEG_HIERARCHICAL},
		{0xF7, 8, MEDIA_KIND_JPEG_LS}};
	(void)state;
	for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
		uint8_t jpeg[] = {0xFF, 0xD8, 0xFF, frames[i].marker, 0, 11, frames[i].bits, 0, 9,
			0, 9, 1, 1, 0x11, 0};
		struct sniffed found;
		bool plain = frames[i].kind == MEDIA_KIND_NONE;
		assert_int_equal(sniff_copy(jpeg, sizeof jpeg, &found),
			plain ? MEDIA_OK : MEDIA_UNSUPPORTED);
		assert_int_equal(found.kind, frames[i].kind);
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
		cmocka_unit_test(what_is_known_but_not_taken_has_a_name),
		cmocka_unit_test(one_table_of_items_only),
		cmocka_unit_test(items_are_found_by_their_type),
		cmocka_unit_test(a_targa_is_no_icon),
		cmocka_unit_test(a_last_box_is_told_how_long_it_is),
		cmocka_unit_test(kinds_of_jpeg_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
