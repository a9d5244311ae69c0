// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Profiles are lcms' matter: by their perceptual table where they have one, as browsers do, else by
// whatever they have. Code points are computed here: light of a transfer function, a matrix to the
// primaries of sRGB, a shoulder for high dynamic range, and the sRGB curve. Everything ends in 16
// bits and is dithered to 8, so that a deep gradient stays one.
#include "colour.h"

#include <lcms2.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAPER_NITS 203.0f // ITU-R BT.2408
#define PQ_NITS 10000.0f
#define HLG_NITS 1000.0f
#define KNEE 0.75f // of paper white: up to here light stays as it is

#define CURVE 4096 // steps of the sRGB curve over the root of light
#define DEEP 65535.0f

struct primaries {
	uint32_t code;
	float white[2], red[2], green[2], blue[2];
};

#define D65 \
	{ \
		0.3127f, 0.3290f \
	}

static const struct primaries known[] = {
	{1, D65, {0.64f, 0.33f}, {0.30f, 0.60f}, {0.15f, 0.06f}},
	{4, {0.310f, 0.316f}, {0.67f, 0.33f}, {0.21f, 0.71f}, {0.14f, 0.08f}},
	{5, D65, {0.64f, 0.33f}, {0.29f, 0.60f}, {0.15f, 0.06f}},
	{6, D65, {0.630f, 0.340f}, {0.310f, 0.595f}, {0.155f, 0.070f}},
	{7, D65, {0.630f, 0.340f}, {0.310f, 0.595f}, {0.155f, 0.070f}},
	{8, {0.310f, 0.316f}, {0.681f, 0.319f}, {0.243f, 0.692f}, {0.145f, 0.049f}},
	{9, D65, {0.708f, 0.292f}, {0.170f, 0.797f}, {0.131f, 0.046f}},
	{10, {1 / 3.0f, 1 / 3.0f}, {1, 0}, {0, 1}, {0, 0}},
	{11, {0.314f, 0.351f}, {0.680f, 0.320f}, {0.265f, 0.690f}, {0.150f, 0.060f}},
	{12, D65, {0.680f, 0.320f}, {0.265f, 0.690f}, {0.150f, 0.060f}},
	{22, D65, {0.630f, 0.340f}, {0.295f, 0.605f}, {0.155f, 0.077f}},
};

static const struct primaries *primaries_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].code == code)
			return &known[i];
	}
	return &known[0];
}

// Curves that browsers show as sRGB's own: video's camera curves and what is not known.
static bool is_srgb_curve(uint32_t transfer)
{
	static const uint32_t others[] = {4, 5, 7, 8, 9, 10, CICP_PQ, 17, CICP_HLG};

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (transfer == others[i])
			return false;
	}
	return true;
}

static bool has_codes(const struct colours *c)
{
	return primaries_of(c->primaries)->code != CICP_BT709 || !is_srgb_curve(c->transfer);
}

static bool has_numbers(const struct colours *c)
{
	return c->gamma > 0;
}

bool colours_differ(const struct colours *c)
{
	return has_codes(c) || has_numbers(c);
}

double colours_paper(const struct colours *c)
{
	return c->transfer == CICP_PQ ? 0.5807 : c->transfer == CICP_HLG ? 0.75 : 1;
}

