-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Changes are told by the name of their kind, which each room gives to its own.

DROP TABLE change;
CREATE TABLE change (
	id INTEGER PRIMARY KEY,
	process INTEGER NOT NULL,         -- random number of the process that made it
	kind TEXT NOT NULL,               -- name of a struct change_kind
	subject INTEGER NOT NULL,
	actor INTEGER NOT NULL,
	extra INTEGER NOT NULL
) STRICT;
