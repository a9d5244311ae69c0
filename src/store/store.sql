-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row store_step (number int, hash str)
--: store_steps() many store_step scan: a handful of rows, read at start
SELECT number, hash FROM schema_step ORDER BY number;

--: store_step_add(number int, name str, hash str, at ms) exec
INSERT INTO schema_step (number, name, hash, at) VALUES (:number, :name, :hash, :at);

--: store_alive() one (yes int)
SELECT 1 AS yes;

--: store_change_add(id change_id, process int, kind str, subject int, actor int, extra int) exec
INSERT INTO change (id, process, kind, subject, actor, extra)
VALUES (:id, :process, :kind, :subject, :actor, :extra);

--: store_changes_since(since change_id, process int, most int) many (id change_id, kind str, subject int, actor int, extra int)
SELECT id, kind, subject, actor, extra FROM change
WHERE id > :since AND process <> :process ORDER BY id LIMIT :most;

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

-- The newest of them stays: it shows that nothing is missing after it.
--: store_changes_prune(before change_id) changed
DELETE FROM change WHERE id < (SELECT MAX(id) FROM change WHERE id < :before);

--: store_born() one (at ms)
SELECT at FROM schema_step WHERE number = 1;

--: store_newest() one (id change_id?)
SELECT MAX(id) AS id FROM change;

--: store_oldest() one (id change_id?)
SELECT MIN(id) AS id FROM change;

--: store_change_is(id change_id) one (yes int)
SELECT 1 AS yes FROM change WHERE id = :id;
