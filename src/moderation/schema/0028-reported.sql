-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What is reported and decided about is a thing of some kind: an account, a note, whatever rooms bring. Whose room that
-- is says what may be done with it.

ALTER TABLE report ADD COLUMN thing_kind INTEGER NOT NULL DEFAULT 0;   -- 1 = an account, 2 = a note or comment, rooms'
ALTER TABLE report ADD COLUMN thing INTEGER NOT NULL DEFAULT 0;        -- its id
ALTER TABLE decision ADD COLUMN thing_kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decision ADD COLUMN thing INTEGER NOT NULL DEFAULT 0;

UPDATE report SET thing_kind = CASE WHEN note IS NULL THEN 1 ELSE 2 END, thing = COALESCE(note, account);
UPDATE decision SET thing_kind = CASE WHEN note IS NULL THEN 1 ELSE 2 END, thing = COALESCE(note, account);

DROP INDEX report_by_note;
DROP INDEX report_by_account;
DROP INDEX report_by_reporter;
DROP INDEX report_alike;
ALTER TABLE report DROP COLUMN note;
ALTER TABLE decision DROP COLUMN note;
CREATE INDEX report_alike ON report (thing, thing_kind, state, COALESCE(decision, 0), id);
CREATE INDEX report_by_reporter ON report (reporter, thing, thing_kind, id);
