// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The client's side against the real decoder: pictures taken and rendered, faults in words, the
// process kept ready; and against decoders that die, lie or are not there.
#include "media/picture.h"

#include "media/sandbox/samples.h"
#include "words/words.h"

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char tool[PATH_MAX + 32];

static struct decoder *real_decoder(void)
{
	struct decoder *decoder;
	assert_int_equal(decoder_open(str_from(tool), &decoder), OK);
	return decoder;
}

static int memory_file(const void *bytes, size_t size)
{
	int fd = memfd_create("picture", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	return fd;
}

static int sample_file(enum media_format format)
{
	return memory_file(samples[format].at, samples[format].size);
}

static err take_one(struct ctx *ctx, struct decoder *decoder, int upload, struct picture_taken *out)
{
	int master = memory_file("", 0);
	struct picture_output card = {
		.wish = picture_webp(MEDIA_CARD_WIDTH), .fd = memory_file("", 0)};
	err code = picture_take(ctx, decoder, upload, master, false, &card, 1, out);
	if (code == OK) {
		char magic[12] = {0};
		assert_int_equal(card.width, out->width);
		assert_int_equal(pread(card.fd, magic, sizeof magic, 0), 12);
		assert_memory_equal(magic + 8, "WEBP", 4);
		assert_int_equal(pread(master, magic, 3, 0), 3);
		assert_memory_equal(magic, "\xff\xd8\xff", 3);
	}
	close(master);
	close(card.fd);
	close(upload);
	return code;
}

static void every_format_is_taken(void **state)
{
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	(void)state;
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		struct picture_taken taken;
		int upload = sample_file((enum media_format)format);
		assert_int_equal(take_one(&ctx, decoder, upload, &taken), OK);
		assert_int_equal(taken.format, format);
		assert_int_equal(taken.width, SAMPLE_SIZE);
		assert_int_equal(taken.height, SAMPLE_SIZE);
		assert_int_equal(strlen(taken.blurhash), 28);
	}
	decoder_close(decoder);
	arena_free(ctx.mem);
}

static void a_master_becomes_covers(void **state)
{
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_output outputs[2] = {
		{.wish = picture_webp(8), .fd = memory_file("", 0)},
		{.wish = picture_webp(540), .fd = memory_file("", 0)},
	};
	int master = sample_file(MEDIA_JPEG);
	(void)state;
	outputs[1].wish.aspect_width = 3;
	outputs[1].wish.aspect_height = 4;
	assert_int_equal(picture_render(&ctx, decoder, master, outputs, 2), OK);
	assert_int_equal(outputs[0].width, 8);
	assert_int_equal(outputs[0].height, 8);
	assert_int_equal(outputs[1].width, 12);
	assert_int_equal(outputs[1].height, 16);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(outputs[i].bytes, lseek(outputs[i].fd, 0, SEEK_END));
		close(outputs[i].fd);
	}
	close(master);
	decoder_close(decoder);
	arena_free(ctx.mem);
}

static void faults_are_said_in_words(void **state)
{
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken = {.width = 7};
	struct bytes whole = samples[MEDIA_PNG];
	uint8_t huge[2048];
	(void)state;
	memcpy(huge, whole.at, whole.size);
	memcpy(huge + 16, "\0\0\x80\0\0\0\x80\0", 8);
	const struct {
		const void *bytes;
		size_t size;
		err code;
		int word;
	} tries[] = {
		{"<svg/>", 6, ERR_UNSUPPORTED, W_media_is_svg},
		{"", 0, ERR_UNSUPPORTED, W_media_unknown_format},
		{whole.at, whole.size - 20, ERR_INVALID, W_media_truncated},
		{"\xff\xd8\xff\xd9 there is no picture here", 29, ERR_INVALID, W_media_broken},
		{huge, whole.size, ERR_INVALID, W_media_too_many_pixels},
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		int upload = memory_file(tries[i].bytes, tries[i].size);
		assert_int_equal(take_one(&ctx, decoder, upload, &taken), tries[i].code);
		assert_int_equal(ctx.problem.word, tries[i].word);
		assert_string_equal(ctx.problem.field, "picture");
	}
	assert_int_equal(ctx.problem.number, 210 * 1000 * 1000);
	assert_int_equal(taken.width, 7);
	int large = memory_file("\xff\xd8\xff", 3);
	assert_int_equal(ftruncate(large, MEDIA_FILE_BYTES_MAX + 1), 0);
	assert_int_equal(take_one(&ctx, decoder, large, &taken), ERR_TOO_LARGE);
	assert_int_equal(ctx.problem.number, 60);
	decoder_close(decoder);
	arena_free(ctx.mem);
}

