#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists what rooms bring along in folders of their own: steps of the schema (ROOM/schema/*.sql) and
words (ROOM/words/LOCALE/*.words; of the room words/ itself LOCALE/*.words), a path a line, for
tools/sqlgen and tools/wordgen. A list that stays the same is not written again, so that nothing is
made anew; the depfile names every folder looked into, so that what is added later is found.
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from layers import read_layers  # noqa: E402


class Finder:
	def __init__(self):
		self.looked = []

	def names(self, folder):
		if not os.path.isdir(folder):
			return []
		if folder not in self.looked:
			self.looked.append(folder)
		return sorted(os.listdir(folder))

	def files(self, folder, ending):
		return [os.path.join(folder, name) for name in self.names(folder) if name.endswith(ending)]

	def words(self, folder):
		return [path for locale in self.names(folder) for path in self.files(os.path.join(folder, locale), ".words")]

	# The rooms themselves are looked into as well: one may get its first schema or words.
	def find(self, src, rooms):
		schema, words = [], []
		for room in rooms:
			folder = os.path.join(src, room)
			self.names(folder)
			schema += self.files(os.path.join(folder, "schema"), ".sql")
			words += self.words(folder if room == "words" else os.path.join(folder, "words"))
		return sorted(schema, key=os.path.basename), words


def save(path, lines):
	text = "".join(line + "\n" for line in lines)
	if os.path.exists(path):
		with open(path, encoding="utf-8") as f:
			if f.read() == text:
				return
	with open(path, "w", encoding="utf-8") as f:
		f.write(text)


def main():
	p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	p.add_argument("--src", required=True, help="folder of the rooms")
	p.add_argument("--layers", required=True, help="file LAYERS: which rooms there are")
	p.add_argument("--schema", required=True, help="list to write")
	p.add_argument("--words", required=True, help="list to write")
	p.add_argument("--depfile", required=True)
	args = p.parse_args()
	finder = Finder()
	schema, words = finder.find(os.path.abspath(args.src), read_layers(args.layers).order)
	save(args.schema, schema)
	save(args.words, words)
	with open(args.depfile, "w", encoding="utf-8") as f:
		f.write(f"{args.schema} {args.words}: " + " ".join(finder.looked) + "\n")


if __name__ == "__main__":
	main()
