-- SPDX-License-Identifier: AGPL-3.0-or-later
-- A notification may tell of a thing that another room knows, as it tells of a decision: what it is, the kind says.

ALTER TABLE notification RENAME COLUMN decision TO thing;
CREATE INDEX notification_thing_not_so ON notification (thing, account, id)
	WHERE thing IS NOT NULL AND aside = 1 AND kind >= 100;
CREATE INDEX notification_by_thing ON notification (thing, account, aside, id) WHERE thing IS NOT NULL AND kind >= 100;