// A child of this thread's, 0 when there is none.
static pid_t child_of_ours(void)
{
	FILE *children = fopen("/proc/thread-self/children", "re");
	int child = 0;
	assert_non_null(children);
	int found = fscanf(children, "%d", &child);
	(void)fclose(children);
	return found == 1 ? child : 0;
}

static void a_process_kept_ready_that_died_is_replaced(void **state)
{
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	(void)state;
	assert_int_equal(take_one(&ctx, decoder, sample_file(MEDIA_GIF), &taken), OK);
	decoder_rest(decoder); // used just now: stays
	pid_t ready = child_of_ours();
	assert_true(ready > 0);
	siginfo_t gone;
	assert_int_equal(kill(ready, SIGINT), 0);
	assert_int_equal(waitid(P_PID, (id_t)ready, &gone, WEXITED | WNOWAIT), 0);
	assert_int_equal(take_one(&ctx, decoder, sample_file(MEDIA_GIF), &taken), OK);
	decoder_close(decoder);
	assert_int_equal(child_of_ours(), 0);
	arena_free(ctx.mem);
}

static void *take_many(void *arg)
{
	struct decoder *decoder = arg;
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	intptr_t taken_well = 0;
	thread_is(THREAD_RUNNER, "test");
	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		int upload = sample_file((enum media_format)format);
		taken_well += take_one(&ctx, decoder, upload, &taken) == OK;
	}
	arena_free(ctx.mem);
	return (void *)taken_well;
}

static void many_threads_take_turns(void **state)
{
	struct decoder *decoder = real_decoder();
	pthread_t threads[4];
	(void)state;
	for (int i = 0; i < 4; i++)
		threads[i] = thread_start(take_many, decoder);
	for (int i = 0; i < 4; i++) {
		void *taken_well;
		assert_int_equal(pthread_join(threads[i], &taken_well), 0);
		assert_int_equal((intptr_t)taken_well, 6);
	}
	decoder_close(decoder);
}

