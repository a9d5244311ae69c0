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

--: notifications_forget_note(note note_id) changed
DELETE FROM notification WHERE note = :note AND note IS NOT NULL AND decision IS NULL;

--: notifications_forget_comment(comment note_id) changed
DELETE FROM notification WHERE comment = :comment AND comment IS NOT NULL AND decision IS NULL;

--: texts_of(ids note_id[]) many (id note_id, title str, body str, cover str?)
SELECT note.id, note.title, note.body, media.name AS cover
FROM note LEFT JOIN media ON media.id = note.cover WHERE note.id IN (:ids);
