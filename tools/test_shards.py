#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""shards: which machines a statement would ask."""
import importlib.machinery
import importlib.util
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import sqldialect  # noqa: E402

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("shards", os.path.join(HERE, "shards"))
shards = importlib.util.module_from_spec(importlib.util.spec_from_loader("shards", loader))
loader.exec_module(shards)

TABLES = {
	"note": ["id", "root", "account", "likes"],
	"liking": ["note", "account", "at"],
	"account": ["id", "name"],
	"setting": ["key", "value"],
}
KEYS = {"note": ["id", "root"], "liking": ["note"], "account": ["id"], "setting": "everywhere"}


def kind(sql):
	return shards.judge(shards.Reading(sqldialect.tokens(sql, "here"), TABLES), KEYS)[0]


class Statements(unittest.TestCase):
	def test_one_machine(self):
		self.assertEqual(kind("SELECT likes FROM note WHERE id = :note"), "one")
		self.assertEqual(kind("SELECT likes FROM note WHERE root = :root AND id < :before"), "one")
		self.assertEqual(kind("UPDATE note SET likes = likes + :by WHERE note.id = :note"), "one")
		self.assertEqual(kind("INSERT INTO liking (note, account, at) VALUES (:note, :account, :at)"), "one")
		self.assertEqual(kind("SELECT 1 FROM note JOIN liking ON liking.note = note.id WHERE note.id = :note"), "one")
		self.assertEqual(kind("SELECT 1 FROM note AS n WHERE n.id = :note AND EXISTS "
			"(SELECT 1 FROM liking WHERE liking.note = n.id AND liking.account = :me)"), "one")

	def test_some(self):
		self.assertEqual(kind("SELECT likes FROM note WHERE id IN (:notes)"), "some")
		self.assertEqual(kind("SELECT 1 FROM note JOIN liking ON liking.note = note.id WHERE note.id IN (:notes)"), "some")

	def test_all(self):
		self.assertEqual(kind("SELECT id FROM note WHERE account = :account"), "all")
		self.assertEqual(kind("SELECT note FROM liking WHERE liking.account = :account"), "all")
		self.assertEqual(kind("SELECT id FROM note WHERE id < :before"), "all")
		self.assertEqual(kind("SELECT 1 FROM note, liking WHERE note.id = :note AND liking.account = :me"), "all")

	def test_what_is_set_binds_nothing(self):
		self.assertEqual(kind("UPDATE liking SET note = :note WHERE liking.account = :me"), "all")

	def test_crossing(self):
		self.assertEqual(kind("SELECT 1 FROM note JOIN account ON account.name = :name "
			"WHERE note.id = :note AND account.id = :account"), "crosses")

	def test_what_is_not_spread(self):
		self.assertEqual(kind("SELECT value FROM setting WHERE key = :key"), "none")
		self.assertEqual(kind("SELECT 1 FROM note, setting WHERE note.id = :note"), "one")

	def test_keys_are_read(self):
		text = "| table | spread by |\n|---|---|\n| `note` | `id` `root` | why |\n| `setting` | everywhere | |\n"
		self.assertEqual(shards.read_keys(text), {"note": ["id", "root"], "setting": "everywhere"})


if __name__ == "__main__":
	unittest.main()
