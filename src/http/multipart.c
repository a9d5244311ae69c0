// SPDX-License-Identifier: AGPL-3.0-or-later
//
// A multipart reader by states, fed with pieces of any size. A delimiter's only CR is its first
// byte, so after a mismatch the search starts anew at the byte at hand and never goes back.
#include "http/multipart.h"

#include <string.h>

err multipart_start(
	struct multipart *m, struct arena *mem, str boundary, struct multipart_sink sink)
{
	if (boundary.n < 1 || boundary.n > MULTIPART_BOUNDARY)
		return ERR_BAD_REQUEST;
	for (ptrdiff_t i = 0; i < boundary.n; i++)
		if (boundary.p[i] < 0x20 || boundary.p[i] == 0x7f)
			return ERR_BAD_REQUEST;
	*m = (struct multipart){.sink = sink, .mem = mem};
	memcpy(m->delimiter, "\r\n--", 4);
	memcpy(m->delimiter + 4, boundary.p, (size_t)boundary.n);
	m->n_delimiter = boundary.n + 4;
	m->matched = 2; // the first delimiter may stand at the very beginning
	return OK;
}

// One header line of a part: Content-Disposition and Content-Type matter, others are skipped.
static void part_header(struct multipart *m, str line, struct pair *disposition, str *type)
{
	str value = line;
	str name = str_trim(str_cut(&value, ':'));
	if (str_ieq(name, S("content-disposition")) && !disposition->name.p) {
		if (!str_eq(media_type(m->mem, value), S("form-data")))
			return;
		disposition->name = media_parameter(m->mem, value, S("name"));
		disposition->value = media_parameter(m->mem, value, S("filename"));
	} else if (str_ieq(name, S("content-type"))) {
		*type = str_copy(m->mem, str_trim(value));
	}
}

// Browsers write the quote in a name as %22 and line breaks as %0D and %0A (WHATWG).
static str unescape_name(struct arena *mem, str s)
{
	if (!s.p || str_find_char(s, '%') < 0)
		return s.p ? str_copy(mem, s) : s;
	struct sb sb = sb_new(mem, s.n);
	for (ptrdiff_t i = 0; i < s.n; i++) {
		str three = str_sub(s, i, i + 3);
		char c = str_eq(three, S("%22"))                              ? '"'
			 : str_eq(three, S("%0D")) || str_eq(three, S("%0A")) ? ' '
									      : '\0';
		if (c)
			i += 2;
		sb_char(&sb, c ? c : s.p[i]);
	}
	return sb_str(&sb);
}

static err part_begin(struct multipart *m)
{
	str rest = {m->head, m->n_head};
	if (!utf8_valid(rest))
		return ERR_BAD_REQUEST;
	struct pair disposition = {0};
	str type = {0};
	while (rest.p && rest.n) {
		str line = str_cut(&rest, '\n');
		part_header(m, str_trim(line), &disposition, &type);
	}
	if (!disposition.name.n)
		return ERR_BAD_REQUEST;
	str file = unescape_name(m->mem, disposition.value);
	return m->sink.begin(m->sink.arg, unescape_name(m->mem, disposition.name), file, type);
}

static err emit(struct multipart *m, str bytes)
{
	return m->state == MULTIPART_DATA && bytes.n ? m->sink.data(m->sink.arg, bytes) : OK;
}

// Data up to a delimiter, or all of *bytes; what was matched of a delimiter before *bytes began is
// given out when it turns out to be data.
static err scan(struct multipart *m, str *bytes)
{
	ptrdiff_t start = 0, i = 0;
	while (i < bytes->n) {
		if (m->matched == 0) {
			const char *cr = memchr(bytes->p + i, '\r', (size_t)(bytes->n - i));
			if (!cr) {
				i = bytes->n;
				break;
			}
			i = cr - bytes->p;
		}
		if (bytes->p[i] == m->delimiter[m->matched]) {
			m->matched++;
			i++;
			if (m->matched < m->n_delimiter)
				continue;
			TRY(emit(m, str_sub(*bytes, start, MAX(i - m->n_delimiter, start))));
			*bytes = str_skip(*bytes, i);
			return OK;
		}
		// What matched so far lies in this piece, or was held back from an earlier one.
		ptrdiff_t held = m->matched - (i - start);
		if (held > 0)
			TRY(emit(m, (str){m->delimiter, MIN(held, m->matched)}));
		i += m->matched == 0;
		m->matched = 0;
	}
	TRY(emit(m, str_sub(*bytes, start, MAX(i - m->matched, start))));
	*bytes = (str){bytes->p + bytes->n, 0};
	return OK;
}

static err after_delimiter(struct multipart *m, char c)
{
	if (c == '-' && m->dashes < 2) {
		if (++m->dashes == 2)
			m->state = MULTIPART_DONE;
		return OK;
	}
	if (m->dashes)
		return ERR_BAD_REQUEST;
	if (c == '\r')
		m->state = MULTIPART_LINE;
	else if (c != ' ' && c != '\t')
		return ERR_BAD_REQUEST;
	return OK;
}

static err head_byte(struct multipart *m, char c)
{
	if (m->n_head == MULTIPART_HEADERS)
		return ERR_TOO_LARGE;
	m->head[m->n_head++] = c;
	bool empty = m->n_head == 2 && memcmp(m->head, "\r\n", 2) == 0;
	bool ended = m->n_head >= 4 && memcmp(m->head + m->n_head - 4, "\r\n\r\n", 4) == 0;
	if (!empty && !ended)
		return OK;
	TRY(part_begin(m));
	m->state = MULTIPART_DATA;
	m->matched = 0;
	return OK;
}

err multipart_feed(struct multipart *m, str bytes)
{
	while (bytes.n) {
		switch (m->state) {
		case MULTIPART_PREAMBLE:
		case MULTIPART_DATA: {
			TRY(scan(m, &bytes));
			if (m->matched < m->n_delimiter)
				break;
			if (m->state == MULTIPART_DATA)
				TRY(m->sink.end(m->sink.arg));
			m->state = MULTIPART_AFTER;
			m->matched = 0;
			m->dashes = 0;
			break;
		}
		case MULTIPART_AFTER:
			TRY(after_delimiter(m, bytes.p[0]));
			bytes = str_skip(bytes, 1);
			break;
		case MULTIPART_LINE:
			if (bytes.p[0] != '\n')
				return ERR_BAD_REQUEST;
			m->state = MULTIPART_HEAD;
			m->n_head = 0;
			bytes = str_skip(bytes, 1);
			break;
		case MULTIPART_HEAD:
			TRY(head_byte(m, bytes.p[0]));
			bytes = str_skip(bytes, 1);
			break;
		case MULTIPART_DONE:
			return OK; // the epilogue means nothing
		}
	}
	return OK;
}

err multipart_finish(struct multipart *m)
{
	return m->state == MULTIPART_DONE ? OK : ERR_BAD_REQUEST;
}
