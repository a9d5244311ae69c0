-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Very many rows at once, with ids that follow one another; each says how many it made.

--: part numbers
WITH RECURSIVE numbers AS (SELECT 0 AS i UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < :n);

-- Notes, or comments. Visibilities from one on, in turns.
--: many_notes(first int, n int, account account_id, root note_id?, parent note_id?, visibility int, circles int, counted int) changed
INSERT INTO note (id, account, root, parent, created, edited, visibility, language, sensitive, title, body, ratio,
	pictures, likes, comments, counted)
{numbers}
SELECT :first + i, :account, :root, :parent, 0, 0, :visibility + i % :circles, 'en', 0, '', 'x', 0, 0, 0, 0, :counted
FROM numbers;

--: many_topics(first int, n int, account account_id, topic str, counted int) changed
INSERT INTO note_topic (topic, note, account, shown, counted)
{numbers}
SELECT :topic, :first + i, :account, :topic, :counted FROM numbers;

-- What somebody likes: notes that follow one another.
--: many_likes(first int, n int, account account_id, listed int) changed
INSERT INTO liking (account, note, at, counted, listed)
{numbers}
SELECT :account, :first + i, :first + i, 1, :listed FROM numbers;

-- Who likes a note: accounts that follow one another.
--: many_likers(first int, n int, note note_id, listed int) changed
INSERT INTO liking (account, note, at, counted, listed)
{numbers}
SELECT :first + i, :note, 1, 1, :listed FROM numbers;

--: many_accounts(first int, n int, standing int) changed
INSERT INTO account (id, name, display, bio, role, standing, locale, reads, writes, topics, show_likes, welcomed,
	password, why, created, notes, followers, following, liked)
{numbers}
SELECT :first + i, 'crowd_' || CAST(:first + i AS TEXT), '', '', 0, :standing, '', '', '', '', 0, 1, '', '', 0, 0, 0, 0, 0
FROM numbers;

--: many_followers(first int, n int, followed account_id, counted int) changed
INSERT INTO follow (follower, followed, at, counted)
{numbers}
SELECT :first + i, :followed, 0, :counted FROM numbers;

--: many_followed(first int, n int, follower account_id, counted int) changed
INSERT INTO follow (follower, followed, at, counted)
{numbers}
SELECT :follower, :first + i, 0, :counted FROM numbers;

--: many_mentions(first int, n int, account account_id, author account_id, reach int) changed
INSERT INTO mention (account, note, author, reach)
{numbers}
SELECT :account, :first + i, :author, :reach FROM numbers;

--: many_told(first int, n int, account account_id, kind int, actor account_id, note note_id) changed
INSERT INTO notification (account, aside, id, kind, actor, note, at, fresh, once)
{numbers}
SELECT :account, 0, :first + i, :kind, :actor, :note, 0, 1, 'many ' || CAST(:first + i AS TEXT) FROM numbers;

--: told_aside(account account_id) many (aside int, n int)
SELECT aside, COUNT(*) AS n FROM notification WHERE account = :account GROUP BY aside ORDER BY aside;

--: likers_in(note note_id, listed int) one (n int)
SELECT COUNT(*) AS n FROM liking WHERE note = :note AND listed = :listed;
