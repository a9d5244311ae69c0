# SPDX-License-Identifier: AGPL-3.0-or-later
#
# What a statement names instead of writing it once more, in braces:
#   {stands(note.account)}  a part that the file defines, or one that it uses: --: part stands(who)
#   {note_row} {:note_row}  the columns of a row, or the parameters of the same names
#   {STANDING_GOOD}         the number of a C enumerator, of the room's headers or those it may include
# A part is text: it is put in before anything is read, so that a mistake in it shows where it is used.
import glob
import os
import re

from sqldialect import Refused

BRACES = re.compile(r"\{(:?)([A-Za-z_][A-Za-z0-9_]*)(?:\(([^{}]*?)\))?\}")
WORD = re.compile(r":?[A-Za-z_][A-Za-z0-9_]*")
DEEP = 5  # parts within parts


class Part:
    def __init__(self, name, parameters, where):
        self.name, self.parameters, self.where, self.sql = name, parameters, where, ""

    def filled(self, arguments, where):
        if len(arguments) != len(self.parameters):
            raise Refused(where, f"the part '{self.name}' takes {len(self.parameters)} words, not {len(arguments)}")
        given = dict(zip(self.parameters, arguments))
        return WORD.sub(lambda m: given.get(m.group(), m.group()), self.sql)


# --- C enumerators ---------------------------------------------------------------------------------

COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
ENUM = re.compile(r"\benum\b[^{};()]*\{([^{}]*)\}")


# name -> number, of all enums in the text of a header. Those whose value is an expression are left out,
# and so are those that follow them.
def enumerators(text):
    found = {}
    for body in ENUM.findall(COMMENT.sub(" ", text)):
        number = -1
        for item in filter(None, (part.strip() for part in body.split(","))):
            name, _, value = (part.strip() for part in item.partition("="))
            try:
                number = int(value, 0) if value else None if number is None else number + 1
            except ValueError:
                number = found.get(value)
            if number is not None and re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
                found[name] = number
    return found


class Enumerators:
    def __init__(self, house, room, layers):
        self.headers, self.numbers, self.used = [], {}, {}  # used: name -> header
        rooms = [r for r in reversed(layers.order) if r in layers.allowed.get(room, ())] if layers else []
        for r in [room] + rooms:
            public = glob.glob(os.path.join(house, r, "*.h")) if r in (room, "base") else [os.path.join(house, r, r + ".h")]
            for path in sorted(filter(os.path.exists, public)):
                self.read(path, os.path.relpath(path, house))

    def read(self, path, header):
        self.headers.append(path)
        with open(path, encoding="utf-8") as f:
            for name, number in enumerators(f.read()).items():
                self.numbers.setdefault(name, (number, header))

    def number(self, name, where):
        if name not in self.numbers:
            raise Refused(where, f"no header that this room may include has an enumerator '{name}'")
        number, self.used[name] = self.numbers[name]
        return str(number)


# --- putting in ------------------------------------------------------------------------------------

class Vocabulary:
    def __init__(self, parts, rows, enums):
        self.parts, self.rows, self.enums = parts, rows, enums
        self.used = set()

    def fill(self, sql, where, depth=0):
        if depth > DEEP:
            raise Refused(where, "parts stand in one another without an end")

        def one(m):
            colon, name, arguments = m.groups()
            if name in self.rows and arguments is None:
                return ", ".join(colon + field.name for field in self.rows[name])
            if colon:
                raise Refused(where, f"no row is called '{name}'")
            if name in self.parts:
                self.used.add(name)
                words = [a.strip() for a in arguments.split(",")] if arguments else []
                return self.fill(self.parts[name].filled(words, where), where, depth + 1)
            if arguments is None and name.isupper():
                return self.enums.number(name, where)
            raise Refused(where, f"no part or row is called '{name}'")

        filled = BRACES.sub(one, sql)
        if "{" in filled or "}" in filled:
            raise Refused(where, "a brace that is not understood")
        return filled
