-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What every room stands on: the change feed and the queue of jobs.

CREATE TABLE change (
	id INTEGER PRIMARY KEY,
	process INTEGER NOT NULL,         -- random number of the process that made it
	kind INTEGER NOT NULL,            -- enum change_kind
	subject INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	extra INTEGER NOT NULL
) STRICT;

CREATE TABLE job (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	payload TEXT NOT NULL,
	subject INTEGER NOT NULL,
	state INTEGER NOT NULL,           -- 0 to be done, 1 done, 2 given up
	run_at INTEGER NOT NULL,          -- not before; while leased the end of the lease
	lease INTEGER NOT NULL,           -- random number of the claim that holds it, 0 = nobody
	lease_until INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	again INTEGER NOT NULL,           -- 1: added once more while it ran
	added_at INTEGER NOT NULL,
	done_at INTEGER,
	last_error TEXT NOT NULL,
	unique_key TEXT                   -- at most one unfinished job with this key
) STRICT;
CREATE INDEX job_due ON job (run_at, id) WHERE state = 0;
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state = 0 AND unique_key IS NOT NULL;
CREATE INDEX job_ended ON job (state, done_at) WHERE state <> 0;
