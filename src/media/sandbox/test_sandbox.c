// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The sandbox from inside: what a taken-over decoder would try is refused or ends it, and what a
// decoder needs still works. Each try runs in a process of its own.
#include "sandbox.h"

#include "../protocol.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

enum { REFUSED = 10, SUCCEEDED = 11, NOT_CLOSED = 12 };

// Runs `act` in the sandbox; the wait status.
static int inside(int (*act)(void))
{
	pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		if (!sandbox_close())
			_exit(NOT_CLOSED);
		_exit(act());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int told(bool refused)
{
	return refused ? REFUSED : SUCCEEDED;
}

static int open_to_read(void)
{
	return told(open("/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
}

static int open_to_write(void)
{
	return told(open("/tmp/left-by-the-sandbox-test", O_WRONLY | O_CREAT, 0600) < 0 &&
		    errno == EACCES);
}

static int open_the_old_way(void)
{
#ifdef SYS_open
	return told(syscall(SYS_open, "/etc/passwd", O_RDONLY) < 0 && errno == EACCES);
#else
	return REFUSED;
#endif
}

static int open_by_handle(void)
{
	return told(syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0) < 0);
}

static int make_socket(void)
{
	return told(socket(AF_INET, SOCK_STREAM, 0) < 0);
}

static int make_local_socket(void)
{
	return told(socket(AF_UNIX, SOCK_STREAM, 0) < 0);
}

static int run_program(void)
{
	char *arguments[] = {(char[]){"true"}, NULL};
	return told(execve("/bin/true", arguments, NULL) < 0);
}

static int fork_process(void)
{
	return told(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0) < 0);
}

static int fork_by_vfork(void)
{
	return told(syscall(SYS_clone, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL, NULL, NULL, 0) < 0);
}

static int kill_parent(void)
{
	return told(kill(getppid(), 0) < 0);
}

static int kill_parent_by_thread(void)
{
	return told(syscall(SYS_tgkill, 1, 1, 0) < 0);
}

static int trace(void)
{
	return told(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0);
}

static int map_to_run(void)
{
	return told(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
}

static int turn_to_run(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return told(mprotect(at, 4096, PROT_READ | PROT_EXEC) < 0);
}

static int raise_limit(void)
{
	return told(setrlimit(RLIMIT_AS, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}) < 0 &&
		    errno == EACCES);
}

static int send_elsewhere(void)
{
	struct msghdr header = {0};
	return told(sendmsg(MEDIA_SOCKET + 1, &header, 0) < 0);
}

static int send_to_address(void)
{
	char address[16] = {0};
	return told(syscall(SYS_sendto, MEDIA_SOCKET, "x", 1, 0, address, sizeof address) < 0);
}

static int unlink_file(void)
{
	return told(unlink("/tmp/no-such-file-of-the-sandbox-test") < 0);
}

static int use_io_uring(void)
{
	return told(syscall(SYS_io_uring_setup, 8, NULL) < 0);
}

static void files_cannot_be_opened(void **state)
{
	int (*const acts[])(void) = {open_to_read, open_to_write, open_the_old_way, raise_limit};
	(void)state;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		int status = inside(acts[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), REFUSED);
	}
}

static void everything_else_ends_the_process(void **state)
{
	int (*const acts[])(void) = {open_by_handle, make_socket, make_local_socket, run_program,
		fork_process, fork_by_vfork, kill_parent, kill_parent_by_thread, trace, map_to_run,
		turn_to_run, send_elsewhere, send_to_address, unlink_file, use_io_uring};
	(void)state;
	for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
		int status = inside(acts[i]);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("try %zu: wait status %d", i, status);
	}
}

static void *count(void *arg)
{
	int *n = arg;
	(*n)++;
	return NULL;
}

static int work(void)
{
	pthread_t thread;
	int n = 0;
	void *some = malloc(32 << 20);
	if (some == NULL || pthread_create(&thread, NULL, count, &n) != 0)
		return 1;
	memset(some, 1, 32 << 20);
	pthread_join(thread, NULL);
	return n == 1 && !sandbox_memory_gone() && sandbox_start_clock() ? 0 : 2;
}

static int take_too_much(void)
{
	void *at = mmap(NULL, (size_t)2 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return told(at == MAP_FAILED);
}

static int take_all_there_is(void)
{
	while (mmap(NULL, 16 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		continue;
	return sandbox_memory_gone() ? REFUSED : SUCCEEDED;
}

static void a_decoder_can_work_within_its_limits(void **state)
{
	(void)state;
	assert_int_equal(inside(work), 0);
	assert_int_equal(WEXITSTATUS(inside(take_too_much)), REFUSED);
	assert_int_equal(WEXITSTATUS(inside(take_all_there_is)), REFUSED);
}

static int write_over_the_limit(void)
{
	static char block[1 << 20];
	for (int i = 0; i < 80; i++) {
		if (write(MEDIA_SOCKET, block, sizeof block) != (ssize_t)sizeof block)
			return REFUSED;
	}
	return SUCCEEDED;
}

static int spin(void)
{
	if (!sandbox_limit_work(200, (size_t)64 << 20))
		return NOT_CLOSED;
	for (volatile unsigned i = 0;; i++)
		continue;
}

static int take_memory(void)
{
	size_t n = (size_t)256 << 20;
	const int how = MAP_PRIVATE | MAP_ANONYMOUS;

	if (mmap(NULL, n, PROT_READ, how, -1, 0) == MAP_FAILED)
		return NOT_CLOSED;
	if (!sandbox_limit_work(20000, (size_t)64 << 20))
		return NOT_CLOSED;
	bool little = mmap(NULL, n / 8, PROT_READ, how, -1, 0) != MAP_FAILED;
	bool much = mmap(NULL, n, PROT_READ, how, -1, 0) != MAP_FAILED;
	// A later, wider limit gives nothing back.
	bool wider = sandbox_limit_work(20000, (size_t)512 << 20) &&
		     mmap(NULL, n, PROT_READ, how, -1, 0) != MAP_FAILED;
	return told(little && !much && !wider);
}

static void a_small_picture_gets_little(void **state)
{
	(void)state;
	int status = inside(spin);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF);
	status = inside(take_memory);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), REFUSED);
}

static void outputs_have_a_largest_size(void **state)
{
	char name[] = "/tmp/sandbox-output-XXXXXX";
	int fd = mkstemp(name);
	int kept = dup(MEDIA_SOCKET);
	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(dup2(fd, MEDIA_SOCKET), MEDIA_SOCKET);
	int status = inside(write_over_the_limit);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
	if (kept >= 0) {
		dup2(kept, MEDIA_SOCKET);
		close(kept);
	}
	if (fd != MEDIA_SOCKET)
		close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_cannot_be_opened),
		cmocka_unit_test(everything_else_ends_the_process),
		cmocka_unit_test(a_decoder_can_work_within_its_limits),
		cmocka_unit_test(a_small_picture_gets_little),
		cmocka_unit_test(outputs_have_a_largest_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
