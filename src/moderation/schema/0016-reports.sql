-- SPDX-License-Identifier: AGPL-3.0-or-later
-- How many reports of one thing there are with one answer stands in the latest of them, 0 in the others: a thing that
-- ten thousand people report costs what one does.

CREATE INDEX report_alike ON report (account, COALESCE(note, 0), state, COALESCE(decision, 0), id);
ALTER TABLE report ADD COLUMN alike INTEGER NOT NULL DEFAULT 0;
UPDATE report SET alike = (SELECT COUNT(*) FROM report AS other WHERE other.account = report.account
	AND COALESCE(other.note, 0) = COALESCE(report.note, 0) AND other.state = report.state
	AND COALESCE(other.decision, 0) = COALESCE(report.decision, 0))
WHERE id IN (SELECT MAX(last.id) FROM report AS last
	GROUP BY last.account, COALESCE(last.note, 0), last.state, COALESCE(last.decision, 0));
CREATE INDEX report_latest ON report (state, id) WHERE alike > 0;
DROP INDEX report_by_state;
