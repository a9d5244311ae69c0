-- SPDX-License-Identifier: AGPL-3.0-or-later

--: row note_row (id note_id, account account_id, root note_id?, parent note_id?, answers account_id?, created ms, edited ms, visibility int, language lang, sensitive bool, title str, body str, ratio int, pictures int, cover media_id?, likes int, comments int, counted int, request str?)

--: use accounts

-- What everyone may read by itself; and where it stands under something, that as well.
--: part open(what)
what.visibility <= {VIS_UNLISTED} AND {stands(what.account)};

--: part open_note(which)
EXISTS (SELECT 1 FROM note AS above WHERE above.id = which AND {open(above)});

--: part note_exists(which)
EXISTS (SELECT 1 FROM note AS above WHERE above.id = which);

-- Comments that everyone may see (counted = 1) and the others stand in indexes of their own.
--: part first_level
root = :root AND root IS NOT NULL AND parent IS NULL;

--: part answers_to
root = :root AND root IS NOT NULL AND parent IS NOT NULL AND parent = :parent;

--: note_insert(note_row) changed
INSERT INTO note ({note_row}) VALUES ({:note_row}) ON CONFLICT DO NOTHING;

--: note_by_request(account account_id, request str) one (id note_id)
SELECT id FROM note WHERE account = :account AND request = :request AND request IS NOT NULL;

--: note_get(id note_id) one note_row
SELECT {note_row} FROM note WHERE id = :id;

-- In which rows of one note and of what stands below it are locked: the note, first-level comments, answers.
--: part in_order
ORDER BY root NULLS FIRST, parent NULLS FIRST, id;

-- For whoever hangs something on it: it stays, and in its circle and the numbers as it is.
--: note_hold(id note_id) one note_row
SELECT {note_row} FROM note WHERE id = :id FOR KEY SHARE;

--: notes_hold(ids note_id[]) many note_id sort: a few hundred of a step
SELECT id FROM note WHERE id IN (:ids) {in_order} FOR KEY SHARE;

-- For whoever changes that, or deletes it: nobody hangs anything on it meanwhile, and what they did is there.
--: note_lock(id note_id) one note_row
SELECT {note_row} FROM note WHERE id = :id FOR UPDATE;

-- Not even FOR UPDATE's waiting for those who hang something on them.
--: notes_lock_numbers(ids int[]) many int
SELECT id FROM note WHERE id IN (:ids) ORDER BY id FOR NO KEY UPDATE;

--: accounts_lock_numbers(ids int[]) many int
SELECT id FROM account WHERE id IN (:ids) ORDER BY id FOR NO KEY UPDATE;

--: row note_now (id note_id, visibility int, likes int, counted int)
--: notes_lock(ids note_id[]) many note_now sort: a few hundred of a step
SELECT {note_now} FROM note WHERE id IN (:ids) {in_order} FOR UPDATE;

-- Numbers that nobody else is at now.
--: notes_lock_free(ids int[]) many int on: postgres
WITH free AS (SELECT id FROM note WHERE id IN (:ids) FOR NO KEY UPDATE SKIP LOCKED) SELECT id FROM free;

--: accounts_lock_free(ids int[]) many int on: postgres
WITH free AS (SELECT id FROM account WHERE id IN (:ids) FOR NO KEY UPDATE SKIP LOCKED) SELECT id FROM free;

--: notes_get_many(ids note_id[]) many note_row
SELECT {note_row} FROM note WHERE id IN (:ids);

-- What see.c needs to judge a note.
--: row note_sight (id note_id, account account_id, root note_id?, parent note_id?, answers account_id?, visibility int)

--: note_sights(ids note_id[]) many note_sight
SELECT {note_sight} FROM note WHERE id IN (:ids);

--: note_update(id note_id, edited ms, visibility int, counted int, language lang, sensitive bool, title str, body str, ratio int, pictures int, cover media_id?) exec
UPDATE note SET edited = :edited, visibility = :visibility, counted = :counted, language = :language,
	sensitive = :sensitive, title = :title, body = :body, ratio = :ratio, pictures = :pictures, cover = :cover
WHERE id = :id;

-- counted: 1 in the numbers, 0 not, 2 not while what stands below is being settled. wanted: 1 or 0.
--: part number_columns
id, account, root, parent, visibility, likes, counted;

