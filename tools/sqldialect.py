# SPDX-License-Identifier: AGPL-3.0-or-later
#
# The SQL that SQLite 3.40 and PostgreSQL 15 understand alike: what is refused because it means
# different things or exists in one only, and the few words that are translated. Works on tokens;
# whether a statement is right at all is left to SQLite (sqlgen prepares it) and to the contract
# test (which prepares every statement on PostgreSQL).
import hashlib
import os
import re


class Refused(Exception):
    def __init__(self, where, what):
        super().__init__(f"{where}: {what}")
        self.where, self.what = where, what


TOKEN = re.compile(r"""
    (?P<space>\s+|--[^\n]*)
  | (?P<string>'(?:[^']|'')*')
  | (?P<quoted>"[^"]*"|`[^`]*`|\[[^\]]*\])
  | (?P<cast>::)
  | (?P<param>:[a-z][a-z0-9_]*)
  | (?P<alien>[?$@\#][A-Za-z0-9_]*|:)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<op><>|<=|>=|\|\||==|!=|<<|>>|->>|->|[-+*/%<>=(),.;~&|])
""", re.X)

# Words that may not appear at all, and why.
REFUSED = {
    "CURRENT_TIMESTAMP": "times come from ctx->now",
    "CURRENT_DATE": "times come from ctx->now", "CURRENT_TIME": "times come from ctx->now",
    "ILIKE": "PostgreSQL only", "LATERAL": "PostgreSQL only", "SERIAL": "the database invents nothing",
    "AUTOINCREMENT": "the database invents nothing", "IFNULL": "write COALESCE", "GLOB": "SQLite only",
    "MATCH": "SQLite only", "REGEXP": "SQLite only", "ISNULL": "write IS NULL", "NOTNULL": "write IS NOT NULL",
    "ROWID": "SQLite only", "INDEXED": "SQLite only", "PRAGMA": "SQLite only", "REFERENCES": "checked by our code",
    "FOREIGN": "checked by our code", "TRIGGER": "the database does nothing by itself",
    "SKIP": "PostgreSQL only: repeat the guard in the outer WHERE",
    "BEGIN": "transactions belong to store_write", "COMMIT": "transactions belong to store_write",
    "ROLLBACK": "transactions belong to store_write", "VACUUM": "not in a room", "COLLATE": "text is ordered bytewise",
}

# Functions that may not be called, and why.
REFUSED_CALLS = {
    "NOW": "times come from ctx->now", "DATE": "times come from ctx->now", "TIME": "times come from ctx->now",
    "DATETIME": "times come from ctx->now", "STRFTIME": "times come from ctx->now",
    "JULIANDAY": "times come from ctx->now", "UNIXEPOCH": "times come from ctx->now",
    "RANDOM": "the database invents nothing", "RANDOMBLOB": "the database invents nothing",
    "TOTAL": "SQLite only", "GROUP_CONCAT": "SQLite only", "STRING_AGG": "PostgreSQL only",
    "INSTR": "SQLite only", "STRPOS": "PostgreSQL only", "PRINTF": "SQLite only", "HEX": "SQLite only",
    "TYPEOF": "SQLite only", "IIF": "SQLite only: write CASE", "LAST_INSERT_ROWID": "ids are made by us",
    "CHANGES": "declare the statement 'changed'",
}

# Words that PostgreSQL will not take as a name of a table or column.
RESERVED = set("""ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC BOTH CASE CAST CHECK COLLATE COLUMN CONSTRAINT
    CREATE CURRENT_DATE CURRENT_ROLE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO
    ELSE END EXCEPT FALSE FETCH FOR FOREIGN FROM GRANT GROUP HAVING IN INITIALLY INTERSECT INTO LATERAL LEADING LIMIT
    LOCALTIME LOCALTIMESTAMP NOT NULL OFFSET ON ONLY OR ORDER PLACING PRIMARY REFERENCES RETURNING SELECT SESSION_USER
    SOME SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE USER USING VARIADIC WHEN WHERE WINDOW WITH""".split())


def tokens(sql, where):
    out, at = [], 0
    while at < len(sql):
        m = TOKEN.match(sql, at)
        if not m:
            raise Refused(where, f"cannot read '{sql[at:at + 20]}'")
        kind = m.lastgroup
        text = m.group()
        if kind == "cast":
            raise Refused(where, "write CAST(x AS type), never ::")
        if kind == "alien":
            raise Refused(where, f"parameters are written :name, not '{text}'")
        if kind == "quoted":
            raise Refused(where, f"quoted names are read differently: {text}")
        out.append((kind, " " if text.startswith("--") else text))
        at = m.end()
    return out


