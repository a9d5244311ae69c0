# SPDX-License-Identifier: AGPL-3.0-or-later
#
# Reads the file LAYERS: one line a room, lowest first,
#   room: rooms it may include | libraries it alone includes | owns its tables, reads others', writes others'
# where `*` stands for all rooms below, or all tables.
class Layers:
    def __init__(self, text):
        self.order = []      # rooms, lowest first
        self.allowed = {}    # room -> rooms it may include
        self.libraries = {}  # room -> prefixes of headers that it alone includes
        self.owner = {}      # table -> room
        self.reads = {}      # room -> tables of others that its statements may read
        self.writes = {}     # room -> tables of others that they may read and write
        for number, line in enumerate(text.splitlines(), 1):
            line = line.split("#")[0].strip()
            if line:
                self.add(line, f"LAYERS:{number}")

    def add(self, line, where):
        room, _, rest = line.partition(":")
        rooms, libraries, tables = ([field.strip() for field in rest.split("|")] + ["", ""])[:3]
        self.allowed[room] = set(self.order) if rooms == "*" else set(rooms.split())
        for other in self.allowed[room]:
            if other not in self.order:
                raise SystemExit(f"{where}: {room} may not include {other}, which does not stand below it")
        self.order.append(room)
        self.libraries[room] = libraries.split()
        self.reads[room], self.writes[room] = set(), set()
        for clause in filter(None, (part.split() for part in tables.split(","))):
            self.add_tables(room, clause[0], clause[1:], where)

    def add_tables(self, room, verb, names, where):
        if verb == "owns":
            for name in names:
                if name in self.owner:
                    raise SystemExit(f"{where}: the table {name} belongs to {self.owner[name]} already")
                self.owner[name] = room
        elif verb in ("reads", "writes"):
            getattr(self, verb)[room].update(names)
        else:
            raise SystemExit(f"{where}: '{verb}' is none of owns, reads, writes")

    # May a statement of the room read the table, or write it?
    def may(self, room, table, writes):
        allowed = self.writes.get(room, set()) | (set() if writes else self.reads.get(room, set()))
        return self.owner.get(table) == room or table in allowed or "*" in allowed


def read_layers(path):
    with open(path, encoding="utf-8") as f:
        return Layers(f.read())
