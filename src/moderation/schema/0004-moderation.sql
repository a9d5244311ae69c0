-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What people are told, what they report, what moderators decide and why.

CREATE TABLE notification (
	account INTEGER NOT NULL,         -- who is told
	id INTEGER NOT NULL,
	kind INTEGER NOT NULL,            -- enum notification_kind
	actor INTEGER,                    -- who did it
	note INTEGER,                     -- the note (or comment) it is about
	comment INTEGER,                  -- the new comment
	decision INTEGER,
	at INTEGER NOT NULL,
	once TEXT,                        -- what may be told only once ('like ACTOR NOTE')
	PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX notification_once ON notification (account, once) WHERE once IS NOT NULL;
CREATE INDEX notification_by_note ON notification (note) WHERE note IS NOT NULL;
CREATE INDEX notification_by_comment ON notification (comment) WHERE comment IS NOT NULL;

CREATE TABLE report (
	id INTEGER PRIMARY KEY,
	reporter INTEGER NOT NULL,
	account INTEGER NOT NULL,         -- who is reported
	note INTEGER,                     -- note or comment, NULL = the account itself
	reason INTEGER NOT NULL,          -- enum report_reason
	details TEXT NOT NULL,
	excerpt TEXT NOT NULL,            -- what stood there when it was reported
	state INTEGER NOT NULL,           -- enum report_state
	created INTEGER NOT NULL,
	decision INTEGER                  -- that answered it
) STRICT;
CREATE INDEX report_by_state ON report (state, id);
CREATE INDEX report_by_note ON report (note, state) WHERE note IS NOT NULL;
CREATE INDEX report_by_account ON report (account, state);

CREATE TABLE decision (
	id INTEGER PRIMARY KEY,
	moderator INTEGER NOT NULL,
	account INTEGER NOT NULL,         -- whom it concerns
	note INTEGER,
	action INTEGER NOT NULL,          -- enum decision_action
	reason TEXT NOT NULL,             -- as told to the person
	excerpt TEXT NOT NULL,
	until INTEGER NOT NULL,           -- end of a suspension, 0 = open
	created INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_by_account ON decision (account, id);
