-- SPDX-License-Identifier: AGPL-3.0-or-later

-- What of the demo world an account has written already.
--: demo_notes_of(account account_id) many (id note_id, request str, cover media_id?)
SELECT id, request, cover FROM note WHERE account = :account AND request IS NOT NULL AND request >= 'demo-'
	AND request < 'demo.';

--: demo_password(id account_id, password str) exec
UPDATE account SET password = :password WHERE id = :id;

-- Covers of the demo world are made by whoever loads it.
--: demo_forget_covers(at ms) exec
DELETE FROM job WHERE state = 0 AND run_at = :at AND kind = 'media.covers';

-- Filling: rows as the rooms write them, with their counters complete.

--: row fill_account (id account_id, name str, display str, bio str, role int, reads str, writes lang, topics str, password str, created ms, notes int, followers int, following int, liked int)
--: fill_account_add(fill_account) exec
INSERT INTO account (id, name, display, bio, avatar, cover, role, standing, locale, reads, writes, topics,
	show_likes, welcomed, password, why, created, notes, followers, following, liked)
VALUES (:id, :name, :display, :bio, NULL, NULL, :role, 0, '', :reads, :writes, :topics,
	0, 1, :password, '', :created, :notes, :followers, :following, :liked);

--: fill_account_numbers(id account_id, notes int, followers int, following int, liked int) exec
UPDATE account SET notes = :notes, followers = :followers, following = :following, liked = :liked WHERE id = :id;

--: row fill_note (id note_id, account account_id, root note_id?, parent note_id?, answers account_id?, created ms, language lang, title str, body str, ratio int, pictures int, cover media_id?, likes int, comments int)
--: fill_note_add(fill_note) exec
INSERT INTO note (id, account, root, parent, answers, created, edited, visibility, language, sensitive, title, body,
	ratio, pictures, cover, likes, comments, request)
VALUES (:id, :account, :root, :parent, :answers, :created, 0, 0, :language, 0, :title, :body,
	:ratio, :pictures, :cover, :likes, :comments, NULL);

--: row fill_media (id media_id, name str, account account_id, owner note_id, width int, height int, colour int, blurhash str, alt str, widths str, covers str, crop str, created ms)
--: fill_media_add(fill_media) exec
INSERT INTO media (id, name, account, owner_kind, owner, place, use, state, width, height, colour, blurhash, alt, widths, covers,
	crop, bytes, created, problem, problem_number, source)
VALUES (:id, :name, :account, 'note', :owner, 0, 0, 1, :width, :height, :colour, :blurhash, :alt, :widths, :covers,
	:crop, 0, :created, '', 0, '');

--: fill_like_add(account account_id, note note_id, at ms) exec
INSERT INTO liking (account, note, at) VALUES (:account, :note, :at);

--: fill_follow_add(follower account_id, followed account_id, at ms) exec
INSERT INTO follow (follower, followed, at) VALUES (:follower, :followed, :at);

--: fill_topic_add(name str, shown str, notes int, source note_id) exec
INSERT INTO topic (name, shown, notes, source) VALUES (:name, :shown, :notes, :source)
ON CONFLICT (name) DO UPDATE SET notes = topic.notes + excluded.notes;

--: fill_note_topic_add(topic str, note note_id, account account_id, shown str) exec
INSERT INTO note_topic (topic, note, account, shown, counted) VALUES (:topic, :note, :account, :shown, 1)
ON CONFLICT (topic, note) DO NOTHING;

--: fill_comment_count(id note_id, by int) exec
UPDATE note SET comments = comments + :by WHERE id = :id;