// Light of a number 0-1. Of PQ and HLG in paper whites, HLG before its system gamma; else 0-1.
static float light(uint32_t transfer, float v)
{
	switch (transfer) {
	case 4:
		return powf(v, 2.2f);
	case 5:
		return powf(v, 2.8f);
	case 7:
		return v < 0.0913f ? v / 4 : powf((v + 0.1115f) / 1.1115f, 1 / 0.45f);
	case 8:
		return v;
	case 9:
		return v <= 0 ? 0 : powf(10, (v - 1) * 2);
	case 10:
		return v <= 0 ? 0 : powf(10, (v - 1) * 2.5f);
	case CICP_PQ: {
		const float m1 = 0.1593017578125f, m2 = 78.84375f, c1 = 0.8359375f,
			    c2 = 18.8515625f, c3 = 18.6875f;
		float e = powf(v, 1 / m2);
		return powf(fmaxf(e - c1, 0) / (c2 - c3 * e), 1 / m1) * (PQ_NITS / PAPER_NITS);
	}
	case 17:
		return powf(v, 2.6f) * (52.37f / 48);
	case CICP_HLG: {
		const float a = 0.17883277f, b = 0.28466892f, c = 0.55991073f;
		return v <= 0.5f ? v * v / 3 : (expf((v - c) / a) + b) / 12;
	}
	default:
		return v <= 0.04045f ? v / 12.92f : powf((v + 0.055f) / 1.055f, 2.4f);
	}
}

static void invert(const float m[9], float out[9])
{
	float d = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
		  m[2] * (m[3] * m[7] - m[4] * m[6]);

	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 3; j++) {
			int a = (j + 1) % 3, b = (j + 2) % 3, c = (i + 1) % 3, e = (i + 2) % 3;
			out[i * 3 + j] =
				(m[a * 3 + c] * m[b * 3 + e] - m[a * 3 + e] * m[b * 3 + c]) / d;
		}
	}
}

static void multiply(const float a[9], const float b[9], float out[9])
{
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 3; j++)
			out[i * 3 + j] =
				a[i * 3] * b[j] + a[i * 3 + 1] * b[3 + j] + a[i * 3 + 2] * b[6 + j];
	}
}

static void apply(const float m[9], const float in[3], float out[3])
{
	for (int i = 0; i < 3; i++)
		out[i] = m[i * 3] * in[0] + m[i * 3 + 1] * in[1] + m[i * 3 + 2] * in[2];
}

static void xyz_of(const float xy[2], float out[3])
{
	out[0] = xy[0] / xy[1];
	out[1] = 1;
	out[2] = (1 - xy[0] - xy[1]) / xy[1];
}

// From light of these primaries to XYZ whose white is (1, 1, 1): each white is adapted to by
// Bradford's cones.
static void to_connection(const struct primaries *p, float out[9])
{
	static const float cones[9] = {
		0.8951f, 0.2664f, -0.1614f, -0.7502f, 1.7135f, 0.0367f, 0.0389f, -0.0685f, 1.0296f};
	const float *xy[3] = {p->red, p->green, p->blue};
	float m[9], inverse[9], white[3], scale[3], seen[3], cones_back[9], adapt[9], part[9];
	const float equal[3] = {1, 1, 1};
	float target[3];

	for (int j = 0; j < 3; j++) {
		// A primary on the x axis has no light of its own: X and Z alone.
		float column[3] = {xy[j][0], xy[j][1], 1 - xy[j][0] - xy[j][1]};
		for (int i = 0; i < 3; i++)
			m[i * 3 + j] = column[i];
	}
	xyz_of(p->white, white);
	invert(m, inverse);
	apply(inverse, white, scale);
	for (int i = 0; i < 9; i++)
		m[i] *= scale[i % 3];
	apply(cones, white, seen);
	apply(cones, equal, target);
	for (int i = 0; i < 9; i++)
		part[i] = cones[i] * target[i / 3] / seen[i / 3];
	invert(cones, cones_back);
	multiply(cones_back, part, adapt);
	multiply(adapt, m, out);
}

static void to_srgb_primaries(uint32_t code, float out[9])
{
	float from[9], srgb[9], back[9];

	to_connection(primaries_of(code), from);
	to_connection(&known[0], srgb);
	invert(srgb, back);
	multiply(back, from, out);
}

// Leaves what is below the knee and lets the rest approach 1 as light approaches PQ's brightest:
// (Reinhard's curve on the part above the knee). Paper white comes out at 0.88.
static float shoulder(float x)
{
	const float most = (PQ_NITS / PAPER_NITS - KNEE) / (1 - KNEE);

	if (x <= KNEE)
		return x;
	float u = (x - KNEE) / (1 - KNEE);
	return fminf(1, KNEE + (1 - KNEE) * u * (1 + u / (most * most)) / (1 + u));
}

