-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row notification_row (account account_id, id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, decision decision_id?, at ms, fresh bool, once str?)

--: notification_insert(notification_row) changed
INSERT INTO notification (account, id, kind, actor, note, comment, decision, at, fresh, once)
VALUES (:account, :id, :kind, :actor, :note, :comment, :decision, :at, :fresh, :once) ON CONFLICT DO NOTHING;

-- A notification is there as long as what it tells is so: whoever did it is in good standing, the like, the mention,
-- the follow stand. Whether the person may see the note is asked of notes/.
--: notifications_before(account account_id, before notification_id, most int) many notification_row
SELECT account, id, kind, actor, note, comment, decision, at, fresh, once
FROM notification WHERE account = :account AND id < :before
	AND (actor IS NULL OR EXISTS (
		SELECT 1 FROM account WHERE account.id = notification.actor AND account.standing = 0))
	AND (kind > 2 OR EXISTS (SELECT 1 FROM liking WHERE liking.account = notification.actor
		AND liking.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> 5 OR EXISTS (SELECT 1 FROM mention WHERE mention.account = notification.account
		AND mention.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> 6 OR EXISTS (SELECT 1 FROM follow WHERE follow.follower = notification.actor
		AND follow.followed = notification.account))
ORDER BY id DESC LIMIT :most;

--: notifications_fresh(account account_id, before notification_id, most int) many (id notification_id, note note_id?, comment note_id?, decision decision_id?)
SELECT id, note, comment, decision
FROM notification WHERE account = :account AND fresh = 1 AND id < :before
	AND (actor IS NULL OR EXISTS (
		SELECT 1 FROM account WHERE account.id = notification.actor AND account.standing = 0))
	AND (kind > 2 OR EXISTS (SELECT 1 FROM liking WHERE liking.account = notification.actor
		AND liking.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> 5 OR EXISTS (SELECT 1 FROM mention WHERE mention.account = notification.account
		AND mention.note = COALESCE(notification.comment, notification.note)))
	AND (kind <> 6 OR EXISTS (SELECT 1 FROM follow WHERE follow.follower = notification.actor
		AND follow.followed = notification.account))
ORDER BY id DESC LIMIT :most;

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

--: deciders() many (id account_id)
SELECT id FROM account WHERE role > 1 AND standing = 0 ORDER BY id;

--: reporters_after(decision decision_id, after account_id, most int) many (reporter account_id, note note_id?)
SELECT report.reporter, report.note FROM report
WHERE report.decision = :decision AND report.decision IS NOT NULL AND report.reporter > :after
	AND report.reporter <> (SELECT moderator FROM decision WHERE id = :decision)
ORDER BY report.reporter LIMIT :most;
