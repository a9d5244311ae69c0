// SPDX-License-Identifier: AGPL-3.0-or-later
//
// For tests: a small site whose routes show what the server can do, and its start and end.
#pragma once

#include "http/http.h"

struct site {
	struct http *http;
	int port;
	struct arena *mem;
	char directory[64];
};
// A config with the site's routes; the test may change it before site_open.
struct http_config site_config(struct site *);
void site_open(struct site *, const struct http_config *);
bool site_close(struct site *, ms deadline);
// What a job runner would say: the job that /await waits for has ended.
#define SITE_JOB ((job_id){42})
// Handlers of /slow that began and ended since the start.
int site_slow_begun(void);
int site_slow_ended(void);
// Bytes of broken uploads that a handler was given.
int64_t site_partial(void);
