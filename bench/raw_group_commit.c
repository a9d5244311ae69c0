// SPDX-License-Identifier: AGPL-3.0-or-later
//
// The reference for publishing: what SQLite itself does on this disk when 32 transactions of one row
// share a commit. No indexes, no checks, no network: nothing that writes durably can be faster.
// Usage: raw_group_commit FILE ROW_BYTES SECONDS; prints rows a second.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TOGETHER 32

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		exit(1);
	}
}

static void insert(sqlite3_stmt *stmt, sqlite3_int64 id, const char *text, int n)
{
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_text(stmt, 2, text, n, SQLITE_STATIC);
	if (sqlite3_step(stmt) != SQLITE_DONE) {
		fputs("insert failed\n", stderr);
		exit(1);
	}
	sqlite3_reset(stmt);
}

int main(int argc, char **argv)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	if (argc != 4) {
		fputs("usage: raw_group_commit FILE ROW_BYTES SECONDS\n", stderr);
		return 2;
	}
	int n = atoi(argv[2]);
	double seconds = atof(argv[3]);
	if (n < 1 || n > 1 << 20 || sqlite3_open(argv[1], &db) != SQLITE_OK)
		return 2;
	char *text = malloc((size_t)n);
	if (!text)
		return 1;
	memset(text, 'x', (size_t)n);
	run(db, "PRAGMA journal_mode=WAL");
	run(db, "PRAGMA synchronous=FULL");
	run(db, "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT NOT NULL) "
		"STRICT");
	run(db, "DELETE FROM note");
	if (sqlite3_prepare_v2(db, "INSERT INTO note VALUES (?, ?)", -1, &stmt, NULL) != SQLITE_OK)
		return 1;
	sqlite3_int64 id = 0;
	double began = now(), took;
	do {
		run(db, "BEGIN IMMEDIATE");
		for (int i = 0; i < TOGETHER; i++)
			insert(stmt, ++id, text, n);
		run(db, "COMMIT");
		took = now() - began;
	} while (took < seconds);
	printf("%.0f\n", (double)id / took);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	free(text);
	return 0;
}
