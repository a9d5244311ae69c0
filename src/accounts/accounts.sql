-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row account_row (id account_id, name str, host str, display str, bio str, avatar media_id?, cover media_id?, role int, standing int, locale lang, reads str, writes lang, topics str, show_likes bool, welcomed bool, password str, why str, created ms, notes int, followers int, following int, liked int)

-- In good standing.
--: part stands(who)
EXISTS (SELECT 1 FROM account WHERE account.id = who AND account.standing = {STANDING_GOOD});

--: account_insert(account_row) changed
INSERT INTO account ({account_row}) VALUES ({:account_row}) ON CONFLICT (host, name) DO NOTHING;

--: account_get(id account_id) one account_row
SELECT {account_row} FROM account WHERE id = :id;

-- host: '' for those of this server, in all of them.
--: account_get_by_handle(name str, host str) one account_row
SELECT {account_row} FROM account WHERE host = :host AND name = :name;

--: accounts_by_standing(standing int, before account_id, most int) many account_row
SELECT {account_row} FROM account WHERE standing = :standing AND id < :before ORDER BY id DESC LIMIT :most;

--: accounts_named_from(host str, least str, below str, most int) many account_row
SELECT {account_row} FROM account WHERE host = :host AND name >= :least AND name < :below
ORDER BY host, name LIMIT :most;

--: people_get(ids account_id[]) many (id account_id, name str, host str, display str, role int, standing int, welcomed bool, avatar str?, colour int?)
SELECT account.id, account.name, account.host, account.display, account.role, account.standing, account.welcomed, media.name AS avatar, media.colour
FROM account LEFT JOIN media ON media.id = account.avatar
WHERE account.id IN (:ids);

--: account_liked_topics(id account_id) one (topics str)
SELECT topics FROM account WHERE id = :id;

--: media_name(id media_id) one (name str)
SELECT name FROM media WHERE id = :id;

--: profile_update(id account_id, display str, bio str, show_likes bool, avatar media_id?, cover media_id?) changed
UPDATE account SET display = :display, bio = :bio, show_likes = :show_likes, avatar = :avatar, cover = :cover
WHERE id = :id;

--: reading_update(id account_id, reads str, writes lang, locale lang) changed
UPDATE account SET reads = :reads, writes = :writes, locale = :locale WHERE id = :id;

--: topics_update(id account_id, topics str) changed
UPDATE account SET topics = :topics WHERE id = :id;

--: welcomed_update(id account_id) changed
UPDATE account SET welcomed = 1 WHERE id = :id;

-- Nobody signs in here, or has a rank here, but those of this server.
--: password_update(id account_id, password str) changed
UPDATE account SET password = :password WHERE id = :id AND host = '';

--: role_update(id account_id, role int) changed
UPDATE account SET role = :role WHERE id = :id AND host = '';

--: standing_update(id account_id, standing int) changed
UPDATE account SET standing = :standing WHERE id = :id;

--: account_lock(id account_id) one (id account_id)
SELECT id FROM account WHERE id = :id FOR UPDATE;

--: admins_locked() many account_id scan: when an admin is suspended
SELECT id FROM account WHERE role = {ROLE_ADMIN} AND standing = {STANDING_GOOD} ORDER BY id FOR UPDATE;

--: accounts_not_good() many account_id scan: few are
SELECT id FROM account WHERE standing > {STANDING_GOOD} ORDER BY standing, id;

--: session_insert(token bytes, id session_id, account account_id, created ms, agent str) exec
INSERT INTO session (token, id, account, created, seen, agent)
VALUES (:token, :id, :account, :created, :created, :agent);

--: session_get(token bytes, since ms) one (id session_id, account account_id, created ms)
SELECT id, account, created FROM session WHERE token = :token AND created > :since;

--: session_delete(token bytes) changed
DELETE FROM session WHERE token = :token;

--: sessions_delete_others(account account_id, keep session_id) changed
DELETE FROM session WHERE account = :account AND id <> :keep;

--: follow_insert(follower account_id, followed account_id, at ms) changed
INSERT INTO follow (follower, followed, at) VALUES (:follower, :followed, :at)
ON CONFLICT (follower, followed) DO NOTHING;

--: follow_delete(follower account_id, followed account_id, counted bool) changed
DELETE FROM follow WHERE follower = :follower AND followed = :followed AND counted = :counted;

--: following_count(id account_id, by int) exec
UPDATE account SET following = following + :by WHERE id = :id;

--: followers_count(id account_id, by int) exec
UPDATE account SET followers = followers + :by WHERE id = :id;

--: follows_of(follower account_id, followed account_id[]) many account_id
SELECT followed FROM follow WHERE follower = :follower AND followed IN (:followed);

