-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Numbers count what everyone may see. Each row that is in a number says so: a note or comment that everyone may
-- read, a like or a follow between accounts in good standing. Every number is the sum of the rows that say so, at
-- any moment; when standing or visibility changes, rows and numbers change together. Of a note or comment 2 says: not
-- in a number, and what stands below it is being settled.

ALTER TABLE note ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE liking ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;
ALTER TABLE follow ADD COLUMN counted INTEGER NOT NULL DEFAULT 1;

UPDATE note SET counted = 0 WHERE visibility > 1 OR account IN (SELECT id FROM account WHERE standing <> 0);
UPDATE note SET counted = 0 WHERE root IS NOT NULL AND counted = 1
	AND root IN (SELECT hidden.id FROM note AS hidden WHERE hidden.root IS NULL AND hidden.counted = 0);
UPDATE note SET counted = 0 WHERE root IS NOT NULL AND parent IS NOT NULL AND counted = 1
	AND parent IN (SELECT hidden.id FROM note AS hidden WHERE hidden.root IS NOT NULL AND hidden.counted = 0);
UPDATE liking SET counted = 0 WHERE account IN (SELECT id FROM account WHERE standing <> 0);
UPDATE follow SET counted = 0 WHERE follower IN (SELECT id FROM account WHERE standing <> 0)
	OR followed IN (SELECT id FROM account WHERE standing <> 0);

-- Those that are not counted, to be found when they are again.
CREATE INDEX note_uncounted ON note (root, id) WHERE root IS NOT NULL AND counted <> 1;

UPDATE note SET likes = (SELECT COUNT(*) FROM liking WHERE liking.note = note.id AND liking.counted = 1)
WHERE id IN (SELECT liking.note FROM liking WHERE liking.counted = 0);
UPDATE note SET comments = (
	SELECT COUNT(*) FROM note AS below WHERE below.root = note.id AND below.root IS NOT NULL AND below.counted = 1)
WHERE root IS NULL AND id IN (SELECT below.root FROM note AS below WHERE below.root IS NOT NULL AND below.counted = 0);
UPDATE note SET comments = (
	SELECT COUNT(*) FROM note AS below WHERE below.root = note.root AND below.root IS NOT NULL
		AND below.parent = note.id AND below.counted = 1)
WHERE root IS NOT NULL AND parent IS NULL
	AND id IN (SELECT below.parent FROM note AS below WHERE below.root IS NOT NULL AND below.parent IS NOT NULL AND below.counted = 0);

UPDATE account SET
	notes = (SELECT COUNT(*) FROM note WHERE note.account = account.id AND note.root IS NULL AND note.counted = 1),
	liked = (SELECT CAST(COALESCE(SUM(note.likes), 0) AS INTEGER) FROM note
		WHERE note.account = account.id AND note.root IS NULL AND note.counted = 1)
		+ (SELECT CAST(COALESCE(SUM(note.likes), 0) AS INTEGER) FROM note
		WHERE note.account = account.id AND note.root IS NOT NULL AND note.counted = 1),
	followers = (SELECT COUNT(*) FROM follow WHERE follow.followed = account.id AND follow.counted = 1),
	following = (SELECT COUNT(*) FROM follow WHERE follow.follower = account.id AND follow.counted = 1);

-- A topic is there when a public note has it, and is spelled as in the oldest of them.
ALTER TABLE note_topic ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE note_topic ADD COLUMN counted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE topic ADD COLUMN source INTEGER NOT NULL DEFAULT 0;
CREATE INDEX note_topic_counted ON note_topic (topic, note) WHERE counted = 1;

-- How each note spelled it is in its text, which notes/rescan.c reads once more. Until then, where the oldest note with
-- a topic is not public, the spelling may be that one's: the normalised name stands in for it.
UPDATE note_topic SET counted = 1
WHERE EXISTS (SELECT 1 FROM note WHERE note.id = note_topic.note AND note.visibility = 0 AND note.counted = 1);
UPDATE topic SET shown = name WHERE EXISTS (
	SELECT 1 FROM note_topic AS hidden WHERE hidden.topic = topic.name AND hidden.counted = 0
		AND hidden.note = (SELECT MIN(oldest.note) FROM note_topic AS oldest WHERE oldest.topic = topic.name));
UPDATE note_topic SET shown = COALESCE((SELECT topic.shown FROM topic WHERE topic.name = note_topic.topic), topic);
DELETE FROM topic WHERE NOT EXISTS (
	SELECT 1 FROM note_topic WHERE note_topic.topic = topic.name AND note_topic.counted = 1);
UPDATE topic SET
	notes = (SELECT COUNT(*) FROM note_topic WHERE note_topic.topic = topic.name AND note_topic.counted = 1),
	source = (SELECT MIN(note_topic.note) FROM note_topic WHERE note_topic.topic = topic.name AND note_topic.counted = 1);

INSERT INTO job (id, kind, payload, subject, state, run_at, lease, lease_until, attempts, again, added_at,
	done_at, last_error, unique_key)
SELECT 9, 'notes.rescan', '', 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', NULL
WHERE EXISTS (SELECT 1 FROM note_topic);