// A program in the decoder's place.
static struct decoder *impostor(const char *script, char path[static 64])
{
	struct decoder *decoder;
	strcpy(path, "/tmp/impostor-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, script, strlen(script)), strlen(script));
	assert_int_equal(fchmod(fd, 0700), 0);
	close(fd);
	assert_int_equal(decoder_open(str_from(path), &decoder), OK);
	return decoder;
}

static void decoders_that_die_or_lie_are_answered_for(void **state)
{
#define PYTHON \
	"#!/usr/bin/python3 -IS\nimport socket, struct\ns = socket.socket(fileno=3)\n" \
	"s.recv(4096)\n"
	static const struct {
		const char *script;
		err code;
		int word;
	} tries[] = {
		{"#!/bin/sh\nkill -SYS $$\n", ERR_INVALID, W_media_broken},
		{"#!/bin/sh\nkill -SEGV $$\n", ERR_INVALID, W_media_broken},
		{"#!/bin/sh\nkill -XCPU $$\n", ERR_INVALID, W_media_timeout},
		{"#!/bin/sh\nkill -ALRM $$\n", ERR_INVALID, W_media_timeout},
		{"#!/bin/sh\nkill -PROF $$\n", ERR_INVALID, W_media_timeout},
		{"#!/bin/sh\nkill -KILL $$\n", ERR_INVALID, W_media_memory},
		{"#!/bin/sh\nexit 0\n", ERR_INTERNAL, W_media_failed},
		{"#!/bin/sh\nexit 3\n", ERR_INTERNAL, W_media_failed},
		{"no program at all", ERR_INTERNAL, W_media_failed},
		{PYTHON "s.send(b'x')\n", ERR_INTERNAL, W_media_failed},
		{PYTHON "s.send(b'x' * 328)\n", ERR_INTERNAL, W_media_failed},
		// Success with an impossible size, then with a possible one but empty files.
		{PYTHON "s.send(struct.pack('=12I', 0x4d454449, 4, 328, 0, 1, 0, 1, 9, 9, 99999, "
			"9, "
			"9) + "
			"bytes(280))\n",
			ERR_INTERNAL, W_media_failed},
		{PYTHON "s.send(struct.pack('=15I', 0x4d454449, 4, 328, 0, 1, 0, 1, 9, 9, 9, 9, 9, "
			"9, "
			"9, "
			"9) + bytes(268))\n",
			ERR_INTERNAL, W_media_failed},
		{PYTHON "s.send(struct.pack('=4I', 0x4d454449, 4, 328, 77) + bytes(312))\n",
			ERR_INTERNAL, W_media_failed},
		// That it would take long, which nobody asked; that the server stops.
		{PYTHON "s.send(struct.pack('=4I', 0x4d454449, 4, 328, 11) + bytes(312))\n",
			ERR_INTERNAL, W_media_failed},
		{PYTHON "s.send(struct.pack('=4I', 0x4d454449, 4, 328, 12) + bytes(312))\n",
			ERR_INTERNAL, W_media_failed},
	};
	struct ctx ctx = {.mem = arena_new(4096)};
	(void)state;
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		char path[64];
		struct picture_taken taken;
		struct decoder *decoder = impostor(tries[i].script, path);
		assert_int_equal(
			take_one(&ctx, decoder, sample_file(MEDIA_PNG), &taken), tries[i].code);
		assert_int_equal(ctx.problem.word, tries[i].word);
		decoder_close(decoder);
		unlink(path);
	}
	arena_free(ctx.mem);
}

static err move_one(struct ctx *ctx, struct decoder *decoder, int upload, struct picture_moved *out)
{
	int moving = memory_file("", 0);
	err code = picture_move(ctx, decoder, upload, moving, out);
	if (code == OK)
		assert_int_equal(out->bytes, lseek(moving, 0, SEEK_END));
	close(moving);
	close(upload);
	return code;
}

static void what_does_not_move_has_no_loop(void **state)
{
	static const char lie[] =
		PYTHON "s.send(struct.pack('=4I', 0x4d454449, 4, 328, 0) + bytes(104) + "
		       "struct.pack('=3I', 9, 9, %d) + bytes(196))\n";
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_moved moved = {.width = 7, .bytes = 7};
	(void)state;
	assert_int_equal(move_one(&ctx, decoder, sample_file(MEDIA_PNG), &moved), OK);
	assert_int_equal(moved.width, 0);
	assert_int_equal(moved.bytes, 0);
	decoder_close(decoder);
	// One that tells of a loop that it did not write, or of one that is too large.
	for (int i = 0; i < 2; i++) {
		char script[400], path[64];
		snprintf(script, sizeof script, lie, i ? 1 << 30 : 100);
		decoder = impostor(script, path);
		assert_int_equal(
			move_one(&ctx, decoder, sample_file(MEDIA_GIF), &moved), ERR_INTERNAL);
		decoder_close(decoder);
		unlink(path);
	}
	arena_free(ctx.mem);
}

