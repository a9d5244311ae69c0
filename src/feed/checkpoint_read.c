// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Reading the file. Nothing in it is believed before it was measured: counts by what is left of the
// file, places by the tables, order by the note before.
#include "feed/checkpoint.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool take(struct checkpoint *c, void *out, int64_t n)
{
	if (c->bad || n > c->left)
		c->bad = true;
	for (int64_t at = 0; at < n && !c->bad;) {
		ssize_t got = read(c->fd, (char *)out + at, (size_t)(n - at));
		if (got == 0 || (got < 0 && errno != EINTR))
			c->bad = true; // shorter than it was
		at += MAX(got, 0);
	}
	if (c->bad)
		return false;
	c->left -= n;
	c->sum = checkpoint_sum(c->sum, out, (ptrdiff_t)n);
	return true;
}

static err wrong(struct checkpoint *c)
{
	c->bad = true;
	return ERR_INVALID;
}

static bool fits(const struct checkpoint *c, int64_t n, size_t size)
{
	return n <= c->left / (int64_t)size;
}

static bool read_name(struct checkpoint *c, uint16_t n, str *out)
{
	char *bytes = arena_bytes(c->mem, n);
	if (n > CHECKPOINT_NAME || !take(c, bytes, n))
		return false;
	*out = (str){bytes, n};
	return utf8_valid(*out);
}

// One without a name is a free place.
static bool read_topics(struct checkpoint *c)
{
	c->topics = NEW_N(c->mem, struct checkpoint_topic, c->n_topics);
	for (ptrdiff_t i = 0; i < c->n_topics; i++) {
		struct checkpoint_name lengths;
		if (!take(c, &lengths, (int64_t)sizeof lengths) ||
			!read_name(c, lengths.name, &c->topics[i].name) ||
			!read_name(c, lengths.shown, &c->topics[i].shown) ||
			!lengths.name != !lengths.shown)
			return false;
	}
	return true;
}

static bool read_languages(struct checkpoint *c)
{
	c->languages = NEW_N(c->mem, lang, c->n_languages);
	if (!take(c, c->languages, c->n_languages * (int64_t)sizeof *c->languages))
		return false;
	for (ptrdiff_t i = 0; i < c->n_languages; i++) {
		lang *l = &c->languages[i];
		if (l->tag[sizeof l->tag - 1])
			return false;
		*l = lang_from(str_from(l->tag)); // no two ways to write one
	}
	return true;
}

static bool read_authors(struct checkpoint *c)
{
	c->authors = NEW_N(c->mem, account_id, c->n_authors);
	if (!take(c, c->authors, c->n_authors * (int64_t)sizeof *c->authors))
		return false;
	for (ptrdiff_t i = 0; i < c->n_authors; i++)
		if (c->authors[i].v <= 0)
			return false;
	return true;
}

static bool is_head(const struct checkpoint *c, const struct checkpoint_head *h)
{
	return memcmp(h->magic, CHECKPOINT_MAGIC, sizeof h->magic) == 0 &&
	       h->format == CHECKPOINT_FORMAT && h->order == CHECKPOINT_ORDER &&
	       h->note_size == sizeof(struct checkpoint_note) && h->cut >= 0 && h->bound >= 0 &&
	       h->n_languages <= LANGUAGES_MOST && fits(c, h->n_authors, sizeof(account_id)) &&
	       fits(c, h->n_topics, sizeof(struct checkpoint_name));
}

static bool read_tables(struct checkpoint *c)
{
	struct checkpoint_head h;
	if (!take(c, &h, (int64_t)sizeof h) || !is_head(c, &h))
		return false;
	c->mark = h.mark;
	c->bound = h.bound;
	c->cut = h.cut;
	c->loved_least = h.loved_least;
	c->n_languages = h.n_languages;
	c->n_authors = h.n_authors;
	c->n_topics = h.n_topics;
	if (!read_languages(c) || !read_authors(c) || !read_topics(c))
		return false;
	c->begin = lseek(c->fd, 0, SEEK_CUR);
	c->sum_at_begin = c->sum;
	return c->begin >= 0;
}

err checkpoint_open(int fd, struct checkpoint **out)
{
	struct stat st;
	struct checkpoint *c = mem_new(1, (ptrdiff_t)sizeof *c);
	c->fd = fd;
	c->mem = arena_new(64 << 10);
	bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	c->left = regular ? st.st_size : 0;
	if (!read_tables(c)) {
		checkpoint_close(c);
		return ERR_INVALID;
	}
	c->notes = NEW_N(c->mem, struct checkpoint_note, CHECKPOINT_PIECE);
	c->noted = NEW_N(c->mem, uint32_t, (ptrdiff_t)CHECKPOINT_PIECE * NOTE_TOPICS_MOST);
	*out = c;
	return OK;
}

err checkpoint_rewind(struct checkpoint *c)
{
	int64_t end = lseek(c->fd, 0, SEEK_END);
	if (end < c->begin || lseek(c->fd, c->begin, SEEK_SET) != c->begin)
		return wrong(c);
	c->left = end - c->begin;
	c->sum = c->sum_at_begin;
	c->below = 0;
	c->n = 0;
	return OK;
}

