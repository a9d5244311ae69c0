-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A topic's notes are listed from the index alone: the public ones stand there with their authors, whose standing is
-- looked up in memory.

ALTER TABLE note_topic ADD COLUMN account INTEGER NOT NULL DEFAULT 0; -- author of the note
UPDATE note_topic SET account = COALESCE((SELECT note.account FROM note WHERE note.id = note_topic.note), 0);
DROP INDEX note_topic_open;
CREATE INDEX note_topic_open ON note_topic (topic, counted, note, account) WHERE counted = 1;
