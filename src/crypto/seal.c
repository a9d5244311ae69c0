// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Sealed texts: what is handed to a browser to keep, and neither read nor changed there.
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>

#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(SHA256_SIZE == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a digest is a key");

str crypto_seal(struct arena *mem, const struct digest *key, str plain)
{
	unsigned char *bytes = NEW_N(mem, unsigned char, plain.n + NONCE + TAG);
	unsigned long long n = 0;
	crypto_random(bytes, NONCE);
	must(crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, &n,
		     (const unsigned char *)(plain.p ? plain.p : ""), (unsigned long long)plain.n,
		     NULL, 0, NULL, bytes, key->b) == 0);
	return base64url(mem, bytes, (ptrdiff_t)n + NONCE);
}

bool crypto_open(struct arena *mem, const struct digest *key, str sealed, str *plain)
{
	str raw;
	unsigned long long n = 0;
	if (!base64url_decode(mem, sealed, &raw) || raw.n < NONCE + TAG)
		return false;
	const unsigned char *bytes = (const unsigned char *)raw.p;
	unsigned char *out = NEW_N(mem, unsigned char, raw.n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, bytes + NONCE,
		    (unsigned long long)(raw.n - NONCE), NULL, 0, bytes, key->b) != 0)
		return false;
	*plain = (str){(const char *)out, (ptrdiff_t)n};
	return true;
}
