// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Where characters and words end. ICU's break iterators are opened once for each thread that needs
// them, read UTF-8 in place, and are closed with the thread.
#include "unicode/unicode.h"
#include "unicode/inside.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

struct breaks {
	UBreakIterator *of[2];
	UText *text[2];
};
static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void breaks_close(void *p)
{
	struct breaks *b = p;
	for (int i = 0; i < 2; i++) {
		if (b->of[i])
			ubrk_close(b->of[i]);
		if (b->text[i])
			utext_close(b->text[i]);
	}
	mem_free(b);
}

static void key_make(void)
{
	must(pthread_key_create(&key, breaks_close) == 0);
}

// This thread's iterator over the text, which must outlive its use; NULL when ICU has no data.
static UBreakIterator *breaks_over(UBreakIteratorType type, str text)
{
	pthread_once(&once, key_make);
	struct breaks *b = pthread_getspecific(key);
	if (!b) {
		b = mem_new(1, (ptrdiff_t)sizeof *b);
		pthread_setspecific(key, b);
	}
	int i = type == UBRK_WORD;
	UErrorCode status = U_ZERO_ERROR;
	if (!b->of[i])
		b->of[i] = ubrk_open(type, "", NULL, 0, &status);
	b->text[i] = utext_openUTF8(b->text[i], text.p, text.n, &status);
	if (U_SUCCESS(status))
		ubrk_setUText(b->of[i], b->text[i], &status);
	return U_SUCCESS(status) ? b->of[i] : NULL;
}

// Counts up to `most` characters and says where they end; false when a character needs ICU.
static bool plain_cut(str s, ptrdiff_t most, ptrdiff_t *count, ptrdiff_t *end)
{
	ptrdiff_t at = 0, n = 0;
	*end = 0;
	while (at < s.n) {
		if (!plain(utf8_next(s, &at)))
			return false; // also when it only follows the cut: it could belong to the last one
		if (n == most)
			break;
		n++;
		*end = at;
	}
	*count = n;
	return true;
}

static void cut(str s, ptrdiff_t most, ptrdiff_t *count, ptrdiff_t *end)
{
	if (!s.n || plain_cut(s, most, count, end)) {
		if (!s.n)
			*count = *end = 0;
		return;
	}
	UBreakIterator *it = breaks_over(UBRK_CHARACTER, s);
	*count = *end = 0;
	if (!it) { // code points are the next best thing
		for (; *end < s.n && *count < most; ++*count)
			utf8_next(s, end);
		return;
	}
	for (int32_t to = ubrk_next(it); to != UBRK_DONE && *count < most; to = ubrk_next(it)) {
		*end = to;
		++*count;
	}
}

ptrdiff_t unicode_count(str s)
{
	ptrdiff_t count, end;
	cut(s, PTRDIFF_MAX, &count, &end);
	return count;
}

str unicode_cut(str s, ptrdiff_t n)
{
	ptrdiff_t count, end;
	cut(s, MAX(n, 0), &count, &end);
	return str_sub(s, 0, end);
}

str unicode_excerpt(struct arena *mem, str s, ptrdiff_t n)
{
	str all = unicode_cut(s, n);
	if (all.n == s.n)
		return s;
	str head = unicode_cut(s, n - 1);
	// A space in the last fifth is a better end than the middle of a word.
	ptrdiff_t at = head.n;
	if (at < s.n && (unsigned char)s.p[at] < 0x80 && s.p[at] != ' ')
		while (at > head.n - head.n / 5 && head.p[at - 1] != ' ')
			at--;
	if (at > head.n - head.n / 5)
		head = str_sub(head, 0, at);
	head = str_trim(head);
	return str_fmt(mem, "%.*s…", STR_ARGS(head));
}

static bool ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Words of ASCII: letters and digits, with single ' . , _ : inside as Unicode's rule has it, near
// enough for search.
static bool ascii_words(str text, void (*each)(str, void *), void *arg)
{
	for (ptrdiff_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	for (ptrdiff_t i = 0; i < text.n;) {
		if (!ascii_letter(text.p[i])) {
			i++;
			continue;
		}
		ptrdiff_t from = i;
		while (i < text.n &&
			(ascii_letter(text.p[i]) || text.p[i] == '_' ||
				((text.p[i] == '\'' || text.p[i] == '.') && i + 1 < text.n &&
					ascii_letter(text.p[i + 1]) && text.p[i - 1] != '_')))
			i++;
		each(str_sub(text, from, i), arg);
	}
	return true;
}

void unicode_words(str text, void (*each)(str word, void *arg), void *arg)
{
	if (!text.n || ascii_words(text, each, arg))
		return;
	UBreakIterator *it = breaks_over(UBRK_WORD, text);
	if (!it)
		return;
	int32_t from = ubrk_first(it);
	for (int32_t to = ubrk_next(it); to != UBRK_DONE; from = to, to = ubrk_next(it))
		if (ubrk_getRuleStatus(it) >= UBRK_WORD_NONE_LIMIT)
			each(str_sub(text, from, to), arg);
}
