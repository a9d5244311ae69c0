-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Jobs take turns by account. A job that waits already has turn 0 and goes first.
ALTER TABLE job ADD COLUMN account INTEGER NOT NULL DEFAULT 0; -- whose turn it takes, 0 = nobody's
ALTER TABLE job ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;    -- place in the order that is fair to all accounts
CREATE INDEX job_turn ON job (turn, run_at, id) WHERE state = 0;
CREATE INDEX job_of_account ON job (account, turn) WHERE state = 0;
