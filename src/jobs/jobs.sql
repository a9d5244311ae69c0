-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row job_row (
--:	id job_id, kind str, payload str, subject int, state int, run_at ms, lease int, lease_until ms,
--:	attempts int, added_at ms, done_at ms?, last_error str, account account_id, turn int)

-- Gives the id of the unfinished job that has the key; one that runs is to be done again.
--: job_insert(id job_id, kind str, payload str, subject int, at ms, now ms, key str?, account account_id, turn int) one (id job_id)
INSERT INTO job (id, kind, payload, subject, state, run_at, lease, lease_until, attempts, again,
	added_at, done_at, last_error, unique_key, account, turn)
VALUES (:id, :kind, :payload, :subject, 0, :at, 0, 0, 0, 0, :now, NULL, '', :key, :account, :turn)
ON CONFLICT (unique_key) WHERE state = 0 AND unique_key IS NOT NULL DO UPDATE SET
	again = CASE WHEN job.lease <> 0 THEN 1 ELSE 0 END,
	payload = excluded.payload,
	run_at = CASE WHEN job.lease = 0 AND excluded.run_at < job.run_at THEN excluded.run_at
		ELSE job.run_at END
RETURNING id;

--: job_by_key(key str) one (id job_id)
SELECT id FROM job WHERE unique_key = :key AND state = 0 AND unique_key IS NOT NULL;

-- The turn of the last job that an account has in the queue.
--: job_last_turn(account account_id, above int, below int) one (turn int)
SELECT turn FROM job WHERE state = 0 AND account <> 0 AND account = :account AND turn > :above AND turn < :below
ORDER BY turn DESC LIMIT 1;

-- Whose turn is next of all that wait.
--: job_first_turn(above int, below int) one (turn int)
SELECT turn FROM job WHERE state = 0 AND turn > :above AND turn < :below ORDER BY turn LIMIT 1;

--: row job_place (id job_id, kind str, account account_id, turn int, run_at ms)

-- Those that have been due for longest; then those that will be next. In the order of time, so that what is
-- planned for later is not read over and over.
--: job_earliest(most int) many job_place scan: the front of the queue
SELECT {job_place} FROM job WHERE state = 0 ORDER BY run_at, id LIMIT :most;

-- Whose turn it is of those that are due.
--: job_front(now ms, most int) many job_place scan: the front of the queue
SELECT {job_place} FROM job WHERE state = 0 AND run_at <= :now ORDER BY turn, run_at, id LIMIT :most;

-- Of these kinds, but for accounts and ranks that have enough running: behind whatever may not begin.
--: job_behind(kinds str[], full account_id[], below int, now ms, most int) many job_place
SELECT {job_place} FROM job WHERE state = 0 AND run_at <= :now AND kind IN (:kinds)
	AND account NOT IN (:full) AND turn < :below
ORDER BY turn, run_at, id LIMIT :most;

-- When the first is due that is not yet.
--: job_next_due(now ms) one (due ms)
SELECT run_at AS due FROM job WHERE state = 0 AND run_at > :now ORDER BY run_at LIMIT 1;

-- Unless another process has it by now.
--: job_claim(id job_id, now ms, lease int, until ms) one job_row
UPDATE job SET lease = :lease, lease_until = :until, run_at = :until, attempts = attempts + 1
WHERE id = :id AND state = 0 AND run_at <= :now
RETURNING {job_row};

-- Or is about to have it. The transaction's end does not wait for the disk: a database that fails in that
-- moment forgets the claim, and the job is claimed again, as when its runner had died. The job's own
-- transaction waits.
--: job_claim_unless_busy(id job_id, now ms, lease int, until ms) one job_row on: postgres
WITH free AS (SELECT id AS free_id FROM job WHERE id = :id AND state = 0 AND run_at <= :now FOR UPDATE SKIP LOCKED),
	loose AS (SELECT set_config('synchronous_commit', 'off', TRUE) AS is_off)
UPDATE job SET lease = :lease, lease_until = :until, run_at = :until, attempts = attempts + 1
FROM free CROSS JOIN loose WHERE job.id = free.free_id AND loose.is_off = 'off'
RETURNING {job_row};

--: job_renew(id job_id, lease int, until ms) changed
UPDATE job SET lease_until = :until, run_at = :until
WHERE id = :id AND state = 0 AND lease = :lease;

-- state 1 done or 2 given up; a job that was added again meanwhile stays in the queue.
--: job_end(id job_id, lease int, state int, now ms, error str) one (state int)
UPDATE job SET
	state = CASE WHEN again = 1 THEN 0 ELSE :state END,
	done_at = CASE WHEN again = 1 THEN NULL ELSE CAST(:now AS INTEGER) END,
	run_at = :now,
	attempts = CASE WHEN again = 1 THEN 0 ELSE attempts END,
	again = 0, lease = 0, lease_until = 0, last_error = :error
WHERE id = :id AND state = 0 AND lease = :lease
RETURNING state;

--: job_try_later(id job_id, lease int, at ms, error str) changed
UPDATE job SET run_at = :at, again = 0, lease = 0, lease_until = 0, last_error = :error
WHERE id = :id AND state = 0 AND lease = :lease;

-- To another turn; what has been done does not count.
--: job_move(id job_id, lease int, turn int, now ms) changed
UPDATE job SET turn = :turn, run_at = :now, attempts = attempts - 1, again = 0, lease = 0, lease_until = 0
WHERE id = :id AND state = 0 AND lease = :lease;

--: job_by_id(id job_id) one job_row
SELECT {job_row} FROM job WHERE id = :id;

--: jobs_unfinished(most int) many job_row scan: for the operator
SELECT {job_row} FROM job WHERE state = 0 ORDER BY run_at DESC, id DESC LIMIT :most;

--: jobs_finished(state int, most int) many job_row
SELECT {job_row} FROM job WHERE state = :state AND state <> 0
ORDER BY done_at DESC NULLS LAST, id DESC LIMIT :most;

--: jobs_by_kind() many (kind str, waiting int, given_up int, oldest ms?) scan: for the operator, finished jobs are pruned sort: a dozen kinds
SELECT kind,
	CAST(COALESCE(SUM(CASE WHEN state = 0 THEN 1 ELSE 0 END), 0) AS INTEGER) AS waiting,
	CAST(COALESCE(SUM(CASE WHEN state = 2 THEN 1 ELSE 0 END), 0) AS INTEGER) AS given_up,
	MIN(CASE WHEN state = 0 THEN run_at ELSE NULL END) AS oldest
FROM job GROUP BY kind ORDER BY kind;

--: job_revive(id job_id, now ms) changed
UPDATE job SET state = 0, run_at = :now, attempts = 0, done_at = NULL
WHERE id = :id AND state = 2;

--: jobs_prune(before ms) changed
DELETE FROM job WHERE state = 1 AND state <> 0 AND done_at < :before;
