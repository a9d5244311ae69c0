// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What is taken out before decoding, and that the picture, its colours and its frames stay.
#include "samples.h"
#include "strip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct file {
	uint8_t at[500000];
	size_t n;
};

static void add(struct file *f, const void *bytes, size_t n)
{
	assert_true(f->n + n <= sizeof f->at);
	memcpy(f->at + f->n, bytes, n);
	f->n += n;
}

static void add_big32(struct file *f, size_t n)
{
	uint8_t b[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
	add(f, b, 4);
}

static void add_little32(struct file *f, size_t n)
{
	uint8_t b[4] = {(uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
	add(f, b, 4);
}

static const uint8_t zeros[100000];

static void add_png(struct file *f, const char *kind, size_t n)
{
	add_big32(f, n);
	add(f, kind, 4);
	add(f, zeros, n);
	add(f, "crc!", 4);
}

static void add_jpeg(struct file *f, int marker, const char *mark, size_t mark_size, size_t n)
{
	uint8_t head[4] = {0xFF, (uint8_t)marker, (uint8_t)((n + 2) >> 8), (uint8_t)(n + 2)};
	add(f, head, 4);
	add(f, mark, mark_size);
	add(f, zeros, n - mark_size);
}

static void add_webp(struct file *f, const char *kind, size_t n)
{
	add(f, kind, 4);
	add_little32(f, n);
	add(f, zeros, n + (n & 1));
}

static void assert_stripped(struct file *got, enum media_format format, const struct file *wanted)
{
	// On the heap, exactly as many, so that a step outside is seen.
	uint8_t *copy = malloc(got->n);
	size_t n = got->n;
	assert_non_null(copy);
	memcpy(copy, got->at, got->n);
	assert_int_equal(strip(copy, &n, format), MEDIA_OK);
	assert_int_equal(n, wanted->n);
	assert_memory_equal(copy, wanted->at, n);
	free(copy);
}

static void samples_stay_what_they_are(void **state)
{
	(void)state;
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		struct sniffed found;
		uint8_t copy[4096];
		size_t n = samples[format].size;
		assert_true(n <= sizeof copy);
		memcpy(copy, samples[format].at, n);
		assert_int_equal(strip(copy, &n, (enum media_format)format), MEDIA_OK);
		assert_int_equal(sniff(copy, n, &found), MEDIA_OK);
		assert_int_equal(found.format, format);
	}
}

static void png_keeps_colours_and_frames(void **state)
{
	static struct file in, out;
	const struct bytes png = samples[MEDIA_PNG];
	const struct {
		const char *kind;
		size_t size;
	} chunks[] = {{"zTXt", 50}, {"iTXt", 90000}, {"tEXt", 0}, {"gAMA", 4}, {"gAMA", 4},
		{"iCCP", 3000}, {"iCCP", 10}, {"sRGB", 1}, {"eXIf", 600}, {"eXIf", 600},
		{"sPLT", 900}, {"hIST", 20}, {"vpAg", 9}, {"cHRM", 32}, {"tRNS", 90000},
		{"acTL", 8}, {"fcTL", 26}, {"fdAT", 500}, {"tIME", 7}, {"pHYs", 9}, {"bKGD", 6},
		{"cICP", 4}, {"zTXt", 70000}};
	(void)state;
	in.n = out.n = 0;
	add(&in, png.at, 33); // signature and IHDR
	add(&out, png.at, 33);
	for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
		bool first = true;
		for (size_t k = 0; k < i; k++)
			first = first && strcmp(chunks[k].kind, chunks[i].kind) != 0;
		add_png(&in, chunks[i].kind, chunks[i].size);
		static const char *const kept[] = {
			"gAMA", "iCCP", "sRGB", "eXIf", "cHRM", "acTL", "fcTL", "fdAT", "cICP"};
		for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
			if (first && strcmp(kept[k], chunks[i].kind) == 0)
				add_png(&out, chunks[i].kind, chunks[i].size);
	}
	add_png(&in, "IDAT", 40);
	add_png(&out, "IDAT", 40);
	add_png(&in, "tEXt", 99);
	add_png(&in, "IEND", 0);
	add_png(&out, "IEND", 0);
	add(&in, "another file behind it", 22);
	assert_stripped(&in, MEDIA_PNG, &out);
}

static void jpeg_keeps_profile_and_orientation(void **state)
{
	static struct file in, out;
	(void)state;
	in.n = out.n = 0;
	add(&in, "\xff\xd8", 2);
	add(&out, "\xff\xd8", 2);
#define BOTH(...) \
	do { \
		add_jpeg(&in, __VA_ARGS__); \
		add_jpeg(&out, __VA_ARGS__); \
	} while (0)
	BOTH(0xE0, "JFIF", 5, 14);
	add_jpeg(&in, 0xE0, "JFXX", 5, 9000);
	BOTH(0xE1, "Exif\0", 6, 800);
	add_jpeg(&in, 0xE1, "Exif\0", 6, 60000);
	add_jpeg(&in, 0xE1, "http://ns.adobe.com/xap/1.0/", 29, 50000);
	BOTH(0xE2, "ICC_PROFILE", 12, 3000);
	BOTH(0xE2, "ICC_PROFILE", 12, 3000);
	add_jpeg(&in, 0xE2, "MPF", 4, 90);
	add_jpeg(&in, 0xED, "Photoshop 3.0", 14, 900);
	BOTH(0xEE, "Adobe", 5, 12);
	add_jpeg(&in, 0xFE, "words", 5, 9000);
	add(&in, "\xff\xff\xff", 3); // filling
	BOTH(0xDB, "", 0, 65);
	BOTH(0xC0, "", 0, 15);
	add(&in, "\xff\xda\0\2scan\xff\0scan\xff\xd9rest", 20);
	add(&out, "\xff\xda\0\2scan\xff\0scan\xff\xd9rest", 20);
	assert_stripped(&in, MEDIA_JPEG, &out);
#undef BOTH
	// A profile larger than any is none.
	uint8_t *large = malloc(6 << 20);
	assert_non_null(large);
	size_t n = 2, once;
	memcpy(large, "\xff\xd8", 2);
	for (int i = 0; i < 80; i++) {
		memset(large + n, 0, 60004);
		memcpy(large + n, "\xff\xe2\xea\x62ICC_PROFILE", 16);
		n += 60004;
	}
	memcpy(large + n, "\xff\xda\0\2xx\xff\xd9", 8);
	once = n + 8;
	assert_int_equal(strip(large, &once, MEDIA_JPEG), MEDIA_OK);
	assert_int_equal(once, 10);
	// Scan after scan, each over the whole picture.
	n = 2;
	for (int i = 0; i <= STRIP_SCANS_MAX; i++, n += 8)
		memcpy(large + n, "\xff\xda\0\2abcd", 8);
	memcpy(large + n, "\xff\xd9", 2);
	once = n + 2;
	assert_int_equal(strip(large, &once, MEDIA_JPEG), MEDIA_TIMEOUT);
	once = n - 8;
	assert_int_equal(strip(large, &once, MEDIA_JPEG), MEDIA_OK);
	free(large);
}

static void webp_tells_what_it_still_has(void **state)
{
	static struct file in, out;
	(void)state;
	for (int large = 0; large < 2; large++) {
		in.n = out.n = 0;
		add(&in, "RIFF....WEBPVP8X\12\0\0\0\x3e\0\0\0\0\0\0\0\0\0", 30); // all it may have
		add(&out, "RIFF....WEBPVP8X\12\0\0\0\x3e\0\0\0\0\0\0\0\0\0", 30);
		out.at[20] = large ? 0x32 : 0x3a;
		add_webp(&in, "ICCP", 501);
		add_webp(&out, "ICCP", 501);
		add_webp(&in, "ANIM", 6);
		add_webp(&out, "ANIM", 6);
		add_webp(&in, "ANMF", 300);
		add_webp(&out, "ANMF", 300);
		add_webp(&in, "EXIF", large ? 70000 : 70);
		if (!large)
			add_webp(&out, "EXIF", 70);
		add_webp(&in, "XMP ", 90000);
		add_webp(&in, "what", 3);
		for (int i = 0; i < 2; i++) {
			struct file *f = i ? &out : &in;
			size_t riff = f->n - 8;
			f->n = 4;
			add_little32(f, riff);
			f->n = riff + 8;
		}
		add(&in, "behind its end", 14);
		assert_stripped(&in, MEDIA_WEBP, &out);
	}
}

static void gif_keeps_its_frames_and_how_they_loop(void **state)
{
	static struct file in, out;
	static const char head[] = "GIF89a\2\0\2\0\x80\0\0aaabbb",
			  loop[] = "!\xff\x0bNETSCAPE2.0\3\1\0\0\0",
			  xmp[] = "!\xff\x0bXMP DataXMP\5hello\0", comment[] = "!\xfe\4text\3abc\0",
			  text[] = "!\1\x0c"
				   "123456789012\2hi\0",
			  control[] = "!\xf9\4\0\5\0\0\0", image[] = ",\0\0\0\0\2\0\2\0\0\2\3abc\0";
	(void)state;
	in.n = out.n = 0;
#define PART(f, part) add(f, part, sizeof part - 1)
	PART(&in, head), PART(&out, head);
	PART(&in, comment), PART(&in, xmp);
	PART(&in, loop), PART(&out, loop);
	for (int i = 0; i < 3; i++) {
		PART(&in, control), PART(&out, control);
		PART(&in, text);
		PART(&in, image), PART(&out, image);
		PART(&in, comment);
	}
	add(&in, ";more", 5);
	add(&out, ";", 1);
	assert_stripped(&in, MEDIA_GIF, &out);
#undef PART
}

// --- HEIF --------------------------------------------------------------------------------------

static void box(struct file *f, const char *kind, const void *body, size_t n)
{
	add_big32(f, n + 8);
	add(f, kind, 4);
	add(f, body, n);
}

// Two items, a picture and metadata, each of `n` places of `length` bytes.
static size_t heif(struct file *f, const char *type, int n, size_t length)
{
	static struct file names, places, meta;
	names.n = places.n = meta.n = f->n = 0;
	add(&names, "\0\0\0\0\0\2", 6);
	box(&names, "infe", "\2\0\0\0\0\1\0\0hvc1\0", 13);
	char second[14] = "\2\0\0\0\0\2\0\0....\0";
	memcpy(second + 8, type, 4);
	box(&names, "infe", second, 13);
	add(&places, "\0\0\0\0\x44\0\0\2", 8);
	for (int item = 1; item <= 2; item++) {
		uint8_t head[6] = {0, (uint8_t)item, 0, 0, (uint8_t)(n >> 8), (uint8_t)n};
		add(&places, head, 6);
		for (int i = 0; i < n; i++) {
			add_big32(&places, 64);
			add_big32(&places, item == 2 ? length : 10);
		}
	}
	add(&meta, "\0\0\0\0", 4);
	box(&meta, "iinf", names.at, names.n);
	box(&meta, "iloc", places.at, places.n);
	box(f, "ftyp", "heic\0\0\0\0heic", 12);
	box(f, "meta", meta.at, meta.n);
	box(f, "mdat", zeros, 1000);
	return f->n;
}

static void heif_places_add_up_to_no_more_than_the_file(void **state)
{
	static struct file f, before;
	static const struct {
		const char *type;
		int n;
		size_t length;
		enum media_result result;
		bool emptied;
	} cases[] = {
		{"Exif", 1, 900, MEDIA_OK, false},
		{"Exif", 1, 300000, MEDIA_OK, true},
		{"mime", 900, 0x7fffffff, MEDIA_OK, true},
		{"uri ", 900, 0xffffffff, MEDIA_OK, true},
		{"hvc1", 1, 900, MEDIA_OK, false},
		{"hvc1", 900, 100000, MEDIA_TIMEOUT, false},
		{"grid", 9, 0xffffffff, MEDIA_TIMEOUT, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t n = heif(&f, cases[i].type, cases[i].n, cases[i].length);
		before = f;
		assert_int_equal(strip(f.at, &n, MEDIA_HEIC), cases[i].result);
		assert_int_equal(n, before.n);
		assert_int_equal(memcmp(f.at, before.at, n) != 0, cases[i].emptied);
		assert_int_equal(strip(f.at, &n, MEDIA_HEIC), cases[i].result);
	}
}

// Whatever is cut off or spoiled, nothing outside is touched and it grows by nothing.
static void broken_files_do_no_harm(void **state)
{
	static struct file f;
	unsigned random = 7;
	(void)state;
	heif(&f, "mime", 5, 300000);
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		struct bytes whole =
			format == MEDIA_HEIC ? (struct bytes){f.at, f.n} : samples[format];
		for (size_t n = 0; n <= whole.size; n++) {
			uint8_t *copy = malloc(n + (n == 0));
			size_t size = n;
			assert_non_null(copy);
			memcpy(copy, whole.at, n);
			random = random * 1664525 + 1013904223;
			if (n > 0 && n % 3 != 0)
				copy[(random >> 8) % n] = (uint8_t)(random >> 24);
			(void)strip(copy, &size, (enum media_format)format);
			assert_true(size <= n);
			free(copy);
		}
	}
}

static void what_no_frame_of_a_gif_covers_is_transparent(void **state)
{
	struct bytes sample = samples[MEDIA_GIF];
	uint8_t copy[4096];
	struct sniffed before, after;
	size_t size = sample.size;
	(void)state;
	assert_true(size + STRIP_GIF_ROOM <= sizeof copy);
	memcpy(copy, sample.at, size);
	assert_int_equal(sniff(copy, size, &before), MEDIA_OK);
	assert_int_equal(strip_gif_clear(copy, size, STRIP_GIF_ROOM - 10), size); // no room
	assert_memory_equal(copy, sample.at, size);
	size_t longer = strip_gif_clear(copy, size, STRIP_GIF_ROOM);
	assert_true(longer > size && longer <= size + STRIP_GIF_ROOM);
	assert_int_equal(copy[longer - 1], 0x3b);
	assert_int_equal(sniff(copy, longer, &after), MEDIA_OK);
	assert_int_equal(after.frames, before.frames + 1);
	// One without its trailer, and the colour that is cleared to.
	uint8_t small[64 + STRIP_GIF_ROOM] = "GIF89a\2\0\2\0\x80\0\0\1\2\3\xff\xf0\xff,\0\0\0\0"
					     "\2\0\2\0\0\2\2\x84\x51";
	size = 34;
	assert_int_equal(sniff(small, size, &before), MEDIA_OK);
	longer = strip_gif_clear(small, size, STRIP_GIF_ROOM);
	assert_int_equal(sniff(small, longer, &after), MEDIA_OK);
	assert_int_equal(after.frames, before.frames + 1);
	assert_false(after.uncovered);
	small[6] = 3;
	assert_int_equal(sniff(small, longer, &after), MEDIA_OK);
	assert_true(after.uncovered);
	for (size_t cut = 0; cut <= size; cut++)
		strip_gif_background(small, cut);
	assert_int_equal(small[11], 1);
	assert_int_equal(strip_gif_clear(small, 5, STRIP_GIF_ROOM), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_stay_what_they_are),
		cmocka_unit_test(png_keeps_colours_and_frames),
		cmocka_unit_test(jpeg_keeps_profile_and_orientation),
		cmocka_unit_test(webp_tells_what_it_still_has),
		cmocka_unit_test(gif_keeps_its_frames_and_how_they_loop),
		cmocka_unit_test(heif_places_add_up_to_no_more_than_the_file),
		cmocka_unit_test(broken_files_do_no_harm),
		cmocka_unit_test(what_no_frame_of_a_gif_covers_is_transparent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
