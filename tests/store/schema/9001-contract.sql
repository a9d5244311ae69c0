-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Every kind of column, and the tables of the concurrent tests.

CREATE TABLE thing (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	at INTEGER NOT NULL,
	open INTEGER NOT NULL DEFAULT 1,
	weight REAL NOT NULL,
	data BLOB NOT NULL,
	tag TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX thing_by_name ON thing (name);

CREATE TABLE maybe (
	id INTEGER PRIMARY KEY,
	owner INTEGER,
	name TEXT,
	size INTEGER,
	at INTEGER,
	weight REAL,
	data BLOB,
	tag TEXT,
	CHECK (size IS NULL OR size <> 13)
) STRICT;
CREATE INDEX maybe_by_owner ON maybe (owner) WHERE owner IS NOT NULL;

CREATE TABLE pair (
	a INTEGER NOT NULL,
	b INTEGER NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX pair_by_b ON pair (b, a);
