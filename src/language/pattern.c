// SPDX-License-Identifier: AGPL-3.0-or-later
#include "language/pattern.h"

#include "language/fold.h"

#include "unicode/unicode.h"

#include <string.h>

#define PIECES_MOST 12
#define FILLER_WORDS 5  // of a language with spaces
#define FILLER_CHARS 12 // of one without

enum type { FOOD, THING, ANIMAL, PERSON, PLACE, TIME, LANGUAGE, NAME, NUMBER, TYPES };
static const char *const type_names[TYPES] = {
	"food", "thing", "animal", "person", "place", "time", "language", "name", "number"};

enum form { BARE, PLURAL, WITH_A, COUNTED };

struct filler {
	str en, plural, zh, measure; // plural: "" of what is not counted
};

struct piece {
	bool slot;
	enum type type;
	enum form form;
	str text; // of a literal: folded in a source, as written in a target
};

struct pattern {
	enum tongue from, to;
	struct piece source[PIECES_MOST], target[PIECES_MOST];
	int n_source, n_target;
	struct pattern *next; // of those that begin alike
};

#define HEADS 1024
#define FILLERS 16384
struct known {
	uint64_t hash; // of (type, whether plural, language, folded text)
	int filler;
};

struct bucket {
	struct pattern *first, **last;
};

struct patterns {
	struct arena *mem;
	LIST(struct filler) fillers[TYPES];
	struct known known[FILLERS];
	int n_known;
	struct bucket heads[HEADS];  // by how they begin
	struct bucket ends[HEADS];   // those that begin with a slot by how they end
	struct bucket open[TONGUES]; // and those that end with one, too
};

struct patterns *patterns_new(struct arena *mem)
{
	struct patterns *p = NEW(mem, struct patterns);
	p->mem = mem;
	return p;
}

// --- what stands in slots -----------------------------------------------------------------------

static uint64_t filler_hash(enum type type, bool plural, enum tongue t, str folded)
{
	uint64_t which = (uint64_t)(type * 2 + plural) * TONGUES + t;
	return (str_hash(folded) ^ which * 0x9e3779b97f4a7c15U) | 1;
}

static int find_filler(
	const struct patterns *p, enum type type, bool plural, enum tongue t, str folded)
{
	uint64_t hash = filler_hash(type, plural, t, folded);
	for (uint64_t i = hash % FILLERS; p->known[i].hash; i = (i + 1) % FILLERS)
		if (p->known[i].hash == hash)
			return p->known[i].filler;
	return -1;
}

static void know(
	struct patterns *p, enum type type, bool plural, enum tongue t, str folded, int filler)
{
	if (!folded.n || p->n_known > FILLERS / 2 || find_filler(p, type, plural, t, folded) >= 0)
		return;
	uint64_t hash = filler_hash(type, plural, t, folded), i = hash % FILLERS;
	while (p->known[i].hash)
		i = (i + 1) % FILLERS;
	p->known[i] = (struct known){hash, filler};
	p->n_known++;
}

static enum type type_of(str name)
{
	if (str_eq(name, S("people")))
		return PERSON;
	for (int i = 0; i < TYPES; i++)
		if (str_starts(name, str_from(type_names[i])))
			return (enum type)i;
	return TYPES;
}

bool patterns_add_filler(struct patterns *p, struct arena *scratch, str line)
{
	enum type type = type_of(str_cut(&line, '\t'));
	str en = str_cut(&line, '\t'), plural = str_cut(&line, '\t'), zh = str_cut(&line, '\t');
	if (type == TYPES || !en.n || !plural.n || !zh.n || !line.n)
		return false;
	struct filler filler = {en, str_eq(plural, S("-")) ? S("") : plural, zh, line};
	list_push(p->mem, &p->fillers[type], filler);
	int i = (int)p->fillers[type].n - 1;
	know(p, type, false, ENGLISH, fold_text(scratch, en, 2), i);
	know(p, type, true, ENGLISH, fold_text(scratch, filler.plural.n ? filler.plural : en, 2),
		i);
	know(p, type, false, CHINESE, fold_text(scratch, zh, 2), i);
	return true;
}

// --- patterns -----------------------------------------------------------------------------------