--: followers_of(followed account_id, followers account_id[]) many account_id
SELECT follower FROM follow WHERE followed = :followed AND follower IN (:followers);

--: followers_after(followed account_id, after account_id, most int) many account_id
SELECT follower FROM follow WHERE followed = :followed AND counted = 1 AND follower > :after
ORDER BY follower LIMIT :most;

--: following_after(follower account_id, after account_id, most int) many account_id
SELECT followed FROM follow WHERE follower = :follower AND counted = 1 AND followed > :after
ORDER BY followed LIMIT :most;

--: follows_all(follower account_id) many account_id
SELECT followed FROM follow WHERE follower = :follower ORDER BY followed;

-- A follow is in the numbers of both (counted) as long as both are in good standing; astray: it says otherwise.
--: part follow_wanted
(SELECT CASE WHEN COUNT(*) = 2 THEN 1 ELSE 0 END FROM account
		WHERE account.id IN (follow.follower, follow.followed) AND account.standing = {STANDING_GOOD});

--: following_astray(id account_id, after account_id, most int) many (other account_id, counted bool)
SELECT followed AS other, counted FROM follow WHERE follower = :id AND followed > :after
	AND counted <> {follow_wanted}
ORDER BY followed LIMIT :most;

-- Those in the numbers that should not be, and the others that should.
--: followers_astray(id account_id, after account_id, most int) many (other account_id, counted bool) sort: twice as many as it gives
SELECT other, counted FROM (
	SELECT other, counted FROM (SELECT follower AS other, counted FROM follow
		WHERE followed = :id AND counted = 1 AND follower > :after AND {follow_wanted} = 0
		ORDER BY follower LIMIT :most) AS gone
	UNION ALL
	SELECT other, counted FROM (SELECT follower AS other, counted FROM follow
		WHERE followed = :id AND counted = 0 AND follower > :after AND {follow_wanted} = 1
		ORDER BY follower LIMIT :most) AS back
) AS astray ORDER BY other LIMIT :most;

--: following_lock(id account_id, others account_id[]) many account_id
SELECT followed FROM follow WHERE follower = :id AND followed IN (:others) ORDER BY followed FOR NO KEY UPDATE;

--: followers_lock(id account_id, others account_id[]) many account_id
SELECT follower FROM follow WHERE followed = :id AND follower IN (:others) ORDER BY follower FOR NO KEY UPDATE;

--: follow_numbers_lock(ids account_id[]) many account_id
SELECT id FROM account WHERE id IN (:ids) ORDER BY id FOR NO KEY UPDATE;

-- Those of them that were otherwise: others may end meanwhile, or be turned by somebody else.
--: following_turn(id account_id, others account_id[], counted bool) many account_id
UPDATE follow SET counted = :counted WHERE follower = :id AND followed IN (:others) AND counted <> :counted
RETURNING followed;

--: followers_turn(id account_id, others account_id[], counted bool) many account_id
UPDATE follow SET counted = :counted WHERE followed = :id AND follower IN (:others) AND counted <> :counted
RETURNING follower;

--: following_count_many(ids account_id[], by int) exec
UPDATE account SET following = following + :by WHERE id IN (:ids);

--: followers_count_many(ids account_id[], by int) exec
UPDATE account SET followers = followers + :by WHERE id IN (:ids);

--: invite_insert(code str, id invite_id, by_account account_id, created ms, expires ms, uses int) exec
INSERT INTO invite (code, id, by_account, created, expires, uses_left)
VALUES (:code, :id, :by_account, :created, :expires, :uses);

--: invite_use(code str, now ms) changed
UPDATE invite SET uses_left = uses_left - 1 WHERE code = :code AND uses_left > 0 AND expires > :now;

-- Those that still let somebody in.
--: invites_open(now ms, before invite_id, most int) many (id invite_id, code str, by_account account_id, created ms, expires ms, uses_left int)
SELECT id, code, by_account, created, expires, uses_left FROM invite
WHERE id < :before AND uses_left > 0 AND expires > :now ORDER BY id DESC LIMIT :most;

--: invite_open(code str, now ms) one (uses_left int)
SELECT uses_left FROM invite WHERE code = :code AND uses_left > 0 AND expires > :now;

--: invite_delete(id invite_id) changed
DELETE FROM invite WHERE id = :id;

--: account_first() one (id account_id)
SELECT id FROM account WHERE host = '' LIMIT 1;

--: accounts_waiting() one (n int) scan: for whoever decides about them
SELECT COUNT(*) AS n FROM account WHERE standing = {STANDING_WAITING};
