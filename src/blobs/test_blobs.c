// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Blobs appear whole, can be replaced, listed and removed; a name that is a path is refused.
#include "blobs/blobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static err count_files(str name, str part, str path, int64_t size, void *arg)
{
	int64_t *sum = arg;
	assert_true(str_starts(path, S("media/")) && str_ends(path, part));
	assert_true(str_find(path, name) > 0);
	*sum += size;
	return OK;
}

static void put_text(struct blobs *b, str name, str part, str text)
{
	int fd;
	assert_int_equal(blobs_temp(b, &fd), OK);
	assert_int_equal(write(fd, text.p, (size_t)text.n), text.n);
	assert_int_equal(blobs_put(b, fd, name, part), OK);
	close(fd);
}

static void blobs_come_and_go_whole(void **state)
{
	(void)state;
	char dir[] = "/tmp/blobs-test-XXXXXX", text[16];
	struct arena *mem = arena_new(1024);
	struct blobs *b;
	int fd;
	int64_t size, sum = 0;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(blobs_open(str_from(dir), &b), OK);
	assert_int_equal(blobs_get(b, S("abcdef"), S("540.webp"), &fd, &size), ERR_NOT_FOUND);
	put_text(b, S("abcdef"), S("540.webp"), S("first"));
	put_text(b, S("abcdef"), S("540.webp"), S("second"));
	put_text(b, S("abcdef"), S("master.jpg"), S("m"));
	assert_int_equal(blobs_get(b, S("abcdef"), S("540.webp"), &fd, &size), OK);
	assert_int_equal(size, 6);
	assert_int_equal(read(fd, text, sizeof text), 6);
	assert_memory_equal(text, "second", 6);
	close(fd);
	assert_int_equal(blobs_link(b, S("abcdef"), S("absecond")), OK);
	assert_int_equal(blobs_get(b, S("absecond"), S("540.webp"), &fd, &size), OK);
	assert_int_equal(size, 6);
	close(fd);
	assert_int_equal(blobs_link(b, S("absent"), S("abthird")), ERR_NOT_FOUND);
	assert_int_equal(blobs_remove(b, S("absecond")), OK);
	assert_int_equal(blobs_remove(b, S("abthird")), OK);
	assert_int_equal(blobs_each(b, count_files, &sum), OK);
	assert_int_equal(sum, 7);
	assert_int_equal(blobs_remove(b, S("abcdef")), OK);
	assert_int_equal(blobs_remove(b, S("abcdef")), OK);
	assert_int_equal(blobs_get(b, S("abcdef"), S("master.jpg"), &fd, &size), ERR_NOT_FOUND);
	assert_int_equal(blobs_get(b, S("../../etc"), S("passwd"), &fd, &size), ERR_NOT_FOUND);
	assert_int_equal(blobs_get(b, S("abc/def"), S("x"), &fd, &size), ERR_NOT_FOUND);
	blobs_close(b);
	// Only empty folders are left, or this fails.
	static const char *const left[] = {"media/ab", "media/", "upload", ""};
	for (ptrdiff_t i = 0; i < COUNT(left); i++)
		assert_int_equal(rmdir(str_z(mem, str_fmt(mem, "%s/%s", dir, left[i]))), 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(blobs_come_and_go_whole)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
