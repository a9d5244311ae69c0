// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The world as it stands in a file, so that a start need not read all notes from the database. The file
// is true up to a place in the order of changes; what came after is applied before anything is shown of
// it. Whoever reads it believes nothing of it: bytes from outside, whatever wrote them. Private to feed/.
//
// In the byte order of the machine: a head; languages, accounts and topics, which are meant by their
// place from then on; the notes in pieces, newest first, each with the topics of its notes after them;
// a piece of none; a sum over everything.
#pragma once

#include "feed/private.h"

#include "store/store.h"

#define CHECKPOINT_MAGIC "qiaofeed"
#define CHECKPOINT_FORMAT 3
#define CHECKPOINT_ORDER 0x01020304U
#define CHECKPOINT_PIECE 4096 // most notes
#define CHECKPOINT_NAME 1024  // most bytes of a topic's name

struct checkpoint_head {
	char magic[8];
	uint32_t format, order;
	struct store_mark mark;
	uint32_t n_languages, n_authors, n_topics, note_size;
	int64_t bound,
		cut; // as in struct feed: what of the past is not there, for want of how much room
	uint32_t loved_least, spare;
};
struct checkpoint_name {
	uint16_t name, shown; // bytes that follow
};
struct checkpoint_piece {
	uint32_t notes, topics;
};
struct checkpoint_note {
	int64_t id;
	uint32_t author, likes, comments;
	uint8_t language, visibility, flags, n_topics;
};

// Sums go on over blocks as they were written; one that was changed anywhere has another sum.
uint64_t checkpoint_sum(uint64_t sum, const void *bytes, ptrdiff_t n);

// Writes beside the path and renames, readable by the owner only. Changes may come meanwhile: they are
// after the mark. ERR_IO with errno.
err checkpoint_write(struct ctx *, struct feed *, str path) CHECKED;

struct checkpoint_topic {
	str name, shown;
};
struct checkpoint {
	struct store_mark mark;
	int64_t bound, cut;
	uint32_t loved_least;
	lang *languages;
	account_id *authors;
	struct checkpoint_topic *topics;
	uint32_t *
		placed; // where the topics are in the world, once checkpoint_place has put them there
	ptrdiff_t n_languages, n_authors, n_topics;
	// The piece that was read last, and the topics of its notes one after the other.
	struct checkpoint_note *notes;
	uint32_t *noted;
	ptrdiff_t n, n_noted;

	struct arena *mem;
	int fd;
	bool bad; // once wrong, it is wrong
	int64_t left, begin;
	uint64_t sum, sum_at_begin;
	int64_t below; // what comes next is older; 0: anything may come
};
// Takes the open file over and reads what stands before the notes; ERR_INVALID: it is none, or damaged.
err checkpoint_open(int fd, struct checkpoint **out) CHECKED;
// The next piece; none at the end, where the sum was right. Everything in it is within its bounds.
err checkpoint_next(struct checkpoint *) CHECKED;
err checkpoint_rewind(struct checkpoint *) CHECKED; // to the first piece
void checkpoint_close(struct checkpoint *);
// Its topics become known, without notes. The caller holds the world's lock.
void checkpoint_place(struct feed *, struct checkpoint *);
// Notes of the piece that are older than `below` become part of the world, but for those that changed
// since: the topics of these are marked in `left`. The caller holds the world's lock.
void checkpoint_put(struct feed *, const struct checkpoint *, note_id below,
	const struct map *changed, bool *left);
// Marks the topics of those of the piece that changed since.
void checkpoint_leave(const struct checkpoint *, const struct map *changed, bool *left);