--: row astray_note (id note_id, account account_id, root note_id?, parent note_id?, visibility int, likes int, counted int, wanted bool)

-- Some of the comments up to the last that are wider.
--: comments_wider(root note_id, visibility int, last note_id, most int) many astray_note
SELECT {number_columns}, 0 AS wanted FROM note
WHERE root = :root AND root IS NOT NULL AND visibility < :visibility AND id <= :last LIMIT :most;

--: notes_narrow(ids note_id[], visibility int) exec
UPDATE note SET visibility = :visibility WHERE id IN (:ids);

--: row note_below_row (id note_id, account account_id, likes int, counted int, pictures int)

--: note_below(root note_id, most int) many note_below_row
SELECT {note_below_row} FROM note WHERE root = :root AND root IS NOT NULL LIMIT :most;

--: note_answers_to(root note_id, parent note_id, most int) many note_below_row
SELECT {note_below_row} FROM note WHERE {answers_to} AND counted = 1
UNION ALL
SELECT {note_below_row} FROM note WHERE {answers_to} AND counted <> 1
LIMIT :most;

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

-- listed: enum like_list.
--: liking_insert(account account_id, note note_id, at ms, listed int) changed
INSERT INTO liking (account, note, at, listed) VALUES (:account, :note, :at, :listed)
ON CONFLICT (account, note) DO NOTHING;

--: liking_delete(account account_id, note note_id, counted bool) changed
DELETE FROM liking WHERE account = :account AND note = :note AND counted = :counted;

--: likes_count(id note_id, by int) exec
UPDATE note SET likes = likes + :by WHERE id = :id;

-- Or a delta, where somebody else has the row.
--: likes_count_unless_busy(id note_id, by int, delta int) changed on: postgres
WITH free AS (SELECT id FROM note WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED),
	moved AS (UPDATE note SET likes = likes + :by FROM free WHERE note.id = free.id RETURNING note.id)
INSERT INTO delta (id, kind, subject, n) SELECT :delta, {DELTA_LIKES}, :id, :by WHERE NOT EXISTS (SELECT 1 FROM moved);

--: author_liked_unless_busy(id account_id, by int, delta int) changed on: postgres
WITH free AS (SELECT id FROM account WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED),
	moved AS (UPDATE account SET liked = liked + :by FROM free WHERE account.id = free.id RETURNING account.id)
INSERT INTO delta (id, kind, subject, n) SELECT :delta, {DELTA_LIKED}, :id, :by WHERE NOT EXISTS (SELECT 1 FROM moved);

--: deltas_of(kind int, after int, most int) many int
SELECT DISTINCT subject FROM delta WHERE kind = :kind AND subject > :after ORDER BY subject LIMIT :most;

--: deltas_take(kind int, subjects int[]) many (subject int, n int)
DELETE FROM delta WHERE kind = :kind AND subject IN (:subjects) RETURNING subject, n;

--: likings_of(account account_id, notes note_id[]) many note_id
SELECT note FROM liking WHERE account = :account AND note IN (:notes);

--: likings_all(account account_id, most int) many note_id
SELECT note FROM liking WHERE account = :account ORDER BY note LIMIT :most;

-- Without an author: what was deleted.
--: row liked_note (note note_id, at ms, account account_id?, root note_id?, visibility int?)

--: part liked_notes
SELECT liking.note, liking.at, note.account, note.root, note.visibility
FROM liking LEFT JOIN note ON note.id = liking.note
WHERE liking.account = :account AND (liking.at, liking.note) < (:at, :before);

--: likings_open(account account_id, at ms, before note_id, most int) many liked_note
{liked_notes} AND liking.listed = {LISTED_OPEN} ORDER BY liking.at DESC, liking.note DESC LIMIT :most;

--: likings_narrow(account account_id, at ms, before note_id, most int) many liked_note
{liked_notes} AND liking.listed = {LISTED_NARROW} ORDER BY liking.at DESC, liking.note DESC LIMIT :most;

--: likings_after(note note_id, after account_id, most int) many (account account_id, listed int)
SELECT account, listed FROM liking WHERE note = :note AND account > :after ORDER BY account LIMIT :most;

--: likings_set_listed(note note_id, accounts account_id[], listed int) exec
UPDATE liking SET listed = :listed WHERE note = :note AND account IN (:accounts);