static void what_would_take_long_is_told_soon(void **state)
{
	static const char slow[] = "#!/bin/sh\nkill -PROF $$\n";
	struct decoder *decoder = real_decoder();
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	struct bytes whole = samples[MEDIA_PNG];
	uint8_t large[2048];
	char path[64];
	(void)state;
	memcpy(large, whole.at, whole.size);
	memcpy(large + 16, "\0\0\x17\x70\0\0\x17\x70", 8); // 6000 by 6000
	int upload = memory_file(large, whole.size), master = memory_file("", 0);
	assert_int_equal(
		picture_take(&ctx, decoder, upload, master, true, NULL, 0, &taken), ERR_TIMEOUT);
	assert_int_equal(
		picture_take(&ctx, decoder, upload, master, false, NULL, 0, &taken), ERR_INVALID);
	close(upload);
	upload = sample_file(MEDIA_PNG);
	assert_int_equal(picture_take(&ctx, decoder, upload, master, true, NULL, 0, &taken), OK);
	decoder_close(decoder);
	// And what takes longer than it looked.
	decoder = impostor(slow, path);
	assert_int_equal(
		picture_take(&ctx, decoder, upload, master, true, NULL, 0, &taken), ERR_TIMEOUT);
	decoder_close(decoder);
	unlink(path);
	close(upload);
	close(master);
	arena_free(ctx.mem);
}

static void *take_unavailable(void *arg)
{
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	thread_is(THREAD_RUNNER, "test");
	err code = take_one(&ctx, arg, sample_file(MEDIA_PNG), &taken);
	arena_free(ctx.mem);
	return (void *)(intptr_t)(code == ERR_UNAVAILABLE);
}

// Those at work, those that wait for their turn, and who comes later.
static void a_stop_ends_them_all(void **state)
{
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	pthread_t threads[8];
	char path[64];
	(void)state;
	struct decoder *decoder = impostor(PYTHON "import time\ntime.sleep(30)\n", path);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		threads[i] = thread_start(take_unavailable, decoder);
	usleep(300000);
	ms began = clock_steady();
	decoder_end(decoder);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++) {
		void *well;
		assert_int_equal(pthread_join(threads[i], &well), 0);
		assert_true(well);
	}
	assert_int_equal(take_one(&ctx, decoder, sample_file(MEDIA_PNG), &taken), ERR_UNAVAILABLE);
	assert_true(clock_steady() - began < 15 * MS_SECOND);
	decoder_close(decoder);
	unlink(path);
	arena_free(ctx.mem);
}

// A decoder that is ended by a signal the first time it is asked, half done, and works after that.
static struct decoder *killed_once(const char *signal, char path[static 64], char marker[static 80])
{
	char script[PATH_MAX + 400];
	struct decoder *decoder = impostor("", path);
	decoder_close(decoder);
	snprintf(marker, 80, "%s.killed", path);
	snprintf(script, sizeof script,
		"#!/bin/sh\nif [ -e %s ]; then exec %s; fi\n"
		"exec /usr/bin/python3 -IS -c 'import socket, os, signal\n"
		"s = socket.socket(fileno=3)\n"
		"m, fds, f, a = socket.recv_fds(s, 4096, 8)\n"
		"[os.write(fd, b\"x\" * 100000) for fd in fds[1:]]\n"
		"open(\"%s\", \"w\").close()\n"
		"os.kill(os.getpid(), signal.%s)'\n",
		marker, tool, marker, signal);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(script, f);
	fclose(f);
	assert_int_equal(decoder_open(str_from(path), &decoder), OK);
	return decoder;
}

static void what_the_system_ended_is_tried_once_more(void **state)
{
	static const char *const signals[] = {"SIGKILL", "SIGABRT"};
	struct ctx ctx = {.mem = arena_new(4096)};
	(void)state;
	for (ptrdiff_t i = 0; i < COUNT(signals); i++) {
		char path[64], marker[80];
		struct picture_taken taken;
		struct decoder *decoder = killed_once(signals[i], path, marker);
		assert_int_equal(take_one(&ctx, decoder, sample_file(MEDIA_PNG), &taken), OK);
		assert_int_equal(access(marker, F_OK), 0); // it was ended
		decoder_close(decoder);
		unlink(marker);
		unlink(path);
	}
	arena_free(ctx.mem);
}

static void *take_killed(void *arg)
{
	struct ctx ctx = {.mem = arena_new(4096)};
	struct picture_taken taken;
	thread_is(THREAD_RUNNER, "test");
	err code = take_one(&ctx, arg, sample_file(MEDIA_PNG), &taken);
	arena_free(ctx.mem);
	return (void *)(intptr_t)(code == ERR_INVALID && ctx.problem.word == W_media_memory);
}

