-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row notification_row (account account_id, id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, decision decision_id?, at ms, fresh bool, once str?)

--: use accounts

--: notification_insert(notification_row) changed
INSERT INTO notification ({notification_row}) VALUES ({:notification_row}) ON CONFLICT DO NOTHING;

-- A line of the list. `so`: what it tells of is so: whoever did it is in good standing, the like, the mention, the
-- follow stand, somebody waits for whom the reader may decide. Whether the person may see the note is asked of notes/.
-- Judged after reading, so that a page that meets much that is not so any more may end.
--: row told_line (id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, decision decision_id?, at ms, fresh bool, so bool)

--: part told_lines
SELECT id, kind, actor, note, comment, decision, at, fresh, CASE WHEN
	(actor IS NULL OR {stands(notification.actor)})
	AND (kind NOT IN ({NOTE_LIKED}, {COMMENT_LIKED}) OR EXISTS (SELECT 1 FROM liking
		WHERE liking.account = notification.actor
		AND liking.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> {MENTIONED} OR EXISTS (SELECT 1 FROM mention WHERE mention.account = notification.account
		AND mention.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> {FOLLOWED} OR EXISTS (SELECT 1 FROM follow WHERE follow.follower = notification.actor
		AND follow.followed = notification.account))
	AND (kind <> {SIGNUPS_WAIT} OR (EXISTS (SELECT 1 FROM account WHERE account.standing = {STANDING_WAITING})
		AND EXISTS (SELECT 1 FROM account WHERE account.id = notification.account
			AND account.role >= {ROLE_MODERATOR})))
	THEN 1 ELSE 0 END AS so
FROM notification;

--: notifications_before(account account_id, before notification_id, most int) many told_line
{told_lines} WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :most;

--: notifications_fresh(account account_id, before notification_id, most int) many told_line
{told_lines} WHERE account = :account AND fresh = 1 AND id < :before ORDER BY id DESC LIMIT :most;

--: notifications_mark(account account_id, ids notification_id[]) exec
UPDATE notification SET fresh = 0 WHERE account = :account AND id IN (:ids);

--: row told_row (account account_id, id notification_id)

--: told_of_note(note note_id, most int) many told_row
SELECT account, id FROM notification WHERE note = :note AND note IS NOT NULL AND decision IS NULL
ORDER BY account, id LIMIT :most;

--: told_of_comment(comment note_id, most int) many told_row
SELECT account, id FROM notification WHERE comment = :comment AND comment IS NOT NULL AND decision IS NULL
ORDER BY account, id LIMIT :most;

--: notifications_delete(account account_id, ids notification_id[]) changed
DELETE FROM notification WHERE account = :account AND id IN (:ids);

--: told_once(account account_id, once str) one (id notification_id)
SELECT id FROM notification WHERE account = :account AND once = :once AND once IS NOT NULL;

-- In the order of the index by role: that by standing leads to nearly everybody.
--: deciders() many account_id scan: a handful
SELECT id FROM account WHERE role > {ROLE_MEMBER} AND standing + 0 = {STANDING_GOOD} ORDER BY role, id;

--: reporters_after(decision decision_id, after account_id, most int) many (reporter account_id, note note_id?)
SELECT report.reporter, report.note FROM report
WHERE report.decision = :decision AND report.decision IS NOT NULL AND report.reporter > :after
	AND report.reporter <> (SELECT moderator FROM decision WHERE id = :decision)
ORDER BY report.reporter LIMIT :most;
