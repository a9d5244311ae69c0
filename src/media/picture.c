// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Builds requests for the decoder, believes of its answers only what is possible, and says in words
// of the catalogue what was wrong with a picture.
#include "media/picture.h"

#include "words/words.h"

#include <string.h>
#include <sys/stat.h>

#define WEBP_QUALITY 80

struct media_rendition picture_webp(int width)
{
	return (struct media_rendition){
		.format = MEDIA_WEBP, .width = (uint32_t)width, .quality = WEBP_QUALITY};
}

// What cannot be decoded is called by its name.
static int word_of_kind(uint32_t kind)
{
	static const int words[MEDIA_KINDS] = {
		[MEDIA_KIND_JPEG_12] = W_media_is_jpeg_12,
		[MEDIA_KIND_JPEG_LOSSLESS] = W_media_is_jpeg_lossless,
		[MEDIA_KIND_JPEG_HIERARCHICAL] = W_media_is_jpeg_hierarchical,
		[MEDIA_KIND_JPEG_ARITHMETIC] = W_media_is_jpeg_arithmetic,
		[MEDIA_KIND_JPEG_LS] = W_media_is_jpeg_ls,
		[MEDIA_KIND_JPEG_2000] = W_media_is_jpeg_2000,
		[MEDIA_KIND_JPEG_XL] = W_media_is_jpeg_xl,
		[MEDIA_KIND_JPEG_XR] = W_media_is_jpeg_xr,
		[MEDIA_KIND_TIFF] = W_media_is_tiff,
		[MEDIA_KIND_RAW] = W_media_is_raw,
		[MEDIA_KIND_BMP] = W_media_is_bmp,
		[MEDIA_KIND_ICO] = W_media_is_ico,
		[MEDIA_KIND_PSD] = W_media_is_psd,
		[MEDIA_KIND_SVG] = W_media_is_svg,
		[MEDIA_KIND_PDF] = W_media_is_pdf,
		[MEDIA_KIND_HDR] = W_media_is_hdr,
		[MEDIA_KIND_VIDEO] = W_media_is_video,
		[MEDIA_KIND_HEIF_CODEC] = W_media_is_heif_codec,
		[MEDIA_KIND_HEIF_SEQUENCE] = W_media_is_heif_sequence,
		[MEDIA_KIND_AVIF_FEATURE] = W_media_is_avif_feature,
		[MEDIA_KIND_HEIC_FEATURE] = W_media_is_heic_feature,
	};
	return kind < MEDIA_KINDS && words[kind] != 0 ? words[kind] : W_media_unknown_format;
}

static err failed(struct ctx *ctx, const struct media_answer *answer)
{
	static const struct {
		err code;
		int word;
		int64_t number;
	} meaning[MEDIA_RESULTS] = {
		[MEDIA_OK] = {ERR_INTERNAL, W_media_failed, 0},
		[MEDIA_UNKNOWN_FORMAT] = {ERR_UNSUPPORTED, W_media_unknown_format, 0},
		[MEDIA_UNSUPPORTED] = {ERR_UNSUPPORTED, W_media_unknown_format, 0},
		[MEDIA_BROKEN] = {ERR_INVALID, W_media_broken, 0},
		[MEDIA_TRUNCATED] = {ERR_INVALID, W_media_truncated, 0},
		[MEDIA_TOO_LARGE_FILE] = {ERR_TOO_LARGE, W_media_too_large,
			MEDIA_FILE_BYTES_MAX >> 20},
		[MEDIA_TOO_MANY_PIXELS] = {ERR_INVALID, W_media_too_many_pixels, MEDIA_PIXELS_MAX},
		[MEDIA_TOO_LONG] = {ERR_INVALID, W_media_too_long, MEDIA_EDGE_MAX},
		[MEDIA_TIMEOUT] = {ERR_INVALID, W_media_timeout, 0},
		[MEDIA_MEMORY] = {ERR_INVALID, W_media_memory, 0},
		[MEDIA_INTERNAL] = {ERR_INTERNAL, W_media_failed, 0},
		[MEDIA_LARGE] = {ERR_TIMEOUT, W_media_timeout, 0},
		[MEDIA_ENDED] = {ERR_UNAVAILABLE, W_media_failed, 0},
		[MEDIA_GAVE_UP] = {ERR_INVALID, W_media_broken, 0},
	};
	int word = meaning[answer->result].word;
	if (answer->result == MEDIA_UNSUPPORTED)
		word = word_of_kind(answer->kind);
	err code = fail_n(
		ctx, meaning[answer->result].code, "picture", word, meaning[answer->result].number);

	// The detail may hold bytes of the picture's choosing.
	str detail = str_from(answer->detail);
	ctx->problem.text = utf8_valid(detail) ? str_copy(ctx->mem, detail) : S("");
	return code;
}

