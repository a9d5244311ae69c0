// SPDX-License-Identifier: AGPL-3.0-or-later
//
// One thread, which waits in poll and passes bytes on. A COMMIT is known by the name under which it was
// prepared on that connection: libpq's messages are 'P' length name 0 text 0, and 'B' length 0 name 0.
#include "relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PIECE (64 << 10)

static int connect_to(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(fd >= 0 && strlen(path) < sizeof to.sun_path);
	memcpy(to.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
		return fd;
	close(fd);
	return -1;
}

static void pair_close(struct relay_pair *p)
{
	close(p->client);
	close(p->server);
	*p = (struct relay_pair){0};
}

static void take_client(struct relay *r)
{
	int client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC);
	int server = client < 0 ? -1 : connect_to(r->upstream);
	if (server < 0) {
		if (client >= 0)
			close(client);
		return;
	}
	for (int i = 0; i < RELAY_MOST; i++)
		if (!r->pairs[i].client) {
			r->pairs[i] = (struct relay_pair){.client = client, .server = server};
			return;
		}
	must(false);
}

static void learn_name(struct relay_pair *p, const char *bytes, ssize_t n)
{
	static const char text[] = "\0COMMIT";
	const char *found = memmem(bytes, (size_t)n, text, sizeof text);
	const char *name = found;
	while (name && name > bytes && *name != 's')
		name--;
	if (found && found - name < (ptrdiff_t)sizeof p->commit)
		memcpy(p->commit, name, (size_t)(found - name) + 1);
}

static bool is_commit(const struct relay_pair *p, const char *bytes, ssize_t n)
{
	char bound[32] = {0}; // no portal's name, then the statement's
	size_t length = strlen(p->commit);
	memcpy(bound + 1, p->commit, length + 1);
	return length && memmem(bytes, (size_t)n, bound, length + 2);
}

static bool pass(int to, const char *bytes, ssize_t n)
{
	while (n > 0) {
		ssize_t sent = send(to, bytes, (size_t)n, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		bytes += sent;
		n -= sent;
	}
	return true;
}

static bool from_client(struct relay *r, struct relay_pair *p)
{
	char bytes[PIECE];
	ssize_t n = recv(p->client, bytes, sizeof bytes, 0);
	int mode = atomic_load(&r->mode);
	if (n <= 0)
		return false;
	learn_name(p, bytes, n);
	if (mode >= RELAY_LOSES_ANSWER && is_commit(p, bytes, n))
		p->deaf = true;
	return p->deaf && mode == RELAY_LOSES_COMMIT ? true : pass(p->server, bytes, n);
}

static bool from_server(struct relay_pair *p)
{
	char bytes[PIECE];
	ssize_t n = recv(p->server, bytes, sizeof bytes, 0);
	return n > 0 && (p->deaf || pass(p->client, bytes, n));
}

static void *run(void *arg)
{
	struct relay *r = arg;
	while (!atomic_load(&r->stop)) {
		struct pollfd fds[1 + 2 * RELAY_MOST];
		bool holds = atomic_load(&r->mode) == RELAY_HOLDS;
		for (int i = 0; i < RELAY_MOST; i++) {
			const struct relay_pair *p = &r->pairs[i];
			bool listens = p->client && !holds;
			fds[1 + 2 * i] = (struct pollfd){listens ? p->client : -1, POLLIN, 0};
			fds[2 + 2 * i] = (struct pollfd){listens ? p->server : -1, POLLIN, 0};
		}
		fds[0] = (struct pollfd){holds ? -1 : r->listener, POLLIN, 0};
		if (poll(fds, COUNT(fds), 10) <= 0 || atomic_load(&r->mode) == RELAY_HOLDS)
			continue;
		if (fds[0].revents)
			take_client(r);
		for (int i = 0; i < RELAY_MOST; i++) {
			struct relay_pair *p = &r->pairs[i];
			bool good = !fds[1 + 2 * i].revents || from_client(r, p);
			good = good && (!fds[2 + 2 * i].revents || from_server(p));
			if (!good)
				pair_close(p);
		}
	}
	return NULL;
}

void relay_start(struct relay *r, const struct pg_server *server)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof here;
	*r = (struct relay){.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	must(bind(r->listener, (struct sockaddr *)&here, sizeof here) == 0);
	must(listen(r->listener, 64) == 0);
	must(getsockname(r->listener, (struct sockaddr *)&here, &size) == 0);
	char name[64], dir[128]; // as tests/lib/postgres writes an address
	must(sscanf(server->address, "postgresql:///%63[^?]?host=%127[^&]", name, dir) == 2);
	snprintf(r->upstream, sizeof r->upstream, "%s/.s.PGSQL.5432", dir);
	snprintf(r->address, sizeof r->address,
		"postgresql://postgres@127.0.0.1:%d/%s?sslmode=disable&gssencmode=disable",
		ntohs(here.sin_port), name);
	r->thread = thread_start(run, r);
}

void relay_stop(struct relay *r)
{
	atomic_store(&r->stop, true);
	pthread_join(r->thread, NULL);
	for (int i = 0; i < RELAY_MOST; i++)
		if (r->pairs[i].client)
			pair_close(&r->pairs[i]);
	close(r->listener);
}
