// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Randomness, passwords, tokens and digests. Nothing else in the house includes libsodium or
// libcrypto (not needed yet). Nothing here keeps what it was given; secrets on the stack are wiped.
#pragma once

#include "base/base.h"

// Call once before threads start; ends the program when the system has no randomness.
void crypto_start(void);
void crypto_random(void *out, ptrdiff_t n);

// Argon2id (RFC 9106) at 64 MiB and 3 passes: about 0.1 s and never more than password_hashers() at a
// time in one process (others wait), so that a burst of sign-ins takes neither the memory nor every
// core. Workers and the main thread only.
int password_hashers(void); // half the cores, between one and four
#define PASSWORD_HASH_SIZE 128
err password_hash(str password, char out[PASSWORD_HASH_SIZE]) CHECKED; // NUL-terminated text
// False for a wrong password and for a hash that is none.
bool password_matches(str password, str hash);
// Costs what a real check costs: for names that do not exist.
void password_waste(str password);
// The hash was made with weaker parameters than today's.
bool password_is_stale(str hash);

#define SHA256_SIZE 32
struct digest {
	uint8_t b[SHA256_SIZE];
};
struct digest crypto_sha256(str);
struct digest crypto_hmac(const void *key, ptrdiff_t key_n, str); // HMAC-SHA256
// Keyed BLAKE2b of 256 bits (RFC 7693): a quarter of HMAC's cost, for what no one else must compute.
struct digest crypto_mac(const struct digest *key, str);
bool crypto_equal(const void *a, const void *b, ptrdiff_t n); // in constant time
bool crypto_str_equal(str a, str b);                          // constant time for equal lengths

// A token: 32 random bytes as 43 characters of base64url. The database keeps only token_digest.
#define TOKEN_SIZE 43
str token_new(struct arena *);
struct digest token_digest(str token);

str base64url(struct arena *, const void *, ptrdiff_t n); // without padding
// Refuses padding, other alphabets, and trailing bits that are not zero.
bool base64url_decode(struct arena *, str, str *out);
// A text that only the holder of the key reads or makes (XChaCha20-Poly1305), as base64url.
str crypto_seal(struct arena *, const struct digest *key, str plain);
// False when it was made with another key, or changed.
bool crypto_open(struct arena *, const struct digest *key, str sealed, str *plain);
str hex(struct arena *, const void *, ptrdiff_t n); // lower case
void crypto_wipe(void *, ptrdiff_t n);
