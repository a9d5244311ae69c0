// SPDX-License-Identifier: AGPL-3.0-or-later
//
// POSIX.1-1988 "ustar", regular files only; sizes beyond 8 GiB in base 256 as GNU tar writes them.
// Archives are read as one mapped slice, so that a member is a slice too and is never copied.
#include "app/archive.h"

#include "crypto/crypto.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 512
#define OCTAL_MOST ((int64_t)1 << 33)

struct header {
	char name[100], mode[8], uid[8], gid[8], size[12], changed[12], sum[8], kind, link[100];
	char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a header is one block");

static unsigned checksum(const struct header *h)
{
	struct header copy = *h;
	unsigned char bytes[BLOCK];
	unsigned sum = 0;
	memset(copy.sum, ' ', sizeof copy.sum);
	memcpy(bytes, &copy, BLOCK);
	for (int i = 0; i < BLOCK; i++)
		sum += bytes[i];
	return sum;
}

static void put_size(char out[12], int64_t size)
{
	if (size < OCTAL_MOST) {
		snprintf(out, 12, "%011llo", (unsigned long long)size & 077777777777);
		return;
	}
	memset(out, 0, 12);
	out[0] = (char)0x80;
	for (int i = 11; i > 0 && size; i--, size >>= 8)
		out[i] = (char)(size & 0xff);
}

static err put(struct archive_writer *w, const void *p, int64_t n)
{
	const char *at = p;
	while (n > 0) {
		ssize_t done = write(w->fd, at, (size_t)MIN(n, (int64_t)1 << 24));
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return ERR_IO;
		at += done;
		n -= done;
		w->written += done;
	}
	return OK;
}

static err put_member(struct archive_writer *w, str name, str bytes, ms changed)
{
	static const char zeroes[BLOCK];
	struct header h = {.mode = "0000600",
		.uid = "0000000",
		.gid = "0000000",
		.kind = '0',
		.magic = "ustar",
		.version = {'0', '0'}};
	must(name.n > 0 && name.n < (ptrdiff_t)sizeof h.name);
	memcpy(h.name, name.p, (size_t)name.n);
	put_size(h.size, bytes.n);
	put_size(h.changed, changed / MS_SECOND);
	snprintf(h.sum, sizeof h.sum, "%06o", checksum(&h) & 0777777);
	h.sum[7] = ' ';
	TRY(put(w, &h, BLOCK));
	TRY(put(w, bytes.p, bytes.n));
	return put(w, zeroes, (BLOCK - bytes.n % BLOCK) % BLOCK);
}

err archive_add(struct archive_writer *w, str name, str bytes, ms changed)
{
	struct digest d = crypto_sha256(bytes);
	TRY(put_member(w, name, bytes, changed));
	for (int i = 0; i < SHA256_SIZE; i++)
		sb_fmt(&w->sums, "%02x", d.b[i]);
	sb_fmt(&w->sums, "  %.*s\n", STR_ARGS(name));
	return OK;
}

err archive_end(struct archive_writer *w, ms now)
{
	static const char zeroes[2 * BLOCK];
	err failed = put_member(w, S(ARCHIVE_LIST), sb_str(&w->sums), now);
	sb_free(&w->sums);
	return failed == OK ? put(w, zeroes, sizeof zeroes) : failed;
}

// --- reading -----------------------------------------------------------------------------------

static bool number(const char *p, int n, int64_t *out)
{
	int64_t v = 0;
	if ((unsigned char)p[0] == 0x80) {
		for (int i = 1; i < n; i++) {
			if (v >> 54)
				return false;
			v = v << 8 | (unsigned char)p[i];
		}
		*out = v;
		return true;
	}
	for (int i = 0; i < n && p[i] && p[i] != ' '; i++) {
		if (p[i] < '0' || p[i] > '7')
			return false;
		v = v << 3 | (p[i] - '0');
	}
	*out = v;
	return true;
}

static bool only_zeroes(str s)
{
	for (ptrdiff_t i = 0; i < s.n; i++)
		if (s.p[i])
			return false;
	return true;
}

static bool name_ok(str name)
{
	if (!name.n || name.p[0] == '/')
		return false;
	for (str rest = name; rest.p;) {
		str part = str_cut(&rest, '/');
		if (!part.n || part.p[0] == '.')
			return false;
	}
	return true;
}

err archive_next(str archive, int64_t *at, struct archive_member *out)
{
	struct header h;
	int64_t size, sum;
	if (archive.n - *at < BLOCK)
		return ERR_INVALID;
	memcpy(&h, archive.p + *at, BLOCK);
	if (!h.name[0])
		return ERR_NOT_FOUND;
	if (memcmp(h.magic, "ustar", 5) != 0 || h.kind != '0' ||
		!number(h.size, sizeof h.size, &size) || !number(h.sum, sizeof h.sum, &sum) ||
		sum != (int64_t)checksum(&h))
		return ERR_INVALID;
	str name = {archive.p + *at, (ptrdiff_t)strnlen(h.name, sizeof h.name)};
	if (!name_ok(name) || size > archive.n - *at - BLOCK)
		return ERR_INVALID;
	int64_t padded = (size + BLOCK - 1) / BLOCK * BLOCK;
	if (padded > archive.n - *at - BLOCK ||
		!only_zeroes(str_sub(archive, *at + BLOCK + size, *at + BLOCK + padded)))
		return ERR_INVALID;
	*out = (struct archive_member){name, {archive.p + *at + BLOCK, size}};
	*at += BLOCK + padded;
	return OK;
}

// Two empty blocks or more, as tar fills up its records, and nothing else: what stands behind the end
// would be trusted by whoever looks at the file and checked by nobody.
static bool is_end(str rest)
{
	return rest.n >= 2 * BLOCK && rest.n % BLOCK == 0 && only_zeroes(rest);
}

static err read_sums(struct arena *mem, str list, struct strmap *out)
{
	while (list.p && list.n) {
		str line = str_cut(&list, '\n'), name = str_skip(line, 2 * SHA256_SIZE + 2);
		if (!name.n || strmap_get(out, name))
			return ERR_INVALID;
		str *sum = NEW(mem, str);
		*sum = str_sub(line, 0, 2 * SHA256_SIZE);
		strmap_put(out, name, sum);
	}
	return OK;
}

static err check_members(struct arena *mem, str archive, const struct strmap *sums, int64_t listed,
	void (*done)(int64_t, int64_t))
{
	struct archive_member m;
	struct strmap seen = {0};
	int64_t at = 0, n = 0;
	err code = OK;
	while (code == OK && (code = archive_next(archive, &at, &m)) == OK) {
		if (str_eq(m.name, S(ARCHIVE_LIST)))
			continue;
		const str *wanted = strmap_get(sums, m.name);
		struct digest d = crypto_sha256(m.bytes);
		if (!wanted || strmap_get(&seen, m.name) ||
			!str_eq(*wanted, hex(mem, d.b, SHA256_SIZE)))
			code = ERR_INVALID;
		strmap_put(&seen, m.name, &seen);
		n++;
		if (done)
			done(at, archive.n);
	}
	strmap_free(&seen);
	return code == ERR_NOT_FOUND && n == listed ? OK : ERR_INVALID;
}

err archive_check(struct arena *mem, str archive, void (*done)(int64_t, int64_t))
{
	struct archive_member m;
	struct strmap sums = {0};
	str list = {0};
	int64_t at = 0;
	err code;
	while ((code = archive_next(archive, &at, &m)) == OK)
		if (str_eq(m.name, S(ARCHIVE_LIST)))
			list = m.bytes;
	if (code != ERR_NOT_FOUND || !list.n || !is_end(str_skip(archive, at)))
		return ERR_INVALID;
	code = read_sums(mem, list, &sums);
	if (code == OK)
		code = check_members(mem, archive, &sums, sums.n, done);
	strmap_free(&sums);
	return code;
}
