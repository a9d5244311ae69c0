// SPDX-License-Identifier: AGPL-3.0-or-later
//
// qiao backup and qiao restore. While the server runs: every media file first gets a second name
// (no bytes are copied), then the database is copied, then what came meanwhile gets one too; so
// whatever the copy of the database refers to is there, though it be deleted at the same moment.
#include "app/app.h"

#include "accounts/accounts.h"
#include "app/archive.h"
#include "app/aside.h"
#include "blobs/blobs.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATABASE "qiao.db"
#define ABOUT "QIAO-BACKUP"

struct kept {
	str path; // in the data directory
	int64_t size;
};
struct backup {
	struct app *app;
	str data;
	struct aside aside; // holds the second names
	LIST(struct kept) files;
	struct strmap known;
	int64_t bytes;
	struct archive_writer out;
};

static err said(const char *what, str which)
{
	complain("%s %.*s: %s", what, STR_ARGS(which), strerror(errno));
	return ERR_IO;
}

static str second_name(struct backup *b, ptrdiff_t number)
{
	return str_fmt(b->app->mem, "%.*s/%td", STR_ARGS(b->aside.path), number);
}

#define NOTHING_LEFT "nothing is left behind"
#define PICTURES_LEFT \
	"no community was restored; pictures written so far are left: restore again to complete " \
	"it"

static err interrupted(const char *what_is_left)
{
	complain("stopped; %s", what_is_left);
	return ERR_UNAVAILABLE;
}

static err keep(struct backup *b, str path, int64_t size)
{
	struct arena *mem = b->app->mem;
	if (aside_stopped())
		return interrupted(NOTHING_LEFT);
	if (strmap_get(&b->known, path))
		return OK;
	str to = second_name(b, b->files.n);
	err kept = blobs_keep(b->app->house.blobs, path, str_z(mem, to));
	if (kept != OK) // may have been removed just now
		return kept == ERR_NOT_FOUND ? OK : said("cannot keep", path);
	list_push(mem, &b->files, (struct kept){str_copy(mem, path), size});
	strmap_put(&b->known, path, b);
	b->bytes += size;
	return OK;
}

static err keep_blob(str name, str part, str path, int64_t size, void *arg)
{
	(void)name;
	(void)part;
	return keep(arg, path, size);
}

// Originals that wait to be taken in: "u" or "m" and a number.
static err keep_original(str name, ms changed, int64_t size, void *arg)
{
	struct backup *b = arg;
	int64_t id;
	(void)changed;
	if ((name.p[0] != 'u' && name.p[0] != 'm') || !id_parse(str_skip(name, 1), &id))
		return OK;
	return keep(b, str_fmt(b->app->mem, ORIGINALS "%.*s", STR_ARGS(name)), size);
}

static err keep_media(struct backup *b)
{
	TRY(blobs_each(b->app->house.blobs, keep_blob, b));
	return blobs_originals_each(b->app->house.blobs, keep_original, b);
}

