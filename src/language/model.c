// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/model.h"

#include "language/mapped.h"

#include <math.h>
#include <string.h>

#define MAGIC 793712314
#define DIM 16   // of this model; others are refused
#define QUANTS 8 // sub-quantisers, each of two dimensions
#define SUB 2
#define CENTROIDS 256
#define LABELS_MOST 256
#define WORD_SLOTS 0x8000u // twice what this model has, and more
#define BUCKET_SLOTS 0x20000u

struct known {
	uint32_t hash; // of a word's bytes, or the number of an n-gram's bucket
	int32_t row;   // -1: free
};

struct model {
	struct mapped file;
	int32_t n_words, n_labels, bucket, minn, maxn;
	str *words, *labels;
	int64_t *counts; // of labels
	struct known *by_word, *by_bucket;
	int32_t rows;
	const uint8_t *codes, *norm_codes;
	float centroids[QUANTS][CENTROIDS][SUB], norms[CENTROIDS];
	float *output; // DIM for each inner node of the tree
	int32_t left[LABELS_MOST], right[LABELS_MOST];
};

// --- reading ------------------------------------------------------------------------------------

struct reader {
	const char *p, *end;
	bool bad;
};

static const void *take(struct reader *r, size_t n)
{
	if (r->bad || (size_t)(r->end - r->p) < n) {
		r->bad = true;
		return NULL;
	}
	const void *at = r->p;
	r->p += n;
	return at;
}

static void take_to(struct reader *r, void *to, size_t n)
{
	const void *from = take(r, n);
	if (from)
		memcpy(to, from, n);
	else
		memset(to, 0, n);
}

static int32_t take_int(struct reader *r)
{
	int32_t v;
	take_to(r, &v, sizeof v);
	return v;
}

static int64_t take_long(struct reader *r)
{
	int64_t v;
	take_to(r, &v, sizeof v);
	return v;
}

static str take_word(struct reader *r)
{
	const char *from = r->p;
	const char *end = r->bad ? NULL : memchr(from, 0, (size_t)(r->end - from));
	if (!end) {
		r->bad = true;
		return S("");
	}
	r->p = end + 1;
	return (str){from, end - from};
}

// FNV-1a as fastText has it: bytes are signed.
static uint32_t hash_bytes(uint32_t hash, const char *p, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++) {
		uint32_t byte = (unsigned char)p[i];
		hash = (hash ^ (byte & 0x80 ? byte | 0xffffff00U : byte)) * 16777619U;
	}
	return hash;
}
#define HASH_START 2166136261u

// `slots` is a power of two, and more than are ever filled.
static void remember(struct known *table, uint32_t slots, uint32_t hash, int32_t row)
{
	uint32_t i = hash & (slots - 1);
	while (table[i].row >= 0)
		i = (i + 1) & (slots - 1);
	table[i] = (struct known){hash, row};
}

static struct known *new_table(uint32_t slots)
{
	struct known *table = mem_new(slots, sizeof *table);
	for (uint32_t i = 0; i < slots; i++)
		table[i].row = -1;
	return table;
}

static void read_words(struct model *m, struct reader *r)
{
	static const str prefix = STR_INIT("__label__");
	int32_t size = take_int(r);
	m->n_words = take_int(r);
	m->n_labels = take_int(r);
	take_long(r); // tokens
	int64_t pruned = take_long(r);
	bool sane = !r->bad && m->n_labels > 1 && m->n_labels <= LABELS_MOST && m->n_words >= 0 &&
		    m->n_words == size - m->n_labels && m->n_words <= (int32_t)WORD_SLOTS / 2 &&
		    pruned >= 0 && pruned <= BUCKET_SLOTS / 2;
	if (!sane) {
		r->bad = true;
		return;
	}
	m->words = mem_new(m->n_words + 1, sizeof *m->words);
	m->labels = mem_new(m->n_labels, sizeof *m->labels);
	m->counts = mem_new(m->n_labels, sizeof *m->counts);
	for (int32_t i = 0, label = 0; i < size && !r->bad; i++) {
		str word = take_word(r);
		int64_t count = take_long(r);
		const int8_t *type = take(r, 1);
		if (!type || (*type != 0) != (i >= m->n_words)) {
			r->bad = true;
		} else if (i < m->n_words) {
			m->words[i] = word;
			remember(m->by_word, WORD_SLOTS, hash_bytes(HASH_START, word.p, word.n), i);
		} else {
			m->labels[label] =
				str_starts(word, prefix) ? str_skip(word, prefix.n) : word;
			m->counts[label++] = count;
		}
	}
	for (int64_t i = 0; i < pruned && !r->bad; i++) {
		int32_t bucket = take_int(r), row = take_int(r);
		if (row < 0)
			r->bad = true;
		else
			remember(m->by_bucket, BUCKET_SLOTS, (uint32_t)bucket, m->n_words + row);
	}
}