def upper(token):
    return token[1].upper() if token[0] == "word" else token[1]


def solid(toks):
    return [t for t in toks if t[0] != "space"]


def refuse_unportable(toks, where):
    words = [upper(t) for t in solid(toks)]
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        before = words[at - 1] if at else ""
        called = after == "("
        if word in REFUSED and not (word == "ROWID" and before == "WITHOUT"):
            raise Refused(where, f"{word}: {REFUSED[word]}")
        if called and word in REFUSED_CALLS:
            raise Refused(where, f"{word}(): {REFUSED_CALLS[word]}")
        if word.startswith("JSON"):
            raise Refused(where, f"{word}: no JSON functions")
        if word in ("->", "->>"):
            raise Refused(where, "no JSON operators")
        if word == ";":
            raise Refused(where, "one head, one statement")
        if word == "==":
            raise Refused(where, "write =")
        if word in ("INSERT", "UPDATE") and after == "OR" or word == "REPLACE" and not called:
            raise Refused(where, f"{word} {after}: write ON CONFLICT")
        if word == "IS" and after not in ("NULL", "NOT", "DISTINCT"):
            raise Refused(where, "IS compares only with NULL and DISTINCT FROM")
        if word == "NOT" and before == "IS" and after not in ("NULL", "DISTINCT"):
            raise Refused(where, "IS NOT compares only with NULL and DISTINCT FROM")
        if word in ("MAX", "MIN") and called and commas_within(words, at + 1):
            raise Refused(where, f"{word} of several values: write {'GREATEST' if word == 'MAX' else 'LEAST'}")
        if word == "LIKE" and "ESCAPE" not in words[at:]:
            raise Refused(where, "LIKE needs ESCAPE '\\': the two have different defaults")
        if word == "*" and (before in ("SELECT", ",", ".", "RETURNING", "DISTINCT")):
            raise Refused(where, "name the columns")
    for name in ("SUM", "AVG"):
        for at, word in enumerate(words):
            if word == name and words[at + 1:at + 2] == ["("] and "CAST" not in words[:at]:
                raise Refused(where, f"{name} is a numeric on PostgreSQL: write CAST({name}(…) AS INTEGER) or AS REAL")


def commas_within(words, at):
    depth = 0
    for word in words[at:]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0:
            return False
        if depth == 1 and word == ",":
            return True
    return False


# What PostgreSQL reads may be locked, said at the end of the statement. Who writes to SQLite has all of it.
LOCKS = [words.split() for words in ("FOR UPDATE", "FOR NO KEY UPDATE", "FOR SHARE", "FOR KEY SHARE")]


def without_lock(toks):
    words = [(at, upper(t)) for at, t in enumerate(toks) if t[0] != "space"]
    for lock in LOCKS:
        if [word for _, word in words[-len(lock):]] == lock:
            return toks[:words[-len(lock)][0]]
    return toks


# Where lists stand: `IN ( :x )` with the words before, as (index of IN, index of ")", negated, parameter).
def list_places(toks, lists, where):
    places, seen = {}, set()
    idx = [i for i, t in enumerate(toks) if t[0] != "space"]
    for k, i in enumerate(idx):
        if toks[i][0] != "param" or toks[i][1][1:] not in lists:
            continue
        around = [upper(toks[j]) for j in idx[max(0, k - 2):k]] + [upper(toks[j]) for j in idx[k + 1:k + 2]]
        if around != ["IN", "(", ")"]:
            raise Refused(where, f"list {toks[i][1]} stands outside IN ({toks[i][1]})")
        negated = k >= 3 and upper(toks[idx[k - 3]]) == "NOT"
        start = idx[k - 3] if negated else idx[k - 2]
        places[start] = (idx[k + 1], negated, toks[i][1][1:])
        seen.add(toks[i][1][1:])
    return places