-- One more public note has it. The oldest of them is the source of its spelling.
--: topic_add(name str, shown str, source note_id) exec
INSERT INTO topic (name, shown, notes, source) VALUES (:name, :shown, 1, :source)
ON CONFLICT (name) DO UPDATE SET notes = topic.notes + 1,
	shown = CASE WHEN excluded.source < topic.source THEN excluded.shown ELSE topic.shown END,
	source = CASE WHEN excluded.source < topic.source THEN excluded.source ELSE topic.source END;

-- The same for a later note of a topic that is there; where somebody else has the row, it is left beside it.
--: topic_add_unless_busy(name str, source note_id) one (moved int, put int) on: postgres
WITH free AS (SELECT name FROM topic WHERE name = :name AND source < :source FOR NO KEY UPDATE SKIP LOCKED),
	moved AS (UPDATE topic SET notes = topic.notes + 1 FROM free WHERE topic.name = free.name RETURNING topic.name),
	put AS (INSERT INTO topic_delta (topic, note) SELECT :name, :source FROM topic
		WHERE topic.name = :name AND topic.source < :source AND NOT EXISTS (SELECT 1 FROM moved) RETURNING topic)
SELECT (SELECT COUNT(*) FROM moved) AS moved, (SELECT COUNT(*) FROM put) AS put;

--: topic_lock(name str) one (source note_id)
SELECT source FROM topic WHERE name = :name FOR UPDATE;

--: topics_left(after str, most int) many str
SELECT DISTINCT topic FROM topic_delta WHERE topic > :after ORDER BY topic LIMIT :most;

--: topic_deltas_take(name str) many note_id
DELETE FROM topic_delta WHERE topic = :name RETURNING note;

--: topic_more(name str, n int) exec
UPDATE topic SET notes = notes + :n WHERE name = :name;

--: topics_among(names str[]) many str
SELECT name FROM topic WHERE name IN (:names) AND notes > 0;

-- As a text that is read once more spells it.
--: note_topic_spell(topic str, note note_id, shown str) changed
UPDATE note_topic SET shown = :shown WHERE topic = :topic AND note = :note AND shown <> :shown;

--: topic_spell(name str, shown str, source note_id) changed
UPDATE topic SET shown = :shown WHERE name = :name AND source = :source AND shown <> :shown;

--: topic_less(name str) one (notes int, source note_id)
UPDATE topic SET notes = notes - 1 WHERE name = :name RETURNING notes, source;

--: topic_delete(name str) exec
DELETE FROM topic WHERE name = :name;

--: topic_oldest(name str) one (note note_id, shown str)
SELECT note, shown FROM note_topic WHERE topic = :name AND note = (
	SELECT MIN(oldest.note) FROM note_topic AS oldest WHERE oldest.topic = :name AND oldest.counted = 1);

--: topic_respell(name str, shown str, source note_id) exec
UPDATE topic SET shown = :shown, source = :source WHERE name = :name;

-- counted: the note is public, so that the topic is.
--: note_topic_insert(topic str, note note_id, account account_id, shown str, counted bool) changed
INSERT INTO note_topic (topic, note, account, shown, counted) VALUES (:topic, :note, :account, :shown, :counted)
ON CONFLICT (topic, note) DO NOTHING;

--: note_topics_of(note note_id) many (name str, shown str, counted bool)
SELECT topic AS name, shown, counted FROM note_topic WHERE note = :note ORDER BY topic;

--: note_topics_set(note note_id, counted bool) changed
UPDATE note_topic SET counted = :counted WHERE note = :note;

--: note_topic_delete(topic str, note note_id) exec
DELETE FROM note_topic WHERE topic = :topic AND note = :note;

--: note_topics_delete(note note_id) changed
DELETE FROM note_topic WHERE note = :note;

-- As the topics are spelled, of those that are public.
--: note_topics_among(notes note_id[]) many (note note_id, name str, shown str) sort: thirty of each note
SELECT note_topic.note, topic.name, topic.shown FROM note_topic JOIN topic ON topic.name = note_topic.topic
WHERE note_topic.note IN (:notes) AND note_topic.counted = 1 ORDER BY note_topic.note, topic.name;