// Whether an answer of success can be true.
static bool possible(const struct media_answer *answer, const struct media_request *request)
{
	const struct media_made *master = &answer->master, *moving = &answer->moving;
	if (request->operation == MEDIA_MOVE)
		return moving->width <= MEDIA_MOVING_EDGE && moving->bytes <= MEDIA_MOVING_BYTES;
	bool sound = master->width >= 1 && master->height >= 1 && master->width <= MEDIA_EDGE_MAX &&
		     master->height <= MEDIA_EDGE_MAX &&
		     (uint64_t)master->width * master->height <=
			     (uint64_t)MEDIA_MASTER_PIXELS + MEDIA_EDGE_MAX &&
		     answer->colour <= 0xffffff;

	for (uint32_t i = 0; i < request->count && sound; i++) {
		const struct media_made *made = &answer->renditions[i];
		sound = made->width >= 1 && made->height >= 1 &&
			made->width <= request->renditions[i].width &&
			made->width <= master->width && made->height <= master->height;
	}
	return sound;
}

// Characters of a BlurHash of 4 by 3 components: it goes into pages and other servers' answers.
static bool is_blurhash(str hash)
{
	static const char alphabet[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"#$%*+,-.:;=?@[]^_{|}~";
	return hash.n == 28 && strspn(hash.p, alphabet) == 28;
}

// The decoder's word for a size is not taken: what lies in the file counts.
static bool measured(int fd, int64_t bytes)
{
	struct stat found;
	return fstat(fd, &found) == 0 && found.st_size == bytes && bytes > 0;
}

static err ask(struct ctx *ctx, struct decoder *decoder, struct media_request *request,
	const int *files, int n_files, struct picture_output *outputs, struct media_answer *answer)
{
	int fds[2 + MEDIA_RENDITIONS_MAX];
	uint32_t n = request->count;

	memcpy(fds, files, (size_t)n_files * sizeof *fds);
	for (uint32_t i = 0; i < n; i++) {
		request->renditions[i] = outputs[i].wish;
		fds[n_files + (int)i] = outputs[i].fd;
	}
	decoder_ask(decoder, request, fds, n_files + (int)n, answer);
	if (answer->result == MEDIA_OK && !possible(answer, request))
		answer->result = MEDIA_INTERNAL;
	if (answer->result == MEDIA_TIMEOUT && request->light)
		answer->result = MEDIA_LARGE;
	if (answer->result == MEDIA_LARGE && !request->light)
		answer->result = MEDIA_INTERNAL;
	if (answer->result != MEDIA_OK)
		return failed(ctx, answer);
	for (uint32_t i = 0; i < n; i++) {
		if (!measured(outputs[i].fd, answer->renditions[i].bytes)) {
			answer->result = MEDIA_INTERNAL;
			return failed(ctx, answer);
		}
		outputs[i].width = (int)answer->renditions[i].width;
		outputs[i].height = (int)answer->renditions[i].height;
		outputs[i].bytes = answer->renditions[i].bytes;
	}
	return OK;
}

static struct media_request request_for(enum media_operation operation, int n)
{
	must(n >= 0 && n <= (int)MEDIA_RENDITIONS_MAX);
	return (struct media_request){.magic = MEDIA_MAGIC,
		.version = MEDIA_VERSION,
		.size = sizeof(struct media_request),
		.operation = operation,
		.count = (uint32_t)n};
}

err picture_take(struct ctx *ctx, struct decoder *decoder, int upload, int master, bool light,
	struct picture_output *outputs, int n, struct picture_taken *out)
{
	struct media_request request = request_for(MEDIA_TAKE, n);
	struct media_answer answer;
	const int files[] = {upload, master};

	request.light = light;
	TRY(ask(ctx, decoder, &request, files, 2, outputs, &answer));
	if (!measured(master, answer.master.bytes) || !is_blurhash(str_from(answer.blurhash))) {
		answer.result = MEDIA_INTERNAL;
		return failed(ctx, &answer);
	}
	*out = (struct picture_taken){.format = (enum media_format)answer.format,
		.frames = (int)answer.frames,
		.width = (int)answer.master.width,
		.height = (int)answer.master.height,
		.bytes = answer.master.bytes,
		.colour = answer.colour};
	memcpy(out->blurhash, answer.blurhash, sizeof out->blurhash);
	return OK;
}

err picture_move(
	struct ctx *ctx, struct decoder *decoder, int upload, int moving, struct picture_moved *out)
{
	struct media_request request = request_for(MEDIA_MOVE, 0);
	struct media_answer answer;
	const int files[] = {upload, moving};

	TRY(ask(ctx, decoder, &request, files, 2, NULL, &answer));
	if (answer.moving.width > 0 && !measured(moving, answer.moving.bytes)) {
		answer.result = MEDIA_INTERNAL;
		return failed(ctx, &answer);
	}
	*out = (struct picture_moved){(int)answer.moving.width, answer.moving.bytes};
	return OK;
}

err picture_render(
	struct ctx *ctx, struct decoder *decoder, int master, struct picture_output *outputs, int n)
{
	struct media_request request = request_for(MEDIA_RENDER, n);
	struct media_answer answer;

	must(n >= 1);
	return ask(ctx, decoder, &request, &master, 1, outputs, &answer);
}