def rewrite(toks, order, lists, where, mark, words, in_list):
    places, out, at = list_places(toks, lists, where), [], 0
    while at < len(toks):
        kind, text = toks[at]
        if at in places:
            end, negated, name = places[at]
            out.append(in_list(order.index(name) + 1, negated))
            at = end
        elif kind == "param":
            out.append(f"{mark}{order.index(text[1:]) + 1}")
        elif kind == "word":
            out.append(words.get(text.upper(), text))
        elif kind == "space":
            if out and out[-1] != " ":
                out.append(" ")
        else:
            out.append(text)
        at += 1
    return "".join(out).strip()


# single: the text for lists of one each, which go in as they are. Taking a list apart costs SQLite a table.
def to_sqlite(toks, order, lists, where, single=False):
    inside = "?{}" if single else "SELECT value FROM json_each(?{})"
    return rewrite(toks, order, lists, where, "?", {"GREATEST": "MAX", "LEAST": "MIN"},
                   lambda n, no: f"{'NOT ' if no else ''}IN ({inside.format(n)})")


PG_TYPES = {"INTEGER": "BIGINT", "INT": "BIGINT", "BLOB": "BYTEA", "REAL": "DOUBLE PRECISION"}


def to_postgres(toks, order, lists, where):
    return rewrite(toks, order, lists, where, "$", PG_TYPES,
                   lambda n, no: f"<> ALL(${n})" if no else f"= ANY(${n})")


# Plain names in the result: of RETURNING, or of the first select list. None for an expression
# without AS.
def result_names(toks):
    toks = solid(toks)
    words = [upper(t) for t in toks]
    start, depth = None, 0
    for at, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word == "RETURNING":
            start = at + 1
    if start is None:
        depth = 0
        for at, word in enumerate(words):
            depth += {"(": 1, ")": -1}.get(word, 0)
            if depth == 0 and word in ("INSERT", "UPDATE", "DELETE"):
                return []
            if depth == 0 and word == "SELECT":
                start = at + 1
                break
    if start is None:
        return []
    if words[start:start + 1] == ["DISTINCT"]:
        start += 1
    names, item, depth = [], [], 0
    for t, word in zip(toks[start:], words[start:]):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and (word == "," or word in ("FROM", "WHERE", "UNION")):
            names.append(name_of(item))
            item = []
            if word != ",":
                return names
        else:
            item.append(t)
    return names + [name_of(item)]


def name_of(item):
    if len(item) >= 2 and upper(item[-2]) == "AS":
        return item[-1][1]
    if all(t[0] == "word" or t[1] == "." for t in item) and item and len(item) in (1, 3):
        return item[-1][1]
    return None


# NULLs come first on SQLite and last on PostgreSQL.
def check_null_order(toks, tables, where):
    toks = solid(toks)
    words = [upper(t) for t in toks]
    used = {t[1] for t in toks if t[0] == "word" and t[1] in tables}
    nullable = {c for table in used for c, sure in tables[table].items() if not sure}
    for at in range(len(words) - 1):
        if words[at:at + 2] != ["ORDER", "BY"]:
            continue
        depth, item = 0, []
        for t, word in list(zip(toks, words))[at + 2:] + [(None, ";")]:
            depth += {"(": 1, ")": -1}.get(word, 0)
            if depth < 0 or depth == 0 and word in (",", ";", "LIMIT", "OFFSET", "RETURNING"):
                names = [x[1] for x in item if x[0] == "word"]
                plain = [n for n in names if n.upper() not in ("ASC", "DESC")]
                if plain and plain[-1] in nullable and len(plain) <= 2 and "NULLS" not in map(str.upper, names):
                    raise Refused(where, f"ORDER BY {plain[-1]}, which may be NULL: say NULLS FIRST or NULLS LAST")
                item = []
                if word != ",":
                    break
            else:
                item.append(t)


# A number that is passed in stands for any number of rows.
def skips(toks):
    words = [upper(t) for t in solid(toks)]
    return any(t[0] == "param" for at, word in enumerate(words) if word == "OFFSET" for t in solid(toks)[at:])


def is_scan(detail, toks):
    m = re.match(r"SCAN (\S+)", detail)
    if not m or "VIRTUAL TABLE" in detail or "CONSTANT ROW" in detail or m.group(1).startswith("("):
        return False
    ts = solid(toks)
    for at, t in enumerate(ts):
        if t[1] == m.group(1) and [upper(x) for x in ts[at + 1:at + 3]] == ["AS", "("]:
            return False  # a WITH table of the statement itself
        if t[1] == m.group(1) and at and ts[at - 1][1] == ")":
            return False  # alias of a subquery
        if t[1] == m.group(1) and at > 1 and upper(ts[at - 1]) == "AS" and ts[at - 2][1] == ")":
            return False
    return True


