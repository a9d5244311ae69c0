-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What left this server for another one, and what was kept from leaving: to whom, what for, how it ended; no
-- addresses behind the host, no keys, no texts. A line is there for 90 days.

CREATE TABLE egress (
	id INTEGER PRIMARY KEY,    -- its moment
	purpose TEXT NOT NULL,     -- translate, mail, …
	host TEXT NOT NULL,        -- host, or host:port; '' = the address was malformed
	result TEXT NOT NULL,      -- answered; denied: why; failed: why
	status INTEGER NOT NULL,   -- of HTTP; 0 = no answer
	sent INTEGER NOT NULL,     -- bytes, headers included
	received INTEGER NOT NULL,
	took INTEGER NOT NULL      -- ms
) STRICT;
