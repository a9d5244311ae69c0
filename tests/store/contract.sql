-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row thing (id note_id, name str, size int, at ms, open bool, weight real, data bytes, tag lang)
--: row maybe (
--:	id note_id, owner account_id?, name str?, size int?, at ms?, weight real?, data bytes?, tag lang?)

--: thing_add(thing) exec
INSERT INTO thing (id, name, size, at, open, weight, data, tag)
VALUES (:id, :name, :size, :at, :open, :weight, :data, :tag);

--: thing_get(id note_id) one thing
SELECT id, name, size, at, open, weight, data, tag FROM thing WHERE id = :id;

--: thing_find(name str, size int, at ms, open bool, weight real, data bytes, tag lang) one thing
SELECT id, name, size, at, open, weight, data, tag FROM thing
WHERE tag = :tag AND data = :data AND weight = :weight AND open = :open AND at = :at
	AND size = :size AND name = :name;

--: things_by_ids(ids note_id[]) many thing
SELECT id, name, size, at, open, weight, data, tag FROM thing WHERE id IN (:ids) ORDER BY id;

--: things_named(names str[]) many (id note_id, name str)
SELECT id, name FROM thing WHERE name IN (:names) ORDER BY name DESC;

--: things_but(names str[], ids note_id[]) many (id note_id, name str) scan: tells what is left
SELECT id, name FROM thing WHERE name NOT IN (:names) AND id NOT IN (:ids) ORDER BY name;

--: thing_names() many (name str) scan: tests the order of text
SELECT name FROM thing ORDER BY name;

--: thing_like(part str) many (name str) scan: tests LIKE
SELECT name FROM thing WHERE name LIKE :part ESCAPE '\' ORDER BY name;

--: thing_lower(id note_id) one (lower str, length int, same bool)
SELECT LOWER(name) AS lower, LENGTH(name) AS length, EXISTS (SELECT 1 FROM thing WHERE id = :id) AS same
FROM thing WHERE id = :id;

--: thing_count() one (n int, total int, mean real?, most int?) scan: counts all
SELECT COUNT(*) AS n, CAST(COALESCE(SUM(size), 0) AS INTEGER) AS total, CAST(AVG(size) AS REAL) AS mean,
	MAX(size) AS most
FROM thing;

--: thing_grow(id note_id, by int) changed
UPDATE thing SET size = GREATEST(size + :by, 0) WHERE id = :id;

--: thing_take(id note_id) one (size int, name str)
DELETE FROM thing WHERE id = :id RETURNING size, name;

--: things_drop(ids note_id[]) changed
DELETE FROM thing WHERE id IN (:ids);

--: things_clear() changed
DELETE FROM thing;

--: maybe_add(maybe) exec
INSERT INTO maybe (id, owner, name, size, at, weight, data, tag)
VALUES (:id, :owner, :name, :size, :at, :weight, :data, :tag);

--: maybe_get(id note_id) one maybe
SELECT id, owner, name, size, at, weight, data, tag FROM maybe WHERE id = :id;

--: maybe_same(id note_id, owner account_id?) one (same bool)
SELECT owner IS NOT DISTINCT FROM :owner AS same FROM maybe WHERE id = :id;

--: maybe_order() many (id note_id) scan: tests the order of NULL sort: a few rows of the test
SELECT id FROM maybe ORDER BY owner NULLS FIRST, id;

--: pair_add(a int, b int) changed
INSERT INTO pair (a, b, n) VALUES (:a, :b, 1) ON CONFLICT DO NOTHING;

--: pair_count(a int, b int) one (n int)
INSERT INTO pair (a, b, n) VALUES (:a, :b, 1)
ON CONFLICT (a, b) DO UPDATE SET n = pair.n + 1 RETURNING n;

--: pair_get(a int, b int) one (n int)
SELECT n FROM pair WHERE a = :a AND b = :b;

--: pair_set(a int, b int, n int) exec
UPDATE pair SET n = :n WHERE a = :a AND b = :b;

--: pairs_after(a int, b int, most int) many (a int, b int)
SELECT a, b FROM pair WHERE (a, b) > (:a, :b) ORDER BY a, b LIMIT :most;

--: pair_copy(source int, target int) changed
INSERT INTO pair (a, b, n) SELECT CAST(:target AS INTEGER), b, n FROM pair WHERE a = :source
ON CONFLICT DO NOTHING;

--: pair_sum(a int) one (n int)
SELECT CAST(COALESCE(SUM(n), 0) AS INTEGER) AS n FROM pair WHERE a = :a;
