// SPDX-License-Identifier: AGPL-3.0-or-later
//
// SQLite's shared state: the pool of readers and the queue of writers.
#pragma once

#include "store/inside.h"

#define READERS_MOST 64

struct turn; // a transaction that waits for the writer, on its caller's stack

struct lite {
	char *path;
	struct lock lock; // guards idle, n_idle, n_open
	struct waker freed;
	struct lite_conn *idle[READERS_MOST];
	int n_idle, n_open;
	int max;

	struct lite_conn *writer; // belongs to the turn that leads
	struct {
		struct lock lock; // guards the queue
		struct turn *first, *last;
		bool led; // somebody leads
	} group;
};

err lite_reader_take(struct ctx *, struct store *, struct lite_conn **out) CHECKED;
void lite_reader_give(struct store *, struct lite_conn *);
