-- SPDX-License-Identifier: AGPL-3.0-or-later

-- alike: how many reports of the same thing have the same answer; it stands in the latest of them, 0 in the others.
--: row report_row (id report_id, reporter account_id, account account_id, thing_kind int, thing int, reason int, details str, excerpt str, state int, created ms, decision decision_id?, alike int)

--: report_insert(report_row) exec
INSERT INTO report ({report_row}) VALUES ({:report_row});

-- The latest open report of a thing.
--: report_latest(kind int, thing int) one (id report_id, alike int)
SELECT id, alike FROM report WHERE thing = :thing AND thing_kind = :kind AND state = {REPORT_OPEN}
	AND COALESCE(decision, 0) = 0 ORDER BY id DESC LIMIT 1;

--: report_no_longer_latest(id report_id) exec
UPDATE report SET alike = 0 WHERE id = :id;

--: report_by(reporter account_id, kind int, thing int) one (id report_id, state int, created ms)
SELECT id, state, created FROM report WHERE reporter = :reporter AND thing = :thing AND thing_kind = :kind
ORDER BY id DESC LIMIT 1;

--: report_row_get(id report_id) one report_row
SELECT {report_row} FROM report WHERE id = :id;

--: reports_before(state int, before report_id, most int) many report_row
SELECT {report_row} FROM report WHERE state = :state AND alike > 0 AND id < :before ORDER BY id DESC LIMIT :most;

--: reports_like(kind int, thing int, state int, decision decision_id, most int) many report_row
SELECT {report_row} FROM report WHERE thing = :thing AND thing_kind = :kind AND state = :state
	AND COALESCE(decision, 0) = :decision ORDER BY id LIMIT :most;

--: things_reported(most int) one (things int)
SELECT COUNT(*) AS things FROM (
	SELECT id FROM report WHERE state = {REPORT_OPEN} AND alike > 0 ORDER BY id LIMIT :most) AS open;

--: reports_answer(kind int, thing int, state int, decision decision_id) exec
UPDATE report SET state = :state, decision = :decision
WHERE thing = :thing AND thing_kind = :kind AND state = {REPORT_OPEN};

--: account_rank(id account_id) one (role int, standing int, display str, bio str, why str)
SELECT role, standing, CASE WHEN display = '' THEN name ELSE display END AS display, bio, why FROM account WHERE id = :id;

--: note_text(id note_id) one (account account_id, title str, body str)
SELECT account, title, body FROM note WHERE id = :id;

--: notes_places(ids note_id[]) many (id note_id, root note_id?)
SELECT id, root FROM note WHERE id IN (:ids);

--: row decision_row (id decision_id, moderator account_id, account account_id, thing_kind int, thing int, action int, reason str, excerpt str, until ms, created ms)

--: decision_insert(decision_row) exec
INSERT INTO decision ({decision_row}) VALUES ({:decision_row});

--: decision_row_get(id decision_id) one decision_row
SELECT {decision_row} FROM decision WHERE id = :id;

--: decisions_before(before decision_id, most int) many decision_row
SELECT {decision_row} FROM decision WHERE id < :before ORDER BY id DESC LIMIT :most;

--: decisions_of_before(account account_id, before decision_id, most int) many decision_row
SELECT {decision_row} FROM decision WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :most;

--: report_action(id report_id) one (action int)
SELECT decision.action FROM report JOIN decision ON decision.id = report.decision WHERE report.id = :id;

--: report_answered(decision decision_id, reporter account_id) one (action int, excerpt str)
SELECT decision.action, report.excerpt FROM report JOIN decision ON decision.id = report.decision
WHERE report.decision = :decision AND report.decision IS NOT NULL AND report.reporter = :reporter
ORDER BY report.id DESC LIMIT 1;