--: topics_named(names str[]) many (name str, shown str, source note_id)
SELECT name, shown, source FROM topic WHERE name IN (:names);

--: topic_public(name str) one (name str, shown str, notes int)
SELECT name, shown, notes FROM topic WHERE name = :name AND notes > 0;

-- Those that are counted are public: both change at once.
--: topic_notes_before(topic str, before note_id, most int) many (id note_id, account account_id)
SELECT note AS id, account FROM note_topic WHERE topic = :topic AND counted = 1 AND note < :before
ORDER BY note DESC LIMIT :most;

-- name: as the text has it. reach: enum mention_reach.
--: mention_insert(account account_id, note note_id, name str, author account_id, reach int) exec
INSERT INTO mention (account, note, name, author, reach) VALUES (:account, :note, :name, :author, :reach)
ON CONFLICT (account, note) DO NOTHING;

-- Notes that the account may read because they mention it: of one author, or of any.
--: mentions_by(account account_id, author account_id, before note_id, most int) many (id note_id, visibility int)
SELECT note.id, note.visibility FROM mention JOIN note ON note.id = mention.note
WHERE mention.account = :account AND mention.author = :author AND mention.reach = {REACH_NARROW}
	AND mention.note < :before
ORDER BY mention.note DESC LIMIT :most;

--: mentions_narrow(account account_id, before note_id, most int) many (note note_id, author account_id, followed bool)
SELECT note, author, CASE WHEN EXISTS (
	SELECT 1 FROM follow WHERE follow.follower = mention.account AND follow.followed = mention.author
) THEN 1 ELSE 0 END AS followed
FROM mention WHERE account = :account AND reach = {REACH_NARROW} AND note < :before ORDER BY note DESC LIMIT :most;

--: mentions_for(account account_id, notes note_id[]) many note_id
SELECT note FROM mention WHERE account = :account AND note IN (:notes);

--: mention_delete(account account_id, note note_id) exec
DELETE FROM mention WHERE account = :account AND note = :note;

--: mentions_among(notes note_id[]) many (note note_id, account account_id, name str)
SELECT note, account, name FROM mention WHERE note IN (:notes);

--: note_texts_after(after note_id, most int) many (id note_id, account account_id, root note_id?, visibility int, counted int, title str, body str)
SELECT id, account, root, visibility, counted, title, body FROM note WHERE id > :after ORDER BY id LIMIT :most;

--: mentioned_in(note note_id) many account_id
SELECT account FROM mention WHERE note = :note ORDER BY account;

-- By their names here: SQLite takes nearly everybody, whom an index by standing leads to, for fewer.
--: accounts_named(names str[]) many (id account_id, name str) sort: thirty of a text
SELECT id, name FROM account WHERE host = '' AND name IN (:names) AND standing + 0 = {STANDING_GOOD} ORDER BY id;

-- Whom of these the viewer follows (back = 0), and who of them follows the viewer (back = 1).
--: relations_among(viewer account_id, others account_id[]) many (id account_id, back int)
SELECT followed AS id, 0 AS back FROM follow WHERE follower = :viewer AND followed IN (:others)
UNION ALL
SELECT follower AS id, 1 AS back FROM follow WHERE followed = :viewer AND follower IN (:others);

-- Notes of an account that are for one circle of people.
--: notes_of_account(account account_id, visibility int, before note_id, most int) many note_id
SELECT id FROM note WHERE account = :account AND root IS NULL AND visibility = :visibility AND id < :before
ORDER BY id DESC LIMIT :most;

-- Of each account the newest note for one circle of people before this one.
--: notes_heads_of(ids account_id[], visibility int, before note_id) many (account account_id, note note_id?)
SELECT account.id AS account, (
	SELECT note.id FROM note WHERE note.account = account.id AND note.root IS NULL AND note.visibility = :visibility
		AND note.id < :before ORDER BY note.id DESC LIMIT 1) AS note
FROM account WHERE account.id IN (:ids);

-- Where comments stand in a list, and what see.c needs to judge them. rank: how much came of a comment.
--: row comment_spot (id note_id, account account_id, answers account_id?, visibility int, rank int)

--: part spots
SELECT id, account, answers, visibility, likes * 2 + comments AS rank FROM note;

--: part newest_first
id < :before ORDER BY id DESC LIMIT :most;

