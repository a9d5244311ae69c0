// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Loaded before a program (LD_PRELOAD): its wall clock is off by CLOCK_OFF seconds. The clocks that only go on are left
// as they are, as they would be on a machine that nobody set.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t off(void)
{
	const char *said = getenv("CLOCK_OFF");
	return said ? atol(said) : 0;
}

int clock_gettime(clockid_t which, struct timespec *out)
{
	int failed = (int)syscall(SYS_clock_gettime, which, out);
	if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE))
		out->tv_sec += off();
	return failed;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	int failed = (int)syscall(SYS_gettimeofday, out, zone);
	if (!failed && out)
		out->tv_sec += off();
	return failed;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
