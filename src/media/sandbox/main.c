// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao-media: decodes one picture in a closed room and ends. The server starts it, sends one
// request on descriptor 3 (see protocol.h) and reads one answer. Everything that needs a file, a
// library or a right is done before sandbox_close(); every byte from outside is read after it.
#include "blurhash.h"
#include "check.h"
#include "pixels.h"
#include "request.h"
#include "sandbox.h"
#include "strip.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <vips/vips.h>

#define MEMORY_LEAST ((uint64_t)384 << 20) // libraries, threads and heaps take most of it

// Outlives every function, for the signal handler.
static struct media_answer answer = {.magic = MEDIA_MAGIC,
	.version = MEDIA_VERSION,
	.size = sizeof answer,
	.result = MEDIA_INTERNAL};

static void send_answer(void)
{
	while (send(MEDIA_SOCKET, &answer, sizeof answer, MSG_NOSIGNAL) < 0 && errno == EINTR)
		continue;
}

// GLib and C++ end the process when memory is short: say so before that.
static void on_abort(int number)
{
	(void)number;
	answer.result = sandbox_memory_gone() ? MEDIA_MEMORY : MEDIA_GAVE_UP;
	send_answer();
	_exit(1);
}

static void explain(const char *what)
{
	(void)snprintf(answer.detail, sizeof answer.detail, "%s: %s", what, strerror(errno));
}

// The file with some room behind it.
static void *map(int fd, size_t size)
{
	uint8_t *at = mmap(NULL, size + STRIP_GIF_ROOM, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED
		       ? at
		       : mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, fd, 0);
}

// Maps the input, looks at it, and takes out what no picture needs. The mapping is our own copy, and
// left for the end of the process to undo.
static enum media_result look(int fd, struct bytes *file, struct sniffed *sniffed)
{
	off_t size = lseek(fd, 0, SEEK_END);

	*sniffed = (struct sniffed){0};
	if (size < 0) {
		explain("input");
		return MEDIA_INTERNAL;
	}
	if (size == 0)
		return MEDIA_UNKNOWN_FORMAT;
	if (size > (off_t)MEDIA_FILE_BYTES_MAX)
		return MEDIA_TOO_LARGE_FILE;
	void *at = map(fd, (size_t)size);
	if (at == MAP_FAILED) {
		bool short_of_memory = errno == ENOMEM;
		explain("input");
		return short_of_memory ? MEDIA_MEMORY : MEDIA_INTERNAL;
	}
	*file = (struct bytes){at, (size_t)size};
	enum media_result result = sniff(file->at, file->size, sniffed);
	if (result == MEDIA_OK && (sniffed->format == MEDIA_AVIF || sniffed->format == MEDIA_HEIC))
		sniff_heif_mend(at, (size_t)size);
	if (result == MEDIA_OK)
		result = strip(at, &file->size, sniffed->format);
	if (result == MEDIA_OK && sniffed->format == MEDIA_GIF) {
		strip_gif_background(at, file->size);
		if (sniffed->uncovered)
			file->size = strip_gif_clear(at, file->size, STRIP_GIF_ROOM);
	}
	return result;
}

// What a picture of its kind and size costs to take, in milliseconds of processor time, about.
static uint64_t expected_time(const struct sniffed *sniffed, size_t size)
{
	static const unsigned per_megapixel[MEDIA_FORMATS] = {
		[MEDIA_JPEG] = 10, // half-way to a progressive one
		[MEDIA_PNG] = 15,
		[MEDIA_WEBP] = 20,
		[MEDIA_GIF] = 15,
		[MEDIA_AVIF] = 30,
		[MEDIA_HEIC] = 30};
	uint64_t pixels = (uint64_t)sniffed->width * sniffed->height;

	return pixels * per_megapixel[sniffed->format] / 1000000 + size / 200000;
}

static bool is_light(const struct sniffed *sniffed, size_t size)
{
	uint64_t pixels = (uint64_t)sniffed->width * sniffed->height;

	return expected_time(sniffed, size) <= MEDIA_LIGHT_TIME &&
	       (sniffed->frames < 2 || pixels <= MEDIA_LIGHT_FRAME);
}

// What a picture may cost grows with what there is of it. Generous to a slow machine, and still far
// from what a small file could ask for otherwise. Frames give no time: all but the first are the
// loop's, and a few bytes can say that there are very many.
static unsigned time_for(
	const struct media_request *asked, const struct sniffed *sniffed, size_t size)
{
	bool slow = sniffed->format == MEDIA_AVIF || sniffed->format == MEDIA_HEIC;
	uint64_t pixels = (uint64_t)sniffed->width * sniffed->height;
	uint64_t time = (6000 + pixels / 2000 + size / 2000) * (slow ? 2 : 1);

	if (asked->operation == MEDIA_MOVE)
		return MEDIA_MOVING_TIME;
	if (asked->light)
		time = 500 + 4 * expected_time(sniffed, size);
	return (unsigned)(time < MEDIA_SECONDS * 1000 ? time : MEDIA_SECONDS * 1000);
}

static bool limit_work(
	const struct media_request *asked, const struct sniffed *sniffed, size_t size)
{
	uint64_t held = (uint64_t)sniffed->width * sniffed->height;
	uint64_t drawn = held * (sniffed->frames > 1 ? sniffed->frames : 1);

	if (asked->operation == MEDIA_MOVE && held < MEDIA_MOVING_PIXELS)
		held = drawn < MEDIA_MOVING_PIXELS ? drawn : MEDIA_MOVING_PIXELS;
	return sandbox_limit_work(
		time_for(asked, sniffed, size), (size_t)(MEMORY_LEAST + 24 * held + 2 * size));
}

