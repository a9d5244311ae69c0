-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A later version of the contract's schema: changes rows that are there.

ALTER TABLE pair ADD COLUMN label TEXT NOT NULL DEFAULT 'it''s new';
UPDATE pair SET n = n + 100;
CREATE TABLE later (id INTEGER PRIMARY KEY, pair INTEGER NOT NULL) STRICT;