# Where an index finds what the statement itself names (standing = 0), and nothing else: that may be nearly
# all rows. Not so with LIMIT, nor in a subquery, which may end at the first.
def is_search_for_constants(detail, toks):
    m = re.match(r"SEARCH \S+ USING (?:COVERING )?INDEX \S+ \((.+)\)\Z", detail)
    ts = solid(toks)
    if not m or any(upper(t) == "LIMIT" for t in ts):
        return False
    for column in re.findall(r"(\S+?)[<>=]+\?", m.group(1)):
        against = [ts[at + 2][1] for at in range(len(ts) - 2) if ts[at][1] == column and ts[at + 1][1] in ("=", "<", ">", "<=", ">=")]
        if not against or not all(re.match(r"\d+\Z", value) for value in against):
            return False
    return True


# --- schema steps -------------------------------------------------------------------------------------

# What one of the two has alone stands under a line of its own: the feed of changes takes its order from
# the database, and each has another.
DATABASES = ("sqlite", "postgres")
ONE_DATABASE = re.compile(r"^--: on (sqlite|postgres)$", re.M)


class Step:
    def __init__(self, path):
        self.path = path
        m = re.match(r"(\d{4})-([a-z0-9-]+)\.sql\Z", os.path.basename(path))
        if not m:
            raise Refused(path, "schema steps are called 0001-name.sql")
        self.number, self.name = int(m.group(1)), m.group(2)
        with open(path, encoding="utf-8") as f:
            text = ONE_DATABASE.sub(r"ON_\1", f.read())
        self.statements = []  # of SQLite: (where, text)
        self.postgres = []    # translated
        self.all = []         # texts, for the hash
        current, line, first = "", 1, 1
        for kind, part in tokens(text, path):
            if part == ";":
                self.add(f"{path}:{first}", current)
                current = ""
            else:
                if not current.strip() and part.strip():
                    first = line
                current += part
            line += part.count("\n")
        if current.strip():
            raise Refused(f"{path}:{first}", "does not end with ';'")
        if not self.all:
            raise Refused(path, "an empty step")
        plain = "\n".join(" ".join(sql.split()) for sql in self.all)
        self.hash = hashlib.sha256(plain.encode()).hexdigest()[:16]

    def add(self, where, sql):
        sql = re.sub(r"\s+", " ", sql).strip() if "'" not in sql else sql.strip()
        self.all.append(sql)
        only = next((name for name in DATABASES if sql.split()[:1] == [f"ON_{name}"]), None)
        if only:
            sql = sql[len(f"ON_{only}"):].strip()
        toks = tokens(sql, where)
        if only != "postgres":
            refuse_unportable([t for t in toks if upper(t) != "LIKE"], where)
        words = [upper(t) for t in solid(toks)]
        if words[:2] == ["CREATE", "TABLE"]:
            tail = words[len(words) - 1 - words[::-1].index(")"):]
            if "STRICT" not in tail and only != "postgres":
                raise Refused(where, "tables are STRICT")
        elif words[0] not in ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE"):
            raise Refused(where, f"{words[0]} is no schema step")
        if any(t[0] == "param" for t in toks):
            raise Refused(where, "a schema step has no parameters")
        if only != "postgres":
            self.statements.append((where, sql))
        if only != "sqlite":
            self.postgres.append(schema_to_postgres(sql, where))


def read_steps(paths):
    steps = sorted((Step(p) for p in paths), key=lambda s: s.number)
    for at, step in enumerate(steps):
        if at and steps[at - 1].number == step.number:
            raise Refused(step.path, f"step {step.number} exists twice")
    return steps


def schema_to_postgres(sql, where):
    toks = tokens(sql, where)
    words = [upper(t) for t in solid(toks)]
    defines = words[:2] == ["CREATE", "TABLE"] or words[0] == "ALTER"
    types = dict(PG_TYPES)
    if defines:
        types["TEXT"] = 'TEXT COLLATE "C"'
    out = "".join(types.get(text.upper(), text) if kind == "word" else text for kind, text in toks)
    if words[:2] == ["CREATE", "TABLE"]:
        cut = out.rindex(")") + 1
        out = out[:cut]
    return out
