-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Whether a notification was seen stands in its row: which of them are shown, and so counted as new, changes with
-- what they tell of.

ALTER TABLE notification ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;
UPDATE notification SET fresh = 1 WHERE id IN (
	SELECT ordered.id FROM (
		SELECT told.id AS id, account.unread AS unread,
			ROW_NUMBER() OVER (PARTITION BY told.account ORDER BY told.id DESC) AS place
		FROM notification AS told JOIN account ON account.id = told.account WHERE account.unread > 0
	) AS ordered WHERE ordered.place <= ordered.unread);
CREATE INDEX notification_fresh ON notification (account, id) WHERE fresh = 1;
ALTER TABLE account DROP COLUMN unread;
