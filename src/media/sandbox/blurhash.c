// SPDX-License-Identifier: AGPL-3.0-or-later
//
// BlurHash: the lowest cosine components of a picture in linear light, quantised and written in
// base 83. A large picture is averaged into cells first; of a cell at most SAMPLES by SAMPLES
// pixels are read.
#include "blurhash.h"

#include <math.h>
#include <string.h>

#define ACROSS 4
#define DOWN 3
#define CELLS 64
#define SAMPLES 8

struct colour {
	float r, g, b;
};

struct cells {
	uint32_t width, height;
	struct colour at[CELLS * CELLS];
};

static float to_linear(uint8_t value)
{
	float v = (float)value / 255.0f;

	return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
}

static uint32_t to_srgb(float linear)
{
	float v = fmaxf(0, fminf(1, linear));

	v = v <= 0.0031308f ? v * 12.92f : 1.055f * powf(v, 1 / 2.4f) - 0.055f;
	return (uint32_t)(v * 255 + 0.5f);
}

static struct colour average(const uint8_t *rgb, uint32_t stride, const uint32_t x[2],
	const uint32_t y[2], const float linear[256])
{
	uint32_t step_x = (x[1] - x[0] + SAMPLES - 1) / SAMPLES;
	uint32_t step_y = (y[1] - y[0] + SAMPLES - 1) / SAMPLES;
	struct colour sum = {0};
	float n = 0;

	for (uint32_t row = y[0]; row < y[1]; row += step_y) {
		for (uint32_t column = x[0]; column < x[1]; column += step_x) {
			const uint8_t *p = rgb + ((size_t)row * stride + column) * 3;
			sum.r += linear[p[0]];
			sum.g += linear[p[1]];
			sum.b += linear[p[2]];
			n++;
		}
	}
	return (struct colour){sum.r / n, sum.g / n, sum.b / n};
}

static void reduce(const uint8_t *rgb, uint32_t width, uint32_t height, struct cells *cells)
{
	float linear[256];

	for (int i = 0; i < 256; i++)
		linear[i] = to_linear((uint8_t)i);
	cells->width = width < CELLS ? width : CELLS;
	cells->height = height < CELLS ? height : CELLS;
	for (uint32_t j = 0; j < cells->height; j++) {
		for (uint32_t i = 0; i < cells->width; i++) {
			uint32_t x[2] = {i * width / cells->width, (i + 1) * width / cells->width};
			uint32_t y[2] = {
				j * height / cells->height, (j + 1) * height / cells->height};
			cells->at[j * cells->width + i] = average(rgb, width, x, y, linear);
		}
	}
}

static struct colour component(const struct cells *cells, int i, int j)
{
	const float pi = 3.14159265358979f;
	float scale = (i == 0 && j == 0 ? 1.0f : 2.0f) / (float)(cells->width * cells->height);
	struct colour sum = {0};

	for (uint32_t y = 0; y < cells->height; y++) {
		float down = cosf(pi * (float)j * (float)y / (float)cells->height);
		for (uint32_t x = 0; x < cells->width; x++) {
			float basis = down * cosf(pi * (float)i * (float)x / (float)cells->width);
			struct colour c = cells->at[y * cells->width + x];
			sum.r += basis * c.r;
			sum.g += basis * c.g;
			sum.b += basis * c.b;
		}
	}
	return (struct colour){sum.r * scale, sum.g * scale, sum.b * scale};
}

static char *write83(char *out, uint32_t value, int digits)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
				       "xyz#$%*+,-.:;=?@[]^_{|}~";

	for (int i = digits - 1; i >= 0; i--, value /= 83)
		out[i] = alphabet[value % 83];
	return out + digits;
}

// A component in 0-18, by the root of its share of the greatest.
static uint32_t quantise(float value, float greatest)
{
	float v = value / greatest;

	v = copysignf(sqrtf(fabsf(v)), v);
	return (uint32_t)fmaxf(0, fminf(18, floorf(v * 9 + 9.5f)));
}

uint32_t blurhash(
	const uint8_t *rgb, uint32_t width, uint32_t height, char out[static BLURHASH_SIZE])
{
	struct cells cells;
	struct colour factors[ACROSS * DOWN];
	float most = 0;

	reduce(rgb, width, height, &cells);
	for (int k = 0; k < ACROSS * DOWN; k++) {
		factors[k] = component(&cells, k % ACROSS, k / ACROSS);
		if (k > 0)
			most = fmaxf(
				most, fmaxf(fabsf(factors[k].r),
					      fmaxf(fabsf(factors[k].g), fabsf(factors[k].b))));
	}
	uint32_t scale = (uint32_t)fmaxf(0, fminf(82, floorf(most * 166 - 0.5f)));
	float greatest = (float)(scale + 1) / 166;
	uint32_t mean =
		to_srgb(factors[0].r) << 16 | to_srgb(factors[0].g) << 8 | to_srgb(factors[0].b);

	char *end = write83(out, (ACROSS - 1) + (DOWN - 1) * 9, 1);
	end = write83(end, scale, 1);
	end = write83(end, mean, 4);
	for (int k = 1; k < ACROSS * DOWN; k++) {
		uint32_t value = quantise(factors[k].r, greatest) * 19 * 19 +
				 quantise(factors[k].g, greatest) * 19 +
				 quantise(factors[k].b, greatest);
		end = write83(end, value, 2);
	}
	*end = '\0';
	return mean;
}