// Each is tried again alone, one after the other, and all come to an end.
static void many_that_are_killed_wait_for_each_other(void **state)
{
	char path[64], log[80], script[400];
	pthread_t threads[6];
	(void)state;
	struct decoder *decoder = impostor("", path);
	decoder_close(decoder);
	snprintf(log, sizeof log, "%s.log", path);
	// Says when it begins to work and when it dies.
	snprintf(script, sizeof script,
		"#!/usr/bin/python3 -IS\nimport socket, os, signal, time\n"
		"s = socket.socket(fileno=3)\nif not s.recv(4096): raise SystemExit(0)\n"
		"def say(what):\n f = os.open('%s', os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
		" os.write(f, what)\nsay(b'(')\ntime.sleep(0.05)\nsay(b')')\n"
		"os.kill(os.getpid(), signal.SIGKILL)\n",
		log);
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(script, f);
	fclose(f);
	assert_int_equal(decoder_open(str_from(path), &decoder), OK);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		threads[i] = thread_start(take_killed, decoder);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++) {
		void *well;
		assert_int_equal(pthread_join(threads[i], &well), 0);
		assert_true(well);
	}
	decoder_close(decoder);
	char said[100] = "";
	f = fopen(log, "re");
	assert_non_null(f);
	assert_non_null(fgets(said, sizeof said, f));
	fclose(f);
	assert_int_equal(strlen(said), 24); // six tries and six more
	int alone = 0;
	for (int i = 0; i + 1 < 24; i++)
		alone += said[i] == '(' && said[i + 1] == ')' && (i == 0 || said[i - 1] == ')');
	assert_true(alone >= 6);
	unlink(log);
	unlink(path);
}

static void a_missing_decoder_is_noticed_at_start(void **state)
{
	struct decoder *decoder = NULL;
	(void)state;
	assert_int_equal(decoder_open(S("/nonexistent/qiao-media"), &decoder), ERR_NOT_FOUND);
	assert_null(decoder);
}

static void the_check_tells_formats(void **state)
{
	struct decoder *decoder = real_decoder();
	struct arena *mem = arena_new(4096);
	char path[64];
	str report;
	(void)state;
	assert_int_equal(decoder_check(decoder, mem, &report), OK);
	assert_true(
		str_eq(report, S("jpeg yes\npng yes\nwebp yes\ngif yes\navif yes\nheic yes\n")));
	decoder_close(decoder);
	decoder = impostor("#!/bin/sh\necho heic no\nexit 1\n", path);
	assert_int_equal(decoder_check(decoder, mem, &report), ERR_UNAVAILABLE);
	assert_true(str_eq(report, S("heic no\n")));
	decoder_close(decoder);
	unlink(path);
	arena_free(mem);
}

// The decoder is built in a folder below this program's.
static bool find_tool(void)
{
	ssize_t n = readlink("/proc/self/exe", tool, PATH_MAX - 1);
	if (n <= 0)
		return false;
	tool[n] = '\0';
	char *slash = strrchr(tool, '/');
	strcpy(slash == NULL ? tool : slash, "/media/sandbox/qiao-media");
	return access(tool, X_OK) == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_taken),
		cmocka_unit_test(a_master_becomes_covers),
		cmocka_unit_test(faults_are_said_in_words),
		cmocka_unit_test(a_process_kept_ready_that_died_is_replaced),
		cmocka_unit_test(many_threads_take_turns),
		cmocka_unit_test(decoders_that_die_or_lie_are_answered_for),
		cmocka_unit_test(what_does_not_move_has_no_loop),
		cmocka_unit_test(what_would_take_long_is_told_soon),
		cmocka_unit_test(a_stop_ends_them_all),
		cmocka_unit_test(what_the_system_ended_is_tried_once_more),
		cmocka_unit_test(many_that_are_killed_wait_for_each_other),
		cmocka_unit_test(a_missing_decoder_is_noticed_at_start),
		cmocka_unit_test(the_check_tells_formats),
	};
	if (!find_tool()) {
		(void)fprintf(stderr, "qiao-media is not built\n");
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