static enum media_result make(const struct request *request, const struct pixels *pixels)
{
	const struct media_request *asked = &request->message;
	size_t first = 1;
	enum media_result result = MEDIA_OK;

	answer.master.width = pixels->width;
	answer.master.height = pixels->height;
	if (asked->operation == MEDIA_TAKE) {
		answer.colour =
			blurhash(pixels->rgb, pixels->width, pixels->height, answer.blurhash);
		result = picture_write_master(
			pixels, request->fds[1], &answer.master, answer.detail);
		first = 2;
	}
	for (size_t i = 0; i < asked->count && result == MEDIA_OK; i++)
		result = picture_render(pixels, &asked->renditions[i], request->fds[first + i],
			&answer.renditions[i], answer.detail);
	return result;
}

// An animation that breaks its library, or costs too much, ends the process: the server has the still.
static enum media_result move(
	const struct request *request, struct bytes file, const struct sniffed *sniffed)
{
	if (sniffed->frames < 2)
		return MEDIA_OK;
	return picture_move(file, sniffed, request->fds[1], &answer.moving, answer.detail);
}

static enum media_result decode(
	const struct request *request, struct bytes file, const struct sniffed *sniffed)
{
	struct pixels pixels;
	enum media_result result = picture_decode(file, sniffed, &pixels, answer.detail);

	if (result == MEDIA_OK) {
		result = make(request, &pixels);
		pixels_free(&pixels);
	}
	return result;
}

static enum media_result perform(const struct request *request)
{
	struct bytes file;
	struct sniffed sniffed;
	const struct media_request *asked = &request->message;
	enum media_result result = look(request->fds[0], &file, &sniffed);

	answer.format = sniffed.format;
	answer.kind = sniffed.kind;
	answer.frames = sniffed.frames;
	answer.source_width = sniffed.width;
	answer.source_height = sniffed.height;
	if (result == MEDIA_OK && asked->operation == MEDIA_RENDER && sniffed.format != MEDIA_JPEG)
		result = MEDIA_UNKNOWN_FORMAT;
	if (result == MEDIA_OK && asked->light && !is_light(&sniffed, file.size))
		result = MEDIA_LARGE;
	if (result != MEDIA_OK)
		return result;
	if (!limit_work(asked, &sniffed, file.size)) {
		explain("limits");
		return MEDIA_INTERNAL;
	}
	result = asked->operation == MEDIA_MOVE ? move(request, file, &sniffed)
						: decode(request, file, &sniffed);
	if (result == MEDIA_UNSUPPORTED)
		answer.kind = sniffed.format == MEDIA_AVIF   ? MEDIA_KIND_AVIF_FEATURE
			      : sniffed.format == MEDIA_JPEG ? MEDIA_KIND_JPEG_ARITHMETIC
							     : MEDIA_KIND_HEIC_FEATURE;
	return result;
}

static bool prepare(const char *program)
{
	struct timeval idle = {.tv_sec = MEDIA_IDLE_SECONDS};
	struct sigaction abort_action = {.sa_handler = on_abort, .sa_flags = (int)SA_RESETHAND};

	if (close_range(MEDIA_SOCKET + 1, ~0U, 0) != 0 ||
		setsockopt(MEDIA_SOCKET, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof idle) != 0)
		return false;
	if (sigaction(SIGABRT, &abort_action, NULL) != 0 ||
		sigaction(SIGTRAP, &abort_action, NULL) != 0)
		return false;
	return picture_start(program) && sandbox_close();
}

static int serve(const char *program)
{
	struct request request;
	bool asked = false;
	bool ready = prepare(program);

	if (!ready)
		explain("starting");
	else if (!request_receive(&request, &asked))
		(void)snprintf(
			answer.detail, sizeof answer.detail, "a request that is not understood");
	else if (!sandbox_start_clock())
		explain("clock");
	else
		answer.result = perform(&request);
	if (ready && !asked)
		_exit(0);
	send_answer();
	// Ends without running the libraries' own clean-up, which nobody would see.
	_exit(answer.result == MEDIA_OK ? 0 : 1);
}

static void usage(FILE *to)
{
	(void)fputs("Usage: qiao-media [--version | --check | --help]\n"
		    "Decodes one picture, asked for by qiao on descriptor 3.\n"
		    "\n"
		    "  --check    print which picture formats can be decoded here, and fail if one "
		    "cannot\n"
		    "  --version  print the version\n",
		to);
}

int main(int argc, char **argv)
{
	int kind = 0;
	socklen_t size = sizeof kind;

	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)printf(
			"qiao-media %s (libvips %s)\n", PROGRAM_VERSION, vips_version_string());
		return 0;
	}
	if (argc == 2 && strcmp(argv[1], "--check") == 0)
		return check(argv[0]);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return 0;
	}
	if (argc > 1 || getsockopt(MEDIA_SOCKET, SOL_SOCKET, SO_TYPE, &kind, &size) != 0 ||
		kind != SOCK_SEQPACKET) {
		usage(stderr);
		return 2;
	}
	return serve(argv[0]);
}
