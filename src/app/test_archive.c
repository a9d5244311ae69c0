// SPDX-License-Identifier: AGPL-3.0-or-later
//
// What goes into an archive comes out again; whatever is changed, cut or smuggled in is refused.
#include "app/archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

static struct arena *mem;

static str whole(int fd)
{
	off_t n = lseek(fd, 0, SEEK_END);
	char *p = arena_alloc(mem, n, 1, 1);
	assert_int_equal(pread(fd, p, (size_t)n, 0), n);
	return (str){p, n};
}

static str three_members(void)
{
	struct archive_writer w = {.fd = memfd_create("archive", 0)};
	static char large[70000];
	memset(large, 'x', sizeof large);
	assert_int_equal(archive_add(&w, S("a"), S("first"), 1700000000000), OK);
	assert_int_equal(archive_add(&w, S("media/ab/empty"), S(""), 1700000000000), OK);
	assert_int_equal(archive_add(&w, S("large"), (str){large, sizeof large}, 0), OK);
	assert_int_equal(archive_end(&w, 1700000000000), OK);
	str s = whole(w.fd);
	close(w.fd);
	return s;
}

static void members_come_out_as_they_went_in(void **state)
{
	(void)state;
	struct archive_member m;
	int64_t at = 0;
	str archive = three_members();
	assert_int_equal(archive.n % 512, 0);
	assert_int_equal(archive_check(mem, archive, NULL), OK);
	assert_int_equal(archive_next(archive, &at, &m), OK);
	assert_true(str_eq(m.name, S("a")) && str_eq(m.bytes, S("first")));
	assert_int_equal(archive_next(archive, &at, &m), OK);
	assert_true(str_eq(m.name, S("media/ab/empty")) && m.bytes.n == 0);
	assert_int_equal(archive_next(archive, &at, &m), OK);
	assert_int_equal(m.bytes.n, 70000);
	assert_int_equal(archive_next(archive, &at, &m), OK);
	assert_true(str_eq(m.name, S(ARCHIVE_LIST)));
	assert_int_equal(archive_next(archive, &at, &m), ERR_NOT_FOUND);
}

static void every_changed_byte_of_a_member_is_seen(void **state)
{
	(void)state;
	str archive = three_members();
	char *copy = str_z(mem, archive);
	for (ptrdiff_t i = 0; i < archive.n - 1024; i += i < 4000 ? 1 : 997) {
		struct archive_member m;
		int64_t at = 0;
		bool counts = false; // padding and most of a header mean nothing
		while (archive_next(archive, &at, &m) == OK)
			counts |=
				m.bytes.p - archive.p <= i && i < m.bytes.p - archive.p + m.bytes.n;
		copy[i] ^= 1;
		err code = archive_check(mem, (str){copy, archive.n}, NULL);
		if (counts)
			assert_int_equal(code, ERR_INVALID);
		copy[i] ^= 1;
	}
}

static void what_is_cut_short_is_refused(void **state)
{
	(void)state;
	str archive = three_members();
	for (ptrdiff_t n = 0; n < archive.n - 1024; n += 511)
		assert_int_equal(archive_check(mem, str_sub(archive, 0, n), NULL), ERR_INVALID);
	assert_int_equal(archive_check(mem, S("no archive at all"), NULL), ERR_INVALID);
}

static void names_do_not_lead_out_of_the_folder(void **state)
{
	(void)state;
	static const char *const bad[] = {"../x", "/etc/x", "a/../../x", "a//x", ".hidden", "a/"};
	for (ptrdiff_t i = 0; i < COUNT(bad); i++) {
		struct archive_writer w = {.fd = memfd_create("archive", 0)};
		assert_int_equal(archive_add(&w, str_from(bad[i]), S("x"), 0), OK);
		assert_int_equal(archive_end(&w, 0), OK);
		assert_int_equal(archive_check(mem, whole(w.fd), NULL), ERR_INVALID);
		close(w.fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_out_as_they_went_in),
		cmocka_unit_test(every_changed_byte_of_a_member_is_seen),
		cmocka_unit_test(what_is_cut_short_is_refused),
		cmocka_unit_test(names_do_not_lead_out_of_the_folder),
	};
	mem = arena_new(1 << 20);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(mem);
	return failed;
}
