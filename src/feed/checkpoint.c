// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Writing the world into a file, a piece at a time, so that nobody who publishes waits for a disk. The
// file need not survive a fall of the power: what is not whole is not believed.
#include "feed/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (256 << 10)

uint64_t checkpoint_sum(uint64_t sum, const void *bytes, ptrdiff_t n)
{
	const char *p = bytes;
	uint64_t word;
	for (; n > 0; p += sizeof word, n -= (ptrdiff_t)sizeof word) {
		word = (uint64_t)n << 56; // what is shorter differs from what ends in zeros
		memcpy(&word, p, MIN((size_t)n, sizeof word));
		sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
		sum ^= sum >> 32;
	}
	return sum;
}

struct writing {
	int fd;
	bool failed; // errno says why
	uint64_t sum;
	char *buffer;
	ptrdiff_t n;
};

static void flush(struct writing *w)
{
	for (ptrdiff_t at = 0; at < w->n && !w->failed;) {
		ssize_t wrote = write(w->fd, w->buffer + at, (size_t)(w->n - at));
		if (wrote < 0 && errno != EINTR)
			w->failed = true;
		at += MAX(wrote, 0);
	}
	w->n = 0;
}

static void put(struct writing *w, const void *bytes, ptrdiff_t n)
{
	w->sum = checkpoint_sum(w->sum, bytes, n);
	for (const char *p = bytes; n > 0;) {
		ptrdiff_t some = MIN(n, BUFFER - w->n);
		memcpy(w->buffer + w->n, p, (size_t)some);
		w->n += some;
		p += some;
		n -= some;
		if (w->n == BUFFER)
			flush(w);
	}
}

// What notes refer to. Notes that refer to something newer changed after the mark.
struct tables {
	struct checkpoint_head head;
	lang languages[LANGUAGES_MOST];
	account_id *authors;
	struct checkpoint_topic *topics;
};

static void copy_tables(struct ctx *ctx, struct feed *f, struct tables *t)
{
	rwlock_read(&f->world);
	t->head.bound = f->bound;
	t->head.cut = f->cut;
	t->head.loved_least = f->loved_least;
	t->head.n_languages = (uint32_t)f->n_languages;
	t->head.n_authors = (uint32_t)f->authors.n;
	t->head.n_topics = (uint32_t)f->topics.n;
	memcpy(t->languages, f->languages, sizeof t->languages);
	t->authors = NEW_N(ctx->mem, account_id, f->authors.n);
	for (ptrdiff_t i = 0; i < f->authors.n; i++)
		t->authors[i] = f->authors.at[i].id;
	t->topics = NEW_N(ctx->mem, struct checkpoint_topic, f->topics.n);
	for (ptrdiff_t i = 0; i < f->topics.n; i++)
		t->topics[i] = (struct checkpoint_topic){str_copy(ctx->mem, f->topics.at[i].name),
			str_copy(ctx->mem, f->topics.at[i].shown)};
	rwlock_read_done(&f->world);
}

static void put_tables(struct writing *w, const struct tables *t)
{
	put(w, &t->head, (ptrdiff_t)sizeof t->head);
	put(w, t->languages, (ptrdiff_t)(t->head.n_languages * sizeof *t->languages));
	put(w, t->authors, (ptrdiff_t)(t->head.n_authors * sizeof *t->authors));
	for (uint32_t i = 0; i < t->head.n_topics; i++) {
		const struct checkpoint_topic *topic = &t->topics[i];
		struct checkpoint_name lengths = {
			(uint16_t)topic->name.n, (uint16_t)topic->shown.n};
		must(topic->name.n <= CHECKPOINT_NAME && topic->shown.n <= CHECKPOINT_NAME);
		put(w, &lengths, (ptrdiff_t)sizeof lengths);
		put(w, topic->name.p, topic->name.n);
		put(w, topic->shown.p, topic->shown.n);
	}
}

struct gathering {
	const struct tables *tables;
	struct checkpoint_note *notes;
	ptrdiff_t n;
	LIST(uint32_t) noted;
	int64_t below;
};

