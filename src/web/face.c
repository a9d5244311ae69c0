// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One of ten palettes, one of eight little scenes, and in each what stands where. The grounds are of a
// middle light, so that a face looks right on paper white and on near-black.
#include "web/face.h"

#include "web/private.h"

struct palette {
	const char *ground, *deep, *light, *accent;
};
static const struct palette palettes[] = {
	{"#efc7b1", "#b24a3c", "#fcecdf", "#7d2f2c"},
	{"#bcd8c6", "#3c765f", "#eff7ef", "#e2a24f"},
	{"#bcd3ea", "#355b8c", "#eff5fb", "#e7b266"},
	{"#d8c6e6", "#69468a", "#f7f1fa", "#d98ba5"},
	{"#f2d694", "#a4661c", "#fef5df", "#c34c38"},
	{"#b6dbdd", "#276a74", "#ebf7f6", "#ee9a74"},
	{"#ebbfca", "#973b5b", "#fceef2", "#e7ad45"},
	{"#cfd6a9", "#586528", "#f6f8e8", "#c56d39"},
	{"#c8cae0", "#434873", "#f2f2f9", "#d8974f"},
	{"#e3cfb8", "#6f5037", "#f9f1e7", "#5f9386"},
};

struct pen {
	struct sb sb;
	const struct palette *colour;
	uint64_t bits; // used up from the bottom
};

// splitmix64's finisher
static uint64_t mixed(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9;
	x ^= x >> 27;
	x *= 0x94d049bb133111eb;
	return x ^ x >> 31;
}

uint32_t face_seed(account_id who)
{
	return (uint32_t)(mixed((uint64_t)who.v + 0x9e3779b97f4a7c15) >> 32);
}

static int pick(struct pen *p, int below)
{
	int got = (int)(p->bits % (uint64_t)below);
	p->bits = mixed(p->bits / (uint64_t)below + 0x9e3779b97f4a7c15);
	return got;
}

static int between(struct pen *p, int low, int high)
{
	return low + pick(p, high - low + 1);
}

static void disc(struct pen *p, int x, int y, int r, const char *fill)
{
	sb_fmt(&p->sb, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\"/>", x, y, r, fill);
}

static void shape(struct pen *p, const char *fill, str path)
{
	sb_fmt(&p->sb, "<path fill=\"%s\" d=\"%.*s\"/>", fill, STR_ARGS(path));
}

static void line(struct pen *p, const char *colour, int width, str path)
{
	sb_fmt(&p->sb,
		"<path fill=\"none\" stroke=\"%s\" stroke-width=\"%d\" stroke-linecap=\"round\" "
		"d=\"%.*s\"/>",
		colour, width, STR_ARGS(path));
}

#define PATH(...) str_fmt(p->sb.mem, __VA_ARGS__)

static void hills(struct pen *p)
{
	int far = between(p, 44, 58), near = between(p, 60, 72), peak = between(p, 24, 72);
	disc(p, between(p, 24, 72), between(p, 22, 36), between(p, 9, 14), p->colour->light);
	shape(p, p->colour->deep,
		PATH("M0 %dQ%d %d 96 %dV96H0Z", far + 8, peak, far - 32, far + 6));
	shape(p, p->colour->accent,
		PATH("M0 %dQ%d %d 96 %dV96H0Z", near - 4, 96 - peak, near - 20, near + 12));
}

static void bridge(struct pen *p)
{
	int arches = between(p, 1, 3), water = between(p, 62, 70), span = 96 / arches;
	disc(p, between(p, 20, 76), between(p, 20, 32), between(p, 8, 12), p->colour->light);
	shape(p, p->colour->deep,
		PATH("M0 %dQ48 %d 96 %dV%dH0Z", water - 16, water - 42, water - 16, water));
	for (int i = 0; i < arches; i++) {
		int middle = i * span + span / 2, half = span * 3 / 10;
		shape(p, p->colour->ground,
			PATH("M%d %da%d %d 0 0 1 %d 0Z", middle - half, water, half,
				arches == 1 ? 24 : 14, 2 * half));
	}
	shape(p, p->colour->accent, PATH("M0 %dH96V96H0Z", water));
	line(p, p->colour->light, 3,
		PATH("M%d %dh%d", between(p, 14, 30), water + 10, between(p, 18, 40)));
}

static void flower(struct pen *p)
{
	int petals = between(p, 5, 9), turn = pick(p, 72), wide = 150 / (petals + 4);
	for (int i = 0; i < petals; i++)
		sb_fmt(&p->sb,
			"<ellipse cx=\"48\" cy=\"26\" rx=\"%d\" ry=\"19\" fill=\"%s\" "
			"transform=\"rotate(%d 48 48)\"/>",
			wide, i % 2 && petals % 2 == 0 ? p->colour->light : p->colour->deep,
			turn + 360 * i / petals);
	disc(p, 48, 48, between(p, 9, 13), p->colour->accent);
}

