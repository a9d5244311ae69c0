// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/phrases.h"

#include "language/fold.h"
#include "language/mapped.h"
#include "language/pattern.h"
#include "language/tongue.h"

#include "unicode/unicode.h"

#define TEXT_MOST 1000 // bytes; longer is no phrase
#define CLAUSES_MOST 24

struct answer {
	uint64_t hash; // of what is asked; 0: free
	str text;
};

struct phrases {
	struct mapped file;
	struct arena *mem; // patterns
	struct answer *answers;
	uint64_t mask;
	struct patterns *patterns;
};

// --- reading ------------------------------------------------------------------------------------

static uint64_t hash_of(enum tongue from, enum tongue to, str folded)
{
	return (str_hash(folded) ^ ((uint64_t)(from * TONGUES + to) * 0x9e3779b97f4a7c15U)) | 1;
}

static str find(const struct phrases *p, enum tongue from, enum tongue to, str folded)
{
	uint64_t hash = hash_of(from, to, folded);
	for (uint64_t i = hash & p->mask; p->answers[i].hash; i = (i + 1) & p->mask)
		if (p->answers[i].hash == hash)
			return p->answers[i].text;
	return S("");
}

// The first answer stays.
static void remember(struct phrases *p, enum tongue from, enum tongue to, str folded, str answer)
{
	if (!folded.n || find(p, from, to, folded).n)
		return;
	uint64_t hash = hash_of(from, to, folded), i = hash & p->mask;
	while (p->answers[i].hash)
		i = (i + 1) & p->mask;
	p->answers[i] = (struct answer){hash, answer};
}

static bool read_line(struct phrases *p, struct arena *scratch, str line)
{
	str letter = str_cut(&line, '\t');
	if (str_eq(letter, S("S")))
		return patterns_add_filler(p->patterns, scratch, line);
	str from_tag = str_cut(&line, '\t'), to_tag = str_cut(&line, '\t');
	enum tongue from = tongue_of(lang_from(from_tag)), to = tongue_of(lang_from(to_tag));
	str source = str_cut(&line, '\t');
	if (from == TONGUES || to == TONGUES || !source.n || !line.n)
		return false;
	if (str_eq(letter, S("T")))
		return patterns_add(p->patterns, from, to, source, line);
	remember(p, from, to, fold_text(scratch, source, 2), line);
	return str_eq(letter, S("P"));
}

static bool read_all(struct phrases *p)
{
	str rest = {p->file.p, (ptrdiff_t)p->file.n};
	uint64_t lines = 1, slots = 1024;
	for (ptrdiff_t i = 0; i < rest.n; i++)
		lines += rest.p[i] == '\n';
	while (slots < 2 * lines)
		slots *= 2;
	p->answers = mem_new((ptrdiff_t)slots, sizeof *p->answers);
	p->mask = slots - 1;
	struct arena *scratch = arena_new(1 << 12);
	bool sane = utf8_valid(rest);
	while (sane && rest.n) {
		sane = read_line(p, scratch, str_cut(&rest, '\n'));
		arena_reset(scratch);
	}
	arena_free(scratch);
	return sane;
}

err phrases_open(struct ctx *ctx, const char *path, struct phrases **out)
{
	struct mapped file;
	*out = NULL;
	TRY(mapped_open(ctx, path, &file));
	struct phrases *p = mem_new(1, sizeof *p);
	p->file = file;
	p->mem = arena_new(1 << 16);
	p->patterns = patterns_new(p->mem);
	if (!read_all(p)) {
		phrases_close(p);
		return fail_fmt(ctx, ERR_INVALID, "%s: not a phrase memory", path);
	}
	*out = p;
	return OK;
}

void phrases_close(struct phrases *p)
{
	if (!p)
		return;
	mem_free(p->answers);
	arena_free(p->mem);
	mapped_close(&p->file);
	mem_free(p);
}

// --- finding ------------------------------------------------------------------------------------

struct task {
	const struct phrases *phrases;
	struct arena *mem;
	enum tongue from, to;
};

// One clause or a whole text without signs between.
static str answer_to(const struct task *t, str text)
{
	str folded = fold_text(t->mem, text, 2);
	str found = find(t->phrases, t->from, t->to, folded);
	if (!found.n)
		found = find(t->phrases, t->from, t->to, fold_harden(folded));
	if (!found.n && fold_repeats(text)) {
		str once = fold_text(t->mem, text, 1);
		found = find(t->phrases, t->from, t->to, once);
		if (!found.n)
			found = find(t->phrases, t->from, t->to, fold_harden(once));
	}
	if (!found.n)
		found = patterns_match(t->phrases->patterns, t->mem, t->from, t->to, folded);
	if (!found.n && fold_harden(folded).n < folded.n)
		found = patterns_match(
			t->phrases->patterns, t->mem, t->from, t->to, fold_harden(folded));
	return found;
}

// An exclamation and a phrase.
static str with_exclamation(const struct task *t, str text, bool at_end)
{
	ptrdiff_t n = tongue_exclaims(t->from, text, at_end);
	if (!n)
		return S("");
	ptrdiff_t cut = at_end ? text.n - n : n;
	str first = answer_to(t, str_trim(str_sub(text, 0, cut)));
	str second = answer_to(t, str_trim(str_skip(text, cut)));
	if (!first.n || !second.n)
		return S("");
	struct sb sb = sb_new(t->mem, first.n + second.n + 8);
	bool begins = tongue_join(&sb, t->to, first, S(""), true, false);
	tongue_join(&sb, t->to, second, S(""), begins, true);
	return sb_str(&sb);
}