struct mapping {
	float light[256 + 1];
	float *deep; // of 65,536 numbers, when the picture has 16 bits
	float matrix[9];
	float curve[CURVE + 2];
	uint32_t transfer;
};

static struct mapping *mapping_new(const struct colours *colours, bool deep)
{
	struct mapping *m = calloc(1, sizeof *m);

	if (m == NULL)
		return NULL;
	size_t n = deep ? 65536 : 256;
	m->transfer = colours->transfer;
	if (deep && (m->deep = calloc(n, sizeof *m->deep)) == NULL) {
		free(m);
		return NULL;
	}
	float *to = deep ? m->deep : m->light;
	for (size_t i = 0; i < n; i++)
		to[i] = light(colours->transfer, (float)i / (float)(n - 1));
	to_srgb_primaries(colours->primaries, m->matrix);
	for (int i = 0; i < CURVE + 2; i++) {
		float root = (float)i / CURVE, v = root * root;
		m->curve[i] =
			(v <= 0.0031308f ? v * 12.92f : 1.055f * powf(v, 1 / 2.4f) - 0.055f) * DEEP;
	}
	return m;
}

static void mapping_free(struct mapping *m)
{
	free(m->deep);
	free(m);
}

// Light on a screen of what an HLG camera saw (ITU-R BT.2100: gamma 1.2 at 1,000 nits).
static void hlg_shown(float rgb[3])
{
	float y = 0.2627f * rgb[0] + 0.6780f * rgb[1] + 0.0593f * rgb[2];
	float scale = y > 0 ? powf(y, 0.2f) * (HLG_NITS / PAPER_NITS) : 0;

	for (int i = 0; i < 3; i++)
		rgb[i] *= scale;
}

static void map_pixel(const struct mapping *m, float rgb[3], uint16_t out[3])
{
	bool high = m->transfer == CICP_PQ || m->transfer == CICP_HLG;
	float linear[3];

	if (m->transfer == CICP_HLG)
		hlg_shown(rgb);
	apply(m->matrix, rgb, linear);
	float top = fmaxf(linear[0], fmaxf(linear[1], linear[2]));
	// One factor for all three keeps the hue.
	float factor = high && top > KNEE ? shoulder(top) / top : 1;
	for (int i = 0; i < 3; i++) {
		float v = fmaxf(0, fminf(1, linear[i] * factor));
		float at = sqrtf(v) * CURVE;
		int step = (int)at;
		float part = at - (float)step;
		out[i] = (uint16_t)(m->curve[step] + (m->curve[step + 1] - m->curve[step]) * part +
				    0.5f);
	}
}

static uint16_t sample(const struct samples_in *in, size_t i)
{
	return in->deep ? ((const uint16_t *)in->at)[i]
			: (uint16_t)(((const uint8_t *)in->at)[i] * 257);
}

// Sixteen bits to eight by an ordered pattern: each step of a gradient begins at 64 places.
static void dither_row(const uint16_t *row, uint32_t width, uint32_t y, uint8_t *out)
{
	static const uint8_t pattern[8][8] = {{0, 32, 8, 40, 2, 34, 10, 42},
		{48, 16, 56, 24, 50, 18, 58, 26}, {12, 44, 4, 36, 14, 46, 6, 38},
		{60, 28, 52, 20, 62, 30, 54, 22}, {3, 35, 11, 43, 1, 33, 9, 41},
		{51, 19, 59, 27, 49, 17, 57, 25}, {15, 47, 7, 39, 13, 45, 5, 37},
		{63, 31, 55, 23, 61, 29, 53, 21}};

	for (uint32_t x = 0; x < width; x++) {
		uint32_t threshold = (pattern[y & 7][x & 7] * 2u + 1) * 257 / 128;
		for (int i = 0; i < 3; i++)
			*out++ = (uint8_t)((*row++ + threshold) / 257);
	}
}

