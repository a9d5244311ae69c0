// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What the server and the sandboxed picture decoder say to each other.
//
// The server starts the decoder with a SOCK_SEQPACKET socket as descriptor 3 and sends one
// `struct media_request` with its files by SCM_RIGHTS; the decoder sends one `struct
// media_answer` and ends. Descriptors, in order:
//
//   MEDIA_TAKE    the upload (readable), the master (writable, empty), then one empty file for each rendition
//   MEDIA_RENDER  the master (readable), then one empty file for each rendition
//   MEDIA_MOVE    the upload (readable), the moving rendition (writable, empty)
//
// Output files hold something of use only when the result is MEDIA_OK. Both sides are built
// together: a message of another version or size is refused, never guessed at.
#pragma once

#include <stdint.h>

#define MEDIA_MAGIC 0x4d454449u
#define MEDIA_VERSION 4u
#define MEDIA_SOCKET 3

// What a picture may be at most. Checked on its header, before a decoder sees it.
#define MEDIA_FILE_BYTES_MAX (60u << 20)
#define MEDIA_PIXELS_MAX (210u * 1000 * 1000)
#define MEDIA_EDGE_MAX 65500u

// A master's size: the long edge down to MEDIA_MASTER_EDGE or the short one to MEDIA_MASTER_SHORT,
// whichever leaves more, and never more than MEDIA_MASTER_PIXELS.
#define MEDIA_MASTER_EDGE 2560u
#define MEDIA_MASTER_SHORT 1080u
#define MEDIA_MASTER_PIXELS (16u * 1000 * 1000)
#define MEDIA_WEBP_EDGE 16383u // WebP has no more: a higher rendition gets narrower

// A moving rendition: a small loop of an animation.
#define MEDIA_MOVING_EDGE 720u
#define MEDIA_MOVING_READ 300u // frames of the animation that are read: a longer one loops earlier
#define MEDIA_MOVING_FRAMES 150u                // frames kept: of more, every second or third
#define MEDIA_MOVING_PIXELS (16u * 1000 * 1000) // of all frames
#define MEDIA_MOVING_BYTES (4u << 20)
#define MEDIA_MOVING_TIME 7000u // milliseconds of processor time: what takes longer stays still

// What is small enough to be taken at once, whoever else waits: by what a picture of its kind and size
// is expected to cost, in milliseconds of processor time, and for the first frame of an animation by its
// pixels as well.
#define MEDIA_LIGHT_TIME 500u
#define MEDIA_LIGHT_FRAME (4u * 1000 * 1000)

#define MEDIA_CARD_WIDTH 540u   // width of the first rendition
#define MEDIA_RENDITIONS_MAX 6u // in one request
#define MEDIA_CROP_ONE 10000u   // crops are fractions of this
#define MEDIA_SECONDS 20u       // of processor time
#define MEDIA_CLOCK_SECONDS 40u // from the request to the answer, however busy the machine
#define MEDIA_IDLE_SECONDS 60u  // a decoder nobody asked anything ends by itself

enum media_operation {
	MEDIA_TAKE = 1, // an upload: master, first renditions, blurhash and the rest of the answer
	MEDIA_RENDER = 2, // a master made by MEDIA_TAKE: renditions
	MEDIA_MOVE = 3,   // an upload that MEDIA_TAKE took: its moving rendition
};

// The closed list of outcomes. A decoder that died without an answer is told by the signal it
// died of.
enum media_result {
	MEDIA_OK = 0,
	MEDIA_UNKNOWN_FORMAT, // nothing that is known by its first bytes
	MEDIA_UNSUPPORTED, // something else, or a kind of it that is not decoded: enum media_kind
	MEDIA_BROKEN,      // says it is one of these, but cannot be decoded
	MEDIA_TRUNCATED,   // ends before its end
	MEDIA_TOO_LARGE_FILE,  // over MEDIA_FILE_BYTES_MAX
	MEDIA_TOO_MANY_PIXELS, // over MEDIA_PIXELS_MAX
	MEDIA_TOO_LONG,        // over MEDIA_EDGE_MAX
	MEDIA_TIMEOUT,         // over MEDIA_SECONDS or MEDIA_CLOCK_SECONDS
	MEDIA_MEMORY,          // would need more memory than a decoder gets
	MEDIA_INTERNAL,        // not the picture's fault
	MEDIA_LARGE,           // would take longer than what was asked for: nothing was made
	MEDIA_ENDED,           // by the server, which stops. Never from the decoder
	// Ended by itself, perhaps because the system gave it no memory. Between decoder and server only:
	// who tries again and gets the same has a MEDIA_BROKEN.
	MEDIA_GAVE_UP,
	MEDIA_RESULTS
};

