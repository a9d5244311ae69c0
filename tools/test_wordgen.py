#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""wordgen: what catalogues become, and what must be refused, with the line where it stands."""
import json
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wordgen  # noqa: E402

EN = "note_like = Like\nnote_likes.one = {n} like\nnote_likes.other = {n} likes\n"
ZH = "note_like = 点赞\nnote_likes = {n} 个赞\n"


def load(en=EN, zh=ZH, **others):
	with tempfile.TemporaryDirectory() as d:
		paths = []
		for locale, text in {"en": en, "zh-Hans": zh, **others}.items():
			if text is None:
				continue
			os.mkdir(os.path.join(d, locale))
			paths.append(os.path.join(d, locale, "note.words"))
			with open(paths[-1], "w", encoding="utf-8") as f:
				f.write(text)
		return wordgen.load(paths)


class Listed(unittest.TestCase):
	def test_a_list_stands_for_its_files(self):
		with tempfile.TemporaryDirectory() as d:
			with open(os.path.join(d, "words.list"), "w", encoding="utf-8") as f:
				f.write("/a/en/note.words\n/b/words/en/wave.words\n")
			self.assertEqual(wordgen.listed(["x.words", os.path.join(d, "words.list")]),
				["x.words", "/a/en/note.words", "/b/words/en/wave.words"])


class Compiled(unittest.TestCase):
	def test_header(self):
		header = wordgen.header(load(fr="note_like = Aimer\n"))
		self.assertRegex(header, r"LOCALE_EN,\s+LOCALE_ZH_HANS,\s+LOCALE_FR,\s+LOCALE_COUNT")
		self.assertRegex(header, r"W_none,\s+W_note_like,\s+W_note_likes,\s+W_COUNT")

	def test_tables(self):
		source = wordgen.source(load())
		self.assertIn('"Like"\n\t"{n} likes"\n\t"{n} like"\n\t"{n} likes";', source)
		self.assertIn('{{"zh-Hans"}, PLURAL_ONLY, false,', source)

	def test_an_incomplete_locale_may_be(self):
		self.assertIn("0, 0, 0, 0,", wordgen.source(load(fr="# nothing yet\nnote_like = Aimer\n").copy()) + "0, 0, 0, 0,")
		self.assertEqual(list(load(fr="note_like = Aimer\n")["fr"]), ["note_like"])

	def test_keys(self):
		self.assertEqual(json.loads(wordgen.key_list(load())), {"note_like": [], "note_likes": ["n"]})

	def test_escapes(self):
		words = load("note_like = a\\nb \\\\ c?\n", "note_like = 赞\n")["en"]
		self.assertEqual(words["note_like"][""][0], "a\nb \\ c?")
		self.assertEqual(wordgen.c_text("a\nb\\?"), '"a\\nb\\\\\\?"')

	def test_count_and_number_are_one_placeholder(self):
		load("note_like = {c} x\n", "note_like = {n} 个\n")


class RefusedCatalogues(unittest.TestCase):
	def refuse(self, why, **catalogues):
		with self.assertRaisesRegex(wordgen.Refused, why):
			load(**catalogues)

	def test_missing(self):
		self.refuse(r"en/note.words:2: zh-Hans lacks note_likes", zh="note_like = 赞\n")
		self.refuse(r"zh-Hans/note.words:3: en has no note_new", zh=ZH + "note_new = 新\n")
		self.refuse("no catalogue for zh-Hans", zh=None)

	def test_placeholders(self):
		self.refuse(r"zh-Hans/note.words:2: note_likes has other placeholders", zh="note_like = 赞\nnote_likes = 个赞\n")
		self.refuse(r"fr/note.words:1: note_like has other placeholders", fr="note_like = {s}\n")
		self.refuse(r"en/note.words:4: unknown placeholder {name}", en=EN + "note_a = {name}\n")
		self.refuse(r"en/note.words:4: stray brace", en=EN + "note_a = {n\n")

	def test_punctuation(self):
		for text in ("赞(多)", "赞,", "赞.", "(赞"):
			self.refuse(r"zh-Hans/note.words:1: ASCII punctuation", zh=ZH.replace("点赞", text))
		for text in ("点like", "like点", "点3", "3次", "点 3次", "点{n}", "{n} 点{n}"):
			self.refuse(r"zh-Hans/note.words:1: a space belongs", zh=ZH.replace("点赞", text))
		for text in ("赞，  多", "赞 （多）", "（多） 赞"):
			self.refuse(r"zh-Hans/note.words:1: a full-width mark", zh=ZH.replace("点赞", text))
		self.refuse(r"note_like is a sentence with its full stop in one", zh=ZH.replace("点赞", "点赞。"))
		self.refuse(r"note_like is a sentence with its full stop in one", en=EN.replace("= Like", "= Like it."))
		load(EN.replace("= Like", "= Like it."), ZH.replace("点赞", "点赞吧！"))

	def test_plural_forms(self):
		self.refuse(r"note_b lacks the plural form .one", en=EN + "note_b.other = {n}\n")
		self.refuse(r"en has no plural form .few", en=EN + "note_b.one = {n}\nnote_b.few = {n}\nnote_b.other = {n}\n")
		self.refuse(r"unknown plural form .several", en=EN + "note_b.several = {n}\n")
		self.refuse(r"note_b has plural forms but no {n}", en=EN + "note_b.one = a\nnote_b.other = b\n")
		dressed = "note_b.one = {s} thing\nnote_b.other = {s} things\n"
		self.refuse(r"note_b has other placeholders", en=EN + dressed, zh=ZH + "note_b = {s} 件\n")
		load(EN + dressed, ZH + "note_b.other = {s} 件\n")
		self.refuse(r"note_b.other lacks a placeholder", en=EN + "note_b.one = {n} {s}\nnote_b.other = {n}\n")
		self.refuse(r"note_likes lacks the plural form .few", ru="note_likes.one = {n}\nnote_likes.many = {n}\n")

	def test_texts(self):
		for c in "&<>\"'":
			self.refuse(r"en/note.words:4: %s is refused" % re.escape(c), en=EN + f"note_a = a {c} b\n")
		self.refuse("write …", en=EN + "note_a = wait...\n")
		self.refuse("ASCII punctuation", zh=ZH.replace("点赞", "点赞!"))
		self.refuse("normal form", en=EN + "note_a = cafe\u0301\n")
		self.refuse("unknown escape", en=EN + "note_a = a\\tb\n")
		self.refuse("control character", en=EN + "note_a = a\u0007b\n")

	def test_lines(self):
		self.refuse(r"en/note.words:4: not a line", en=EN + "note_a: b\n")
		self.refuse(r"en/note.words:4: not a line", en=EN + "note_a = \n")
		self.refuse(r"en/note.words:4: keys of this file begin with note_", en=EN + "explore_a = b\n")
		self.refuse(r"en/note.words:4: note_like is given twice", en=EN + "note_like = b\n")
		self.refuse(r"en/note.words:4: note_like is given twice", en=EN + "note_like.one = {n}\n")
		self.refuse("no plural rule is known for tlh", tlh="note_like = a\n")


if __name__ == "__main__":
	unittest.main()
