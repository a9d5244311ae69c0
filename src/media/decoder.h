// SPDX-License-Identifier: AGPL-3.0-or-later
//
// Starts the sandboxed decoder, one process a picture, and exchanges one request and answer with
// it. Keeps one process started ahead once there was work, so that the next picture does not wait
// for libraries to load; none when idle. Private to media/.
#pragma once

#include "base/base.h"
#include "media/protocol.h"

// The decoder program. Program lifetime; made at start by media/. Thread safe.
struct decoder;

// `path` empty: qiao-media beside this program. ERR_NOT_FOUND when it cannot be executed.
err decoder_open(str path, struct decoder **out) CHECKED;
void decoder_close(struct decoder *);
// Ends the process kept ready when it was not needed for DECODER_IDLE. Called by the timer.
#define DECODER_IDLE (30 * MS_SECOND)
void decoder_rest(struct decoder *);
// What `qiao-media --check` prints: a line a format, "jpeg yes". ERR_UNAVAILABLE when a format does
// not decode here; the report tells which.
err decoder_check(struct decoder *, struct arena *mem, str *report) CHECKED;

// Ends what is at work, and whatever is asked from now on: MEDIA_ENDED. Before decoder_close.
void decoder_end(struct decoder *);

// Sends the request with its descriptors (see protocol.h; the caller keeps and closes them) and
// waits for the answer, at most MEDIA_CLOCK_SECONDS and a little. Always fills *answer: a decoder that
// died, hung or talked nonsense is answered for. One that the system killed is tried once more with
// no other beside it. Blocks: job runners and commands only.
void decoder_ask(struct decoder *, const struct media_request *, const int *fds, int n_fds,
	struct media_answer *answer);