--: comments_newest(root note_id, before note_id, most int) many comment_spot
{spots} WHERE {first_level} AND counted = 1 AND {newest_first};

--: comments_newest_narrow(root note_id, before note_id, most int) many comment_spot
{spots} WHERE {first_level} AND counted <> 1 AND {newest_first};

--: part best_first
likes * 2 + comments < :rank ORDER BY likes * 2 + comments DESC, id LIMIT :most;

--: comments_below(root note_id, rank int, most int) many comment_spot
{spots} WHERE {first_level} AND counted = 1 AND {best_first};

--: comments_below_narrow(root note_id, rank int, most int) many comment_spot
{spots} WHERE {first_level} AND counted <> 1 AND {best_first};

-- The rest of those of one rank: most comments have none.
--: part of_one_rank
likes * 2 + comments = :rank AND id > :after ORDER BY id LIMIT :most;

--: comments_alike(root note_id, rank int, after note_id, most int) many comment_spot
{spots} WHERE {first_level} AND counted = 1 AND {of_one_rank};

--: comments_alike_narrow(root note_id, rank int, after note_id, most int) many comment_spot
{spots} WHERE {first_level} AND counted <> 1 AND {of_one_rank};

--: answers_after(root note_id, parent note_id, after note_id, most int) many comment_spot
{spots} WHERE {answers_to} AND counted = 1 AND id > :after ORDER BY id LIMIT :most;

--: answers_after_narrow(root note_id, parent note_id, after note_id, most int) many comment_spot
{spots} WHERE {answers_to} AND counted <> 1 AND id > :after ORDER BY id LIMIT :most;

-- Which of these have answers that not everyone may see.
--: threads_narrow(root note_id, parents note_id[]) many note_id
SELECT first.id FROM note AS first WHERE first.id IN (:parents) AND (
	SELECT note.id FROM note WHERE note.root = :root AND note.root IS NOT NULL AND note.parent IS NOT NULL
		AND note.parent = first.id AND note.counted <> 1 LIMIT 1) IS NOT NULL;

--: row fact_row (id note_id, account account_id, language lang, visibility int, likes int, comments int, sensitive bool, pictures int)
--: facts_before(before note_id, most int) many fact_row
SELECT {fact_row} FROM note WHERE root IS NULL AND id < :before ORDER BY id DESC LIMIT :most;

--: facts_by_ids(ids note_id[]) many fact_row
SELECT {fact_row} FROM note WHERE id IN (:ids) AND root IS NULL;

--: notes_likes(ids note_id[]) many (id note_id, likes int)
SELECT id, likes FROM note WHERE id IN (:ids);

--: note_numbers(id note_id) one (likes int, comments int)
SELECT likes, comments FROM note WHERE id = :id;

-- Counts. Rows that say of themselves that everyone may see them (counted), and the numbers they are in. Astray: what
-- a row says is not so any more, or not yet, because somebody's standing changed.

-- Notes of an account: those for everyone, as the others are in no number whatever its standing.
--: part wanted_note
CASE WHEN {stands(note.account)} THEN 1 ELSE 0 END;

--: part astray_for(circle)
SELECT {number_columns}, {wanted_note} AS wanted FROM note
	WHERE account = :account AND root IS NULL AND visibility = circle AND id > :after AND counted <> {wanted_note}
	ORDER BY id LIMIT :most;

--: notes_astray(account account_id, after note_id, most int) many astray_note sort: twice as many as it gives
SELECT {astray_note} FROM (
	SELECT {astray_note} FROM ({astray_for(0)}) AS public
	UNION ALL
	SELECT {astray_note} FROM ({astray_for(1)}) AS unlisted
) AS astray ORDER BY id LIMIT :most;

-- Comments of an account: wanted when everyone may read them and what they answer and stand under. What hangs on
-- something deleted waits to be deleted.
--: comments_astray(account account_id, after note_id, most int) many astray_note
SELECT {astray_note} FROM (
	SELECT {number_columns}, CASE WHEN {open(note)}
		AND {open_note(note.root)}
		AND (parent IS NULL OR {open_note(note.parent)})
		THEN 1 ELSE 0 END AS wanted
	FROM note WHERE account = :account AND root IS NOT NULL AND id > :after
		AND {note_exists(note.root)}
		AND (parent IS NULL OR {note_exists(note.parent)})
) AS note WHERE counted <> wanted ORDER BY id LIMIT :most;