static bool read_slot(str inside, struct piece *out)
{
	out->slot = true;
	out->form = BARE;
	if (str_starts(inside, S("a "))) {
		out->form = WITH_A;
		inside = str_skip(inside, 2);
	} else if (str_starts(inside, S("number "))) {
		out->form = COUNTED;
		inside = str_skip(inside, 7);
	} else if (str_ends(inside, S("s")) || str_eq(inside, S("people"))) {
		out->form = PLURAL;
	}
	out->type = type_of(inside);
	return out->type < TYPES;
}

// The pieces of a text with {slots}; 0 when it is none.
static int read_pieces(struct arena *mem, str text, bool folded, struct piece *out)
{
	int n = 0;
	while (text.n) {
		ptrdiff_t brace = str_find_char(text, '{');
		str literal = str_sub(text, 0, brace < 0 ? text.n : brace);
		if (folded)
			literal = fold_text(mem, literal, 2);
		if (n + 2 > PIECES_MOST)
			return 0;
		if (literal.n)
			out[n++] = (struct piece){.text = literal};
		if (brace < 0)
			return n;
		text = str_skip(text, brace + 1);
		if (str_find_char(text, '}') < 0 || !read_slot(str_cut(&text, '}'), &out[n++]))
			return 0;
	}
	return n;
}

static str first_of(enum tongue t, str folded)
{
	ptrdiff_t end = 0;
	if (tongue_is_spaceless(t) && folded.n)
		utf8_next(folded, &end);
	else
		end = str_find_char(folded, ' ');
	return str_sub(folded, 0, end < 0 ? folded.n : end);
}

static uint64_t head_of(enum tongue t, str folded)
{
	return (str_hash(first_of(t, folded)) ^ (uint64_t)t) % HEADS;
}

static uint64_t end_of(enum tongue t, str folded)
{
	ptrdiff_t at = folded.n;
	return at ? (utf8_before(folded, &at) * 31 + (uint64_t)t) % HEADS : 0;
}

static struct bucket *bucket_of(struct patterns *p, const struct pattern *new)
{
	const struct piece *first = &new->source[0], *last = &new->source[new->n_source - 1];
	if (!first->slot)
		return &p->heads[head_of(new->from, first->text)];
	return last->slot ? &p->open[new->from] : &p->ends[end_of(new->from, last->text)];
}

static void put(struct bucket *b, struct pattern *new)
{
	struct pattern **end = b->last ? b->last : &b->first;
	*end = new;
	b->last = &new->next;
}

bool patterns_add(struct patterns *p, enum tongue from, enum tongue to, str source, str target)
{
	struct pattern *new = NEW(p->mem, struct pattern);
	new->from = from;
	new->to = to;
	new->n_source = read_pieces(p->mem, source, true, new->source);
	new->n_target = read_pieces(p->mem, target, false, new->target);
	if (!new->n_source || !new->n_target)
		return false;
	put(bucket_of(p, new), new);
	return true;
}

// --- matching -----------------------------------------------------------------------------------

struct value {
	enum type type;
	int filler;  // -1: none
	int number;  // -1: none
	str written; // a name or a number as it stands
	bool digits;
};

struct matching {
	const struct patterns *patterns;
	const struct pattern *pattern;
	str folded;
	struct value values[PIECES_MOST];
	int n_values;
};

static const char *const english_numbers[] = {"zero", "one", "two", "three", "four", "five", "six",
	"seven", "eight", "nine", "ten", "eleven", "twelve"};
static const char *const chinese_numbers[] = {
	"零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"};

static bool read_number(str s, struct value *v)
{
	int64_t n;
	v->written = s;
	v->digits = str_int(s, &n) && n >= 0 && n < 1000000000;
	v->number = v->digits ? (int)n : -1;
	for (int i = 0; v->number < 0 && i < COUNT(english_numbers); i++)
		if (str_eq(s, str_from(english_numbers[i])) ||
			str_eq(s, str_from(chinese_numbers[i])))
			v->number = i;
	if (v->number < 0 && str_eq(s, S("二")))
		v->number = 2;
	return v->number >= 0;
}

static ptrdiff_t skip_space(str s, ptrdiff_t at)
{
	return at < s.n && s.p[at] == ' ' ? at + 1 : at;
}

