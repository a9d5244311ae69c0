// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files under DIR/media/ab/NAME/PART. A part appears by rename(2) of a synced temporary file: after a
// crash it is there whole or not at all. Temporary files have names (in the folder of what is on its way,
// where the sweep finds those that a crash left), since files without one are not known to NFS. Names and
// parts come from us, and are checked all the same: they end in a path.
#include "blobs/blobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct blobs {
	int root;    // DIR/media
	int uploads; // DIR/upload
};

#define TEMP ".temp-"

static bool is_plain(str s)
{
	if (s.n < 1 || s.n > 100 || s.p[0] == '.')
		return false;
	for (ptrdiff_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
		if (!ok)
			return false;
	}
	return true;
}

#define PATH_ROOM 256
// ab/NAME or ab/NAME/PART
static bool path_of(char out[PATH_ROOM], str name, const str *part)
{
	if (!is_plain(name) || name.n < 3 || (part && !is_plain(*part)))
		return false;
	int n = snprintf(out, PATH_ROOM, "%.2s/%.*s%s%.*s", name.p, STR_ARGS(name), part ? "/" : "",
		part ? (int)part->n : 0, part ? part->p : "");
	return n > 0 && n < PATH_ROOM;
}

static err make_dir(int at, const char *path)
{
	return mkdirat(at, path, 0750) == 0 || errno == EEXIST ? OK : err_of_write(errno);
}

static err open_one(str dir, const char *folder, int *fd)
{
	char *path = str_keep_z(dir, folder);
	err made = make_dir(AT_FDCWD, path);
	if (made == OK)
		*fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mem_free(path);
	return made != OK ? made : *fd < 0 ? ERR_IO : OK;
}

err blobs_open(str dir, struct blobs **out)
{
	struct blobs *b = mem_new(1, (ptrdiff_t)sizeof *b);
	*b = (struct blobs){.root = -1, .uploads = -1};
	err opened = open_one(dir, "/media", &b->root);
	if (opened == OK)
		opened = open_one(dir, "/upload", &b->uploads);
	if (opened == OK)
		*out = b;
	else
		blobs_close(b);
	return opened;
}

void blobs_close(struct blobs *b)
{
	int number = errno;
	if (b->root >= 0)
		close(b->root);
	if (b->uploads >= 0)
		close(b->uploads);
	mem_free(b);
	errno = number;
}

bool blobs_is_temp(str name)
{
	return str_starts(name, S(TEMP)) && is_plain(str_skip(name, 1));
}