static str answer_or_exclaim(const struct task *t, str text)
{
	str answer = answer_to(t, text);
	if (!answer.n)
		answer = with_exclamation(t, text, false);
	return answer.n ? answer : with_exclamation(t, text, true);
}

// A part of a text: words, and the signs behind them.
struct clause {
	str words, signs;
};

static bool is_sign(uint32_t cp)
{
	return !unicode_is_letter(cp) && !unicode_is_space(cp) && cp != '\'' && cp != 0x2019 &&
	       cp != '-' && cp != '/' && cp != '%' && cp != '$' && cp != '&';
}

// Signs begin at the first one that can stand between clauses; a space is one between Chinese words, and a sign
// between digits is none.
static ptrdiff_t clause_end(str text, ptrdiff_t at, bool spaces)
{
	while (at < text.n) {
		ptrdiff_t next = at;
		uint32_t cp = utf8_next(text, &next);
		bool between = (spaces && unicode_is_space(cp)) || is_sign(cp) || cp == '\n';
		bool digits = (cp == '.' || cp == ',' || cp == ':') && at && next < text.n &&
			      text.p[at - 1] >= '0' && text.p[at - 1] <= '9' &&
			      text.p[next] >= '0' && text.p[next] <= '9';
		if (between && !digits)
			break;
		at = next;
	}
	return at;
}

static ptrdiff_t signs_end(str text, ptrdiff_t at)
{
	while (at < text.n) {
		ptrdiff_t next = at;
		if (unicode_is_letter(utf8_next(text, &next)))
			break;
		at = next;
	}
	return at;
}

static int cut_clauses(str text, bool spaces, struct clause *out)
{
	int n = 0;
	for (ptrdiff_t at = 0; at < text.n;) {
		if (n == CLAUSES_MOST)
			return 0;
		ptrdiff_t end = clause_end(text, at, spaces);
		ptrdiff_t next = signs_end(text, end);
		next = MAX(next, at + 1);
		out[n++] = (struct clause){str_sub(text, at, end), str_sub(text, end, next)};
		at = next;
	}
	return n;
}

// From the first of a clause to the last of another, with the signs between.
static str from_to(const struct clause *from, const struct clause *to)
{
	return (str){from->words.p, to->words.p + to->words.n - from->words.p};
}

// Clauses from `at` on that are one phrase, as many as there are; 0 when none is.
static int longest(const struct task *t, const struct clause *clauses, int at, int n, str *answer)
{
	for (int size = MIN(n - at, 4); size > 0; size--) {
		str text = from_to(&clauses[at], &clauses[at + size - 1]);
		*answer = text.n ? answer_or_exclaim(t, text) : S("");
		if (answer->n)
			return size;
	}
	return 0;
}

static bool clause_by_clause(const struct task *t, str text, bool spaces, str *out)
{
	struct clause clauses[CLAUSES_MOST];
	int n = cut_clauses(text, spaces, clauses);
	struct sb sb = sb_new(t->mem, 2 * text.n);
	bool begins = true;
	if (n < 2 && !(n == 1 && clauses[0].signs.n))
		return false;
	for (int at = 0; at < n;) {
		str answer = S("");
		int size = clauses[at].words.n ? longest(t, clauses, at, n, &answer) : 1;
		if (!size)
			return false;
		at += size;
		begins = tongue_join(&sb, t->to, answer, clauses[at - 1].signs, begins, at == n);
	}
	*out = sb_str(&sb);
	return out->n > 0;
}

// Signs at the end are put behind the answer.
static bool as_a_whole(const struct task *t, str text, str *out)
{
	str found = answer_or_exclaim(t, text);
	ptrdiff_t end = text.n;
	if (!found.n)
		return false;
	while (end > 0) {
		ptrdiff_t at = end;
		uint32_t cp = utf8_before(text, &at);
		if (!is_sign(cp) && !unicode_is_space(cp))
			break;
		end = at;
	}
	struct sb sb = sb_new(t->mem, found.n + 32);
	tongue_join(&sb, t->to, found, str_skip(text, end), true, true);
	*out = sb_str(&sb);
	return true;
}

// Names that are addressed, in front.
static ptrdiff_t addressed(str text)
{
	ptrdiff_t end = 0;
	while (end < text.n && text.p[end] == '@') {
		ptrdiff_t at = str_find_char(str_skip(text, end), ' ');
		if (at < 0)
			return end;
		end += at + 1;
	}
	return end;
}

bool phrases_translate(
	const struct phrases *p, struct arena *mem, str text, lang from, lang to, str *out)
{
	struct task t = {p, mem, tongue_of(from), tongue_of(to)};
	text = str_trim(text);
	if (t.from == TONGUES || t.to == TONGUES || t.from == t.to || !text.n || text.n > TEXT_MOST)
		return false;
	str names = str_sub(text, 0, addressed(text));
	str said = str_skip(text, names.n), answer;
	if (!as_a_whole(&t, said, &answer) && !clause_by_clause(&t, said, false, &answer) &&
		!(tongue_is_spaceless(t.from) && clause_by_clause(&t, said, true, &answer)))
		return false;
	str parts[] = {names, answer};
	*out = str_join(mem, parts, 2, S(""));
	return true;
}
