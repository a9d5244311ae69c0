-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row notification_row (account account_id, id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, decision decision_id?, at ms, once str?)

--: notification_insert(notification_row) changed
INSERT INTO notification (account, id, kind, actor, note, comment, decision, at, once)
VALUES (:account, :id, :kind, :actor, :note, :comment, :decision, :at, :once) ON CONFLICT DO NOTHING;

--: notifications_before(account account_id, before notification_id, most int) many notification_row
SELECT account, id, kind, actor, note, comment, decision, at, once
FROM notification WHERE account = :account AND id < :before ORDER BY id DESC LIMIT :most;

--: unread_add(account account_id) exec
UPDATE account SET unread = unread + 1 WHERE id = :account;

--: unread_clear(account account_id) changed
UPDATE account SET unread = 0 WHERE id = :account AND unread > 0;

--: unread_get(account account_id) one (unread int)
SELECT unread FROM account WHERE id = :account;

--: row told_row (account account_id, id notification_id)

--: told_of_note(note note_id, most int) many told_row
SELECT account, id FROM notification WHERE note = :note AND note IS NOT NULL AND decision IS NULL
ORDER BY account, id LIMIT :most;

--: told_of_comment(comment note_id, most int) many told_row
SELECT account, id FROM notification WHERE comment = :comment AND comment IS NOT NULL AND decision IS NULL
ORDER BY account, id LIMIT :most;

--: notifications_delete(account account_id, ids notification_id[]) changed
DELETE FROM notification WHERE account = :account AND id IN (:ids);

--: told_before(account account_id, skip int) one (id notification_id) skip: what was not seen yet
SELECT id FROM notification WHERE account = :account ORDER BY id DESC LIMIT 1 OFFSET :skip;

--: unread_less(account account_id, by int) exec
UPDATE account SET unread = CASE WHEN unread > :by THEN unread - :by ELSE 0 END WHERE id = :account;