static bool take_quantiser(struct reader *r, int32_t dim, int32_t quants, int32_t sub)
{
	bool same = take_int(r) == dim;
	same = take_int(r) == quants && same;
	same = take_int(r) == sub && same;
	return take_int(r) == sub && same && !r->bad;
}

static void read_rows(struct model *m, struct reader *r)
{
	const uint8_t *quantised = take(r, 1), *normed = take(r, 1);
	int64_t rows = take_long(r), dim = take_long(r);
	int32_t codes = take_int(r);
	if (!quantised || *quantised != 1 || !normed || *normed != 1 || dim != DIM || rows < 1 ||
		rows > INT32_MAX / QUANTS || codes != rows * QUANTS) {
		r->bad = true;
		return;
	}
	m->rows = (int32_t)rows;
	m->codes = take(r, (size_t)codes);
	r->bad = r->bad || !take_quantiser(r, DIM, QUANTS, SUB);
	take_to(r, m->centroids, sizeof m->centroids);
	m->norm_codes = take(r, (size_t)rows);
	r->bad = r->bad || !take_quantiser(r, 1, 1, 1);
	take_to(r, m->norms, sizeof m->norms);
}

static void read_output(struct model *m, struct reader *r)
{
	const uint8_t *quantised = take(r, 1);
	int64_t rows = take_long(r), dim = take_long(r);
	if (!quantised || *quantised != 0 || rows != m->n_labels || dim != DIM) {
		r->bad = true;
		return;
	}
	m->output = mem_new(rows * DIM, sizeof *m->output);
	take_to(r, m->output, (size_t)(rows * DIM) * sizeof *m->output);
}

// Huffman's tree over the labels, the two rarest first: the same as fastText builds, which the rows of the
// output belong to.
static void plant(struct model *m)
{
	int64_t count[2 * LABELS_MOST];
	int32_t leaf = m->n_labels - 1, node = m->n_labels;
	for (int32_t i = 0; i < 2 * m->n_labels - 1; i++)
		count[i] = i < m->n_labels ? m->counts[i] : (int64_t)1e15;
	for (int32_t i = m->n_labels; i < 2 * m->n_labels - 1; i++) {
		int32_t two[2];
		for (int side = 0; side < 2; side++)
			two[side] = leaf >= 0 && count[leaf] < count[node] ? leaf-- : node++;
		m->left[i - m->n_labels] = two[0];
		m->right[i - m->n_labels] = two[1];
		count[i] = count[two[0]] + count[two[1]];
	}
}

static bool read_model(struct model *m)
{
	struct reader r = {m->file.p, m->file.p + m->file.n, false};
	int32_t magic = take_int(&r), version = take_int(&r), dim = take_int(&r);
	take(&r, 4 * sizeof(int32_t)); // ws, epoch, minCount, neg
	int32_t grams = take_int(&r), loss = take_int(&r), kind = take_int(&r);
	m->bucket = take_int(&r);
	m->minn = take_int(&r);
	m->maxn = take_int(&r);
	take(&r, sizeof(int32_t) + sizeof(double)); // lrUpdateRate, t
	if (r.bad || magic != MAGIC || version != 12 || dim != DIM || grams != 1 || loss != 1 ||
		kind != 3 || m->bucket < 1 || m->minn < 1 || m->maxn > 8)
		return false;
	read_words(m, &r);
	if (!r.bad)
		read_rows(m, &r);
	if (!r.bad)
		read_output(m, &r);
	if (!r.bad)
		plant(m);
	return !r.bad;
}

err model_open(struct ctx *ctx, const char *path, struct model **out)
{
	struct mapped file;
	*out = NULL;
	TRY(mapped_open(ctx, path, &file));
	struct model *m = mem_new(1, sizeof *m);
	m->file = file;
	m->by_word = new_table(WORD_SLOTS);
	m->by_bucket = new_table(BUCKET_SLOTS);
	if (!read_model(m)) {
		model_close(m);
		return fail_fmt(ctx, ERR_INVALID, "%s: not the model lid.176.ftz", path);
	}
	*out = m;
	return OK;
}

