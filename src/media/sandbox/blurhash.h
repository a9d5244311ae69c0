// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The blurred stand-in shown while a picture loads, after the BlurHash description (blurha.sh), 4
// by 3 components.
#pragma once

#include <stdint.h>

#define BLURHASH_SIZE 29 // 28 characters and the end

// `rgb` is width * height * 3 bytes of sRGB. Pictures wider or higher than 64 pixels are first
// averaged into 64 cells. Returns the average colour in linear light, as sRGB 0xRRGGBB.
uint32_t blurhash(
	const uint8_t *rgb, uint32_t width, uint32_t height, char out[static BLURHASH_SIZE]);
