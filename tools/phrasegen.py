#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks the phrase memory of language/ and puts it into one file, as the program reads it:

    P from to source target          a phrase, of one direction
    T from to source target          one with slots: {food} {foods} {a food} {number foods} {time} {name} …
    S type english plural chinese measure

The first of several answers to one phrase stands; a second one is refused within a file and left out across files."""
import argparse
import os
import re
import sys

SLOT = re.compile(r"\{([^}]*)\}")
TYPES = ("food", "thing", "animal", "person", "place", "time", "language")
FORMS = re.compile(r"^(?:(?:a |number )?(?:food|thing|animal|person)s?|people|number people|place|time|language|name|number)$")
MANY = ("en", "zh-Hans", "es", "ja", "ko", "fr")


def refuse(path, line, what):
    raise SystemExit(f"{path}:{line}: {what}")


def rows(path, n):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) != n or not all(field.strip() == field and field for field in fields):
                refuse(path, number, f"{len(fields)} fields, {n} that say something are wanted")
            yield number, fields


def kind(form):
    form = form.removeprefix("a ").removeprefix("number ")
    return {"people": "person"}.get(form, form.removesuffix("s"))


def slots(path, line, text):
    found = SLOT.findall(text)
    for form in found:
        if not FORMS.match(form):
            refuse(path, line, f"no slot {{{form}}}")
    return sorted(kind(form) for form in found)


class Memory:
    def __init__(self):
        self.lines, self.known = [], set()

    def add(self, letter, source, target, one, other):
        key = (letter, source, target, re.sub(r"[\W_]+", "", one.lower()))
        if key[3] and key not in self.known:
            self.known.add(key)
            self.lines.append("\t".join((letter, source, target, one, other)))

    def read_pairs(self, path, letter):
        for number, (way, en, zh) in rows(path, 3):
            if way not in "=<>":
                refuse(path, number, f"no direction '{way}'")
            if letter == "T" and slots(path, number, en) != slots(path, number, zh):
                refuse(path, number, "not the same slots on both sides")
            if way in "=>":
                self.add(letter, "en", "zh-Hans", en, zh)
            if way in "=<":
                self.add(letter, "zh-Hans", "en", zh, en)

    def read_many(self, path):
        for _, cells in rows(path, len(MANY)):
            for i, source in enumerate(MANY):
                for k, target in enumerate(MANY):
                    if i != k:
                        self.add("P", source, target, cells[i], cells[k])

    def read_slots(self, folder):
        for name in TYPES:
            path = os.path.join(folder, name + ".tsv")
            counted = name in ("food", "thing", "animal", "person")
            for _, cells in rows(path, 4 if counted else 2):
                en, plural, zh, measure = cells if counted else (cells[0], "-", cells[1], "-")
                self.lines.append("\t".join(("S", name, en, plural, zh, measure)))


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--folder", required=True)
    p.add_argument("--output", required=True)
    p.add_argument("--depfile", required=True)
    args = p.parse_args()
    memory = Memory()
    pairs = os.path.join(args.folder, "phrases", "en-zh")
    read = [os.path.join(pairs, name) for name in sorted(os.listdir(pairs)) if name != "patterns.tsv"]
    for path in read:
        memory.read_pairs(path, "P")
    memory.read_pairs(os.path.join(pairs, "patterns.tsv"), "T")
    memory.read_many(os.path.join(args.folder, "phrases", "many.tsv"))
    memory.read_slots(os.path.join(args.folder, "slots"))
    with open(args.output, "w", encoding="utf-8") as f:
        f.write("".join(line + "\n" for line in memory.lines))
    read += [pairs, os.path.join(pairs, "patterns.tsv"), os.path.join(args.folder, "phrases", "many.tsv")]
    read += [os.path.join(args.folder, "slots", name + ".tsv") for name in TYPES]
    with open(args.depfile, "w", encoding="utf-8") as f:
        f.write(f"{args.output}: {' '.join(read)}\n")


if __name__ == "__main__":
    sys.exit(main())
