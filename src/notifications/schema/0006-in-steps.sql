-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What many rows hang on is deleted and narrowed step by step; each step finds its rows without reading the others.

CREATE INDEX comment_by_width ON note (root, visibility, id) WHERE root IS NOT NULL;

DROP INDEX notification_by_note;
DROP INDEX notification_by_comment;
CREATE INDEX notification_by_note ON notification (note, account, id) WHERE note IS NOT NULL AND decision IS NULL;
CREATE INDEX notification_by_comment ON notification (comment, account, id) WHERE comment IS NOT NULL AND decision IS NULL;

-- First-level comments and answers apart: in one index, statistics of the many notes with few comments made sorting
-- look cheaper than reading the best in their order.
DROP INDEX note_by_root;
CREATE INDEX comment_first ON note (root, id) WHERE root IS NOT NULL AND parent IS NULL;
CREATE INDEX comment_answers ON note (root, parent, id) WHERE root IS NOT NULL AND parent IS NOT NULL;
