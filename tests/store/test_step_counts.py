#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Data from before the steps that keep numbers and lists: every number, topic, list, notification and report is right
afterwards."""
import glob
import os
import random
import sqlite3
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tools"))
from sqldialect import read_steps  # noqa: E402

STEPS = read_steps(sorted(glob.glob(os.path.join(ROOT, "src/*/schema/*.sql"))))
FIRST = next(step.number for step in STEPS if step.name == "counts")
PEOPLE = range(1, 13)
ACCOUNT = ("INSERT INTO account (id, name, display, bio, role, standing, locale, reads, writes, topics, show_likes, welcomed,"
           " password, why, created, notes, followers, following, liked, unread)"
           " VALUES (?, ?, '', '', 0, ?, '', '', '', '', 0, 0, '', '', 1, 0, 0, 0, 0, ?)")
NOTE = ("INSERT INTO note (id, account, root, parent, created, edited, visibility, language, sensitive, title, body, ratio,"
        " pictures, likes, comments) VALUES (?, ?, ?, ?, 1, 0, ?, '', 0, '', '', 0, 0, 0, 0)")
# As numbers were kept: of all rows, whoever may see them.
NUMBERS = ("UPDATE note SET likes = (SELECT COUNT(*) FROM liking WHERE liking.note = note.id), comments ="
           " CASE WHEN root IS NULL THEN (SELECT COUNT(*) FROM note AS below WHERE below.root = note.id)"
           " WHEN parent IS NULL THEN (SELECT COUNT(*) FROM note AS below WHERE below.parent = note.id) ELSE 0 END")


class World:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.db = sqlite3.connect(":memory:")
        self.standing = {p: 2 if p % 4 == 0 else 0 for p in PEOPLE}
        self.rows = {}  # id: account, root, parent, visibility
        self.apply(lambda number: number < FIRST)
        self.fill()

    def apply(self, wanted):
        for step in STEPS:
            if wanted(step.number):
                for _, sql in step.statements:
                    self.db.execute(sql)

    def note(self, root, parent, visibility):
        by, id = self.dice.choice(PEOPLE), 1001 + len(self.rows)
        self.db.execute(NOTE, (id, by, root, parent, visibility))
        self.rows[id] = (by, root, parent, visibility)
        return id

    def comments(self, root, visibility):
        tops = []
        for _ in range(self.dice.randrange(8)):
            parent = self.dice.choice(tops) if tops and self.dice.random() < 0.5 else None
            wide = max(visibility, self.dice.choice([0, 0, 1, 4]))
            if parent:
                wide = max(wide, min(self.rows[parent][3], 4))
            id = self.note(root, parent, wide)
            if not parent:
                tops.append(id)

    def fill(self):
        dice, db = self.dice, self.db
        for p in PEOPLE:
            db.execute(ACCOUNT, (p, f"person_{p}", self.standing[p], dice.randrange(5)))
            db.executemany("INSERT INTO notification (account, id, kind, at) VALUES (?, ?, 8, 1)",
                           [(p, 6 * p + i) for i in range(6)])
        for _ in range(80):
            visibility = dice.choice([0, 0, 0, 1, 2, 5])
            root = self.note(None, None, visibility)
            self.comments(root, visibility)
            for topic in ("bread", "tea"):
                if dice.random() < 0.4:
                    db.execute("INSERT INTO note_topic (topic, note) VALUES (?, ?)", (topic, root))
                    db.execute("INSERT INTO topic VALUES (?, ?, 7) ON CONFLICT DO NOTHING", (topic, topic.upper()))
        self.likes = {(dice.choice(PEOPLE), dice.choice(list(self.rows))) for _ in range(900)}
        self.follows = {(a, b) for a in PEOPLE for b in PEOPLE if a != b and dice.random() < 0.4}
        db.executemany("INSERT INTO liking VALUES (?, ?, 1)", self.likes)
        db.executemany("INSERT INTO follow VALUES (?, ?, 1)", self.follows)
        self.mentions = {(dice.choice(PEOPLE), dice.choice(list(self.rows))) for _ in range(300)}
        db.executemany("INSERT INTO mention VALUES (?, ?)", self.mentions)
        db.execute(NUMBERS)
        self.unread = dict(db.execute("SELECT id, unread FROM account"))

    def good(self, *people):
        return all(self.standing[p] == 0 for p in people)

    def open(self, id):
        by, root, parent, visibility = self.rows[id]
        return visibility <= 1 and self.good(by) and (not root or self.open(root)) and (not parent or self.open(parent))

    def liked(self, id):
        return sum(1 for who, note in self.likes if note == id and self.good(who))


class Counts(unittest.TestCase):
    def test_numbers_after_the_steps(self):
        for seed in range(1, 6):
            world = World(seed)
            world.apply(lambda number: number >= FIRST)
            self.check_notes(world)
            self.check_accounts(world)
            self.check_topics(world)
            self.check_lists(world)
            fresh = dict(world.db.execute("SELECT account, SUM(fresh) FROM notification GROUP BY account"))
            self.assertEqual(fresh, world.unread)

    def check_notes(self, world):
        for id, likes, comments, counted in world.db.execute("SELECT id, likes, comments, counted FROM note"):
            place = 2 if world.rows[id][1] else 1
            below = sum(1 for other, row in world.rows.items() if row[place] == id and world.open(other))
            self.assertEqual((likes, comments, counted), (world.liked(id), below, int(world.open(id))))

    def check_accounts(self, world):
        own = [(id, row[0], row[1]) for id, row in world.rows.items() if world.open(id)]
        edges = [(a, b) for a, b in world.follows if world.good(a, b)]
        for p, *numbers in world.db.execute("SELECT id, notes, followers, following, liked FROM account"):
            self.assertEqual(numbers, [sum(1 for _, by, root in own if by == p and not root),
                                       sum(1 for _, b in edges if b == p), sum(1 for a, _ in edges if a == p),
                                       sum(world.liked(id) for id, by, _ in own if by == p)])

    # In which list each like is, and what each mention lets somebody read.
    def check_lists(self, world):
        def listed(id):
            return 0 if world.rows[id][1] else 1 if world.open(id) else 2

        def opens(id):
            by, root, _, visibility = world.rows[id]
            return (by, 1) if not root and 1 < visibility < 5 else (0, 0)

        likes = {(who, id): listed(id) for who, id in world.likes}
        self.assertEqual({(a, b): c for a, b, c in world.db.execute("SELECT account, note, listed FROM liking")}, likes)
        self.assertEqual(set(likes.values()), {0, 1, 2})
        self.assertEqual({row[:2]: row[2:] for row in world.db.execute("SELECT account, note, author, reach FROM mention")},
                         {(who, id): opens(id) for who, id in world.mentions})
        told = world.db.execute("SELECT account, id, kind, aside FROM notification ORDER BY account, id").fetchall()
        self.assertEqual(told, [(p, 6 * p + i, 8, 0) for p in PEOPLE for i in range(6)])

    def check_topics(self, world):
        noted = list(world.db.execute("SELECT topic, note FROM note_topic"))
        for note, account in world.db.execute("SELECT note, account FROM note_topic"):
            self.assertEqual(account, world.rows[note][0])
        for name, shown, notes, source in world.db.execute("SELECT name, shown, notes, source FROM topic"):
            public = [id for topic, id in noted if topic == name and world.rows[id][3] == 0 and world.open(id)]
            oldest = min(id for topic, id in noted if topic == name)
            self.assertEqual((notes, source), (len(public), min(public)))
            # Spelled as it was only where that cannot be a private note's spelling.
            self.assertEqual(shown, name.upper() if oldest in public else name)


REPORT = ("INSERT INTO report (id, reporter, account, note, reason, details, excerpt, state, created, decision)"
          " VALUES (?, ?, ?, ?, 1, '', '', ?, 1, ?)")


class Reports(unittest.TestCase):
    def test_the_latest_of_a_thing_says_how_many(self):
        dice, db = random.Random(7), sqlite3.connect(":memory:")
        step = next(step.number for step in STEPS if step.name == "reports")
        things = {}  # account, note, state, decision: ids
        for earlier in STEPS:
            if earlier.number < step:
                for _, sql in earlier.statements:
                    db.execute(sql)
        for id in range(1, 301):
            account, note, decision = dice.randrange(1, 4), dice.choice([None, 11, 12]), dice.choice([None, None, 21, 22])
            thing = (account, note, decision and decision % 2 + 1 or 0, decision)
            db.execute(REPORT, (id, id, *thing))
            things.setdefault(thing, []).append(id)
        for _, sql in next(s for s in STEPS if s.number == step).statements:
            db.execute(sql)
        wanted = {id: len(ids) if id == ids[-1] else 0 for ids in things.values() for id in ids}
        self.assertEqual(dict(db.execute("SELECT id, alike FROM report")), wanted)


if __name__ == "__main__":
    unittest.main()
