-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row store_step (number int, hash str)
--: store_steps() many store_step scan: a handful of rows, read at start
SELECT number, hash FROM schema_step ORDER BY number;

--: store_step_add(number int, name str, hash str, at ms) exec
INSERT INTO schema_step (number, name, hash, at) VALUES (:number, :name, :hash, :at);

--: store_alive() one (yes int)
SELECT 1 AS yes;

-- A number that is free from now on another's.
--: node_take(now ms, until ms, process int) one (number int) scan: at most 256 rows
UPDATE node SET process = :process, until = :until
WHERE number = (SELECT number FROM node WHERE until < :now ORDER BY number LIMIT 1) AND until < :now
RETURNING number;

--: node_next() one (number int)
SELECT COALESCE(MAX(number), -1) + 1 AS number FROM node;

--: node_add(number int, process int, until ms) changed
INSERT INTO node (number, process, until) VALUES (:number, :process, :until) ON CONFLICT DO NOTHING;

--: node_renew(number int, process int, until ms) changed
UPDATE node SET until = :until WHERE number = :number AND process = :process;

-- The feed of changes. Its order is the database's own, and so each has statements of its own: changes.c says and
-- tells them, place.c reads them.

--: change_say(at ms, process int, kind str, subject int, actor int, extra int) exec on: sqlite
INSERT INTO change (at, process, kind, subject, actor, extra)
VALUES (:at, :process, :kind, :subject, :actor, :extra);

--: change_say_on_pg(process int, kind str, subject int, actor int, extra int) one (work int) on: postgres
INSERT INTO change (process, kind, subject, actor, extra) VALUES (:process, :kind, :subject, :actor, :extra)
RETURNING work;

-- Of SQLite, turn and work are the same.
--: row said (work int, turn int, at ms, process int, kind str, subject int, actor int, extra int)

--: changes_last() one (turn int) on: sqlite
SELECT COALESCE(MAX(turn), 0) AS turn FROM change;

--: part clock
CAST(DATE_PART('epoch', statement_timestamp()) * 1000 AS INTEGER);

-- Read when a connection is new: after a standby has taken over, the numbers of transactions that it never heard of
-- are given once more.
--: changes_history() one (name str) on: postgres
SELECT SUBSTR(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS name;

--: changes_snapshot() one (snapshot str, at ms) on: postgres
SELECT CAST(pg_current_snapshot() AS TEXT) AS snapshot, {clock} AS at;

--: changes_between(since int, until int, process int, most int) many said on: sqlite
SELECT turn AS work, turn, at, process, kind, subject, actor, extra FROM change
WHERE turn >= :since AND turn < :until AND process <> :process ORDER BY turn LIMIT :most;

-- Those that were not there when `since` began and `awaited` were under way, and that are there now.
--: part not_since
work < :until AND work NOT IN (:left) AND process <> :process AND turn > :after;
--: changes_new(since int, awaited int[], until int, left int[], process int, after int, most int) many said on: postgres sort: what is new, a page at a time
SELECT work, turn, at, process, kind, subject, actor, extra FROM change WHERE work >= :since AND {not_since}
UNION ALL
SELECT work, turn, at, process, kind, subject, actor, extra FROM change WHERE work IN (:awaited) AND {not_since}
ORDER BY turn LIMIT :most;

--: changes_of_work(works int[]) many said on: postgres sort: those of a few transactions
SELECT work, turn, at, process, kind, subject, actor, extra FROM change WHERE work IN (:works) ORDER BY turn;

-- The last one below a number.
--: changes_newest(before int) one said on: sqlite
SELECT turn AS work, turn, at, process, kind, subject, actor, extra FROM change WHERE turn < :before
ORDER BY turn DESC LIMIT 1;
--: changes_newest_on_pg(before int) one said on: postgres
SELECT work, turn, at, process, kind, subject, actor, extra FROM change WHERE work < :before
ORDER BY work DESC, turn DESC LIMIT 1;

--: change_at(turn int) one said on: sqlite
SELECT turn AS work, turn, at, process, kind, subject, actor, extra FROM change WHERE turn = :turn;
--: change_at_on_pg(work int, turn int) one said on: postgres
SELECT work, turn, at, process, kind, subject, actor, extra FROM change WHERE work = :work AND turn = :turn;

-- Of the first ones, those that are older than a moment, but the newest of these: where that is still there,
-- nothing after it is missing.
--: changes_prune(before ms, most int) changed on: sqlite
DELETE FROM change WHERE turn < (
	SELECT MAX(turn) FROM (SELECT turn, at FROM change WHERE turn > 0 ORDER BY turn LIMIT :most) AS oldest
	WHERE at < :before);
--: changes_prune_on_pg(keep ms, most int) changed on: postgres sort: a few of the oldest
DELETE FROM change WHERE (work, turn) IN (
	SELECT work, turn FROM (SELECT work, turn, at FROM change ORDER BY work, turn LIMIT :most) AS oldest
	WHERE at < {clock} - :keep ORDER BY work DESC, turn DESC OFFSET 1);
-- What came with a copy of another server's files, where transactions had other numbers.
--: changes_drop_strange() changed on: postgres
DELETE FROM change WHERE work >= CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS INTEGER);

--: store_born() one (at ms)
SELECT at FROM schema_step WHERE number = 1;