void model_close(struct model *m)
{
	if (!m)
		return;
	mem_free(m->words);
	mem_free(m->labels);
	mem_free(m->counts);
	mem_free(m->by_word);
	mem_free(m->by_bucket);
	mem_free(m->output);
	mapped_close(&m->file);
	mem_free(m);
}

int model_labels(const struct model *m)
{
	return m->n_labels;
}

str model_label(const struct model *m, int i)
{
	return m->labels[i];
}

// --- judging ------------------------------------------------------------------------------------

struct sum {
	float of[DIM];
	int n;
};

static void add_row(const struct model *m, struct sum *sum, int32_t row)
{
	if (row < 0 || row >= m->rows)
		return;
	const uint8_t *codes = m->codes + (ptrdiff_t)row * QUANTS;
	float norm = m->norms[m->norm_codes[row]];
	for (int q = 0; q < QUANTS; q++) {
		const float *centroid = m->centroids[q][codes[q]];
		sum->of[SUB * q] += norm * centroid[0];
		sum->of[SUB * q + 1] += norm * centroid[1];
	}
	sum->n++;
}

static void add_bucket(const struct model *m, struct sum *sum, uint32_t hash)
{
	uint32_t bucket = hash % (uint32_t)m->bucket;
	for (uint32_t i = bucket & (BUCKET_SLOTS - 1); m->by_bucket[i].row >= 0;
		i = (i + 1) & (BUCKET_SLOTS - 1))
		if (m->by_bucket[i].hash == bucket) {
			add_row(m, sum, m->by_bucket[i].row);
			return;
		}
}

static void add_known_word(const struct model *m, struct sum *sum, str word)
{
	uint32_t hash = hash_bytes(HASH_START, word.p, word.n);
	for (uint32_t i = hash & (WORD_SLOTS - 1); m->by_word[i].row >= 0;
		i = (i + 1) & (WORD_SLOTS - 1))
		if (m->by_word[i].hash == hash && str_eq(m->words[m->by_word[i].row], word)) {
			add_row(m, sum, m->by_word[i].row);
			return;
		}
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

// Pieces of minn to maxn characters of <word>, but for < and > alone.
static void add_pieces(const struct model *m, struct sum *sum, str word)
{
	for (ptrdiff_t from = 0; from < word.n; from++) {
		if (continues(word.p[from]))
			continue;
		uint32_t hash = HASH_START;
		ptrdiff_t to = from;
		for (int n = 1; n <= m->maxn && to < word.n; n++) {
			ptrdiff_t begin = to++;
			while (to < word.n && continues(word.p[to]))
				to++;
			hash = hash_bytes(hash, word.p + begin, to - begin);
			if (n >= m->minn && !(n == 1 && (from == 0 || to == word.n)))
				add_bucket(m, sum, hash);
		}
	}
}

static void add_word(const struct model *m, struct sum *sum, str word)
{
	char bracketed[128];
	word = str_sub(word, 0, (ptrdiff_t)sizeof bracketed - 2);
	add_known_word(m, sum, word);
	bracketed[0] = '<';
	memcpy(bracketed + 1, word.p, (size_t)word.n);
	bracketed[word.n + 1] = '>';
	add_pieces(m, sum, (str){bracketed, word.n + 2});
}

// Down the tree from its root: what is left of a node's share goes to its left side.
static void share_out(const struct model *m, const float *at, float *out)
{
	float share[2 * LABELS_MOST];
	int32_t root = 2 * m->n_labels - 2;
	share[root] = 1;
	for (int32_t node = root; node >= m->n_labels; node--) {
		const float *row = m->output + (ptrdiff_t)(node - m->n_labels) * DIM;
		float dot = 0;
		for (int i = 0; i < DIM; i++)
			dot += row[i] * at[i];
		float right = 1 / (1 + expf(-dot));
		share[m->left[node - m->n_labels]] = share[node] * (1 - right);
		share[m->right[node - m->n_labels]] = share[node] * right;
	}
	memcpy(out, share, (size_t)m->n_labels * sizeof *out);
}

void model_judge(const struct model *m, str words, float *out)
{
	struct sum sum = {0};
	while (words.n) {
		str word = str_cut(&words, ' ');
		if (word.n)
			add_word(m, &sum, word);
	}
	add_known_word(m, &sum, S("</s>"));
	for (int i = 0; i < DIM && sum.n; i++)
		sum.of[i] /= (float)sum.n;
	share_out(m, sum.of, out);
}
