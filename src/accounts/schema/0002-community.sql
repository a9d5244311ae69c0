-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the host decided (name, sign-ups, rules), accounts, sessions, who follows whom.

CREATE TABLE setting (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,               -- as it is shown and addressed: [a-z0-9_]{2,30}
	display TEXT NOT NULL,
	bio TEXT NOT NULL,
	avatar INTEGER,                   -- media
	cover INTEGER,                    -- media
	role INTEGER NOT NULL,            -- enum role
	standing INTEGER NOT NULL,        -- enum standing
	locale TEXT NOT NULL,             -- language of the interface, '' = as the browser says
	reads TEXT NOT NULL,              -- languages, most wanted first, separated by spaces
	writes TEXT NOT NULL,             -- usual language of the own notes, '' = by script and reads
	topics TEXT NOT NULL,             -- topics liked, separated by spaces
	show_likes INTEGER NOT NULL,      -- 1: the profile shows which notes the person likes
	welcomed INTEGER NOT NULL,        -- 1: the first steps are done
	password TEXT NOT NULL,           -- Argon2id, '' = cannot sign in
	why TEXT NOT NULL,                -- what the person wrote when asking to join
	created INTEGER NOT NULL,
	notes INTEGER NOT NULL,           -- public and unlisted notes
	followers INTEGER NOT NULL,
	following INTEGER NOT NULL,
	liked INTEGER NOT NULL,           -- likes that the notes received
	unread INTEGER NOT NULL           -- notifications not seen yet
) STRICT;
CREATE UNIQUE INDEX account_by_name ON account (name);
CREATE INDEX account_by_standing ON account (standing, id);
CREATE INDEX account_by_followers ON account (followers, id);

CREATE TABLE session (
	token BLOB PRIMARY KEY,           -- SHA-256 of the cookie's token
	id INTEGER NOT NULL,
	account INTEGER NOT NULL,
	created INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account, id);

CREATE TABLE follow (
	follower INTEGER NOT NULL,
	followed INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (follower, followed)
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_by_followed ON follow (followed, follower);

CREATE TABLE invite (
	code TEXT PRIMARY KEY,
	id INTEGER NOT NULL,
	by_account INTEGER NOT NULL,
	created INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	uses_left INTEGER NOT NULL
) STRICT;
