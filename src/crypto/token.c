// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Randomness, digests, tokens and their text forms.
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>

// Every page has a random pad: sixteen of them are asked of the kernel at once. What was handed out is
// wiped here. Children of fork run another program at once and never come here.
void crypto_random(void *out, ptrdiff_t n)
{
	static _Thread_local struct {
		unsigned char b[512];
		ptrdiff_t left;
	} pool;
	must(n >= 0);
	if (n > COUNT(pool.b) / 8) {
		randombytes_buf(out, (size_t)n);
		return;
	}
	if (pool.left < n) {
		randombytes_buf(pool.b, sizeof pool.b);
		pool.left = COUNT(pool.b);
	}
	pool.left -= n;
	memcpy(out, pool.b + pool.left, (size_t)n);
	sodium_memzero(pool.b + pool.left, (size_t)n);
}

void crypto_wipe(void *p, ptrdiff_t n)
{
	sodium_memzero(p, (size_t)n);
}

struct digest crypto_sha256(str s)
{
	struct digest d = {0};
	crypto_hash_sha256(d.b, (const unsigned char *)(s.p ? s.p : ""), (unsigned long long)s.n);
	return d;
}

struct digest crypto_hmac(const void *key, ptrdiff_t key_n, str s)
{
	struct digest d = {0};
	crypto_auth_hmacsha256_state state;
	crypto_auth_hmacsha256_init(&state, key, (size_t)key_n);
	crypto_auth_hmacsha256_update(
		&state, (const unsigned char *)(s.p ? s.p : ""), (unsigned long long)s.n);
	crypto_auth_hmacsha256_final(&state, d.b);
	sodium_memzero(&state, sizeof state);
	return d;
}

struct digest crypto_mac(const struct digest *key, str s)
{
	struct digest d = {0};
	must(crypto_generichash(d.b, sizeof d.b, (const unsigned char *)(s.p ? s.p : ""),
		     (unsigned long long)s.n, key->b, sizeof key->b) == 0);
	return d;
}

bool crypto_equal(const void *a, const void *b, ptrdiff_t n)
{
	return n == 0 || sodium_memcmp(a, b, (size_t)n) == 0;
}

bool crypto_str_equal(str a, str b)
{
	return a.n == b.n && crypto_equal(a.p, b.p, a.n);
}

str token_new(struct arena *mem)
{
	uint8_t raw[32];
	crypto_random(raw, COUNT(raw));
	str token = base64url(mem, raw, COUNT(raw));
	crypto_wipe(raw, COUNT(raw));
	return token;
}

struct digest token_digest(str token)
{
	return crypto_sha256(token);
}

str base64url(struct arena *mem, const void *bytes, ptrdiff_t n)
{
	must(n >= 0);
	size_t room =
		sodium_base64_ENCODED_LEN((size_t)n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = NEW_N(mem, char, (ptrdiff_t)room);
	sodium_bin2base64(out, room, bytes, (size_t)n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (str){out, (ptrdiff_t)room - 1};
}

bool base64url_decode(struct arena *mem, str text, str *out)
{
	size_t room = (size_t)text.n / 4 * 3 + 3, n = 0;
	unsigned char *bytes = NEW_N(mem, unsigned char, (ptrdiff_t)room);
	const char *end = NULL;
	if (sodium_base642bin(bytes, room, text.p ? text.p : "", (size_t)text.n, NULL, &n, &end,
		    sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
		(text.n && end != text.p + text.n))
		return false;
	*out = (str){(const char *)bytes, (ptrdiff_t)n};
	return true;
}

str hex(struct arena *mem, const void *bytes, ptrdiff_t n)
{
	char *out = NEW_N(mem, char, n * 2 + 1);
	sodium_bin2hex(out, (size_t)n * 2 + 1, bytes, (size_t)n);
	return (str){out, n * 2};
}
