-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Notes and comments (one table), pictures, uploads, likes, topics, mentions.

CREATE TABLE media (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,               -- random, the only address of the picture
	account INTEGER NOT NULL,
	note INTEGER,                     -- NULL: not published yet, or an avatar or cover
	place INTEGER NOT NULL,           -- order in the note; role of a profile picture
	use INTEGER NOT NULL,             -- enum media_use
	state INTEGER NOT NULL,           -- enum media_state
	width INTEGER NOT NULL,           -- of the JPEG master
	height INTEGER NOT NULL,
	colour INTEGER NOT NULL,          -- average, 0xRRGGBB
	blurhash TEXT NOT NULL,
	alt TEXT NOT NULL,
	widths TEXT NOT NULL,             -- WebP renditions that exist, in px, rising, separated by spaces
	covers TEXT NOT NULL,             -- cover renditions that exist
	crop TEXT NOT NULL,               -- of the cover: 'ratio x y w h', fractions in 1/10000; '' = centred
	bytes INTEGER NOT NULL,           -- on disk, all renditions
	created INTEGER NOT NULL,
	problem TEXT NOT NULL,            -- catalogue key of what went wrong, '' = nothing
	problem_number INTEGER NOT NULL,  -- what fills its {n}
	source TEXT NOT NULL              -- the original in the upload folder while it is waited for, then ''
) STRICT;
CREATE UNIQUE INDEX media_by_name ON media (name);
CREATE INDEX media_by_note ON media (note, place) WHERE note IS NOT NULL;
CREATE INDEX media_loose ON media (use, created) WHERE note IS NULL;

CREATE TABLE upload (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL,
	length INTEGER NOT NULL,
	received INTEGER NOT NULL,        -- bytes that are safe on disk
	media INTEGER,                    -- when complete
	touched INTEGER NOT NULL          -- when something last arrived
) STRICT;
CREATE INDEX upload_by_age ON upload (touched);
CREATE INDEX upload_unfinished ON upload (account) WHERE media IS NULL;

CREATE TABLE note (
	id INTEGER PRIMARY KEY,
	account INTEGER NOT NULL,
	root INTEGER,                     -- the note a comment stands under; NULL = a note itself
	parent INTEGER,                   -- first-level comment that a second-level comment answers under
	answers INTEGER,                  -- account that a second-level comment answers
	created INTEGER NOT NULL,
	edited INTEGER NOT NULL,          -- 0 = never
	visibility INTEGER NOT NULL,      -- enum visibility
	language TEXT NOT NULL,
	sensitive INTEGER NOT NULL,
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	ratio INTEGER NOT NULL,           -- enum ratio of the card
	pictures INTEGER NOT NULL,        -- how many
	cover INTEGER,                    -- media
	likes INTEGER NOT NULL,
	comments INTEGER NOT NULL,        -- of a note: both levels; of a first-level comment: its answers
	request TEXT                      -- random key of the form, so that sending twice publishes once
) STRICT;
CREATE INDEX note_by_account ON note (account, id) WHERE root IS NULL;
CREATE INDEX note_roots ON note (id) WHERE root IS NULL;
CREATE INDEX note_by_root ON note (root, parent, id) WHERE root IS NOT NULL;
CREATE UNIQUE INDEX note_by_request ON note (account, request) WHERE request IS NOT NULL;
CREATE INDEX comment_by_account ON note (account, id) WHERE root IS NOT NULL;

CREATE TABLE liking (
	account INTEGER NOT NULL,
	note INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (account, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX liking_by_note ON liking (note, account);
CREATE INDEX liking_by_time ON liking (account, at);

CREATE TABLE topic (
	name TEXT PRIMARY KEY,            -- normalised: NFKC, case folded
	shown TEXT NOT NULL,              -- as first written
	notes INTEGER NOT NULL            -- public ones
) STRICT;
CREATE INDEX topic_by_size ON topic (notes, name);

CREATE TABLE note_topic (
	topic TEXT NOT NULL,
	note INTEGER NOT NULL,
	PRIMARY KEY (topic, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_topic_by_note ON note_topic (note, topic);

CREATE TABLE mention (
	account INTEGER NOT NULL,
	note INTEGER NOT NULL,
	PRIMARY KEY (account, note)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_by_note ON mention (note, account);
