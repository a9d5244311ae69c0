// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Clocks, the two ways we write a time, and ids. Ids are handed out from one atomic word that holds
// the last (millisecond, sequence): a full millisecond borrows from the next one.
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static ms read_clock(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (ms)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

ms clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

ms clock_steady(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

ms clock_boot(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t clock_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void split(ms at, struct tm *tm, int *millis)
{
	time_t s = (time_t)(at / 1000);
	*millis = (int)(at % 1000);
	if (*millis < 0) {
		*millis += 1000;
		s--;
	}
	gmtime_r(&s, tm);
}

void time_iso(ms at, char out[TIME_ISO_SIZE])
{
	struct tm tm;
	int millis;
	split(at, &tm, &millis);
	size_t n = strftime(out, TIME_ISO_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, TIME_ISO_SIZE - n, ".%03dZ", millis);
}

void time_http(ms at, char out[30])
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct tm tm;
	int millis;
	split(at, &tm, &millis);
	// The bounds are for the compiler, which cannot know them.
	snprintf(out, 30, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[tm.tm_wday],
		(unsigned)tm.tm_mday % 32, months[tm.tm_mon], (unsigned)(tm.tm_year + 1900) % 10000,
		(unsigned)tm.tm_hour % 24, (unsigned)tm.tm_min % 60, (unsigned)tm.tm_sec % 61);
}

bool time_parse_iso(str s, ms *out)
{
	struct tm tm = {0};
	char buf[24] = {0};
	if (s.n < 19 || s.n > 30)
		return false;
	for (int i = 0; i < 19; i++)
		buf[i] = s.p[i];
	const char *end = strptime(buf, "%Y-%m-%dT%H:%M:%S", &tm);
	if (!end || *end)
		return false;
	ms at = (ms)timegm(&tm) * 1000;
	str rest = str_skip(s, 19);
	if (rest.n > 1 && rest.p[0] == '.') {
		int scale = 100;
		ptrdiff_t i = 1;
		for (; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9'; i++, scale /= 10)
			at += (rest.p[i] - '0') * scale;
		rest = str_skip(rest, i);
	}
	if (!str_eq(rest, S("Z")) && !str_eq(rest, S("+00:00")))
		return false;
	*out = at;
	return true;
}

static uint64_t last_tick; // millisecond << 12 | sequence; atomic
static int64_t node_bits;  // atomic

void id_node_set(int node)
{
	must(node >= 0 && node < 256);
	__atomic_store_n(&node_bits, (int64_t)node << 12, __ATOMIC_RELAXED);
}

int64_t id_new(ms now)
{
	uint64_t wanted = (uint64_t)now << 12;
	uint64_t last = __atomic_load_n(&last_tick, __ATOMIC_RELAXED), tick;
	do {
		tick = wanted > last ? wanted : last + 1;
	} while (!__atomic_compare_exchange_n(
		&last_tick, &last, tick, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
	return (int64_t)(tick >> 12) << 20 | __atomic_load_n(&node_bits, __ATOMIC_RELAXED) |
	       (int64_t)(tick & 0xfff);
}

int64_t id_past(ms at)
{
	// The upper half of a millisecond's numbers: id_new would reach them at two million a second.
	static uint64_t turn;
	uint64_t sequence = 2048 | (__atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) & 2047);
	return (int64_t)at << 20 | __atomic_load_n(&node_bits, __ATOMIC_RELAXED) |
	       (int64_t)sequence;
}

ms id_time(int64_t id)
{
	return id >> 20;
}

int64_t id_floor(ms at)
{
	return at << 20;
}

bool id_parse(str s, int64_t *out)
{
	int64_t v;
	if (!str_int(s, &v) || v <= 0)
		return false;
	*out = v;
	return true;
}
