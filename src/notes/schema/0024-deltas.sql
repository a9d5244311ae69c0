-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What is not in its number yet, because others were changing that number at the moment: on PostgreSQL, where a note
-- that everybody likes at once must not make them wait for each other. A job adds it within a second.

CREATE TABLE delta (
	id INTEGER PRIMARY KEY,
	kind INTEGER NOT NULL,    -- enum delta_kind
	subject INTEGER NOT NULL, -- a note's id, or an account's
	n INTEGER NOT NULL
) STRICT;
CREATE INDEX delta_of ON delta (kind, subject);

-- Public notes that are not in the number of their topic yet.
CREATE TABLE topic_delta (
	note INTEGER NOT NULL,
	topic TEXT NOT NULL,
	PRIMARY KEY (topic, note)
) STRICT, WITHOUT ROWID;
