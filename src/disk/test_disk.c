// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reserve, shares and ballast on a disk that the test measures itself.
#include "disk/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#define MB ((int64_t)1 << 20)

static struct {
	int64_t free, size;
} fake;

static bool measure(void *arg, int64_t *free, int64_t *size)
{
	(void)arg;
	*free = fake.free;
	*size = fake.size;
	return true;
}

struct place {
	struct arena *mem;
	char dir[40];
	struct disk *disk;
};

static void begin(struct place *p, int64_t reserve, bool ballast)
{
	*p = (struct place){.mem = arena_new(1024), .dir = "/tmp/disk-test-XXXXXX"};
	assert_non_null(mkdtemp(p->dir));
	const struct disk_config config = {.dir = str_from(p->dir),
		.reserve = reserve,
		.ballast = ballast,
		.measure = measure};
	assert_int_equal(disk_open(&config, &p->disk), OK);
}

static bool ballast_there(const struct place *p)
{
	struct stat st;
	str path = str_fmt(p->mem, "%s/ballast", p->dir);
	return stat(str_z(p->mem, path), &st) == 0 && st.st_blocks > 0;
}

static void end(struct place *p)
{
	disk_close(p->disk);
	unlink(str_z(p->mem, str_fmt(p->mem, "%s/ballast", p->dir)));
	assert_int_equal(rmdir(p->dir), 0);
	arena_free(p->mem);
}

static void measured_later(int64_t free)
{
	fake.free = free;
	usleep(300000);
}

static void the_reserve_is_chosen_by_the_disk(void **state)
{
	static const struct {
		int64_t size, given, reserve;
	} cases[] = {{100 * MB, -1, 5 * MB}, {10000 * MB, -1, 500 * MB},
		{1000000 * MB, -1, 1024 * MB}, {1000000 * MB, 7 * MB, 7 * MB}, {100 * MB, 0, 0},
		{100 * MB, 900 * MB, 900 * MB}};
	(void)state;
	for (ptrdiff_t i = 0; i < COUNT(cases); i++) {
		struct place p;
		fake.size = fake.free = cases[i].size;
		begin(&p, cases[i].given, false);
		assert_int_equal(disk_reserve(p.disk), cases[i].reserve);
		end(&p);
	}
	assert_int_equal(disk_state(NULL), DISK_OK);
	assert_int_equal(disk_admits(NULL, INT64_MAX), OK);
	assert_false(disk_give_way(NULL));
}

static void uploads_end_where_the_reserve_begins(void **state)
{
	struct place p;
	(void)state;
	fake.size = 1000 * MB;
	fake.free = 120 * MB;
	begin(&p, 100 * MB, false);
	assert_int_equal(disk_state(p.disk), DISK_OK);
	assert_int_equal(disk_admits(p.disk, 20 * MB), OK);
	assert_int_equal(disk_admits(p.disk, 20 * MB + 1), ERR_FULL);
	measured_later(99 * MB);
	assert_int_equal(disk_state(p.disk), DISK_LOW);
	assert_int_equal(disk_admits(p.disk, 1), ERR_FULL);
	struct disk_claim c = {.disk = p.disk, .owner = 1};
	assert_int_equal(disk_claim(&c, 1), ERR_FULL);
	measured_later(1 * MB);
	assert_int_equal(disk_state(p.disk), DISK_FULL);
	measured_later(500 * MB);
	assert_int_equal(disk_state(p.disk), DISK_OK);
	end(&p);
}

static void nobody_holds_it_all(void **state)
{
	struct place p;
	struct disk_claim c[40];
	(void)state;
	fake.size = 1000 * MB;
	fake.free = 180 * MB;
	begin(&p, 100 * MB, false); // 80 MB for what is on its way
	for (int i = 0; i < 40; i++)
		c[i] = (struct disk_claim){.disk = p.disk, .owner = i < 30 ? 7 : 8 + (uint64_t)i};
	assert_int_equal(disk_claim(&c[0], 21 * MB), ERR_FULL); // more than a share, also alone
	int held = 0;
	for (int i = 0; i < 27; i++) { // silent: nothing of it ever comes
		err code = disk_claim(&c[i], 3 * MB);
		assert_true(code == OK || code == ERR_TOO_MANY);
		held += code == OK;
	}
	assert_int_equal(held, 6); // a quarter
	assert_int_equal(disk_claimed(p.disk), 6 * DISK_AHEAD);
	for (int i = 0; i < 6; i++)
		assert_int_equal(disk_claim_write(&c[i], 3 * MB), OK);
	assert_int_equal(disk_claimed(p.disk), 18 * MB);
	assert_int_equal(disk_claim(&c[30], 20 * MB), OK); // others have theirs
	assert_int_equal(disk_claim_write(&c[30], 20 * MB), OK);
	assert_int_equal(disk_claim(&c[31], 3 * MB), ERR_FULL); // all together at most half
	assert_int_equal(disk_claim(&c[31], 2 * MB), OK);
	disk_claim_end(&c[0]);
	assert_int_equal(disk_claim(&c[27], 3 * MB), OK);
	for (int i = 0; i < 40; i++)
		disk_claim_end(&c[i]);
	assert_int_equal(disk_claimed(p.disk), 0);
	end(&p);
}

