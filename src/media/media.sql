-- SPDX-License-Identifier: AGPL-3.0-or-later

-- Whose it is: owner_kind and owner, '' and none while it is nobody's but of the account that brought it.
--: row media_row (
--:	id media_id, name str, account account_id, owner_kind str, owner int?, place int, use int, kind int,
--:	state int, width int, height int, duration int, poster media_id?, colour int, blurhash str, alt str, widths str,
--:	covers str, crop str, bytes int, created ms, problem str, problem_number int, source str, moving int)

--: media_insert(media_row) exec
INSERT INTO media ({media_row}) VALUES ({:media_row});

--: media_get(id media_id) one media_row
SELECT {media_row} FROM media WHERE id = :id;

--: media_lock(ids media_id[]) many media_row
SELECT {media_row} FROM media WHERE id IN (:ids) ORDER BY id FOR UPDATE;

--: media_get_many(ids media_id[]) many media_row
SELECT {media_row} FROM media WHERE id IN (:ids);

--: media_of(kind str, owner int) many media_row
SELECT {media_row} FROM media WHERE owner_kind = :kind AND owner = :owner AND owner IS NOT NULL ORDER BY place;

--: media_of_many(kind str, owners int[]) many media_row sort: the pictures of a page of notes
SELECT {media_row} FROM media WHERE owner_kind = :kind AND owner IN (:owners) AND owner IS NOT NULL ORDER BY place;

-- What belongs to media themselves: posters.
--: posters_of(videos int[]) many media_row
SELECT {media_row} FROM media WHERE owner_kind = 'media' AND owner IN (:videos) AND owner IS NOT NULL;

--: row media_sight (id media_id, account account_id, owner_kind str, owner int?)
--: media_behind(name str) one media_sight
SELECT {media_sight} FROM media WHERE name = :name;

--: media_sight_of(id media_id) one media_sight
SELECT {media_sight} FROM media WHERE id = :id;

-- Only with the parts that are known by the fresh name too.
--: media_set_name(id media_id, old str, widths str, covers str, moving int, fresh str) changed
UPDATE media SET name = :fresh
WHERE id = :id AND name = :old AND widths = :widths AND covers = :covers AND moving = :moving;

-- What an account's pictures take, with what is on its way.
--: media_kept(account account_id) one (bytes int)
SELECT CAST(COALESCE((SELECT SUM(bytes) FROM media WHERE media.account = :account), 0)
	+ COALESCE((SELECT SUM(length) FROM upload WHERE upload.account = :account AND upload.media IS NULL), 0)
	AS INTEGER) AS bytes;

--: media_waiting(account account_id) one (bytes int)
SELECT CAST(COALESCE(SUM(bytes), 0) AS INTEGER) AS bytes FROM media WHERE account = :account AND state = 0;

--: media_waiting_of_all() one (bytes int) scan: those to be taken in only, which are bounded
SELECT CAST(COALESCE(SUM(bytes), 0) AS INTEGER) AS bytes FROM media WHERE state = 0;

-- From waiting to ready, once. An animation that waits for its loop keeps its original, and with that its
-- state (0), so that both count as on their way: only its width tells that it is ready.
--: media_set_ready(id media_id, width int, height int, colour int, blurhash str, widths str, bytes int,
--:	state int, source str) changed
UPDATE media SET state = :state, width = :width, height = :height, colour = :colour, blurhash = :blurhash,
	widths = :widths, bytes = :bytes, source = :source
WHERE id = :id AND state = 0 AND width = 0;

-- The wait for the loop is over, with one or without; only under the name that the files have.
--: media_set_moving(id media_id, name str, moving int, more int) changed
UPDATE media SET state = 1, moving = :moving, bytes = bytes + :more, source = ''
WHERE id = :id AND name = :name AND state = 0 AND width > 0;

--: media_set_failed(id media_id, problem str, number int) changed
UPDATE media SET state = 2, bytes = 0, problem = :problem, problem_number = :number, source = ''
WHERE id = :id AND state = 0 AND width = 0;

-- Only under the name that the files have.
--: media_set_widths(id media_id, name str, before str, widths str, more int) changed
UPDATE media SET widths = :widths, bytes = bytes + :more WHERE id = :id AND name = :name AND widths = :before;

-- And only for the crop they were made with.
--: media_set_covers(id media_id, name str, crop str, before str, covers str, more int) changed
UPDATE media SET covers = :covers, bytes = bytes + :more
WHERE id = :id AND name = :name AND crop = :crop AND covers = :before;

--: media_covered_after(after media_id, most int) many media_row
SELECT {media_row} FROM media WHERE id > :after AND covers <> '' ORDER BY id LIMIT :most;

--: media_set_crop(id media_id, crop str) exec
UPDATE media SET crop = :crop, covers = '' WHERE id = :id;

--: media_set_place(id media_id, kind str, owner int, place int, alt str) exec
UPDATE media SET owner_kind = :kind, owner = :owner, place = :place, alt = :alt WHERE id = :id;

--: media_delete_many(ids media_id[]) changed
DELETE FROM media WHERE id IN (:ids);

--: media_loose(before ms, most int) many (id media_id)
SELECT id FROM media WHERE owner IS NULL AND created < :before ORDER BY created LIMIT :most;

--: row upload_row (id upload_id, account account_id, length int, received int, media media_id?, touched ms)

--: upload_insert(upload_row) exec
INSERT INTO upload (id, account, length, received, media, touched)
VALUES (:id, :account, :length, :received, :media, :touched);

--: upload_get(id upload_id) one upload_row
SELECT id, account, length, received, media, touched FROM upload WHERE id = :id;

--: upload_grow(id upload_id, before int, received int, now ms, media media_id?) changed
UPDATE upload SET received = :received, touched = :now, media = :media
WHERE id = :id AND received = :before AND media IS NULL;

--: uploads_unfinished(account account_id) many upload_row
SELECT id, account, length, received, media, touched FROM upload WHERE account = :account AND media IS NULL;

-- To its owner each counts as what it was announced to become.
--: uploads_held(account account_id, since ms) one (bytes int)
SELECT CAST(COALESCE(SUM(length), 0) AS INTEGER) AS bytes FROM upload
WHERE account = :account AND media IS NULL AND touched >= :since;

-- To all others as disk_counts() says; what has come of it lies on the disk.
--: uploads_held_of_all(since ms, ahead int) one (bytes int, received int)
SELECT CAST(COALESCE(SUM(CASE WHEN length < 2 * received + :ahead THEN length ELSE 2 * received + :ahead END), 0)
	AS INTEGER) AS bytes, CAST(COALESCE(SUM(received), 0) AS INTEGER) AS received
FROM upload WHERE media IS NULL AND touched >= :since;

-- But for those whose file a picture still needs.
--: uploads_old(before ms, most int) many upload_row
SELECT id, account, length, received, media, touched FROM upload WHERE touched < :before
	AND NOT EXISTS (SELECT 1 FROM media WHERE media.id = upload.media AND media.state = 0)
ORDER BY touched LIMIT :most;

--: uploads_delete(ids upload_id[]) changed
DELETE FROM upload WHERE id IN (:ids);

--: uploads_among(ids upload_id[]) many (id upload_id)
SELECT id FROM upload WHERE id IN (:ids);
