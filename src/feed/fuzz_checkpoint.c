// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The feed's file, whatever stands in it: it is put into a world piece by piece before its sum is known, and
// the world stays one in which everything is in its place.
#include "feed/checkpoint.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int64_t check_line(const struct feed *f, const struct timeline *t)
{
	int64_t n = 0, last = INT64_MAX;
	for (struct walk w = walk_below(f, t, 0); walk_peek(f, &w); n++) {
		const struct fact *fact = &f->facts[walk_take(&w)];
		must(fact->id > 0 && fact->id < last && fact->author < (uint32_t)f->authors.n);
		must(fact->language < f->n_languages && fact->visibility < VISIBILITIES);
		last = fact->id;
	}
	return n;
}

static void check_world(struct feed *f)
{
	int64_t of_authors = 0;
	must(check_line(f, &f->all) == f->n_facts);
	list_each (a, &f->authors)
		of_authors += check_line(f, &a->entries);
	must(of_authors == f->n_facts);
	list_each (t, &f->topics) {
		must(utf8_valid(t->name) && utf8_valid(t->shown));
		check_line(f, &t->notes);
	}
}

static void put_all(struct feed *f, struct checkpoint *c)
{
	bool *left = NEW_N(c->mem, bool, c->n_topics);
	checkpoint_place(f, c);
	while (checkpoint_next(c) == OK && c->n)
		checkpoint_put(f, c, (note_id){INT64_MAX}, &(struct map){0}, left);
	for (ptrdiff_t i = 0; i < c->n_topics; i++)
		must(!left[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct checkpoint *c;
	struct feed *f = mem_new(1, (ptrdiff_t)sizeof *f);
	int fd = memfd_create("checkpoint", MFD_CLOEXEC);
	must(fd >= 0 && write(fd, data, n) == (ssize_t)n && lseek(fd, 0, SEEK_SET) == 0);
	if (checkpoint_open(fd, &c) == OK) {
		put_all(f, c);
		check_world(f);
		checkpoint_close(c);
	}
	world_drop(f);
	mem_free(f);
	return 0;
}
