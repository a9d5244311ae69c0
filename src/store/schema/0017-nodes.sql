-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Processes that write have a number each, which stands in the ids they make.

CREATE TABLE node (
	number INTEGER PRIMARY KEY,       -- 0 to 254
	process INTEGER NOT NULL,         -- random number of the process that has it
	until INTEGER NOT NULL            -- it is free from then on
) STRICT;
