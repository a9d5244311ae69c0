-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row note_row (id note_id, account account_id, root note_id?, parent note_id?, answers account_id?, created ms, edited ms, visibility int, language lang, sensitive bool, title str, body str, ratio int, pictures int, cover media_id?, likes int, comments int, request str?)

--: note_insert(note_row) changed
INSERT INTO note (id, account, root, parent, answers, created, edited, visibility, language, sensitive, title, body,
	ratio, pictures, cover, likes, comments, request)
VALUES (:id, :account, :root, :parent, :answers, :created, :edited, :visibility, :language, :sensitive, :title, :body,
	:ratio, :pictures, :cover, :likes, :comments, :request)
ON CONFLICT DO NOTHING;

--: note_by_request(account account_id, request str) one (id note_id)
SELECT id FROM note WHERE account = :account AND request = :request AND request IS NOT NULL;

--: note_get(id note_id) one note_row
SELECT id, account, root, parent, answers, created, edited, visibility, language, sensitive, title, body, ratio,
	pictures, cover, likes, comments, request
FROM note WHERE id = :id;

--: notes_get_many(ids note_id[]) many note_row
SELECT id, account, root, parent, answers, created, edited, visibility, language, sensitive, title, body, ratio,
	pictures, cover, likes, comments, request
FROM note WHERE id IN (:ids);

--: note_update(id note_id, edited ms, visibility int, language lang, sensitive bool, title str, body str, ratio int, pictures int, cover media_id?) exec
UPDATE note SET edited = :edited, visibility = :visibility, language = :language, sensitive = :sensitive,
	title = :title, body = :body, ratio = :ratio, pictures = :pictures, cover = :cover
WHERE id = :id;

-- Some of the comments up to the last that are wider.
--: comments_narrow(root note_id, visibility int, last note_id, most int) changed
UPDATE note SET visibility = :visibility WHERE id IN (
	SELECT wider.id FROM note AS wider WHERE wider.root = :root AND wider.root IS NOT NULL
		AND wider.visibility < :visibility AND wider.id <= :last LIMIT :most);

--: note_delete(id note_id) changed
DELETE FROM note WHERE id = :id;

--: row note_below_row (id note_id, account account_id, likes int, pictures int)

--: note_below(root note_id, most int) many note_below_row
SELECT id, account, likes, pictures FROM note WHERE root = :root AND root IS NOT NULL LIMIT :most;

--: note_answers_to(root note_id, parent note_id, most int) many note_below_row
SELECT id, account, likes, pictures FROM note WHERE root = :root AND root IS NOT NULL AND parent = :parent LIMIT :most;

--: notes_delete_many(ids note_id[]) changed
DELETE FROM note WHERE id IN (:ids);

--: likings_delete_of(ids note_id[]) changed
DELETE FROM liking WHERE note IN (:ids);

-- Those up to the one that `more` others stand before; all when there are not so many.
--: likings_delete_some(note note_id, more int) changed skip: what is deleted
DELETE FROM liking WHERE note = :note AND account <= COALESCE(
	(SELECT few.account FROM liking AS few WHERE few.note = :note ORDER BY few.account LIMIT 1 OFFSET :more),
	9223372036854775807);

--: mentions_delete_of(ids note_id[]) changed
DELETE FROM mention WHERE note IN (:ids);

--: comments_count(id note_id, by int) exec
UPDATE note SET comments = comments + :by WHERE id = :id;

--: author_notes_count(id account_id, by int) exec
UPDATE account SET notes = notes + :by WHERE id = :id;

--: author_liked_count(id account_id, by int) exec
UPDATE account SET liked = liked + :by WHERE id = :id;

--: author_writing(id account_id) one (reads str, writes lang)
SELECT reads, writes FROM account WHERE id = :id;

--: author_learn_language(id account_id, language lang) exec
UPDATE account SET writes = :language WHERE id = :id AND writes = '';

--: liking_insert(account account_id, note note_id, at ms) changed
INSERT INTO liking (account, note, at) VALUES (:account, :note, :at) ON CONFLICT (account, note) DO NOTHING;

--: liking_delete(account account_id, note note_id) changed
DELETE FROM liking WHERE account = :account AND note = :note;

--: likes_count(id note_id, by int) one (likes int)
UPDATE note SET likes = likes + :by WHERE id = :id RETURNING likes;

--: likings_of(account account_id, notes note_id[]) many (note note_id)
SELECT note FROM liking WHERE account = :account AND note IN (:notes);

--: likings_all(account account_id, most int) many (note note_id)
SELECT note FROM liking WHERE account = :account ORDER BY note LIMIT :most;

-- Without an author: what was deleted.
--: likings_before(account account_id, at ms, before note_id, most int) many (note note_id, at ms, account account_id?, root note_id?, answers account_id?, visibility int?)
SELECT liking.note, liking.at, note.account, note.root, note.answers, note.visibility
FROM liking LEFT JOIN note ON note.id = liking.note
WHERE liking.account = :account AND (liking.at, liking.note) < (:at, :before)
ORDER BY liking.at DESC, liking.note DESC LIMIT :most;

--: topic_insert(name str, shown str) exec
INSERT INTO topic (name, shown, notes) VALUES (:name, :shown, 0) ON CONFLICT (name) DO NOTHING;

--: topic_spell_first(name str, shown str) exec
UPDATE topic SET shown = :shown WHERE name = :name AND notes = 0;

