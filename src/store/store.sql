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

--: store_changes_prune(before change_id) changed
DELETE FROM change WHERE id < :before;
