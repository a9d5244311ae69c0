-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row egress_row (id int, purpose str, host str, result str, status int, sent int, received int, took int)

--: egress_insert(egress_row) exec
INSERT INTO egress ({egress_row}) VALUES ({:egress_row});

--: egress_last(most int) many egress_row scan: no more than it gives, by the key from its end
SELECT {egress_row} FROM egress ORDER BY id DESC LIMIT :most;

-- A step of them, so that others can write in between.
--: egress_prune(before int, most int) changed
DELETE FROM egress WHERE id IN (SELECT old.id FROM egress AS old WHERE old.id < :before ORDER BY old.id LIMIT :most);