// Very many, of very many, that send drop by drop: what they announced is there for who sends.
static void what_is_announced_keeps_nobody_out(void **state)
{
	struct place p;
	struct disk_claim slow[40];
	(void)state;
	fake.size = 1000 * MB;
	fake.free = 180 * MB;
	begin(&p, 100 * MB, false); // 80 MB for what is on its way
	for (int i = 0; i < 40; i++) {
		slow[i] = (struct disk_claim){.disk = p.disk, .owner = 1 + (uint64_t)i};
		assert_int_equal(disk_claim(&slow[i], 20 * MB), OK);
		assert_int_equal(disk_claim_write(&slow[i], 1000), OK);
	}
	assert_int_equal(disk_claimed(p.disk), 40 * (2000 + DISK_AHEAD));
	struct disk_claim quick = {.disk = p.disk, .owner = 99};
	assert_int_equal(disk_claim(&quick, 20 * MB), OK);
	for (int i = 0; i < 20; i++)
		assert_int_equal(disk_claim_write(&quick, 1 * MB), OK);
	assert_int_equal(quick.held, 20 * MB);
	// As much again as has come; without an advance where that is too much; and never over the half.
	assert_int_equal(disk_claim_write(&slow[0], 5 * MB), OK);
	assert_int_equal(slow[0].held, 10 * MB + 2000 + DISK_AHEAD);
	assert_int_equal(disk_claim_write(&slow[1], 6 * MB), OK);
	assert_int_equal(slow[1].held, 6 * MB + 1000);
	assert_int_equal(disk_claim_write(&slow[2], 4 * MB), ERR_FULL);
	assert_int_equal(slow[2].written, 1000);
	assert_true(disk_claimed(p.disk) <= 40 * MB);
	disk_claim_end(&quick);
	assert_int_equal(disk_claim_write(&slow[2], 4 * MB), OK);
	for (int i = 0; i < 40; i++)
		disk_claim_end(&slow[i]);
	assert_int_equal(disk_claimed(p.disk), 0);
	end(&p);
}

// What has been written is gone from the free room and still counts to the pool once.
static void bytes_written_are_not_counted_twice(void **state)
{
	struct place p;
	(void)state;
	fake.size = 1000 * MB;
	fake.free = 140 * MB;
	begin(&p, 100 * MB, false);
	struct disk_claim a = {.disk = p.disk, .owner = 1}, b = {.disk = p.disk, .owner = 2};
	assert_int_equal(disk_claim(&a, 10 * MB), OK);
	assert_int_equal(disk_claim_write(&a, 10 * MB), OK);
	assert_int_equal(
		disk_claim(&b, 10 * MB + 1), ERR_FULL); // by a measure from before they came
	measured_later(130 * MB);
	assert_int_equal(disk_claim(&b, 10 * MB + 1), ERR_FULL);
	assert_int_equal(disk_claim(&b, 10 * MB), OK);
	assert_int_equal(disk_claim(&b, 5 * MB), OK); // never smaller
	assert_int_equal(b.claimed, 10 * MB);
	disk_claim_end(&a);
	disk_claim_end(&a);
	disk_claim_end(&b);
	end(&p);
}

static void however_large_the_disk_an_owner_has_a_limit(void **state)
{
	struct place p;
	(void)state;
	fake.size = fake.free = 100000000 * MB;
	begin(&p, -1, false);
	struct disk_claim a = {.disk = p.disk, .owner = 1}, b = {.disk = p.disk, .owner = 1};
	assert_int_equal(disk_claim(&a, DISK_OWNER_MOST), OK);
	assert_int_equal(disk_claim(&b, 1), ERR_TOO_MANY);
	disk_claim_end(&a);
	end(&p);
}

static void the_ballast_is_given_up_once_and_comes_back(void **state)
{
	struct place p;
	(void)state;
	fake.size = 100 * MB;
	fake.free = 50 * MB;
	begin(&p, 8 * MB, true);
	assert_true(ballast_there(&p));
	measured_later(0);
	assert_int_equal(disk_state(p.disk), DISK_FULL);
	assert_true(disk_give_way(p.disk));
	assert_false(ballast_there(&p));
	assert_true(disk_give_way(p.disk)); // who failed at the same time tries again too
	disk_tend(p.disk);
	assert_false(ballast_there(&p));
	measured_later(3 * MB); // what it gave is free now: that is no new room
	assert_int_equal(disk_state(p.disk), DISK_FULL);
	disk_tend(p.disk);
	assert_false(ballast_there(&p));
	measured_later(20 * MB);
	disk_tend(p.disk);
	assert_true(ballast_there(&p));
	assert_int_equal(disk_state(p.disk), DISK_OK);
	end(&p);
}

// Of two disks the tighter counts; one that is not there is told at the start.
static void media_may_lie_elsewhere(void **state)
{
	char dir[] = "/tmp/disk-test-XXXXXX";
	struct disk_config config = {
		.dir = S("/dev/shm"), .reserve = 0, .media = S("/nowhere/at/all")};
	struct disk *here, *there, *both;
	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(disk_open(&config, &both), ERR_IO);
	config.media = str_from(dir);
	assert_int_equal(disk_open(&config, &both), OK);
	config.media = (str){0};
	assert_int_equal(disk_open(&config, &here), OK);
	config.dir = str_from(dir);
	assert_int_equal(disk_open(&config, &there), OK);
	int64_t least = MIN(disk_free(here), disk_free(there)), got = disk_free(both);
	assert_true(got > least - 200 * MB && got < least + 200 * MB); // others write, too
	disk_close(here);
	disk_close(there);
	disk_close(both);
	assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(media_may_lie_elsewhere),
		cmocka_unit_test(the_reserve_is_chosen_by_the_disk),
		cmocka_unit_test(uploads_end_where_the_reserve_begins),
		cmocka_unit_test(nobody_holds_it_all),
		cmocka_unit_test(what_is_announced_keeps_nobody_out),
		cmocka_unit_test(bytes_written_are_not_counted_twice),
		cmocka_unit_test(however_large_the_disk_an_owner_has_a_limit),
		cmocka_unit_test(the_ballast_is_given_up_once_and_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