static bool match_from(struct matching *m, int piece, ptrdiff_t at);

static bool goes_on(struct matching *m, int piece, ptrdiff_t end, struct value v)
{
	m->values[m->n_values++] = v;
	if (match_from(m, piece + 1, end))
		return true;
	m->n_values--;
	return false;
}

// The end of the number that begins here, or `at`.
static ptrdiff_t number_end(const struct matching *m, ptrdiff_t at, struct value *v)
{
	ptrdiff_t end = at, found = at;
	for (int n = 0; n < 9 && end < m->folded.n; n++) {
		struct value one = *v;
		if (tongue_is_spaceless(m->pattern->from) && m->folded.p[at] & 0x80) {
			utf8_next(m->folded, &end);
		} else {
			while (end < m->folded.n &&
				unicode_is_letter((unsigned char)m->folded.p[end]) &&
				!(m->folded.p[end] & 0x80))
				end++;
			n = 9;
		}
		if (!read_number(str_sub(m->folded, at, end), &one))
			break;
		*v = one;
		found = end;
	}
	return found;
}

static bool match_filler(struct matching *m, int piece, ptrdiff_t at, struct value v)
{
	const struct piece *slot = &m->pattern->source[piece];
	enum tongue t = m->pattern->from;
	bool plural =
		t == ENGLISH && (slot->form == PLURAL || (slot->form == COUNTED && v.number != 1));
	ptrdiff_t ends[FILLER_CHARS + 1], end = at;
	int n = 0;
	while (end < m->folded.n && n < (tongue_is_spaceless(t) ? FILLER_CHARS : FILLER_WORDS)) {
		if (tongue_is_spaceless(t)) {
			utf8_next(m->folded, &end);
		} else {
			ptrdiff_t space = str_find_char(str_skip(m->folded, end + 1), ' ');
			end = space < 0 ? m->folded.n : end + 1 + space;
		}
		ends[n++] = end;
	}
	while (n-- > 0) {
		v.filler = find_filler(
			m->patterns, slot->type, plural, t, str_sub(m->folded, at, ends[n]));
		if (v.filler >= 0 && goes_on(m, piece, ends[n], v))
			return true;
	}
	return false;
}

static ptrdiff_t after_measure(const struct matching *m, ptrdiff_t at)
{
	utf8_next(m->folded, &at);
	return at;
}

static bool match_slot(struct matching *m, int piece, ptrdiff_t at)
{
	const struct piece *slot = &m->pattern->source[piece];
	struct value v = {.type = slot->type, .filler = -1, .number = -1};
	at = skip_space(m->folded, at);
	if (at >= m->folded.n)
		return false;
	if (slot->type == NUMBER) {
		ptrdiff_t end = number_end(m, at, &v);
		return end > at && goes_on(m, piece, end, v);
	}
	if (slot->type == NAME) {
		ptrdiff_t end = at;
		while (end < m->folded.n && !(m->folded.p[end] & 0x80) && m->folded.p[end] != ' ')
			end++;
		v.written = str_sub(m->folded, at, end);
		return end > at && goes_on(m, piece, end, v);
	}
	if (slot->form == WITH_A) {
		if (str_starts(str_skip(m->folded, at), S("a ")))
			at += 2;
		else if (str_starts(str_skip(m->folded, at), S("an ")))
			at += 3;
		else
			return false;
	}
	if (slot->form != COUNTED)
		return match_filler(m, piece, at, v);
	ptrdiff_t end = number_end(m, at, &v);
	if (end == at)
		return false;
	if (m->pattern->from == CHINESE)
		end = end < m->folded.n ? after_measure(m, end) : end;
	return match_filler(m, piece, skip_space(m->folded, end), v);
}

static bool match_from(struct matching *m, int piece, ptrdiff_t at)
{
	if (piece == m->pattern->n_source)
		return at == m->folded.n;
	const struct piece *p = &m->pattern->source[piece];
	if (p->slot)
		return match_slot(m, piece, at);
	at = skip_space(m->folded, at);
	if (!str_starts(str_skip(m->folded, at), p->text))
		return false;
	at += p->text.n;
	bool whole = tongue_is_spaceless(m->pattern->from) || at == m->folded.n ||
		     m->folded.p[at] == ' ';
	return whole && match_from(m, piece + 1, at);
}

