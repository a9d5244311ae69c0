// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Digests against published vectors, passwords and tokens against what they promise.
#include "crypto/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int start(void **state)
{
	crypto_start();
	*state = arena_new(4096);
	return 0;
}

static int end(void **state)
{
	arena_free(*state);
	return 0;
}

static void digests_match_published_vectors(void **state)
{
	struct digest d = crypto_sha256(S("abc"));
	assert_true(str_eq(hex(*state, d.b, SHA256_SIZE),
		S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")));
	d = crypto_sha256((str){0});
	assert_true(str_eq(hex(*state, d.b, SHA256_SIZE),
		S("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")));
	// RFC 4231, case 2, and case 6 with a key longer than a block
	d = crypto_hmac("Jefe", 4, S("what do ya want for nothing?"));
	assert_true(str_eq(hex(*state, d.b, SHA256_SIZE),
		S("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
	char key[131];
	memset(key, 0xaa, sizeof key);
	d = crypto_hmac(key, 131, S("Test Using Larger Than Block-Size Key - Hash Key First"));
	assert_true(str_eq(hex(*state, d.b, SHA256_SIZE),
		S("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")));
	// As Python's hashlib.blake2b(b"abc", key=bytes(range(32)), digest_size=32) says
	struct digest counting = {0};
	for (int i = 0; i < SHA256_SIZE; i++)
		counting.b[i] = (uint8_t)i;
	d = crypto_mac(&counting, S("abc"));
	assert_true(str_eq(hex(*state, d.b, SHA256_SIZE),
		S("d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f")));
}

static void randomness_is_never_handed_out_twice(void **state)
{
	struct map seen = {0};
	uint64_t drawn[8], before;
	(void)state;
	for (int round = 0; round < 2000; round++) {
		ptrdiff_t words = 1 + round % COUNT(drawn), bytes = words * 8;
		crypto_random(drawn, bytes);
		for (ptrdiff_t i = 0; i < words; i++) {
			assert_false(map_get(&seen, drawn[i], &before));
			map_put(&seen, drawn[i], 1);
		}
	}
	map_free(&seen);
}

static void base64url_goes_there_and_back(void **state)
{
	uint8_t bytes[64];
	for (ptrdiff_t n = 0; n <= COUNT(bytes); n++) {
		crypto_random(bytes, n);
		str text = base64url(*state, bytes, n), back = {0};
		assert_true(base64url_decode(*state, text, &back));
		assert_int_equal(back.n, n);
		assert_true(n == 0 || memcmp(back.p, bytes, (size_t)n) == 0);
	}
	str out = {0};
	const str refused[] = {S("AA=="), S("A"), S("A/+A"), S("AB"), S("AAA "), S("AAA\n")};
	for (ptrdiff_t i = 0; i < COUNT(refused); i++)
		assert_false(base64url_decode(*state, refused[i], &out));
}

static void tokens_are_long_and_never_the_same(void **state)
{
	str a = token_new(*state), b = token_new(*state);
	assert_int_equal(a.n, TOKEN_SIZE);
	assert_false(str_eq(a, b));
	struct digest da = token_digest(a), again = token_digest(a), db = token_digest(b);
	assert_true(crypto_equal(da.b, again.b, SHA256_SIZE));
	assert_false(crypto_equal(da.b, db.b, SHA256_SIZE));
	assert_true(crypto_str_equal(S("same"), S("same")));
	assert_false(crypto_str_equal(S("same"), S("samE")));
	assert_false(crypto_str_equal(S("same"), S("sam")));
}

static void passwords_match_only_themselves(void **state)
{
	(void)state;
	char hash[PASSWORD_HASH_SIZE], other[PASSWORD_HASH_SIZE];
	assert_int_equal(password_hash(S("correct horse 正确的马"), hash), OK);
	assert_int_equal(password_hash(S("correct horse 正确的马"), other), OK);
	assert_string_not_equal(hash, other);
	assert_true(str_starts(str_from(hash), S("$argon2id$v=19$m=65536,t=3,p=1$")));
	assert_true(password_matches(S("correct horse 正确的马"), str_from(hash)));
	assert_false(password_matches(S("correct horse"), str_from(hash)));
	assert_false(password_matches(S(""), str_from(hash)));
	assert_false(password_matches(S("x"), S("")));
	assert_false(password_matches(S("x"), S("$argon2id$nonsense")));
	assert_false(password_is_stale(str_from(hash)));
	assert_true(password_is_stale(S("$argon2id$v=19$m=4096,t=1,p=1$c29tZXNhbHQ$AAAA")));
	char *long_one = mem_new(2000, 1);
	memset(long_one, 'x', 2000);
	assert_int_equal(password_hash((str){long_one, 2000}, hash), ERR_TOO_LARGE);
	assert_false(password_matches((str){long_one, 2000}, str_from(other)));
	mem_free(long_one);
}

static void a_seal_opens_with_its_key_alone(void **state)
{
	(void)state;
	struct arena *mem = arena_new(4096);
	struct digest key = crypto_sha256(S("key")), other = crypto_sha256(S("another"));
	static const str texts[] = {STR_INIT(""), STR_INIT("like 12"), STR_INIT("两行\n文字")};
	for (int i = 0; i < COUNT(texts); i++) {
		str sealed = crypto_seal(mem, &key, texts[i]), out;
		assert_false(str_eq(sealed, crypto_seal(mem, &key, texts[i])));
		assert_true(crypto_open(mem, &key, sealed, &out));
		assert_true(str_eq(out, texts[i]));
		assert_false(crypto_open(mem, &other, sealed, &out));
		for (ptrdiff_t n = 0; n < sealed.n; n++) { // cut anywhere, changed anywhere
			char *bent = NEW_N(mem, char, sealed.n);
			memcpy(bent, sealed.p, (size_t)sealed.n);
			bent[n] = bent[n] == 'A' ? 'B' : 'A';
			assert_false(crypto_open(mem, &key, (str){bent, sealed.n}, &out));
			assert_false(crypto_open(mem, &key, str_sub(sealed, 0, n), &out));
		}
	}
	assert_false(crypto_open(mem, &key, S("not base64!"), &(str){0}));
	arena_free(mem);
}

static void *hash_once(void *arg)
{
	(void)arg;
	thread_is(THREAD_WORKER, "worker");
	char hash[PASSWORD_HASH_SIZE];
	must(password_hash(S("together"), hash) == OK);
	must(password_matches(S("together"), str_from(hash)));
	return NULL;
}

static void many_hashes_wait_for_one_another(void **state)
{
	(void)state;
	pthread_t threads[6];
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		threads[i] = thread_start(hash_once, NULL);
	for (ptrdiff_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_match_published_vectors),
		cmocka_unit_test(randomness_is_never_handed_out_twice),
		cmocka_unit_test(base64url_goes_there_and_back),
		cmocka_unit_test(tokens_are_long_and_never_the_same),
		cmocka_unit_test(a_seal_opens_with_its_key_alone),
		cmocka_unit_test(passwords_match_only_themselves),
		cmocka_unit_test(many_hashes_wait_for_one_another),
	};
	return cmocka_run_group_tests(tests, start, end);
}
