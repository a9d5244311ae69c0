// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Client addresses: IPv4 is kept mapped into IPv6, so that one comparison serves both. Only what a
// trusted proxy wrote into X-Forwarded-For is believed.
#include "http/parse.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

static bool is_v4(const struct address *a)
{
	return memcmp(a->b, mapped, sizeof mapped) == 0;
}

bool parse_address(str text, struct address *out)
{
	char z[INET6_ADDRSTRLEN];
	text = str_trim(text);
	// What proxies write: "1.2.3.4:567", "[::1]:567", "[::1]".
	if (text.n && text.p[0] == '[') {
		ptrdiff_t end = str_find_char(text, ']');
		text = end < 0 ? text : str_sub(text, 1, end);
	} else if (str_find_char(text, '.') >= 0 && str_find_char(text, ':') >= 0 &&
		   str_find(text, S("::")) < 0) {
		text = str_cut(&text, ':');
	}
	if (!text.n || text.n >= (ptrdiff_t)sizeof z)
		return false;
	memcpy(z, text.p, (size_t)text.n);
	z[text.n] = '\0';
	struct address a = {0};
	if (inet_pton(AF_INET, z, a.b + 12) == 1)
		memcpy(a.b, mapped, sizeof mapped);
	else if (inet_pton(AF_INET6, z, a.b) != 1)
		return false;
	*out = a;
	return true;
}

bool parse_network(str text, struct network *out)
{
	str bits = text;
	str base = str_cut(&bits, '/');
	struct network n = {.bits = 128};
	if (!parse_address(base, &n.base))
		return false;
	if (bits.p) {
		int64_t given = 0;
		bool v4 = is_v4(&n.base);
		if (!str_int(bits, &given) || given < 0 || given > (v4 ? 32 : 128))
			return false;
		n.bits = (int)given + (v4 ? 96 : 0);
	}
	*out = n;
	return true;
}

bool network_has(const struct network *n, struct address a)
{
	int whole = n->bits / 8, rest = n->bits % 8;
	if (memcmp(n->base.b, a.b, (size_t)whole) != 0)
		return false;
	return !rest || (n->base.b[whole] ^ a.b[whole]) >> (8 - rest) == 0;
}

str address_text(struct arena *mem, struct address a)
{
	char *z = NEW_N(mem, char, INET6_ADDRSTRLEN);
	bool v4 = is_v4(&a);
	inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? a.b + 12 : a.b, z, INET6_ADDRSTRLEN);
	return str_from(z);
}

bool address_is_loopback(struct address a)
{
	struct address one = {.b = {[15] = 1}};
	return (is_v4(&a) && a.b[12] == 127) || address_eq(a, one);
}

// An IPv4 host that a translator of its provider shows as IPv6 (64:ff9b::/96, RFC 6052) is that host.
static struct address undressed(struct address a)
{
	static const uint8_t translated[12] = {0, 0x64, 0xff, 0x9b};
	if (memcmp(a.b, translated, sizeof translated) == 0)
		memcpy(a.b, mapped, sizeof mapped);
	return a;
}

str address_network(struct arena *mem, struct address a)
{
	a = undressed(a);
	if (is_v4(&a))
		return address_text(mem, a);
	memset(a.b + 8, 0, 8);
	return str_fmt(mem, "%.*s/64", STR_ARGS(address_text(mem, a)));
}

uint64_t address_key(struct address a)
{
	a = undressed(a);
	return str_hash((str){(const char *)a.b, is_v4(&a) ? 16 : 8});
}

bool address_eq(struct address a, struct address b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

static bool is_trusted(struct address a, const struct network *trusted, ptrdiff_t n)
{
	for (ptrdiff_t i = 0; i < n; i++)
		if (network_has(&trusted[i], a))
			return true;
	return false;
}

struct address forwarded_client(
	struct address peer, str header, const struct network *trusted, ptrdiff_t n)
{
	struct address client = peer;
	while (header.n && is_trusted(client, trusted, n)) {
		ptrdiff_t comma = header.n - 1;
		while (comma >= 0 && header.p[comma] != ',')
			comma--;
		if (!parse_address(str_skip(header, comma + 1), &client))
			break;
		header = str_sub(header, 0, MAX(comma, 0));
	}
	return client;
}
