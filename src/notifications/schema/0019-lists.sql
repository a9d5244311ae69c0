-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Each list is read from an index that holds what its readers may see, so that nothing hidden is walked over, however
-- much of it there is: what everyone may see in one, what fewer may see in others. Where an index says which (counted,
-- listed, reach) in its columns as well, that is for SQLite to take it instead of the table.

-- Notes of a person, by who may see them.
DROP INDEX note_by_account;
CREATE INDEX note_by_circle ON note (account, visibility, id) WHERE root IS NULL;

-- Comments that everyone may see, and the others; away: those that wait for somebody to come back.
DROP INDEX comment_first;
DROP INDEX comment_best;
DROP INDEX comment_answers;
CREATE INDEX comment_first ON note (root, id) WHERE root IS NOT NULL AND parent IS NULL AND counted = 1;
CREATE INDEX comment_first_narrow ON note (root, id) WHERE root IS NOT NULL AND parent IS NULL AND counted <> 1;
CREATE INDEX comment_first_away ON note (root, id)
	WHERE root IS NOT NULL AND parent IS NULL AND counted <> 1 AND visibility <= 1;
CREATE INDEX comment_best ON note (root, (likes * 2 + comments) DESC, id)
	WHERE root IS NOT NULL AND parent IS NULL AND counted = 1;
CREATE INDEX comment_best_narrow ON note (root, (likes * 2 + comments) DESC, id)
	WHERE root IS NOT NULL AND parent IS NULL AND counted <> 1;
CREATE INDEX comment_answers ON note (root, parent, id)
	WHERE root IS NOT NULL AND parent IS NOT NULL AND counted = 1;
CREATE INDEX comment_answers_narrow ON note (root, parent, id)
	WHERE root IS NOT NULL AND parent IS NOT NULL AND counted <> 1;

-- What somebody likes. listed: 1 a note that everyone may see, 2 a note that fewer may see, 0 a comment, which is in
-- no list.
ALTER TABLE liking ADD COLUMN listed INTEGER NOT NULL DEFAULT 1;
UPDATE liking SET listed = 0 WHERE note IN (SELECT note.id FROM note WHERE note.root IS NOT NULL);
UPDATE liking SET listed = 2 WHERE note IN (SELECT note.id FROM note WHERE note.root IS NULL AND note.counted <> 1);
DROP INDEX liking_by_time;
CREATE INDEX liking_open ON liking (account, listed, at, note) WHERE listed = 1;
CREATE INDEX liking_narrow ON liking (account, listed, at, note) WHERE listed = 2;

-- Notes of a topic.
DROP INDEX note_topic_counted;
CREATE INDEX note_topic_open ON note_topic (topic, counted, note) WHERE counted = 1;

-- Follows between people in good standing, and the others.
DROP INDEX follow_by_followed;
CREATE INDEX follow_followers ON follow (followed, counted, follower);
CREATE INDEX follow_following ON follow (follower, counted, followed) WHERE counted = 1;

-- What a mention lets somebody read. reach: 1 a note of the author's that not everyone may read, 0 nothing: everyone may,
-- or nobody else, or it is a comment.
ALTER TABLE mention ADD COLUMN author INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mention ADD COLUMN reach INTEGER NOT NULL DEFAULT 0;
UPDATE mention SET
	author = (SELECT note.account FROM note WHERE note.id = mention.note),
	reach = 1
WHERE note IN (SELECT note.id FROM note WHERE note.root IS NULL AND note.visibility > 1 AND note.visibility < 5);
CREATE INDEX mention_of_author ON mention (account, author, reach, note) WHERE reach = 1;
CREATE INDEX mention_narrow ON mention (account, reach, note, author) WHERE reach = 1;

-- Notifications that tell what is not so (1), or of a note that is not there for the reader (2), stand aside of the
-- list until that may have changed.
CREATE TABLE told (
	account INTEGER NOT NULL,         -- who is told
	aside INTEGER NOT NULL,           -- 0 in the list
	id INTEGER NOT NULL,
	kind INTEGER NOT NULL,            -- enum notification_kind
	actor INTEGER,                    -- who did it
	note INTEGER,                     -- the note it is about, or under which the comment stands
	comment INTEGER,                  -- the comment
	decision INTEGER,
	at INTEGER NOT NULL,
	fresh INTEGER NOT NULL,           -- 1: not seen
	once TEXT,                        -- what may be told only once ('like ACTOR NOTE')
	PRIMARY KEY (account, aside, id)
) STRICT, WITHOUT ROWID;
INSERT INTO told (account, aside, id, kind, actor, note, comment, decision, at, fresh, once)
SELECT account, 0, id, kind, actor, note, comment, decision, at, fresh, once FROM notification;
DROP TABLE notification;
ALTER TABLE told RENAME TO notification;
CREATE UNIQUE INDEX notification_once ON notification (account, once) WHERE once IS NOT NULL;
CREATE INDEX notification_by_note ON notification (note, account, id) WHERE note IS NOT NULL AND decision IS NULL;
CREATE INDEX notification_by_comment ON notification (comment, account, id)
	WHERE comment IS NOT NULL AND decision IS NULL;
CREATE INDEX notification_fresh ON notification (account, aside, fresh, id) WHERE fresh = 1 AND aside = 0;
CREATE INDEX notification_not_so ON notification (actor, account, id) WHERE aside = 1 AND actor IS NOT NULL;
CREATE INDEX notification_not_there ON notification (note, account, id) WHERE aside = 2 AND note IS NOT NULL;
