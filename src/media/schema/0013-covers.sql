-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Covers come in one width more. A job makes it of the pictures there are.

INSERT INTO job (id, kind, payload, subject, state, run_at, lease, lease_until, attempts, again, added_at, done_at,
	last_error, unique_key)
SELECT 11, 'media.widen', '', 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', NULL
WHERE EXISTS (SELECT 1 FROM media WHERE covers <> '');