// --- answering ----------------------------------------------------------------------------------

static void write_number(struct sb *sb, enum tongue t, const struct value *v, bool counted)
{
	if (v->digits || v->number >= COUNT(english_numbers))
		sb_int(sb, v->number);
	else if (t == ENGLISH)
		sb_add(sb, str_from(english_numbers[v->number]));
	else
		sb_add(sb,
			str_from(!counted && v->number == 2 ? "二" : chinese_numbers[v->number]));
}

static bool begins_with_vowel(str s)
{
	return s.n && strchr("aeiouAEIOU", s.p[0]) && !str_istarts(s, S("uni")) &&
	       !str_istarts(s, S("use")) && !str_istarts(s, S("one"));
}

static void write_english(
	struct sb *sb, const struct piece *slot, const struct filler *f, const struct value *v)
{
	if (slot->form == COUNTED) {
		write_number(sb, ENGLISH, v, true);
		sb_char(sb, ' ');
		sb_add(sb, v->number == 1 || !f->plural.n ? f->en : f->plural);
	} else if (slot->form == WITH_A) {
		sb_add(sb, !f->plural.n               ? S("some ")
			   : begins_with_vowel(f->en) ? S("an ")
						      : S("a "));
		sb_add(sb, f->en);
	} else {
		sb_add(sb, slot->form == PLURAL && f->plural.n ? f->plural : f->en);
	}
}

static void write_value(
	struct sb *sb, const struct matching *m, const struct piece *slot, const struct value *v)
{
	enum tongue t = m->pattern->to;
	if (slot->type == NAME) {
		sb_add(sb, v->written);
		return;
	}
	if (slot->type == NUMBER) {
		write_number(sb, t, v, false);
		return;
	}
	const struct filler *f = &m->patterns->fillers[slot->type].at[v->filler];
	if (t == ENGLISH) {
		write_english(sb, slot, f, v);
		return;
	}
	if (slot->form == COUNTED) {
		write_number(sb, t, v, true);
		sb_add(sb, f->measure);
	}
	sb_add(sb, f->zh);
}

// The next value of the slot's type that was not written yet.
static struct value *value_for(struct matching *m, enum type type)
{
	for (int i = 0; i < m->n_values; i++)
		if (m->values[i].type == type)
			return &m->values[i];
	return NULL;
}

static str write_answer(struct matching *m, struct arena *mem)
{
	struct sb sb = sb_new(mem, 128);
	for (int i = 0; i < m->pattern->n_target; i++) {
		const struct piece *p = &m->pattern->target[i];
		struct value *v = p->slot ? value_for(m, p->type) : NULL;
		if (!p->slot)
			sb_add(&sb, p->text);
		else if (!v)
			return S("");
		else
			write_value(&sb, m, p, v);
		if (v)
			v->type = TYPES;
	}
	if (sb.n && m->pattern->to == ENGLISH && sb.p[0] >= 'a' && sb.p[0] <= 'z')
		sb.p[0] = (char)(sb.p[0] & ~32);
	return sb_str(&sb);
}

// What it ends with stands at the end: most patterns are told from a text so.
static bool may_match(const struct pattern *p, str folded)
{
	const struct piece *last = &p->source[p->n_source - 1];
	return last->slot || str_ends(folded, last->text);
}

static str match_list(const struct patterns *p, struct arena *mem, const struct pattern *list,
	enum tongue from, enum tongue to, str folded)
{
	for (; list; list = list->next) {
		struct matching m = {.patterns = p, .pattern = list, .folded = folded};
		if (list->from == from && list->to == to && may_match(list, folded) &&
			match_from(&m, 0, 0))
			return write_answer(&m, mem);
	}
	return S("");
}

str patterns_match(
	const struct patterns *p, struct arena *mem, enum tongue from, enum tongue to, str folded)
{
	if (!folded.n || folded.n > 200)
		return S("");
	const struct bucket *tried[] = {
		&p->heads[head_of(from, folded)], &p->ends[end_of(from, folded)], &p->open[from]};
	str found = S("");
	for (int i = 0; i < COUNT(tried) && !found.n; i++)
		found = match_list(p, mem, tried[i]->first, from, to, folded);
	return found;
}
