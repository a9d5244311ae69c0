-- SPDX-License-Identifier: AGPL-3.0-or-later

-- thing: what is told of, by its kind; a decision of moderators, or what a room knows.
--: row notification_row (account account_id, aside int, id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, thing int?, at ms, fresh bool, once str?)

--: use accounts

--: notification_insert(notification_row) changed
INSERT INTO notification ({notification_row}) VALUES ({:notification_row}) ON CONFLICT DO NOTHING;

-- A line of the list. `so`: what it tells of is so: whoever did it is in good standing, the like, the mention, the
-- follow stand, somebody waits for whom the reader may decide; of kinds that other rooms bring they are asked
-- (kinds.c). Whether the person may see the note is asked of notes/.
-- Judged after reading, so that a page that meets much that is not so any more may end; aside.c sees to it that the
-- next one does not.
--: row told_line (id notification_id, kind int, actor account_id?, note note_id?, comment note_id?, thing int?, at ms, fresh bool, so bool)

--: part told_lines
SELECT id, kind, actor, note, comment, thing, at, fresh, CASE WHEN
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
{told_lines} WHERE account = :account AND aside = {TOLD_IN_LIST} AND id < :before ORDER BY id DESC LIMIT :most;

-- Found first, in the index of new ones: of those that were seen there may be any number.
--: notifications_fresh(account account_id, before notification_id, most int) many told_line
{told_lines} WHERE account = :account AND aside = {TOLD_IN_LIST} AND id IN (
	SELECT found.id FROM notification AS found WHERE found.account = :account AND found.fresh = 1
		AND found.aside = {TOLD_IN_LIST} AND found.id < :before
	ORDER BY found.id DESC LIMIT :most)
ORDER BY id DESC;

--: notifications_mark(account account_id, ids notification_id[]) exec
UPDATE notification SET fresh = 0 WHERE account = :account AND aside = {TOLD_IN_LIST} AND id IN (:ids);

--: notifications_put_aside(account account_id, ids notification_id[], aside int) exec
UPDATE notification SET aside = :aside WHERE account = :account AND aside = {TOLD_IN_LIST} AND id IN (:ids);

--: notifications_put_back(account account_id, aside int, ids notification_id[]) exec
UPDATE notification SET aside = {TOLD_IN_LIST} WHERE account = :account AND aside = :aside AND id IN (:ids);

--: notification_put_back_once(account account_id, once str) changed
UPDATE notification SET aside = {TOLD_IN_LIST}
WHERE account = :account AND once = :once AND once IS NOT NULL AND aside <> {TOLD_IN_LIST};

--: row told_row (account account_id, aside int, id notification_id)

--: told_of_note(note note_id, most int) many told_row
SELECT account, aside, id FROM notification WHERE note = :note AND note IS NOT NULL AND thing IS NULL
ORDER BY account, id LIMIT :most;

--: told_of_comment(comment note_id, most int) many told_row
SELECT account, aside, id FROM notification WHERE comment = :comment AND comment IS NOT NULL AND thing IS NULL
ORDER BY account, id LIMIT :most;

--: told_of_thing(thing int, most int) many told_row
SELECT account, aside, id FROM notification WHERE thing = :thing AND thing IS NOT NULL AND kind >= 100
ORDER BY account, aside, id LIMIT :most;

-- Of those that stand aside.
--: aside_of_thing(thing int, most int) many told_row
SELECT account, aside, id FROM notification WHERE thing = :thing AND thing IS NOT NULL AND kind >= 100
	AND aside = {TOLD_NOT_SO}
ORDER BY account, id LIMIT :most;

--: notifications_delete(account account_id, ids notification_id[]) changed
DELETE FROM notification WHERE account = :account AND aside = {TOLD_IN_LIST} AND id IN (:ids);

--: notifications_delete_aside(account account_id, aside int, ids notification_id[]) changed
DELETE FROM notification WHERE account = :account AND aside = :aside AND id IN (:ids);

-- What stands aside: of somebody who may have come back, of a note or a reader for whom more may be there now, all of it.
--: aside_of_actor(actor account_id, most int) many told_row
SELECT account, aside, id FROM notification WHERE actor = :actor AND actor IS NOT NULL AND aside = {TOLD_NOT_SO}
ORDER BY account, id LIMIT :most;

--: aside_of_note(note note_id, most int) many told_row
SELECT account, aside, id FROM notification WHERE note = :note AND note IS NOT NULL AND aside = {TOLD_NOT_THERE}
ORDER BY account, id LIMIT :most;

--: aside_of_reader(account account_id, most int) many told_row
SELECT account, aside, id FROM notification WHERE account = :account AND aside = {TOLD_NOT_THERE} ORDER BY id LIMIT :most;

--: aside_not_there(most int) many told_row
SELECT account, aside, id FROM notification WHERE note > 0 AND note IS NOT NULL AND aside = {TOLD_NOT_THERE}
LIMIT :most;

--: told_once(account account_id, once str) one (aside int, id notification_id)
SELECT aside, id FROM notification WHERE account = :account AND once = :once AND once IS NOT NULL;

-- In the order of the index by role: that by standing leads to nearly everybody.
--: deciders() many account_id scan: a handful
SELECT id FROM account WHERE role > {ROLE_MEMBER} AND standing + 0 = {STANDING_GOOD} ORDER BY role, id;

--: reporters_after(decision decision_id, after account_id, most int) many account_id
SELECT report.reporter FROM report
WHERE report.decision = :decision AND report.decision IS NOT NULL AND report.reporter > :after
	AND report.reporter <> (SELECT moderator FROM decision WHERE id = :decision)
ORDER BY report.reporter LIMIT :most;