-- First-level comments of a note: those in the number that are wanted there no more, and the others that are.
--: part wanted_below
CASE WHEN {open(note)} AND {open_note(note.root)} THEN 1 ELSE 0 END;

--: comments_below_astray(root note_id, after note_id, most int) many astray_note sort: twice as many as it gives
SELECT {astray_note} FROM (
	SELECT {astray_note} FROM (SELECT {number_columns}, 0 AS wanted FROM note
		WHERE {first_level} AND counted = 1 AND id > :after AND {wanted_below} = 0
		ORDER BY id LIMIT :most) AS gone
	UNION ALL
	SELECT {astray_note} FROM (SELECT {number_columns}, {wanted_below} AS wanted FROM note
		WHERE {first_level} AND counted <> 1 AND visibility <= {VIS_UNLISTED} AND id > :after
			AND counted <> {wanted_below}
		ORDER BY id LIMIT :most) AS back
) AS astray ORDER BY id LIMIT :most;

-- Answers under first-level comments of one note.
--: part wanted_answer
CASE WHEN {open(note)}
		AND {open_note(note.root)}
		AND {open_note(note.parent)}
		THEN 1 ELSE 0 END;

--: part answers_among
root = :root AND root IS NOT NULL AND parent IS NOT NULL AND parent IN (:parents);

--: answers_astray(root note_id, parents note_id[], most int) many astray_note
SELECT {number_columns}, 0 AS wanted FROM note WHERE {answers_among} AND counted = 1 AND {wanted_answer} = 0
UNION ALL
SELECT {number_columns}, {wanted_answer} AS wanted FROM note
WHERE {answers_among} AND counted <> 1 AND counted <> {wanted_answer}
LIMIT :most;

-- Until the transaction ends nobody else settles. The number is of no other use of such locks.
--: settling_begin() one (alone int) on: postgres
SELECT CASE WHEN pg_advisory_xact_lock(7011989) IS NULL THEN 0 ELSE 1 END AS alone;

--: notes_set_counted(ids note_id[], counted int) exec
UPDATE note SET counted = :counted WHERE id IN (:ids);

--: likings_astray(account account_id, after note_id, most int) many (note note_id, counted bool)
SELECT note, counted FROM liking WHERE account = :account AND note > :after
	AND counted <> CASE WHEN {stands(liking.account)} THEN 1 ELSE 0 END
ORDER BY note LIMIT :most;

--: likings_lock(account account_id, notes note_id[]) many note_id
SELECT note FROM liking WHERE account = :account AND note IN (:notes) ORDER BY note FOR NO KEY UPDATE;

-- Those of them that were otherwise: others may be taken back meanwhile.
--: likings_turn(account account_id, notes note_id[], counted bool) many note_id
UPDATE liking SET counted = :counted WHERE account = :account AND note IN (:notes) AND counted <> :counted
RETURNING note;

--: likes_count_many(ids note_id[], by int) exec
UPDATE note SET likes = likes + :by WHERE id IN (:ids);

--: notes_authors(ids note_id[]) many (id note_id, account account_id, counted bool)
SELECT id, account, CASE WHEN counted = 1 THEN 1 ELSE 0 END AS counted FROM note WHERE id IN (:ids);

-- Comments that not everyone may see, newest first: whoever may sees them in the number, too.
--: comments_uncounted(root note_id, most int) many note_sight
SELECT {note_sight} FROM note
WHERE root = :root AND root IS NOT NULL AND counted <> 1 ORDER BY id DESC LIMIT :most;

-- Recounting: numbers as they stand and as their rows add up.
--: notes_recounted(after note_id, most int) many (id note_id, likes int, comments int, right_likes int, right_comments int)
SELECT id, likes, comments,
	(SELECT COUNT(*) FROM liking WHERE liking.note = note.id AND liking.counted = 1) AS right_likes,
	CASE WHEN root IS NULL THEN
		(SELECT COUNT(*) FROM note AS below WHERE below.root = note.id AND below.root IS NOT NULL AND below.counted = 1
			AND (below.parent IS NULL OR {note_exists(below.parent)}))
	WHEN parent IS NULL THEN
		(SELECT COUNT(*) FROM note AS below WHERE below.root = note.root AND below.root IS NOT NULL
			AND below.parent = note.id AND below.counted = 1)
	ELSE 0 END AS right_comments