--: topic_spell(name str, shown str, note note_id) exec
UPDATE topic SET shown = :shown WHERE name = :name AND shown <> :shown AND NOT EXISTS (
	SELECT 1 FROM note_topic JOIN note ON note.id = note_topic.note
	WHERE note_topic.topic = :name AND note_topic.note < :note AND note.visibility = 0);

--: topics_among(names str[]) many (name str)
SELECT name FROM topic WHERE name IN (:names) AND notes > 0;

--: topic_count(name str, by int) exec
UPDATE topic SET notes = notes + :by WHERE name = :name;

--: note_topic_insert(topic str, note note_id) changed
INSERT INTO note_topic (topic, note) VALUES (:topic, :note) ON CONFLICT (topic, note) DO NOTHING;

--: note_topics_of(note note_id) many (name str, shown str, notes int) sort: thirty of a note
SELECT topic.name, topic.shown, topic.notes FROM note_topic JOIN topic ON topic.name = note_topic.topic
WHERE note_topic.note = :note ORDER BY topic.name;

--: note_topics_delete(note note_id) changed
DELETE FROM note_topic WHERE note = :note;

--: note_topics_among(notes note_id[]) many (note note_id, name str, shown str) sort: thirty of each note
SELECT note_topic.note, topic.name, topic.shown FROM note_topic JOIN topic ON topic.name = note_topic.topic
WHERE note_topic.note IN (:notes) ORDER BY note_topic.note, topic.name;

--: topic_get_row(name str) one (name str, shown str, notes int)
SELECT name, shown, notes FROM topic WHERE name = :name;

--: topics_by_size(most int) many (name str, shown str, notes int)
SELECT name, shown, notes FROM topic WHERE notes > 0 ORDER BY notes DESC, name DESC LIMIT :most;

--: topic_notes_before(topic str, before note_id, most int) many (id note_id, account account_id, visibility int)
SELECT note_topic.note AS id, note.account, note.visibility FROM note_topic JOIN note ON note.id = note_topic.note
WHERE note_topic.topic = :topic AND note_topic.note < :before
ORDER BY note_topic.note DESC LIMIT :most;

--: mention_insert(account account_id, note note_id) exec
INSERT INTO mention (account, note) VALUES (:account, :note) ON CONFLICT (account, note) DO NOTHING;

--: mentions_for(account account_id, notes note_id[]) many (note note_id)
SELECT note FROM mention WHERE account = :account AND note IN (:notes);

--: mention_delete(account account_id, note note_id) exec
DELETE FROM mention WHERE account = :account AND note = :note;

--: mentions_among(notes note_id[]) many (note note_id, account account_id)
SELECT note, account FROM mention WHERE note IN (:notes);

--: note_texts_after(after note_id, most int) many (id note_id, account account_id, root note_id?, visibility int, title str, body str)
SELECT id, account, root, visibility, title, body FROM note WHERE id > :after ORDER BY id LIMIT :most;

--: mentioned_in(note note_id) many (account account_id)
SELECT account FROM mention WHERE note = :note ORDER BY account;

--: accounts_named(names str[]) many (id account_id) sort: thirty of a text
SELECT id FROM account WHERE name IN (:names) AND standing = 0 ORDER BY id;

-- Whom of these the viewer follows (back = 0), and who of them follows the viewer (back = 1).
--: relations_among(viewer account_id, others account_id[]) many (id account_id, back int)
SELECT followed AS id, 0 AS back FROM follow WHERE follower = :viewer AND followed IN (:others)
UNION ALL
SELECT follower AS id, 1 AS back FROM follow WHERE followed = :viewer AND follower IN (:others);

--: notes_of_account(account account_id, before note_id, most int) many (id note_id, visibility int)
SELECT id, visibility FROM note WHERE account = :account AND root IS NULL AND id < :before ORDER BY id DESC LIMIT :most;

-- Where comments stand in a list, and what see.c needs to judge them. rank: how much came of a comment.
--: row comment_spot (id note_id, account account_id, answers account_id?, visibility int, rank int)

--: comments_newest(root note_id, before note_id, most int) many comment_spot
SELECT id, account, answers, visibility, likes * 2 + comments AS rank
FROM note WHERE root = :root AND root IS NOT NULL AND parent IS NULL AND id < :before
ORDER BY id DESC LIMIT :most;

--: comments_below(root note_id, rank int, most int) many comment_spot
SELECT id, account, answers, visibility, likes * 2 + comments AS rank
FROM note WHERE root = :root AND root IS NOT NULL AND parent IS NULL AND likes * 2 + comments < :rank
ORDER BY likes * 2 + comments DESC, id LIMIT :most;

-- The rest of those of one rank: most comments have none.
--: comments_alike(root note_id, rank int, after note_id, most int) many comment_spot
SELECT id, account, answers, visibility, likes * 2 + comments AS rank
FROM note WHERE root = :root AND root IS NOT NULL AND parent IS NULL AND likes * 2 + comments = :rank AND id > :after
ORDER BY id LIMIT :most;

--: answers_after(root note_id, parent note_id, after note_id, most int) many comment_spot
SELECT id, account, answers, visibility, likes * 2 + comments AS rank
FROM note WHERE root = :root AND root IS NOT NULL AND parent = :parent AND id > :after
ORDER BY id LIMIT :most;

--: facts_before(before note_id, most int) many (id note_id, account account_id, language lang, visibility int, likes int, comments int, sensitive bool, pictures int)
SELECT id, account, language, visibility, likes, comments, sensitive, pictures
FROM note WHERE root IS NULL AND id < :before ORDER BY id DESC LIMIT :most;

--: note_counted(id note_id) one (likes int, comments int)
SELECT likes, comments FROM note WHERE id = :id;