enum media_format {
	MEDIA_NONE = 0,
	MEDIA_JPEG,
	MEDIA_PNG,
	MEDIA_WEBP,
	MEDIA_GIF,
	MEDIA_AVIF,
	MEDIA_HEIC,
	MEDIA_FORMATS
};

// What is MEDIA_UNSUPPORTED, to be called by its name.
enum media_kind {
	MEDIA_KIND_NONE = 0,
	MEDIA_KIND_JPEG_12, // more than 8 bits a colour
	MEDIA_KIND_JPEG_LOSSLESS,
	MEDIA_KIND_JPEG_HIERARCHICAL,
	MEDIA_KIND_JPEG_ARITHMETIC,
	MEDIA_KIND_JPEG_LS,
	MEDIA_KIND_JPEG_2000,
	MEDIA_KIND_JPEG_XL,
	MEDIA_KIND_JPEG_XR,
	MEDIA_KIND_TIFF,
	MEDIA_KIND_RAW, // of a camera
	MEDIA_KIND_BMP,
	MEDIA_KIND_ICO,
	MEDIA_KIND_PSD,
	MEDIA_KIND_SVG,
	MEDIA_KIND_PDF,
	MEDIA_KIND_HDR, // OpenEXR, Radiance
	MEDIA_KIND_VIDEO,
	MEDIA_KIND_HEIF_CODEC,    // HEIF with another codec than HEVC or AV1 in it
	MEDIA_KIND_HEIF_SEQUENCE, // HEVC frames without a still
	MEDIA_KIND_AVIF_FEATURE,
	MEDIA_KIND_HEIC_FEATURE,
	MEDIA_KINDS
};

// One smaller version to make. The crop (in MEDIA_CROP_ONE parts of the master, all four 0 for
// the whole) is taken first, then the largest centred piece of the aspect (both 0 to keep the
// crop's), then it is scaled down to `width`. A picture is never enlarged, nor higher than its format
// has room for: the made width may be smaller.
struct media_rendition {
	uint32_t format; // MEDIA_WEBP or MEDIA_JPEG
	uint32_t width;
	uint32_t quality; // 1-100
	uint32_t crop_left, crop_top, crop_width, crop_height;
	uint32_t aspect_width, aspect_height; // at most 100 each
};

struct media_request {
	uint32_t magic;
	uint32_t version;
	uint32_t size; // of this struct
	uint32_t operation;
	// Of renditions: 0-MEDIA_RENDITIONS_MAX, at least 1 for MEDIA_RENDER, 0 for MEDIA_MOVE.
	uint32_t count;
	uint32_t light; // 1: only if that takes little, else MEDIA_LARGE or cut off (MEDIA_TAKE)
	struct media_rendition renditions[MEDIA_RENDITIONS_MAX];
};

struct media_made {
	uint32_t width;
	uint32_t height;
	uint32_t bytes;
};

struct media_answer {
	uint32_t magic;
	uint32_t version;
	uint32_t size;
	uint32_t result;
	uint32_t format; // of the input
	uint32_t kind;   // enum media_kind, when the result is MEDIA_UNSUPPORTED
	uint32_t frames; // 1 unless animated
	uint32_t source_width, source_height; // as the upload's header says, before orientation
	struct media_made master;             // MEDIA_RENDER: the size of the master read, bytes 0
	struct media_made renditions[MEDIA_RENDITIONS_MAX];
	struct media_made moving; // MEDIA_MOVE; bytes 0: there is nothing that moves
	uint32_t colour;          // average, 0xRRGGBB (MEDIA_TAKE)
	char blurhash[32];        // 4 by 3 components, 28 characters (MEDIA_TAKE)
	char detail[160];         // for the log, in ASCII; never for people
};

_Static_assert(sizeof(struct media_rendition) == 36, "no padding");
_Static_assert(sizeof(struct media_request) == 24 + 36 * MEDIA_RENDITIONS_MAX, "no padding");
_Static_assert(sizeof(struct media_answer) == 64 + 12 * MEDIA_RENDITIONS_MAX + 192, "no padding");