static void waves(struct pen *p)
{
	int high = between(p, 6, 13), shift = pick(p, 32);
	disc(p, between(p, 26, 70), between(p, 20, 30), between(p, 9, 13), p->colour->accent);
	for (int i = 0; i < 3; i++) {
		int y = 46 + 17 * i, x = -48 + (shift + 16 * i) % 32;
		shape(p, i == 1 ? p->colour->light : p->colour->deep,
			PATH("M%d %dq12 %d 24 0t24 0t24 0t24 0t24 0t24 0t24 0V%dH%dZ", x, y,
				-2 * high, y + 17, x));
	}
}

static void leaves(struct pen *p)
{
	int pairs = between(p, 2, 4), lean = between(p, -14, 14);
	line(p, p->colour->deep, 4, PATH("M48 88Q%d 52 %d 18", 48 + lean, 48 + lean));
	for (int i = 0; i < pairs; i++) {
		int y = 74 - i * (52 / pairs), x = 48 + lean * (80 - y) / 64;
		const char *fill = i % 2 ? p->colour->light : p->colour->deep;
		shape(p, fill, PATH("M%d %dq4 -22 28 -22q-2 22 -28 22Z", x, y));
		shape(p, fill, PATH("M%d %dq-4 -22 -28 -22q2 22 28 22Z", x, y));
	}
	disc(p, 48 + lean, 17, between(p, 5, 9), p->colour->accent);
}

static void night(struct pen *p)
{
	int x = between(p, 38, 58), y = between(p, 40, 56), r = between(p, 19, 25);
	int side = pick(p, 2) ? 9 : -9;
	sb_fmt(&p->sb, "<path fill=\"%s\" d=\"M0 0H96V96H0Z\"/>", p->colour->deep);
	disc(p, x, y, r, p->colour->light);
	disc(p, x + side, y - 5, r - 3, p->colour->deep);
	for (int i = between(p, 3, 5); i > 0; i--)
		disc(p, between(p, 14, 82), between(p, 14, 82), between(p, 2, 3),
			i % 2 ? p->colour->ground : p->colour->accent);
}

// Quarter discs in a square of three by three.
static void tiles(struct pen *p)
{
	for (int i = 0; i < 9; i++) {
		int x = i % 3 * 32, y = i / 3 * 32, turn = pick(p, 4) * 90;
		const char *fill[] = {
			p->colour->deep, p->colour->light, p->colour->accent, p->colour->deep};
		sb_fmt(&p->sb,
			"<path fill=\"%s\" transform=\"rotate(%d %d %d)\" d=\"M%d %dh32a32 32 0 0 "
			"1 -32 32Z\"/>",
			fill[pick(p, 4)], turn, x + 16, y + 16, x, y);
	}
}

static void bird(struct pen *p)
{
	int y = between(p, 46, 54), wing = between(p, 12, 24);
	sb_fmt(&p->sb, "<g%s>", pick(p, 2) ? " transform=\"matrix(-1 0 0 1 96 0)\"" : "");
	disc(p, 74, between(p, 20, 26), between(p, 6, 9), p->colour->light);
	shape(p, p->colour->deep,
		PATH("M16 %dq24 -28 46 -8q6 -10 18 -4l-12 8q0 34 -34 30Q20 %d 8 %dZ", y, y + 20,
			y - 2));
	shape(p, p->colour->light, PATH("M30 %dq%d -14 26 4q-8 16 -26 -4Z", y + 4, wing));
	disc(p, 68, y - 7, 2, p->colour->ground);
	line(p, p->colour->accent, 4,
		PATH("M10 %dQ48 %d 86 %d", between(p, 82, 86), 76, between(p, 82, 88)));
	sb_lit(&p->sb, "</g>");
}

str face_draw(struct arena *mem, uint32_t seed)
{
	static void (*const scenes[])(struct pen *) = {
		hills, bridge, flower, waves, leaves, night, tiles, bird};
	struct pen p = {.sb = sb_new(mem, 1536), .bits = mixed(seed + 0x9e3779b97f4a7c15)};
	p.colour = &palettes[pick(&p, COUNT(palettes))];
	int scene = pick(&p, COUNT(scenes));
	sb_lit(&p.sb, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 96 96\" "
		      "width=\"96\" height=\"96\">");
	sb_fmt(&p.sb, "<path fill=\"%s\" d=\"M0 0H96V96H0Z\"/>", p.colour->ground);
	scenes[scene](&p);
	sb_lit(&p.sb, "</svg>");
	return sb_str(&p.sb);
}

// "3f9c2a1b.svg"
static err face(struct request *req)
{
	str name = req_param(req, "name");
	uint32_t seed = 0;
	if (name.n != 12 || !str_eq(str_skip(name, 8), S(".svg")))
		return ERR_NOT_FOUND;
	for (int i = 0; i < 8; i++) {
		char c = name.p[i];
		bool digit = c >= '0' && c <= '9';
		if (!digit && (c < 'a' || c > 'f'))
			return ERR_NOT_FOUND;
		seed = seed << 4 | (uint32_t)(digit ? c - '0' : c - 'a' + 10);
	}
	answer_as(req, 200, S("image/svg+xml"), face_draw(req->ctx->mem, seed));
	answer_immutable(req);
	return OK;
}

const struct route face_routes[] = {
	{.name = "face",
		.method = GET,
		.path = "/face/:name",
		.handler = face,
		.run = RUN_MEMORY,
		.cost = -1},
	{.handler = NULL},
};
