#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""listgen: what a room brings along is found in the folders of the rooms that LAYERS names, and what is added later too."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import listgen  # noqa: E402


class Found(unittest.TestCase):
	def setUp(self):
		self.dir = tempfile.TemporaryDirectory()
		self.addCleanup(self.dir.cleanup)
		for path in ("base/base.h", "words/en/common.words", "words/zh-Hans/common.words", "words/words.c",
				"store/schema/0002-second.sql", "waves/schema/0003-third.sql", "waves/schema/notes.txt",
				"waves/words/en/wave.words", "waves/words/zh-Hans/wave.words", "notes/schema/0001-first.sql",
				"notes/en/nothing.words", "stranger/schema/0004-fourth.sql", "stranger/words/en/odd.words"):
			self.put(path)
		self.rooms = ["base", "words", "store", "notes", "waves"]

	def put(self, path):
		path = os.path.join(self.dir.name, path)
		os.makedirs(os.path.dirname(path), exist_ok=True)
		with open(path, "w", encoding="utf-8"):
			pass

	def find(self):
		finder = listgen.Finder()
		found = [[os.path.relpath(path, self.dir.name) for path in paths] for paths in finder.find(self.dir.name, self.rooms)]
		return (*found, [os.path.relpath(path, self.dir.name) for path in finder.looked])

	def test_steps_come_by_number_and_words_by_room(self):
		schema, words, _ = self.find()
		self.assertEqual(schema, ["notes/schema/0001-first.sql", "store/schema/0002-second.sql", "waves/schema/0003-third.sql"])
		self.assertEqual(words, ["words/en/common.words", "words/zh-Hans/common.words", "waves/words/en/wave.words",
			"waves/words/zh-Hans/wave.words"])

	def test_every_folder_is_watched_where_something_may_come(self):
		self.assertEqual(self.find()[2], ["base", "words", "words/en", "words/zh-Hans", "store", "store/schema", "notes",
			"notes/schema", "waves", "waves/schema", "waves/words", "waves/words/en", "waves/words/zh-Hans"])

	def test_a_list_that_stays_the_same_is_not_written(self):
		path = os.path.join(self.dir.name, "list")
		listgen.save(path, ["a", "b"])
		os.utime(path, (1, 1))
		listgen.save(path, ["a", "b"])
		self.assertEqual(os.stat(path).st_mtime, 1)
		listgen.save(path, ["a"])
		with open(path, encoding="utf-8") as f:
			self.assertEqual(f.read(), "a\n")


if __name__ == "__main__":
	unittest.main()