FROM note WHERE id > :after ORDER BY id LIMIT :most;

--: note_numbers_set(id note_id, likes int, comments int) exec
UPDATE note SET likes = :likes, comments = :comments WHERE id = :id;

--: accounts_recounted(after account_id, most int) many (id account_id, notes int, liked int, followers int, following int, right_notes int, right_liked int, right_followers int, right_following int)
SELECT id, notes, liked, followers, following,
	(SELECT COUNT(*) FROM note WHERE note.account = account.id AND note.root IS NULL AND note.counted = 1) AS right_notes,
	(SELECT CAST(COALESCE(SUM(note.likes), 0) AS INTEGER) FROM note
		WHERE note.account = account.id AND note.root IS NULL AND note.counted = 1)
	+ (SELECT CAST(COALESCE(SUM(note.likes), 0) AS INTEGER) FROM note
		WHERE note.account = account.id AND note.root IS NOT NULL AND note.counted = 1) AS right_liked,
	(SELECT COUNT(*) FROM follow WHERE follow.followed = account.id AND follow.counted = 1) AS right_followers,
	(SELECT COUNT(*) FROM follow WHERE follow.follower = account.id AND follow.counted = 1) AS right_following
FROM account WHERE id > :after ORDER BY id LIMIT :most;

--: accounts_after(after account_id, most int) many account_id
SELECT id FROM account WHERE id > :after ORDER BY id LIMIT :most;

--: account_numbers_set(id account_id, notes int, liked int, followers int, following int) exec
UPDATE account SET notes = :notes, liked = :liked, followers = :followers, following = :following WHERE id = :id;

-- Topics that are there, and those that should be.
--: topics_recounted(after str, most int) many (name str, shown str, notes int, source note_id?, right_notes int, right_source note_id?) sort: for the operator
SELECT named.name, COALESCE(topic.shown, '') AS shown, COALESCE(topic.notes, 0) AS notes, topic.source,
	(SELECT COUNT(*) FROM note_topic WHERE note_topic.topic = named.name AND note_topic.counted = 1) AS right_notes,
	(SELECT MIN(note_topic.note) FROM note_topic WHERE note_topic.topic = named.name AND note_topic.counted = 1)
		AS right_source
FROM (SELECT topic.name FROM topic WHERE topic.name > :after
	UNION SELECT note_topic.topic FROM note_topic WHERE note_topic.topic > :after AND note_topic.counted = 1) AS named
LEFT JOIN topic ON topic.name = named.name
ORDER BY named.name LIMIT :most;

--: topic_set(name str, shown str, notes int, source note_id) exec
INSERT INTO topic (name, shown, notes, source) VALUES (:name, :shown, :notes, :source)
ON CONFLICT (name) DO UPDATE SET shown = excluded.shown, notes = excluded.notes, source = excluded.source;

-- Topics of an account's notes that are public and do not say so, or say so and are not. Sorted by what no index has:
-- or else all notes might be read in their order.
--: note_topics_astray(account account_id, after note_id, most int) many (note note_id, public bool) sort: for the operator
SELECT note.id AS note, CASE WHEN note.visibility = {VIS_PUBLIC} AND note.counted = 1 THEN 1 ELSE 0 END AS public
FROM note WHERE note.account = :account AND note.root IS NULL AND note.id > :after AND EXISTS (
	SELECT 1 FROM note_topic WHERE note_topic.note = note.id
		AND note_topic.counted <> CASE WHEN note.visibility = {VIS_PUBLIC} AND note.counted = 1 THEN 1 ELSE 0 END)
ORDER BY note.id + 0 LIMIT :most;

-- Notes of an account of which some like is in the wrong list.
--: likings_misplaced(account account_id, after note_id, most int) many note_id sort: for the operator
SELECT note.id FROM note WHERE note.account = :account AND note.root IS NULL AND note.id > :after AND EXISTS (
	SELECT 1 FROM liking WHERE liking.note = note.id
		AND liking.listed <> CASE WHEN note.counted = 1 THEN {LISTED_OPEN} ELSE {LISTED_NARROW} END)
ORDER BY note.id + 0 LIMIT :most;
