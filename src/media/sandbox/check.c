// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Decodes a built-in picture of each format, each in a process of its own under the whole
// sandbox, so that a missing codec and a filter too tight for this machine's libraries both show.
#include "check.h"

#include "pixels.h"
#include "samples.h"
#include "sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void decode_sample(const char *program, enum media_format format)
{
	char detail[DETAIL_SIZE] = "";
	struct sniffed sniffed;
	struct pixels pixels;
	struct bytes file = samples[format];

	if (!picture_start(program) || !sandbox_close() || !sandbox_start_clock())
		_exit(2);
	if (sniff(file.at, file.size, &sniffed) != MEDIA_OK || sniffed.format != format)
		_exit(3);
	if (picture_decode(file, &sniffed, &pixels, detail) != MEDIA_OK) {
		(void)dprintf(STDOUT_FILENO, "  %s\n", detail);
		_exit(4);
	}
	_exit(pixels.width == SAMPLE_SIZE && pixels.height == SAMPLE_SIZE ? 0 : 5);
}

int check(const char *program)
{
	static const char *const names[MEDIA_FORMATS] = {
		"", "jpeg", "png", "webp", "gif", "avif", "heic"};
	int failed = 0;

	for (int format = MEDIA_JPEG; format < MEDIA_FORMATS; format++) {
		int status = -1;
		pid_t child = fork();
		if (child == 0)
			decode_sample(program, (enum media_format)format);
		if (child < 0 || waitpid(child, &status, 0) != child)
			status = -1;
		const char *word = "no";
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			word = "yes";
		else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
			word = "no (stopped by the system call filter)";
		else if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
			word = "no (the sandbox cannot be closed here)";
		failed |= strcmp(word, "yes") != 0;
		(void)printf("%s %s\n", names[format], word);
		(void)fflush(stdout);
	}
	return failed;
}
