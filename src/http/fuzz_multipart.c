// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Multipart bodies. The same bytes in pieces of another size must give the same parts, and never
// more bytes than came in. The first byte says how large the pieces are.
#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct heard {
	struct digest_of {
		uint64_t sum;
		ptrdiff_t bytes, parts, ended;
	} d;
};

static void add(struct heard *h, str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		h->d.sum = h->d.sum * 1099511628211U + (unsigned char)s.p[i] + 1;
	h->d.bytes += s.n;
}

static err begin(void *arg, str name, str file, str type)
{
	struct heard *h = arg;
	must(utf8_valid(name) && utf8_valid(file) && utf8_valid(type));
	must(h->d.parts++ == h->d.ended);
	add(h, name);
	add(h, file);
	add(h, type);
	return OK;
}

static err data(void *arg, str bytes)
{
	struct heard *h = arg;
	must(bytes.n > 0 && h->d.parts == h->d.ended + 1);
	add(h, bytes);
	return OK;
}

static err finish(void *arg)
{
	struct heard *h = arg;
	must(++h->d.ended == h->d.parts);
	return OK;
}

static err read_in_pieces(struct arena *mem, str body, ptrdiff_t piece, struct heard *h)
{
	struct multipart m;
	*h = (struct heard){0};
	TRY(multipart_start(&m, mem, S("B"), (struct multipart_sink){h, begin, data, finish}));
	for (ptrdiff_t at = 0; at < body.n; at += piece)
		TRY(multipart_feed(&m, str_sub(body, at, at + piece)));
	return multipart_finish(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (!n)
		return 0;
	struct arena *mem = arena_new(4096);
	str body = {(const char *)bytes + 1, (ptrdiff_t)n - 1};
	struct heard whole, pieces;
	err a = read_in_pieces(mem, body, MAX(body.n, 1), &whole);
	err b = read_in_pieces(mem, body, bytes[0] % 64 + 1, &pieces);
	must(a == b);
	must(whole.d.sum == pieces.d.sum && whole.d.parts == pieces.d.parts);
	must(whole.d.bytes <= 2 * body.n);
	must(a != OK || whole.d.parts == whole.d.ended);
	arena_free(mem);
	return 0;
}