static bool is_in_tables(const struct feed *f, const struct tables *t, const struct fact *fact)
{
	if (fact->author >= t->head.n_authors || fact->language >= t->head.n_languages)
		return false;
	uint32_t n = fact->topics ? f->pool.at[fact->topics] : 0;
	for (uint32_t i = 1; i <= n; i++)
		if (f->pool.at[fact->topics + i] >= t->head.n_topics)
			return false;
	return true;
}

static void gather_note(struct ctx *ctx, const struct feed *f, struct gathering *g, uint32_t index)
{
	const struct fact *fact = &f->facts[index];
	uint32_t n = fact->topics ? f->pool.at[fact->topics] : 0; // none of other kinds
	if (fact->flags & FACT_GONE || fact->kind || !is_in_tables(f, g->tables, fact))
		return;
	g->notes[g->n++] = (struct checkpoint_note){
		.id = fact->id,
		.author = fact->author,
		.likes = fact->likes,
		.comments = fact->comments,
		.language = fact->language,
		.visibility = fact->visibility,
		.flags = fact->flags,
		.n_topics = (uint8_t)n,
	};
	for (uint32_t i = 1; i <= n; i++)
		list_push(ctx->mem, &g->noted, f->pool.at[fact->topics + i]);
}

// False when there is nothing older.
static bool gather(struct ctx *ctx, struct feed *f, struct gathering *g)
{
	g->n = g->noted.n = 0;
	rwlock_read(&f->world);
	struct walk w = walk_below(f, &f->all, g->below);
	while (g->n < CHECKPOINT_PIECE && walk_peek(f, &w)) {
		g->below = walk_peek(f, &w);
		gather_note(ctx, f, g, walk_take(&w));
	}
	rwlock_read_done(&f->world);
	return g->n > 0;
}

static void put_notes(struct ctx *ctx, struct feed *f, struct writing *w, const struct tables *t)
{
	struct gathering g = {
		.tables = t, .notes = NEW_N(ctx->mem, struct checkpoint_note, CHECKPOINT_PIECE)};
	bool more = true;
	while (more && !w->failed) {
		more = gather(ctx, f, &g);
		struct checkpoint_piece piece = {(uint32_t)g.n, (uint32_t)g.noted.n};
		put(w, &piece, (ptrdiff_t)sizeof piece);
		put(w, g.notes, g.n * (ptrdiff_t)sizeof *g.notes);
		put(w, g.noted.at, g.noted.n * (ptrdiff_t)sizeof *g.noted.at);
	}
}

static void write_all(
	struct ctx *ctx, struct feed *f, const struct store_mark *mark, struct writing *w)
{
	struct tables t = {.head = {.format = CHECKPOINT_FORMAT,
				   .order = CHECKPOINT_ORDER,
				   .mark = *mark,
				   .note_size = sizeof(struct checkpoint_note)}};
	memcpy(t.head.magic, CHECKPOINT_MAGIC, sizeof t.head.magic);
	copy_tables(ctx, f, &t);
	put_tables(w, &t);
	put_notes(ctx, f, w, &t);
	uint64_t sum = w->sum;
	put(w, &sum, (ptrdiff_t)sizeof sum);
	flush(w);
}

static err write_file(
	struct ctx *ctx, struct feed *f, const struct store_mark *mark, const char *path)
{
	struct writing w = {.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
	if (w.fd < 0)
		return ERR_IO;
	w.buffer = mem_bytes(BUFFER);
	write_all(ctx, f, mark, &w);
	mem_free(w.buffer);
	if (close(w.fd) != 0)
		w.failed = true;
	return w.failed ? ERR_IO : OK;
}

err checkpoint_write(struct ctx *ctx, struct feed *f, str path)
{
	struct store_mark mark;
	const char *beside = str_z(ctx->mem, str_fmt(ctx->mem, "%.*s.new", STR_ARGS(path)));
	TRY(store_mark(ctx, &mark));
	unlink(beside); // of a process that was ended meanwhile
	err result = write_file(ctx, f, &mark, beside);
	if (result == OK && rename(beside, str_z(ctx->mem, path)) != 0)
		result = ERR_IO;
	int why = errno;
	if (result != OK)
		unlink(beside);
	errno = why;
	return result;
}
