-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a mention and a topic is has changed: every text is read once more (notes/rescan.c). No topic
-- is spelt as a note that is not public has it.

UPDATE topic SET shown = name WHERE notes = 0;

INSERT INTO job (id, kind, payload, subject, state, run_at, lease, lease_until, attempts, again, added_at,
	done_at, last_error, unique_key)
SELECT 7, 'notes.rescan', '', 0, 0, 0, 0, 0, 0, 0, 0, NULL, '', NULL
WHERE EXISTS (SELECT 1 FROM note);