err blobs_temp(struct blobs *b, struct blob_temp *out)
{
	struct blob_temp t = {.fd = -1};
	unsigned char random[8];
	if (getentropy(random, sizeof random) != 0)
		return ERR_IO;
	uint64_t number;
	memcpy(&number, random, sizeof number);
	snprintf(t.name, sizeof t.name, TEMP "%016llx", (unsigned long long)number);
	t.fd = openat(b->uploads, t.name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
	if (t.fd < 0)
		return err_of_write(errno);
	*out = t;
	return OK;
}

void blobs_temp_close(struct blobs *b, struct blob_temp *t)
{
	if (!t->name[0] && !t->fd)
		return;
	close(t->fd);
	if (t->name[0])
		unlinkat(b->uploads, t->name, 0); // what stays is swept
	*t = (struct blob_temp){0};
}

static err sync_dir(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_IO;
	err result = fsync(fd) == 0 ? OK : err_of_write(errno);
	close(fd);
	return result;
}

static err make_folders(struct blobs *b, const char *shelf, const char *folder)
{
	TRY(make_dir(b->root, shelf));
	return make_dir(b->root, folder);
}

// A job that runs again after a crash finds its own earlier work: the new bytes win. Whoever removes the
// name at the same moment may take the folder away.
err blobs_put(struct blobs *b, struct blob_temp *t, str name, str part)
{
	char folder[PATH_ROOM], path[PATH_ROOM];
	if (!path_of(folder, name, NULL) || !path_of(path, name, &part))
		return ERR_INTERNAL;
	char shelf[3] = {name.p[0], name.p[1], 0};
	if (fsync(t->fd) != 0)
		return err_of_write(errno);
	for (int tries = 0;; tries++) {
		TRY(make_folders(b, shelf, folder));
		if (renameat(b->uploads, t->name, b->root, path) == 0)
			break;
		if (errno != ENOENT || tries == 3)
			return err_of_write(errno);
	}
	t->name[0] = 0;
	TRY(sync_dir(b->root, folder));
	return sync_dir(b->root, shelf);
}

err blobs_get(struct blobs *b, str name, str part, int *fd, int64_t *size)
{
	char path[PATH_ROOM];
	struct stat st;
	if (!path_of(path, name, &part))
		return ERR_NOT_FOUND;
	int got = openat(b->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (got < 0)
		return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO;
	if (fstat(got, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(got);
		return ERR_NOT_FOUND;
	}
	*fd = got;
	*size = st.st_size;
	return OK;
}

static bool is_dots(const char *name)
{
	return name[0] == '.';
}

static DIR *open_folder(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

err blobs_remove(struct blobs *b, str name)
{
	char folder[PATH_ROOM];
	if (!path_of(folder, name, NULL))
		return ERR_INTERNAL;
	DIR *dir = open_folder(b->root, folder);
	if (!dir)
		return errno == ENOENT ? OK : ERR_IO;
	err result = OK;
	for (struct dirent *e; (e = readdir(dir));) {
		if (!is_dots(e->d_name) && unlinkat(dirfd(dir), e->d_name, 0) != 0 &&
			errno != ENOENT)
			result = ERR_IO;
	}
	closedir(dir);
	if (result == OK && unlinkat(b->root, folder, AT_REMOVEDIR) != 0 && errno != ENOENT)
		result = ERR_IO;
	return result;
}

static err link_part(struct blobs *b, int from, const char *part, const char *folder)
{
	int to = openat(b->root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (to < 0)
		return ERR_IO;
	int failed = linkat(from, part, to, part, 0) != 0 && errno != EEXIST;
	close(to);
	return failed ? ERR_IO : OK;
}

err blobs_link(struct blobs *b, str from, str name)
{
	char old[PATH_ROOM], folder[PATH_ROOM];
	err result = OK;
	if (!path_of(old, from, NULL) || !path_of(folder, name, NULL))
		return ERR_INTERNAL;
	char shelf[3] = {name.p[0], name.p[1], 0};
	TRY(make_dir(b->root, shelf));
	TRY(make_dir(b->root, folder));
	DIR *dir = open_folder(b->root, old);
	if (!dir)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	for (struct dirent *e; result == OK && (e = readdir(dir));)
		if (!is_dots(e->d_name))
			result = link_part(b, dirfd(dir), e->d_name, folder);
	closedir(dir);
	return result;
}

typedef err (*each_fn)(str name, str part, str path, int64_t size, void *arg);

static err each_part(int shelf, const char *shelf_name, const char *name, each_fn fn, void *arg)
{
	DIR *dir = open_folder(shelf, name);
	err result = OK;
	if (!dir)
		return OK; // went away meanwhile, or is no folder
	for (struct dirent *e; result == OK && (e = readdir(dir));) {
		struct stat st;
		char path[3 * PATH_ROOM];
		if (is_dots(e->d_name) ||
			fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
			!S_ISREG(st.st_mode))
			continue;
		snprintf(path, sizeof path, "media/%s/%s/%s", shelf_name, name, e->d_name);
		result = fn(str_from(name), str_from(e->d_name), str_from(path), st.st_size, arg);
	}
	closedir(dir);
	return result;
}

static err each_name(int root, const char *shelf_name, each_fn fn, void *arg)
{
	DIR *shelf = open_folder(root, shelf_name);
	err result = OK;
	if (!shelf)
		return OK;
	for (struct dirent *e; result == OK && (e = readdir(shelf));) {
		if (!is_dots(e->d_name))
			result = each_part(dirfd(shelf), shelf_name, e->d_name, fn, arg);
	}
	closedir(shelf);
	return result;
}

err blobs_each(struct blobs *b, each_fn fn, void *arg)
{
	DIR *root = open_folder(b->root, ".");
	err result = OK;
	if (!root)
		return ERR_IO;
	for (struct dirent *e; result == OK && (e = readdir(root));) {
		if (!is_dots(e->d_name))
			result = each_name(b->root, e->d_name, fn, arg);
	}
	closedir(root);
	return result;
}

// --- what is on its way --------------------------------------------------------------------------

static bool original_path(char out[PATH_ROOM], str name)
{
	if (!is_plain(name))
		return false;
	snprintf(out, PATH_ROOM, "%.*s", STR_ARGS(name));
	return true;
}

err blobs_original_open(struct blobs *b, str name, int flags, int *fd)
{
	char path[PATH_ROOM];
	if (!original_path(path, name))
		return ERR_NOT_FOUND;
	int got = openat(b->uploads, path, flags | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (got < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : err_of_write(errno);
	*fd = got;
	return OK;
}

bool blobs_original_adopt(struct blobs *b, str name, int fd)
{
	char path[PATH_ROOM], self[64];
	struct stat st;
	if (!original_path(path, name) || fstat(fd, &st) != 0 || st.st_nlink != 0)
		return false;
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, self, b->uploads, path, AT_SYMLINK_FOLLOW) == 0;
}

err blobs_originals_sync(struct blobs *b)
{
	return fsync(b->uploads) == 0 ? OK : err_of_write(errno);
}

err blobs_original_remove(struct blobs *b, str name)
{
	char path[PATH_ROOM];
	if (!blobs_is_temp(name) && !is_plain(name))
		return ERR_INTERNAL;
	snprintf(path, sizeof path, "%.*s", STR_ARGS(name));
	return unlinkat(b->uploads, path, 0) == 0 || errno == ENOENT ? OK : ERR_IO;
}

err blobs_originals_each(
	struct blobs *b, err (*fn)(str name, ms changed, int64_t size, void *arg), void *arg)
{
	DIR *dir = open_folder(b->uploads, ".");
	err result = OK;
	if (!dir)
		return ERR_IO;
	for (struct dirent *e; result == OK && (e = readdir(dir));) {
		struct stat st;
		if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode))
			result = fn(
				str_from(e->d_name), (ms)st.st_mtime * MS_SECOND, st.st_size, arg);
	}
	closedir(dir);
	return result;
}

// --- second names --------------------------------------------------------------------------------

// The kernel copies between files of one file system, and of some pairs of others.
static bool is_not_for_kernel(int number)
{
	return number == EXDEV || number == EINVAL || number == ENOSYS || number == EOPNOTSUPP;
}

static err copy_by_hand(int from, int to)
{
	char buffer[64 << 10];
	for (ssize_t n; (n = read(from, buffer, sizeof buffer)) != 0;) {
		if (n < 0)
			return ERR_IO;
		for (ssize_t done = 0, w; done < n; done += w)
			if ((w = write(to, buffer + done, (size_t)(n - done))) < 0)
				return err_of_write(errno);
	}
	return OK;
}

static err copy_bytes(int from, int to)
{
	for (;;) {
		ssize_t n = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
		if (n < 0 && is_not_for_kernel(errno))
			return copy_by_hand(from, to);
		if (n <= 0)
			return n < 0 ? err_of_write(errno) : OK;
	}
}

static err copy_to(int at, const char *path, const char *to)
{
	int from = openat(at, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (from < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	err copied = fd < 0 ? err_of_write(errno) : copy_bytes(from, fd);
	int number = errno;
	close(from);
	if (fd >= 0)
		close(fd);
	errno = number;
	return copied;
}

err blobs_keep(struct blobs *b, str path, const char *to)
{
	char rest[PATH_ROOM];
	bool original = str_starts(path, S(ORIGINALS));
	str below = str_skip(path, original ? S(ORIGINALS).n : S("media/").n);
	int at = original ? b->uploads : b->root;
	snprintf(rest, sizeof rest, "%.*s", STR_ARGS(below));
	if (linkat(at, rest, AT_FDCWD, to, 0) == 0)
		return OK;
	if (errno == EXDEV || errno == EPERM)
		return copy_to(at, rest, to);
	return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
}

str blobs_place(const struct house *house)
{
	str dir = option_text(house, "media");
	return dir.n ? dir : option_text(house, "data");
}

static err start(struct ctx *ctx)
{
	str dir = blobs_place(ctx->house);
	err opened = blobs_open(dir, &ctx->house->blobs);
	return opened == OK ? OK
			    : fail_fmt(ctx, opened, "media files cannot be kept in %.*s: %s",
				      STR_ARGS(dir), strerror(errno));
}

static void stop(struct ctx *ctx)
{
	blobs_close(ctx->house->blobs);
	ctx->house->blobs = NULL;
}

const struct room blobs_room = {
	.name = "blobs", .extent = OPEN_ROOMS, .start = start, .stop = stop};
