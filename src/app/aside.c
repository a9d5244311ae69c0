// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Second names of pictures stand in such a folder during a backup: were they left behind, a picture
// would outlive its note. Whether a folder's command still runs is told by a lock, not by its
// number: numbers are used again.
#include "app/aside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const str kinds[] = {STR_INIT("backup-"), STR_INIT("restore-")};

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

bool aside_stopped(void)
{
	return stopped;
}

// Of the folder behind fd, which stays open.
static DIR *read_folder(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	if (own >= 0 && !dir)
		close(own);
	return dir;
}

static void remove_files(int folder)
{
	DIR *dir = read_folder(folder);
	for (struct dirent *e; dir && (e = readdir(dir));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(folder, e->d_name, 0);
	if (dir)
		closedir(dir);
}

static bool is_aside(str name)
{
	for (ptrdiff_t i = 0; i < COUNT(kinds); i++)
		if (str_starts(name, kinds[i]))
			return true;
	return false;
}

static void sweep_one(int data, const char *name)
{
	int fd = openat(data, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		remove_files(fd);
		unlinkat(data, name, AT_REMOVEDIR);
	}
	close(fd);
}

// While one looks for folders without an owner, nobody makes one that is not locked yet.
static int lock_data(struct arena *mem, str data, int more)
{
	int fd = open(str_z(mem, data), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | more) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void sweep(int data)
{
	DIR *dir = read_folder(data);
	for (struct dirent *e; dir && (e = readdir(dir));)
		if (is_aside(str_from(e->d_name)))
			sweep_one(data, e->d_name);
	if (dir)
		closedir(dir);
}

void aside_sweep(struct arena *mem, str data)
{
	int fd = lock_data(mem, data, LOCK_NB);
	if (fd < 0)
		return; // somebody begins just now, and sweeps
	sweep(fd);
	close(fd);
}

// The second of a kind ends the program at once; the next start sweeps then.
static void catch_signals(void)
{
	static const int caught[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGXFSZ, SIGXCPU};
	struct sigaction action = {
		.sa_handler = stop, .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
	sigemptyset(&action.sa_mask);
	for (ptrdiff_t i = 0; i < COUNT(caught); i++)
		sigaction(caught[i], &action, NULL);
}

static err make(int data, const char *name, struct aside *out)
{
	if (mkdirat(data, name, 0700) != 0)
		return ERR_IO;
	out->fd = openat(data, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->fd >= 0 && flock(out->fd, LOCK_EX | LOCK_NB) == 0)
		return OK;
	unlinkat(data, name, AT_REMOVEDIR);
	return ERR_IO;
}

err aside_open(struct arena *mem, str data, const char *kind, struct aside *out)
{
	str name = str_fmt(mem, "%s-%d", kind, (int)getpid());
	int fd = lock_data(mem, data, 0);
	must(is_aside(name));
	if (fd < 0)
		return ERR_IO;
	out->path = str_fmt(mem, "%.*s/%.*s", STR_ARGS(data), STR_ARGS(name));
	sweep(fd);
	catch_signals();
	err made = make(fd, str_z(mem, name), out);
	close(fd);
	return made;
}

void aside_close(struct arena *mem, struct aside *aside)
{
	remove_files(aside->fd);
	rmdir(str_z(mem, aside->path));
	close(aside->fd);
}
