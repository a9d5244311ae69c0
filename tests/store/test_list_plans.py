#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists are walked in the index of what their readers may see, and in no other, which would lead over all that is hidden."""
import glob
import importlib.machinery
import importlib.util
import os
import re
import sys
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SRC = os.path.join(ROOT, "src")
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.dont_write_bytecode = True
import sqlparts  # noqa: E402
from layers import read_layers  # noqa: E402

loader = importlib.machinery.SourceFileLoader("sqlgen", os.path.join(ROOT, "tools", "sqlgen"))
sqlgen = importlib.util.module_from_spec(importlib.util.spec_from_loader("sqlgen", loader))
loader.exec_module(sqlgen)

# statement: the index, and the columns that lead into it
WANTED = {
    "notes": {
        "notes_of_account": "note_by_circle (account visibility id)",
        "topic_notes_before": "note_topic_open (topic counted note)",
        "topic_oldest": "note_topic_open (topic counted)",
        "likings_open": "liking_open (account listed at,note)",
        "likings_narrow": "liking_narrow (account listed at,note)",
        "comments_newest": "comment_first (root id)",
        "comments_newest_narrow": "comment_first_narrow (root id)",
        "comments_below": "comment_best (root <expr>)",
        "comments_below_narrow": "comment_best_narrow (root <expr>)",
        "comments_alike": "comment_best (root <expr> id)",
        "comments_alike_narrow": "comment_best_narrow (root <expr> id)",
        "answers_after": "comment_answers (root parent id)",
        "answers_after_narrow": "comment_answers_narrow (root parent id)",
        "threads_narrow": "comment_answers_narrow (root parent)",
        "mentions_by": "mention_of_author (account author reach note)",
        "mentions_narrow": "mention_narrow (account reach note)",
        "comments_below_astray": "comment_first_away (root id)",
    },
    "accounts": {
        "followers_after": "follow_followers (followed counted follower)",
        "following_after": "follow_following (follower counted followed)",
    },
    "notifications": {
        "notifications_before": "PRIMARY KEY (account aside id)",
        "notifications_fresh": "notification_fresh (account aside fresh id)",
        "aside_of_actor": "notification_not_so (actor)",
        "aside_of_note": "notification_not_there (note)",
    },
}


def ways(lines):
    """Of a plan's lines: the index of each search, and the columns that are bound."""
    for line in lines:
        m = re.search(r"USING (?:COVERING )?(?:INDEX )?(PRIMARY KEY|\w+) \((.+)\)", line)
        if m:
            yield m.group(1) + " (" + re.sub(r"\(?(\w+(?:,\w+)?|<expr>)\)?[<>=]\S+", r"\1", m.group(2)).replace(" AND ", " ") + ")"


class Plans(unittest.TestCase):
    def test_each_list_has_its_index(self):
        layers = read_layers(os.path.join(ROOT, "LAYERS"))
        schema = sqlgen.Schema(glob.glob(os.path.join(SRC, "*", "schema", "*.sql")))
        for name, wanted in WANTED.items():
            path = os.path.join(SRC, name, name + ".sql")
            room = sqlgen.parse_room(path, name)
            room.enums = sqlparts.Enumerators(SRC, name, layers)
            sqlgen.use_parts(room, path, layers)
            sqlgen.fill_parts(room, room.enums)
            statements = {s.name: s for s in room.statements}
            for s in wanted:
                self.check(schema, room, statements[s], wanted[s])

    def check(self, schema, room, statement, wanted):
        sqlgen.check(statement, room, schema)
        for db in (schema.db, schema.full):  # without statistics, as it is in use, and with some
            plan = db.execute("EXPLAIN QUERY PLAN " + statement.sqlite, [None] * len(statement.used)).fetchall()
            found = list(ways(row[3] for row in plan))
            self.assertIn(wanted, found, statement.name)


if __name__ == "__main__":
    unittest.main()
