// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Processes of the decoder: started with an empty environment and nothing open but a socket, asked
// once, ended and reaped. What the picture is and what its result means is picture.c's matter. The
// decoder may have been taken over by the picture it read: nothing it sends is believed unchecked,
// and whatever it says, it is killed.
#include "media/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GRACE (5 * MS_SECOND) // over the decoder's own clock, before it is killed
#define FDS_MOST (2 + (int)MEDIA_RENDITIONS_MAX)
#define NICE 10

struct process {
	pid_t pid; // 0: none
	int fd;
	ms since;
};

struct decoder {
	char path[PATH_MAX];
	int most;         // processes at work at once
	struct lock lock; // guards all that follows
	struct waker free;
	pid_t *working; // `most` of them, 0: none
	bool ended;     // by decoder_end
	int busy;
	int alone_wanted; // how many wait to be the only one at work
	bool alone;       // somebody is
	struct process spare;
};

// In the build folder it stands in its room's folder below.
static bool beside_this_program(char *path)
{
	static const char *const places[] = {"qiao-media", "media/sandbox/qiao-media"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);
	while (n > 0 && self[n - 1] != '/')
		n--;
	for (ptrdiff_t i = 0; n > 0 && i < COUNT(places); i++) {
		int made = snprintf(path, PATH_MAX, "%.*s%s", (int)n, self, places[i]);
		if (made < PATH_MAX && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

err decoder_open(str path, struct decoder **out)
{
	char found[PATH_MAX] = "";

	if (path.n > 0 && path.n < PATH_MAX)
		memcpy(found, path.p, (size_t)path.n);
	else if (path.n > 0 || !beside_this_program(found))
		return ERR_NOT_FOUND;
	if (access(found, X_OK) != 0)
		return ERR_NOT_FOUND;
	struct decoder *d = mem_new(1, (ptrdiff_t)sizeof *d);
	memcpy(d->path, found, sizeof found);
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	// One more than there are processors: whoever comes while one account has them all shares them.
	d->most = processors > 1 ? (int)processors + 1 : 2;
	d->working = mem_new(d->most, (ptrdiff_t)sizeof *d->working);
	lock_init(&d->lock);
	waker_init(&d->free);
	*out = d;
	return OK;
}

// Starts the program with `socket` as descriptor 3 (-1: none) and `output` as its standard output.
static pid_t start(const struct decoder *d, char *const *arguments, int socket, int output)
{
	static char *const environment[] = {NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;
	pid_t pid = 0;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&how);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	if (output >= 0)
		posix_spawn_file_actions_adddup2(&files, output, 1);
	else
		posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
	if (socket >= 0)
		posix_spawn_file_actions_adddup2(&files, socket, MEDIA_SOCKET);
	// A group of its own: an interrupt from the terminal is for the server to handle.
	posix_spawnattr_setflags(&how,
		(short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	if (posix_spawn(&pid, d->path, &files, &how, arguments, environment) != 0)
		pid = 0;
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static struct process start_waiting(const struct decoder *d)
{
	char *arguments[] = {(char[]){"qiao-media"}, NULL};
	int ends[2];
	struct process p = {0};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return p;
	p.pid = start(d, arguments, ends[1], -1);
	close(ends[1]);
	if (p.pid == 0) {
		close(ends[0]);
		return p;
	}
	p.fd = ends[0];
	p.since = clock_steady();
	return p;
}

static int reap(pid_t pid, int options)
{
	int status = 0;
	pid_t got;

	do
		got = waitpid(pid, &status, options);
	while (got < 0 && errno == EINTR);
	return got == pid ? status : -1;
}

static void end(struct process *p)
{
	if (p->pid == 0)
		return;
	close(p->fd);
	kill(p->pid, SIGKILL);
	(void)reap(p->pid, 0);
	*p = (struct process){0};
}

void decoder_close(struct decoder *d)
{
	lock_take(&d->lock);
	must(d->busy == 0);
	struct process spare = d->spare;
	d->spare = (struct process){0};
	lock_release(&d->lock);
	end(&spare);
	mem_free(d->working);
	mem_free(d);
}

void decoder_rest(struct decoder *d)
{
	struct process idle = {0};

	lock_take(&d->lock);
	if (d->spare.pid != 0 && clock_steady() - d->spare.since >= DECODER_IDLE) {
		idle = d->spare;
		d->spare = (struct process){0};
	}
	lock_release(&d->lock);
	end(&idle);
}

static bool send_request(
	const struct process *p, const struct media_request *request, const int *fds, int n_fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(FDS_MOST * sizeof(int))] = {0};
	struct media_request copy = *request;
	struct iovec body = {&copy, sizeof copy};
	struct msghdr header = {.msg_iov = &body, .msg_iovlen = 1, .msg_control = control};
	size_t size = (size_t)n_fds * sizeof *fds;

	must(n_fds > 0 && n_fds <= FDS_MOST);
	header.msg_controllen = CMSG_SPACE(size);
	struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	rights->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(rights), fds, size);
	return sendmsg(p->fd, &header, MSG_NOSIGNAL) == (ssize_t)sizeof copy;
}

enum heard { HEARD_ANSWER, HEARD_END, HEARD_NOTHING };

static enum heard hear(const struct process *p, struct media_answer *answer)
{
	ms deadline = clock_steady() + MEDIA_CLOCK_SECONDS * MS_SECOND + GRACE;
	struct pollfd wait = {.fd = p->fd, .events = POLLIN};
	int ready;

	do {
		ms left = deadline - clock_steady();
		ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
	} while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		return HEARD_NOTHING;
	// Without room for descriptors: any that are sent are closed by the kernel.
	ssize_t n = recv(p->fd, answer, sizeof *answer, MSG_DONTWAIT | MSG_TRUNC);
	if (n <= 0)
		return HEARD_END;
	bool sound = n == (ssize_t)sizeof *answer && answer->magic == MEDIA_MAGIC &&
		     answer->version == MEDIA_VERSION && answer->size == sizeof *answer &&
		     answer->result < MEDIA_RESULTS && answer->result != MEDIA_ENDED &&
		     answer->format < MEDIA_FORMATS;
	if (!sound)
		*answer = (struct media_answer){.result = MEDIA_INTERNAL};
	answer->detail[sizeof answer->detail - 1] = '\0';
	answer->blurhash[sizeof answer->blurhash - 1] = '\0';
	return HEARD_ANSWER;
}

// A process that closed its socket is about to be gone; how it went is worth a moment's wait.
static int status_of_ended(struct process *p)
{
	int status = -1;

	for (int i = 0; i < 100 && status == -1; i++) {
		status = reap(p->pid, WNOHANG);
		if (status == -1)
			poll(NULL, 0, 10);
	}
	if (status != -1) {
		close(p->fd);
		*p = (struct process){0};
	}
	return status;
}

static enum media_result result_of_status(int status)
{
	if (status == -1 || !WIFSIGNALED(status))
		return MEDIA_INTERNAL;
	switch (WTERMSIG(status)) {
	case SIGXCPU:
	case SIGPROF:
	case SIGALRM:
		return MEDIA_TIMEOUT;
	case SIGKILL: // not ours: the system was short of memory, or somebody did it by hand
		return MEDIA_MEMORY;
	case SIGABRT: // the decoder catches it unless it was started without memory
		return MEDIA_GAVE_UP;
	case SIGSYS:
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
		return MEDIA_BROKEN;
	default:
		return MEDIA_INTERNAL;
	}
}

static bool was_ended(struct decoder *d)
{
	lock_take(&d->lock);
	bool ended = d->ended;
	lock_release(&d->lock);
	return ended;
}

// Known to decoder_end while it is at work, and not longer: once it is reaped its number is another's.
static enum heard hear_of(struct decoder *d, const struct process *p, struct media_answer *answer)
{
	int i = 0;
	lock_take(&d->lock);
	while (d->working[i] != 0)
		i++;
	d->working[i] = p->pid;
	bool ended = d->ended;
	lock_release(&d->lock);
	enum heard heard = ended ? HEARD_NOTHING : hear(p, answer);
	lock_take(&d->lock);
	d->working[i] = 0;
	lock_release(&d->lock);
	return heard;
}

void decoder_end(struct decoder *d)
{
	lock_take(&d->lock);
	d->ended = true;
	for (int i = 0; i < d->most; i++)
		if (d->working[i] != 0)
			kill(d->working[i], SIGKILL);
	lock_release(&d->lock);
}

// One try with one process. False when it had been waiting and had ended before it read the request.
// *killed: the system ended it, which says little about the picture.
static bool ask(struct decoder *d, struct process *p, bool waited,
	const struct media_request *request, const int *fds, int n_fds, struct media_answer *answer,
	bool *killed)
{
	*killed = false;
	*answer = (struct media_answer){.result = MEDIA_INTERNAL};
	// Nobody waits for a loop. One that cannot be told so is only less considerate.
	if (request->operation == MEDIA_MOVE)
		(void)setpriority(PRIO_PROCESS, (id_t)p->pid, NICE);
	bool sent = send_request(p, request, fds, n_fds);
	if (!sent && waited)
		return false;
	enum heard heard = sent ? hear_of(d, p, answer) : HEARD_END;
	if (was_ended(d)) {
		answer->result = MEDIA_ENDED;
	} else if (heard == HEARD_NOTHING) {
		answer->result = MEDIA_TIMEOUT;
	} else if (heard == HEARD_END) {
		int status = status_of_ended(p);
		if (waited && status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
			return false;
		*killed = status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
		answer->result = result_of_status(status);
		(void)snprintf(answer->detail, sizeof answer->detail,
			"ended without an answer, wait status %d", status);
	}
	return true;
}

static struct process take_turn(struct decoder *d)
{
	lock_take(&d->lock);
	while (d->busy >= d->most || d->alone || d->alone_wanted)
		waker_wait(&d->free, &d->lock);
	d->busy++;
	struct process p = d->spare;
	d->spare = (struct process){0};
	lock_release(&d->lock);
	return p;
}

// Leaves a process ready for the next picture. Started after the answer: it shall not compete.
static void leave_turn(struct decoder *d)
{
	lock_take(&d->lock);
	d->busy--;
	d->alone = false; // whoever is alone is the only one to leave
	waker_all(&d->free);
	bool wanted = d->spare.pid == 0;
	lock_release(&d->lock);
	if (!wanted)
		return;
	struct process next = start_waiting(d);
	lock_take(&d->lock);
	if (d->spare.pid == 0) {
		d->spare = next;
		next = (struct process){0};
	}
	lock_release(&d->lock);
	end(&next);
}

// Gives the turn back and takes one with nobody else at work.
static void take_turn_alone(struct decoder *d)
{
	lock_take(&d->lock);
	d->busy--;
	d->alone_wanted++;
	waker_all(&d->free);
	while (d->busy > 0)
		waker_wait(&d->free, &d->lock);
	d->alone_wanted--;
	d->busy++;
	d->alone = true;
	struct process spare = d->spare;
	d->spare = (struct process){0};
	lock_release(&d->lock);
	end(&spare); // even what only waits has memory
}

// What a first try has written must not be found behind what the second writes.
static bool empty_outputs(const int *fds, int n_fds)
{
	for (int i = 1; i < n_fds; i++)
		if (ftruncate(fds[i], 0) != 0 || lseek(fds[i], 0, SEEK_SET) < 0)
			return false;
	return true;
}

static void try_once(struct decoder *d, struct process *p, const struct media_request *request,
	const int *fds, int n_fds, struct media_answer *answer, bool *killed)
{
	bool heard = p->pid != 0 && ask(d, p, true, request, fds, n_fds, answer, killed);
	end(p);
	if (!heard) {
		*p = start_waiting(d);
		heard = p->pid != 0 && ask(d, p, false, request, fds, n_fds, answer, killed);
		end(p);
	}
	if (!heard) {
		*killed = false;
		*answer = (struct media_answer){
			.result = MEDIA_INTERNAL, .detail = "the decoder does not start"};
	}
}

void decoder_ask(struct decoder *d, const struct media_request *request, const int *fds, int n_fds,
	struct media_answer *answer)
{
	bool killed;

	thread_must_be(THREAD_RUNNER | THREAD_MAIN);
	struct process p = take_turn(d);
	try_once(d, &p, request, fds, n_fds, answer, &killed);
	// Other pictures, or the whole machine, may have taken the memory: only who fails again with
	// nobody beside it is at fault. A loop is not worth that everybody waits.
	bool again = killed || answer->result == MEDIA_GAVE_UP;
	if (again && request->operation != MEDIA_MOVE && empty_outputs(fds, n_fds)) {
		if (killed)
			take_turn_alone(d);
		p = (struct process){0};
		try_once(d, &p, request, fds, n_fds, answer, &killed);
	}
	if (answer->result == MEDIA_GAVE_UP)
		answer->result = MEDIA_BROKEN;
	leave_turn(d);
}

err decoder_check(struct decoder *d, struct arena *mem, str *report)
{
	char *arguments[] = {(char[]){"qiao-media"}, (char[]){"--check"}, NULL};
	struct sb told = sb_new(mem, 1024);
	int ends[2];

	thread_must_be(THREAD_RUNNER | THREAD_MAIN);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return ERR_IO;
	pid_t pid = start(d, arguments, -1, ends[1]);
	close(ends[1]);
	if (pid == 0) {
		close(ends[0]);
		return ERR_UNAVAILABLE;
	}
	for (ssize_t n = 1; n > 0 && told.n < 64 << 10;) {
		n = read(ends[0], sb_room(&told, 512), 512);
		told.n += n > 0 ? n : 0;
	}
	close(ends[0]);
	int status = reap(pid, 0);
	*report = sb_str(&told);
	return status == 0 ? OK : ERR_UNAVAILABLE;
}
