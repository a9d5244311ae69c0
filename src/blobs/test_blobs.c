// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Blobs appear whole, can be replaced, listed and removed; a name that is a path is refused.
#include "blobs/blobs.h"

#include <fcntl.h>
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
	struct blob_temp t;
	assert_int_equal(blobs_temp(b, &t), OK);
	assert_int_equal(write(t.fd, text.p, (size_t)text.n), text.n);
	assert_int_equal(blobs_put(b, &t, name, part), OK);
	blobs_temp_close(b, &t);
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

struct seen {
	int temps, originals;
	int64_t bytes;
};

static err see(str name, ms changed, int64_t size, void *arg)
{
	struct seen *s = arg;
	assert_true(changed > 0);
	*(blobs_is_temp(name) ? &s->temps : &s->originals) += 1;
	s->bytes += size;
	return OK;
}

static struct seen seen(struct blobs *b)
{
	struct seen s = {0};
	assert_int_equal(blobs_originals_each(b, see, &s), OK);
	return s;
}

// Two processes of two data directories on one folder: each sees at once what the other did.
static void a_folder_may_be_shared(void **state)
{
	(void)state;
	char dir[] = "/tmp/blobs-test-XXXXXX", text[16], command[64];
	struct blobs *a, *b;
	struct blob_temp t, gone;
	int fd;
	int64_t size;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(blobs_open(str_from(dir), &a), OK);
	assert_int_equal(blobs_open(str_from(dir), &b), OK);
	assert_int_equal(blobs_temp(a, &t), OK);
	assert_int_equal(blobs_temp(b, &gone), OK);
	assert_int_equal(write(t.fd, "whole", 5), 5);
	assert_int_equal(blobs_get(b, S("abcdef"), S("x.jpg"), &fd, &size), ERR_NOT_FOUND);
	assert_int_equal(seen(b).temps, 2);
	assert_int_equal(blobs_put(a, &t, S("abcdef"), S("x.jpg")), OK);
	blobs_temp_close(a, &t);
	blobs_temp_close(b, &gone);
	assert_int_equal(seen(a).temps, 0);
	assert_int_equal(blobs_get(b, S("abcdef"), S("x.jpg"), &fd, &size), OK);
	assert_int_equal(size, 5);
	close(fd);

	assert_int_equal(blobs_original_open(a, S("u7"), O_RDWR, &fd), ERR_NOT_FOUND);
	assert_int_equal(blobs_original_open(a, S("u7"), O_RDWR | O_CREAT, &fd), OK);
	assert_int_equal(write(fd, "part", 4), 4);
	close(fd);
	assert_int_equal(blobs_originals_sync(a), OK);
	assert_int_equal(blobs_original_open(b, S("u7"), O_RDWR, &fd), OK);
	assert_int_equal(pread(fd, text, sizeof text, 0), 4);
	assert_int_equal(pwrite(fd, "s", 1, 4), 1);
	close(fd);
	assert_true(seen(a).originals == 1 && seen(a).bytes == 5);
	assert_int_equal(blobs_original_open(b, S("../media"), O_RDONLY, &fd), ERR_NOT_FOUND);
	assert_int_equal(blobs_original_remove(b, S("../media/x")), ERR_INTERNAL);
	assert_int_equal(blobs_original_remove(b, S("u7")), OK);
	assert_int_equal(blobs_original_remove(a, S("u7")), OK);
	assert_int_equal(seen(a).originals, 0);
	blobs_close(a);
	blobs_close(b);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

struct second {
	struct blobs *b;
	const char *to;
	err kept;
};

static err keep_second(str name, str part, str path, int64_t size, void *arg)
{
	struct second *s = arg;
	(void)name, (void)part, (void)size;
	s->kept = blobs_keep(s->b, path, s->to);
	return OK;
}

// On the same file system by a link, on a disk in memory byte by byte.
static void a_second_name_elsewhere_is_a_copy(void **state)
{
	char dir[] = "/tmp/blobs-test-XXXXXX", text[16];
	const char *const places[] = {"/tmp", "/dev/shm"};
	struct arena *mem = arena_new(1024);
	struct second s = {0};
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(blobs_open(str_from(dir), &s.b), OK);
	put_text(s.b, S("abcdef"), S("master.jpg"), S("picture"));
	for (ptrdiff_t i = 0; i < COUNT(places); i++) {
		s.to = str_z(mem, str_fmt(mem, "%s/blobs-second-%d", places[i], (int)getpid()));
		unlink(s.to);
		assert_int_equal(blobs_each(s.b, keep_second, &s), OK);
		assert_int_equal(s.kept, OK);
		int fd = open(s.to, O_RDONLY);
		assert_int_equal(read(fd, text, sizeof text), 7);
		assert_memory_equal(text, "picture", 7);
		close(fd);
		unlink(s.to);
	}
	assert_int_equal(blobs_remove(s.b, S("abcdef")), OK);
	blobs_close(s.b);
	static const char *const left[] = {"media/ab", "media/", "upload", ""};
	for (ptrdiff_t i = 0; i < COUNT(left); i++)
		assert_int_equal(rmdir(str_z(mem, str_fmt(mem, "%s/%s", dir, left[i]))), 0);
	arena_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(blobs_come_and_go_whole),
		cmocka_unit_test(a_second_name_elsewhere_is_a_copy),
		cmocka_unit_test(a_folder_may_be_shared)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
