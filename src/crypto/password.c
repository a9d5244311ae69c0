// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Passwords by Argon2id. The surprising thing is the gate: each hash takes 64 MiB and a core, so
// only a few run at a time whatever the number of workers; the others wait their turn.
#include "crypto/crypto.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define PASSES 3ULL
#define MEMORY (64U << 20)
#define AT_ONCE_MOST 4
// Longer passwords are refused before any work: hashing them is linear in their length.
#define PASSWORD_MOST 1024

static struct {
	struct lock lock;
	pthread_cond_t free;
	int running;
} gate = {.lock = LOCK_INIT, .free = PTHREAD_COND_INITIALIZER};

int password_hashers(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	return (int)MIN(MAX(cores / 2, 1), AT_ONCE_MOST);
}

static void gate_enter(void)
{
	int at_once = password_hashers();
	thread_must_be(THREAD_MAIN | THREAD_WORKER | THREAD_HASHER | THREAD_RUNNER);
	lock_take(&gate.lock);
	while (gate.running >= at_once)
		pthread_cond_wait(&gate.free, &gate.lock.mutex);
	gate.running++;
	lock_release(&gate.lock);
}

static void gate_leave(void)
{
	lock_take(&gate.lock);
	gate.running--;
	lock_release(&gate.lock);
	pthread_cond_signal(&gate.free);
}

void crypto_start(void)
{
	must(sodium_init() >= 0);
}

err password_hash(str password, char out[PASSWORD_HASH_SIZE])
{
	_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "room for the text form");
	if (password.n > PASSWORD_MOST)
		return ERR_TOO_LARGE;
	char text[crypto_pwhash_STRBYTES] = {0};
	gate_enter();
	int failed = crypto_pwhash_str_alg(text, password.p ? password.p : "",
		(unsigned long long)password.n, PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13);
	gate_leave();
	if (failed)
		return ERR_UNAVAILABLE;
	memset(out, 0, PASSWORD_HASH_SIZE);
	memcpy(out, text, sizeof text);
	return OK;
}

static bool as_text(str hash, char text[crypto_pwhash_STRBYTES])
{
	memset(text, 0, crypto_pwhash_STRBYTES);
	if (hash.n <= 0 || hash.n >= (ptrdiff_t)crypto_pwhash_STRBYTES)
		return false;
	memcpy(text, hash.p, (size_t)hash.n);
	return true;
}

bool password_matches(str password, str hash)
{
	char text[crypto_pwhash_STRBYTES];
	if (!as_text(hash, text) || password.n > PASSWORD_MOST)
		return false;
	gate_enter();
	int failed = crypto_pwhash_str_verify(
		text, password.p ? password.p : "", (unsigned long long)password.n);
	gate_leave();
	return !failed;
}

void password_waste(str password)
{
	char out[PASSWORD_HASH_SIZE];
	err result = password_hash(str_sub(password, 0, PASSWORD_MOST), out);
	(void)result; // only the time it took matters
}

bool password_is_stale(str hash)
{
	char text[crypto_pwhash_STRBYTES];
	return !as_text(hash, text) || crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY) != 0;
}
