# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that something popular makes long, each against the same page of something small.

A community of its own, its rows written straight into the database: a note with 50,000 comments, a topic and
an author with 100,000 notes, a person with 100,000 followers, and of each a small one with a hundred. All are
read by somebody who is signed in, the first page and one deep down; a long list should cost what a short one
costs."""
import os
import sqlite3
import statistics
import time

import load
from server import House, make_account

LONG, SMALL = 100_000, 100
COMMENTS = 50_000
BODY = "What one says of such a picture, in a sentence or two, as people do when they liked it."


def ids(at, n):
    """Rising ids as the program makes them, one a millisecond, the last at that time."""
    return [(at - n + i) << 20 | 4095 for i in range(n)]


class Filling:
    def __init__(self, data):
        self.db = sqlite3.connect(os.path.join(data, "qiao.db"), isolation_level=None)
        self.db.execute("PRAGMA synchronous = OFF")
        self.db.execute("BEGIN")
        self.at = int(time.time() * 1000) - 10_000_000

    def finish(self):
        self.db.execute("COMMIT")
        self.db.close()

    def next_ids(self, n):
        self.at += n + 1000
        return ids(self.at, n)

    def accounts(self, names, **counters):
        made = self.next_ids(len(names))
        self.db.executemany(
            "INSERT INTO account (id, name, display, bio, role, standing, locale, reads, writes, topics, show_likes,"
            " welcomed, password, why, created, notes, followers, following, liked)"
            " VALUES (?, ?, ?, 'Somebody', 0, 0, '', 'en', 'en', '', 0, 1, '', '', ?, ?, ?, 0, 0)",
            [(id, name, name.title(), id >> 20, counters.get("notes", 0), counters.get("followers", 0))
             for id, name in zip(made, names)])
        return made

    def notes(self, rows):
        """rows: (id, account, root, parent, answers, title, likes, comments)"""
        self.db.executemany(
            "INSERT INTO note (id, account, root, parent, answers, created, edited, visibility, language, sensitive,"
            " title, body, ratio, pictures, likes, comments)"
            " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 'en', 0, ?, ?, 0, 0, ?, ?)",
            [(id, by, root, parent, answers, id >> 20, title, BODY, likes, comments)
             for id, by, root, parent, answers, title, likes, comments in rows])

    def commented(self, crowd, n):
        """A note with n comments: one in four is liked, some have answers, most have neither."""
        root = self.next_ids(1)[0]
        rows = [(root, crowd[0], None, None, None, "Much talked about", 3, n)]
        made = self.next_ids(n)
        answered = 0
        for i, id in enumerate(made):
            if answered:
                answered -= 1
                top = made[i - 3 + answered]
                rows.append((id, crowd[i % len(crowd)], root, top, crowd[i % 7], "", 0, 0))
                continue
            answers = 3 if i % 20 == 3 and i + 3 < n else 0
            answered = answers
            rows.append((id, crowd[i % len(crowd)], root, None, None, "", i % 37 if i % 4 == 0 else 0, answers))
        self.notes(rows)
        return root

    def author(self, name, topic, n):
        """Somebody who wrote n notes, all with one topic."""
        by = self.accounts([name], notes=n)[0]
        made = self.next_ids(n)
        self.notes([(id, by, None, None, None, f"Note {i} of many", i % 5, 0) for i, id in enumerate(made)])
        self.db.execute("INSERT INTO topic (name, shown, notes, source) VALUES (?, ?, ?, ?)", (topic, topic, n, made[0]))
        self.db.executemany("INSERT INTO note_topic (topic, note, shown, counted, account) VALUES (?, ?, ?, 1, ?)",
                            [(topic, id, topic, by) for id in made])
        return made

    def followed(self, name, crowd):
        by = self.accounts([name], followers=len(crowd))[0]
        self.db.executemany("INSERT INTO follow (follower, followed, at) VALUES (?, ?, ?)",
                            [(one, by, one >> 20) for one in crowd])

    def best(self, root, skip):
        return "{}.{}".format(*self.db.execute(
            "SELECT likes * 2 + comments, id FROM note WHERE root = ? AND parent IS NULL"
            " ORDER BY likes * 2 + comments DESC, id LIMIT 1 OFFSET ?", (root, skip)).fetchone())


def fill(data):
    """Returns (title, path of the long one, path of the small one) of every page."""
    f = Filling(data)
    crowd = f.accounts([f"crowd_{i}" for i in range(LONG)])
    roots = [f.commented(crowd[:5000], n) for n in (COMMENTS, SMALL)]
    notes = [f.author(name, name + "s", n) for name, n in (("prolific", LONG), ("sparing", SMALL))]
    f.followed("famous", crowd)
    f.followed("known", crowd[:SMALL])
    skips = (COMMENTS // 2, 20)
    deep = [f"/note/{root}?order=best&more={f.best(root, skip)}" for root, skip in zip(roots, skips)]
    f.finish()
    after = [notes[0][LONG // 10], notes[1][SMALL - 25]]
    return [
        ("note, 50,000 comments, best", *(f"/note/{root}" for root in roots)),
        ("  a page deep down", *deep),
        ("topic, 100,000 notes", "/topic/prolifics", "/topic/sparings"),
        ("  a page deep down", f"/topic/prolifics?after={after[0]}", f"/topic/sparings?after={after[1]}"),
        ("author, 100,000 notes", "/@prolific", "/@sparing"),
        ("  a page deep down", f"/@prolific?after={after[0]}", f"/@sparing?after={after[1]}"),
        ("100,000 followers", "/@famous/followers", "/@known/followers"),
        ("  a page deep down", f"/@famous/followers?after={crowd[LONG * 9 // 10]}",
         f"/@known/followers?after={crowd[SMALL - 42]}"),
    ]


class Case:
    def __init__(self, title):
        self.title, self.long, self.small = title, [], []

    def ratio(self):
        return statistics.median(a / b for a, b in zip(self.long, self.small))

    def cells(self):
        return [f"{min(self.long) * 1e6:,.0f} us", f"{min(self.small) * 1e6:,.0f} us", f"x {self.ratio():.2f}"]


def measure(house, cases, rounds, seconds):
    done = []
    headers = ["Cookie: " + house.cookie]
    for title, long, small in cases:
        case = Case(title)
        for path in (long, small):
            if house.request("GET", path).status != 200:
                raise SystemExit(f"bench: {path} does not answer")
            load.wrk(house.port, path, 1, headers)  # warm
        for _ in range(rounds):
            for path, costs in ((long, case.long), (small, case.small)):
                costs.append(load.timed(house, lambda p=path: load.wrk(house.port, p, seconds, headers))[1])
        done.append(case)
    return done


def bench(data, rounds, seconds):
    os.mkdir(data)
    House(data).start_and_stop()
    make_account(data)
    cases = fill(data)
    house = House(data)
    house.start()
    house.settle()
    house.sign_in()
    done = measure(house, cases, rounds, seconds)
    house.stop()
    return done