static err map_file(struct arena *mem, str path, str *out)
{
	struct stat st;
	int fd = open(str_z(mem, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		err failed = said("cannot read", path);
		if (fd >= 0)
			close(fd);
		return failed;
	}
	void *p = st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	close(fd);
	if (p == MAP_FAILED)
		return said("cannot map", path);
	*out = (str){p, st.st_size};
	return OK;
}

static void unmap(str s)
{
	union {
		const char *in;
		void *out;
	} p = {.in = s.p};
	if (s.n)
		munmap(p.out, (size_t)s.n);
}

static err add_file(struct backup *b, str name, str path)
{
	str bytes;
	TRY(map_file(b->app->mem, path, &bytes));
	err failed = archive_add(&b->out, name, bytes, b->app->ctx.now);
	unmap(bytes);
	return failed == OK ? OK : said("cannot write", name);
}

static bool database_progress(int64_t done, int64_t total, void *arg)
{
	(void)arg;
	progress("Database", done, total);
	return !aside_stopped();
}

static err write_archive(struct backup *b, str database)
{
	char at[TIME_ISO_SIZE];
	time_iso(b->app->ctx.now, at);
	str about = str_fmt(b->app->mem,
		"Backup of a Qiao community, %s, by qiao %s.\nRestore with: "
		"qiao restore FILE --data NEW-DIRECTORY\n",
		at, app_version());
	if (archive_add(&b->out, S(ABOUT), about, b->app->ctx.now) != OK)
		return said("cannot write", S("the backup"));
	TRY(add_file(b, S(DATABASE), database));
	for (ptrdiff_t i = 0; i < b->files.n; i++) {
		if (aside_stopped())
			return interrupted(NOTHING_LEFT);
		TRY(add_file(b, b->files.at[i].path, second_name(b, i)));
		progress("Media", i + 1, b->files.n);
	}
	progress_end();
	if (archive_end(&b->out, b->app->ctx.now) != OK || fsync(b->out.fd) != 0)
		return said("cannot write", S("the backup"));
	return OK;
}

static err copy_all(struct backup *b)
{
	str database = str_fmt(b->app->mem, "%.*s/" DATABASE, STR_ARGS(b->aside.path));
	TRY(keep_media(b));
	err failed = store_backup(&b->app->ctx, database, database_progress, NULL);
	progress_end();
	if (failed != OK && aside_stopped())
		return interrupted(NOTHING_LEFT);
	if (failed != OK) {
		complain("the database cannot be copied: %.*s",
			STR_ARGS(reason(&b->app->ctx, failed)));
		return failed;
	}
	TRY(keep_media(b));
	return write_archive(b, database);
}

static str folder_of(str path)
{
	ptrdiff_t n = path.n;
	while (n > 0 && path.p[n - 1] != '/')
		n--;
	return n ? str_sub(path, 0, n) : S(".");
}

// The file has no name until it is whole; where the file system cannot do that, a name of its own.
static err open_unnamed(struct backup *b, str path, const char *part, bool *named)
{
	const char *folder = str_z(b->app->mem, folder_of(path));
	*named = false;
	b->out.fd = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (b->out.fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		*named = true;
		b->out.fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	}
	return b->out.fd < 0 ? said("cannot write", path) : OK;
}

static err give_name(struct backup *b, const char *path, const char *part, bool named)
{
	char self[64];
	snprintf(self, sizeof self, "/proc/self/fd/%d", b->out.fd);
	int failed = named ? link(part, path)
			   : linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
	return failed ? said("cannot name", str_from(path)) : OK;
}

static err write_backup(struct backup *b, const char *path)
{
	const char *part = str_z(b->app->mem, str_fmt(b->app->mem, "%s.part", path));
	bool named;
	TRY(open_unnamed(b, str_from(path), part, &named));
	err failed = copy_all(b);
	if (failed == OK)
		failed = give_name(b, path, part, named);
	if (named)
		unlink(part);
	close(b->out.fd);
	return failed;
}

err command_backup(struct ctx *ctx, int argc, char **argv)
{
	struct backup b = {.app = ctx->house->app, .data = option_text(ctx->house, "data")};
	if (argc != 2)
		return ERR_BAD_REQUEST;
	if (access(argv[1], F_OK) == 0)
		return fail_fmt(ctx, ERR_CONFLICT, "%s is there already", argv[1]);
	if (aside_open(ctx->mem, b.data, "backup", &b.aside) != OK)
		return said("cannot write into", b.data);
	err failed = write_backup(&b, argv[1]);
	aside_close(ctx->mem, &b.aside);
	strmap_free(&b.known);
	TRY(failed);
	printf("%s: the database and %td media files, %lld MB.\n", argv[1], b.files.n,
		(long long)(b.out.written >> 20));
	return OK;
}

// --- restore -----------------------------------------------------------------------------------

static void checking(int64_t done, int64_t total)
{
	progress("Checking", done, total);
}

static err write_all(int fd, str bytes)
{
	for (str rest = bytes; rest.n > 0;) {
		ssize_t n = write(fd, rest.p, (size_t)rest.n);
		if (n < 0)
			return ERR_IO;
		rest = str_skip(rest, n);
	}
	return OK;
}

static err write_file(struct arena *mem, str path, str bytes)
{
	int fd = open(str_z(mem, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (fd < 0)
		return said("cannot write", path);
	bool failed = write_all(fd, bytes) != OK || fsync(fd) != 0;
	close(fd);
	return failed ? said("cannot write", path) : OK;
}

static err put_blob(struct app *app, str name, str part, str bytes)
{
	struct blobs *blobs = app->house.blobs;
	struct blob_temp t;
	TRY(blobs_temp(blobs, &t));
	err failed = write_all(t.fd, bytes);
	if (failed == OK)
		failed = blobs_put(blobs, &t, name, part);
	blobs_temp_close(blobs, &t);
	return failed;
}

static err put_original(struct app *app, str name, str bytes)
{
	int fd;
	TRY(blobs_original_open(app->house.blobs, name, O_WRONLY | O_CREAT | O_TRUNC, &fd));
	err failed = write_all(fd, bytes);
	if (failed == OK && fsync(fd) != 0)
		failed = ERR_IO;
	close(fd);
	return failed;
}

static err put_member(struct app *app, const struct archive_member *m)
{
	str rest = m->name, top = str_cut(&rest, '/');
	if (str_eq(top, S("upload"))) {
		err put = put_original(app, rest, m->bytes);
		return put == OK ? OK : said("cannot write", m->name);
	}
	if (!str_eq(top, S("media")))
		return OK;   // the database, the list and what explains
	str_cut(&rest, '/'); // the shelf is made of the name
	str name = str_cut(&rest, '/');
	err failed = put_blob(app, name, rest, m->bytes);
	return failed == OK ? OK : said("cannot write", m->name);
}

static err put_database(struct app *app, const struct aside *aside, str bytes)
{
	str path = str_fmt(app->mem, "%.*s/" DATABASE, STR_ARGS(aside->path));
	err failed = write_file(app->mem, path, bytes);
	if (failed == OK) {
		failed = store_restore(&app->ctx, path, database_progress, NULL);
		progress_end();
		if (failed != OK && aside_stopped())
			return interrupted(PICTURES_LEFT);
		if (failed != OK)
			complain("the database cannot be restored: %.*s",
				STR_ARGS(reason(&app->ctx, failed)));
	}
	return failed;
}

// The database comes last: with it the community is there.
static err restore(struct app *app, const struct aside *aside, str archive)
{
	struct archive_member m;
	str database = {0};
	int64_t at = 0, files = 0;
	err code;
	while ((code = archive_next(archive, &at, &m)) == OK) {
		if (str_eq(m.name, S(DATABASE)))
			database = m.bytes;
		if (aside_stopped())
			return interrupted(PICTURES_LEFT);
		TRY(put_member(app, &m));
		files += str_starts(m.name, S("media/"));
		progress("Media", at, archive.n);
	}
	progress_end();
	if (code != ERR_NOT_FOUND || !database.n) {
		complain("this backup holds no database");
		return ERR_INVALID;
	}
	TRY(put_database(app, aside, database));
	printf("Restored the database and %lld media files.\n", (long long)files);
	return OK;
}

static err is_empty(struct app *app)
{
	struct account *any;
	ptrdiff_t n;
	for (int standing = STANDING_GOOD; standing <= STANDING_GONE; standing++) {
		TRY(accounts_list(
			&app->ctx, (enum standing)standing, (account_id){0}, 1, &any, &n));
		if (n) {
			complain(
				"there is a community already: restore into a new --data directory "
				"(and --database)");
			return ERR_CONFLICT;
		}
	}
	return OK;
}

static err restore_checked(struct app *app, str archive)
{
	str data = option_text(&app->house, "data");
	struct aside aside;
	if (aside_open(app->mem, data, "restore", &aside) != OK)
		return said("cannot write into", data);
	err failed = restore(app, &aside, archive);
	aside_close(app->mem, &aside);
	return failed;
}

err command_restore(struct ctx *ctx, int argc, char **argv)
{
	struct app *app = ctx->house->app;
	str archive;
	if (argc != 2)
		return ERR_BAD_REQUEST;
	TRY(is_empty(app));
	TRY(map_file(ctx->mem, str_from(argv[1]), &archive));
	err failed = archive_check(ctx->mem, archive, checking);
	progress_end();
	if (failed != OK)
		complain("%s is damaged or no backup; nothing was restored", argv[1]);
	else
		failed = restore_checked(app, archive);
	unmap(archive);
	return failed;
}
