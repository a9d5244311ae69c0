// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Files under DIR/media/ab/NAME/PART. A part appears by link(2) of an unnamed, synced temporary
// file: after a crash it is there whole or not at all. Names and parts come from us, and are checked
// all the same: they end in a path.
#include "blobs/blobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct blobs {
	int root; // DIR/media
	char *upload_dir;
};

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

static err open_folders(struct blobs *b, str dir)
{
	char *media = str_keep_z(dir, "/media");
	err made = make_dir(AT_FDCWD, media);
	if (made == OK)
		made = make_dir(AT_FDCWD, b->upload_dir);
	if (made == OK)
		b->root = open(media, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mem_free(media);
	return made != OK ? made : b->root < 0 ? ERR_IO : OK;
}

err blobs_open(str dir, struct blobs **out)
{
	struct blobs *b = mem_new(1, (ptrdiff_t)sizeof *b);
	*b = (struct blobs){.root = -1, .upload_dir = str_keep_z(dir, "/upload")};
	err opened = open_folders(b, dir);
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
	mem_free(b->upload_dir);
	mem_free(b);
	errno = number;
}

const char *blobs_upload_dir(struct blobs *b)
{
	return b->upload_dir;
}

err blobs_temp(struct blobs *b, int *fd)
{
	int made = openat(b->root, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0640);
	if (made < 0)
		return err_of_write(errno);
	*fd = made;
	return OK;
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

err blobs_put(struct blobs *b, int fd, str name, str part)
{
	char folder[PATH_ROOM], path[PATH_ROOM], self[64];
	if (!path_of(folder, name, NULL) || !path_of(path, name, &part))
		return ERR_INTERNAL;
	char shelf[3] = {name.p[0], name.p[1], 0};
	TRY(make_dir(b->root, shelf));
	TRY(make_dir(b->root, folder));
	if (fsync(fd) != 0)
		return err_of_write(errno);
	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, self, b->root, path, AT_SYMLINK_FOLLOW) != 0) {
		// A job that runs again after a crash finds its own earlier work: the new bytes win.
		if (errno != EEXIST || unlinkat(b->root, path, 0) != 0 ||
			linkat(AT_FDCWD, self, b->root, path, AT_SYMLINK_FOLLOW) != 0)
			return err_of_write(errno);
	}
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

static err start(struct ctx *ctx)
{
	str data = option_text(ctx->house, "data");
	err opened = blobs_open(data, &ctx->house->blobs);
	return opened == OK ? OK
			    : fail_fmt(ctx, opened, "media files cannot be kept in %.*s: %s",
				      STR_ARGS(data), strerror(errno));
}

static void stop(struct ctx *ctx)
{
	blobs_close(ctx->house->blobs);
	ctx->house->blobs = NULL;
}

const struct room blobs_room = {
	.name = "blobs", .extent = OPEN_ROOMS, .start = start, .stop = stop};
