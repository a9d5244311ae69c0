// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The only part that knows libvips: decoding to plain pixels, and writing pixels out. Between the
// two a picture is nothing but bytes of sRGB, so that no metadata has a way through.
#pragma once

#include "sniff.h"

#define DETAIL_SIZE sizeof(((struct media_answer *)0)->detail)

struct pixels {
	uint8_t *rgb; // width * height * 3
	uint32_t width;
	uint32_t height;
};

// Loads libvips with the six loaders and no other; to be called before the sandbox closes.
bool picture_start(const char *program);

// The size of a picture's master. An ordinary picture's long edge is bounded, a long one's short edge
// and area, so that a page of text stays one that can be read.
void picture_fit(uint32_t width, uint32_t height, uint32_t *fit_width, uint32_t *fit_height);

// Decodes a picture that `sniff` has passed: upright, on white, 8 bits of sRGB, scaled down to
// picture_fit. `detail` gets the decoder's message on failure. The caller frees with pixels_free.
enum media_result picture_decode(struct bytes file, const struct sniffed *sniffed,
	struct pixels *out, char detail[static DETAIL_SIZE]);

// Crops and scales as `rendition` says and writes it to `fd`.
enum media_result picture_render(const struct pixels *from, const struct media_rendition *rendition,
	int fd, struct media_made *made, char detail[static DETAIL_SIZE]);

// Writes all of `from` as a JPEG master to `fd`.
enum media_result picture_write_master(const struct pixels *from, int fd, struct media_made *made,
	char detail[static DETAIL_SIZE]);

// Makes a moving rendition of an animation and writes it to `fd`.
enum media_result picture_move(struct bytes file, const struct sniffed *sniffed, int fd,
	struct media_made *made, char detail[static DETAIL_SIZE]);

void pixels_free(struct pixels *pixels);