static void round_row(const uint16_t *row, uint32_t width, uint8_t *out)
{
	for (size_t i = 0; i < (size_t)width * 3; i++)
		out[i] = (uint8_t)((row[i] + 128) / 257);
}

static void map_row(const struct mapping *m, const struct samples_in *in, uint32_t y, uint16_t *out)
{
	for (uint32_t x = 0; x < in->width; x++) {
		size_t at = ((size_t)y * in->width + x) * in->bands;
		float rgb[3];
		for (size_t i = 0; i < 3; i++) {
			uint16_t v = sample(in, at + (in->bands == 3 ? i : 0));
			rgb[i] = in->deep ? m->deep[v] : m->light[v / 257];
		}
		map_pixel(m, rgb, out + (size_t)x * 3);
	}
}

static void copy_row(const struct samples_in *in, uint32_t y, uint16_t *out)
{
	size_t at = (size_t)y * in->width * in->bands;

	for (size_t i = 0; i < (size_t)in->width * 3; i++)
		out[i] = sample(in, at + (in->bands == 3 ? i : i / 3));
}

// Inks without a profile, as browsers show them: what each ink and black let through, multiplied.
static void ink_row(const struct samples_in *in, uint32_t y, uint16_t *out)
{
	size_t at = (size_t)y * in->width * 4;

	for (uint32_t x = 0; x < in->width; x++, at += 4) {
		uint32_t black = 65535u - sample(in, at + 3);
		for (size_t i = 0; i < 3; i++)
			*out++ = (uint16_t)((65535u - sample(in, at + i)) * black / 65535u);
	}
}

// Grey with a profile of red, green and blue is told to lcms as three equal ones.
static bool is_grey_as_rgb(const struct samples_in *in, cmsColorSpaceSignature space)
{
	return in->bands == 1 && space == cmsSigRgbData;
}

static cmsUInt32Number lcms_format(const struct samples_in *in, cmsColorSpaceSignature space)
{
	if (is_grey_as_rgb(in, space))
		return TYPE_RGB_16;
	if (in->bands == 4)
		return in->deep ? TYPE_CMYK_16 : TYPE_CMYK_8;
	if (in->bands == 1)
		return in->deep ? TYPE_GRAY_16 : TYPE_GRAY_8;
	return in->deep ? TYPE_RGB_16 : TYPE_RGB_8;
}

static cmsHPROFILE profile_of_numbers(const struct colours *c, uint32_t bands)
{
	static const struct primaries *srgb = &known[0];
	bool said = c->white[1] > 0 && c->red[1] > 0 && c->green[1] > 0 && c->blue[1] > 0;
	cmsCIExyY white = {said ? c->white[0] : (double)srgb->white[0],
		said ? c->white[1] : (double)srgb->white[1], 1};
	cmsCIExyYTRIPLE points = {{(double)srgb->red[0], (double)srgb->red[1], 1},
		{(double)srgb->green[0], (double)srgb->green[1], 1},
		{(double)srgb->blue[0], (double)srgb->blue[1], 1}};
	cmsToneCurve *curve = cmsBuildGamma(NULL, 1 / c->gamma);

	if (said)
		points = (cmsCIExyYTRIPLE){{c->red[0], c->red[1], 1}, {c->green[0], c->green[1], 1},
			{c->blue[0], c->blue[1], 1}};
	if (curve == NULL)
		return NULL;
	cmsToneCurve *const curves[3] = {curve, curve, curve};
	cmsHPROFILE made = bands == 1 ? cmsCreateGrayProfile(&white, curve)
				      : cmsCreateRGBProfile(&white, &points, curves);
	cmsFreeToneCurve(curve);
	return made;
}