void checkpoint_close(struct checkpoint *c)
{
	close(c->fd);
	arena_free(c->mem);
	mem_free(c);
}

static bool are_topics(const struct checkpoint *c, const uint32_t *topics, int n)
{
	for (int i = 0; i < n; i++) {
		if (topics[i] >= c->n_topics || !c->topics[topics[i]].name.n)
			return false;
		for (int k = 0; k < i; k++)
			if (topics[k] == topics[i])
				return false;
	}
	return true;
}

static bool is_note(const struct checkpoint *c, const struct checkpoint_note *n)
{
	return n->id > 0 && (!c->below || n->id < c->below) && n->author < c->n_authors &&
	       n->language < c->n_languages && n->visibility < VISIBILITIES &&
	       !(n->flags & ~(FACT_SENSITIVE | FACT_PICTURE)) && n->n_topics <= NOTE_TOPICS_MOST &&
	       (!n->n_topics || n->visibility == VIS_PUBLIC);
}

static bool check_piece(struct checkpoint *c)
{
	ptrdiff_t at = 0;
	for (ptrdiff_t i = 0; i < c->n; i++) {
		const struct checkpoint_note *n = &c->notes[i];
		if (!is_note(c, n) || n->n_topics > c->n_noted - at ||
			!are_topics(c, c->noted + at, n->n_topics))
			return false;
		at += n->n_topics;
		c->below = n->id;
	}
	return at == c->n_noted;
}

static err check_end(struct checkpoint *c)
{
	uint64_t wanted = c->sum, sum;
	if (!take(c, &sum, (int64_t)sizeof sum) || sum != wanted || c->left)
		return wrong(c);
	return OK;
}

err checkpoint_next(struct checkpoint *c)
{
	struct checkpoint_piece piece;
	c->n = 0;
	if (!take(c, &piece, (int64_t)sizeof piece) || piece.notes > CHECKPOINT_PIECE ||
		piece.topics > piece.notes * NOTE_TOPICS_MOST)
		return wrong(c);
	if (!piece.notes)
		return check_end(c);
	c->n_noted = piece.topics;
	if (!take(c, c->notes, piece.notes * (int64_t)sizeof *c->notes) ||
		!take(c, c->noted, piece.topics * (int64_t)sizeof *c->noted))
		return wrong(c);
	c->n = piece.notes;
	if (check_piece(c))
		return OK;
	c->n = 0;
	return wrong(c);
}

static bool has(const struct map *set, int64_t id)
{
	uint64_t ignored;
	return map_get(set, (uint64_t)id, &ignored);
}

static struct note_fact fact_of(const struct checkpoint *c, const struct checkpoint_note *n)
{
	return (struct note_fact){
		.id = {n->id},
		.account = c->authors[n->author],
		.language = c->languages[n->language],
		.visibility = (enum visibility)n->visibility,
		.likes = n->likes,
		.comments = n->comments,
		.sensitive = n->flags & FACT_SENSITIVE,
		.has_picture = n->flags & FACT_PICTURE,
	};
}

static void put_note(struct feed *f, const struct checkpoint *c, const struct checkpoint_note *n,
	const uint32_t *noted)
{
	struct note_fact fact = fact_of(c, n);
	if (!world_admits(f, &fact))
		return;
	uint32_t topics[NOTE_TOPICS_MOST];
	for (int i = 0; i < n->n_topics; i++)
		topics[i] = c->placed[noted[i]];
	world_place(f, world_put(f, &fact), topics, n->n_topics);
}

void checkpoint_place(struct feed *f, struct checkpoint *c)
{
	c->placed = NEW_N(c->mem, uint32_t, c->n_topics);
	for (ptrdiff_t i = 0; i < c->n_topics; i++)
		if (c->topics[i].name.n)
			c->placed[i] =
				world_topic(f, &(struct note_topic){.name = c->topics[i].name,
						       .shown = c->topics[i].shown});
}

void checkpoint_put(struct feed *f, const struct checkpoint *c, note_id below,
	const struct map *changed, bool *left)
{
	const uint32_t *noted = c->noted;
	for (ptrdiff_t i = 0; i < c->n; i++) {
		const struct checkpoint_note *n = &c->notes[i];
		bool newer = was_touched(f, n->id) || has(changed, n->id);
		if (!newer && n->id < below.v)
			put_note(f, c, n, noted);
		for (int k = 0; k < n->n_topics && newer; k++)
			left[noted[k]] = true;
		noted += n->n_topics;
	}
}

void checkpoint_leave(const struct checkpoint *c, const struct map *changed, bool *left)
{
	const uint32_t *noted = c->noted;
	for (ptrdiff_t i = 0; i < c->n; i++) {
		bool newer = has(changed, c->notes[i].id);
		for (int k = 0; k < c->notes[i].n_topics && newer; k++)
			left[noted[k]] = true;
		noted += c->notes[i].n_topics;
	}
}
