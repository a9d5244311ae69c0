// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Limits and the system call filter. A call off the list ends the process with SIGSYS, which the
// server reads as a failed picture. Files cannot be opened, only those handed over on the socket
// read and written; no network, no programs, no memory that is both filled and run. RLIMIT_NPROC
// counts all of the user's processes, so that it would either stop our own threads or nothing:
// the filter lets clone(2) make threads only.
#include "sandbox.h"

#include "../protocol.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define ADDRESS_SPACE ((rlim_t)1 << 30)
#define OUTPUT_BYTES ((rlim_t)64 << 20)
#define MEMORY_STEP ((size_t)1 << 20)
#define MEMORY_LEFT ((size_t)32 << 20)

static bool limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0)
		return false;
	// A limit already tighter stays.
	if (now.rlim_max < hard)
		hard = now.rlim_max;
	if (now.rlim_cur < soft)
		soft = now.rlim_cur;
	if (hard < soft)
		soft = hard;
	return setrlimit(what, &(struct rlimit){soft, hard}) == 0;
}

static bool close_limits(void)
{
	rlim_t files = MEDIA_SOCKET + 1 + 2 + MEDIA_RENDITIONS_MAX;

	return limit(RLIMIT_AS, ADDRESS_SPACE, ADDRESS_SPACE) &&
	       limit(RLIMIT_CPU, MEDIA_SECONDS, MEDIA_SECONDS + 1) &&
	       limit(RLIMIT_NOFILE, files, files) &&
	       limit(RLIMIT_FSIZE, OUTPUT_BYTES, OUTPUT_BYTES) && limit(RLIMIT_CORE, 0, 0) &&
	       limit(RLIMIT_MEMLOCK, 0, 0) && limit(RLIMIT_MSGQUEUE, 0, 0);
}

// Whatever their arguments, these do no more than the process may do anyway.
static const int plain[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getrandom),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

// Libraries probe for what they can do without: these are told no instead of being ended.
static const int denied[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(stat),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(prlimit64),
	SCMP_SYS(ioctl),
	SCMP_SYS(fcntl),
	SCMP_SYS(sched_setaffinity),
};

static bool allow_with_arguments(scmp_filter_ctx filter)
{
	const scmp_datum_t thread = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND;
	const scmp_datum_t fresh = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
				   CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_PTRACE |
				   CLONE_VFORK;
	struct scmp_arg_cmp not_run = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	struct scmp_arg_cmp our_socket = SCMP_A0(SCMP_CMP_EQ, MEDIA_SOCKET, 0);
	struct scmp_arg_cmp ourselves = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0);
	int failed = 0;

	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_run);
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_run);
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(recvmsg), 1, our_socket);
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 1, our_socket);
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 2, our_socket,
		SCMP_A4(SCMP_CMP_EQ, 0, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setitimer), 1,
		SCMP_A0(SCMP_CMP_EQ, ITIMER_REAL, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(setitimer), 1,
		SCMP_A0(SCMP_CMP_EQ, ITIMER_PROF, 0));
	failed |= seccomp_rule_add(
		filter, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0));
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, ourselves);
	// glibc asks clone3 first, whose flags no filter can read, and falls back to clone on
	// ENOSYS.
	failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	failed |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		SCMP_A0(SCMP_CMP_MASKED_EQ, thread | fresh, thread));
	return failed == 0;
}

static bool close_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool done = filter != NULL && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;

	for (size_t i = 0; done && i < sizeof plain / sizeof *plain; i++)
		done = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain[i], 0) == 0;
	for (size_t i = 0; done && i < sizeof denied / sizeof *denied; i++)
		done = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), denied[i], 0) == 0;
	done = done && allow_with_arguments(filter) && seccomp_load(filter) == 0;
	if (filter != NULL)
		seccomp_release(filter);
	return done;
}

bool sandbox_close(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return false;
	return close_limits() && close_calls();
}

bool sandbox_start_clock(void)
{
	struct itimerval once = {.it_value.tv_sec = MEDIA_CLOCK_SECONDS};

	return setitimer(ITIMER_REAL, &once, NULL) == 0;
}

static void *reserve(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return at == MAP_FAILED ? NULL : at;
}

// RLIMIT_AS cannot be set any more: address space that nobody may use has the same effect.
static bool limit_memory(size_t bytes)
{
	size_t least = 0, most = (size_t)ADDRESS_SPACE;

	while (most - least > MEMORY_STEP) {
		size_t middle = least + (most - least) / 2;
		void *at = reserve(middle);
		if (at == NULL) {
			most = middle;
		} else {
			munmap(at, middle);
			least = middle;
		}
	}
	return least <= bytes || reserve(least - bytes) != NULL;
}

static bool limit_time(unsigned milliseconds)
{
	struct itimerval once = {.it_value = {milliseconds / 1000, milliseconds % 1000 * 1000}};
	struct itimerval before;

	if (setitimer(ITIMER_PROF, &once, &before) != 0)
		return false;
	bool ran = timerisset(&before.it_value);
	if (!ran || !timercmp(&before.it_value, &once.it_value, <))
		return true;
	return setitimer(ITIMER_PROF, &before, NULL) == 0;
}

bool sandbox_limit_work(unsigned milliseconds, size_t bytes)
{
	return limit_time(milliseconds) && limit_memory(bytes);
}

bool sandbox_memory_gone(void)
{
	void *probe = mmap(NULL, MEMORY_LEFT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (probe == MAP_FAILED)
		return true;
	munmap(probe, MEMORY_LEFT);
	return false;
}