// The first intent a transform can be made of. Browsers take the perceptual table before others.
static cmsHTRANSFORM transform_of(cmsHPROFILE profile, const struct samples_in *in)
{
	static const cmsColorSpaceSignature spaces[] = {
		0, cmsSigGrayData, 0, cmsSigRgbData, cmsSigCmykData};
	static const cmsUInt32Number intents[] = {
		INTENT_PERCEPTUAL, INTENT_RELATIVE_COLORIMETRIC, INTENT_SATURATION};
	cmsHPROFILE srgb = cmsCreate_sRGBProfile();
	cmsHTRANSFORM made = NULL;

	if (srgb == NULL)
		return NULL;
	// Of version 4 lcms would move the black point, which browsers do not.
	cmsSetProfileVersion(srgb, 2.1);
	cmsColorSpaceSignature space = cmsGetColorSpace(profile);
	bool fits = space == spaces[in->bands] || is_grey_as_rgb(in, space);
	for (size_t i = 0; fits && made == NULL && i < sizeof intents / sizeof *intents; i++)
		made = cmsCreateTransform(profile, lcms_format(in, space), srgb, TYPE_RGB_16,
			intents[i], cmsFLAGS_NOCACHE | cmsFLAGS_HIGHRESPRECALC);
	cmsCloseProfile(srgb);
	return made;
}

static cmsHTRANSFORM by_profile(const struct samples_in *in, const struct colours *colours,
	const void *icc, size_t icc_size)
{
	cmsHPROFILE profile = NULL;

	if (colours->codes_first && has_codes(colours))
		return NULL;
	if (icc_size > 0 && icc_size <= UINT32_MAX)
		profile = cmsOpenProfileFromMem(icc, (cmsUInt32Number)icc_size);
	else if (icc_size == 0 && !has_codes(colours) && has_numbers(colours) && in->bands <= 3)
		profile = profile_of_numbers(colours, in->bands);
	if (profile == NULL)
		return NULL;
	cmsHTRANSFORM made = transform_of(profile, in);
	cmsCloseProfile(profile);
	return made;
}

static void transform_row(
	const struct samples_in *in, cmsHTRANSFORM transform, uint32_t y, uint16_t *row)
{
	size_t stride = (size_t)in->width * in->bands * (in->deep ? 2 : 1);
	const void *from = (const uint8_t *)in->at + y * stride;

	if (in->bands == 1 && T_CHANNELS(cmsGetTransformInputFormat(transform)) == 3) {
		copy_row(in, y, row);
		from = row;
	}
	cmsDoTransform(transform, from, row, in->width);
}

static void convert_rows(const struct samples_in *in, cmsHTRANSFORM transform,
	const struct mapping *mapping, uint16_t *row, uint8_t *out)
{
	bool dithered = in->deep || mapping != NULL;

	for (uint32_t y = 0; y < in->height; y++) {
		if (transform != NULL)
			transform_row(in, transform, y, row);
		else if (mapping != NULL)
			map_row(mapping, in, y, row);
		else if (in->bands == 4)
			ink_row(in, y, row);
		else
			copy_row(in, y, row);
		uint8_t *to = out + (size_t)y * in->width * 3;
		if (dithered)
			dither_row(row, in->width, y, to);
		else
			round_row(row, in->width, to);
	}
}

bool colours_convert(const struct samples_in *in, const struct colours *colours, const void *icc,
	size_t icc_size, uint8_t *out)
{
	uint16_t *row = calloc((size_t)in->width * 3, sizeof *row);
	struct mapping *mapping = NULL;
	cmsHTRANSFORM transform = by_profile(in, colours, icc, icc_size);

	if (transform == NULL && has_codes(colours))
		mapping = mapping_new(colours, in->deep);
	bool ready = row != NULL && (transform != NULL || mapping != NULL || !has_codes(colours));
	if (ready)
		convert_rows(in, transform, mapping, row, out);
	if (transform != NULL)
		cmsDeleteTransform(transform);
	if (mapping != NULL)
		mapping_free(mapping);
	free(row);
	return ready;
}
