#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""sqlgen writes what it should, and refuses what would differ between the two databases."""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
loader = importlib.machinery.SourceFileLoader('sqlgen', str(HERE / 'sqlgen'))
spec = importlib.util.spec_from_loader('sqlgen', loader)
sqlgen = importlib.util.module_from_spec(spec)
loader.exec_module(sqlgen)

SCHEMA = """-- comment
CREATE TABLE note (id INTEGER PRIMARY KEY, account INTEGER NOT NULL, title TEXT NOT NULL, cover INTEGER,
    n INTEGER NOT NULL DEFAULT 0, body BLOB) STRICT;
CREATE INDEX note_by_account ON note (account, id);
CREATE TABLE pair (a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
"""


class Case(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.TemporaryDirectory()
        self.at = pathlib.Path(self.dir.name)
        (self.at / '0001-first.sql').write_text(SCHEMA)

    def tearDown(self):
        self.dir.cleanup()

    def run_sqlgen(self, *args):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            code = sqlgen.main([str(a) for a in args])
        return code, said.getvalue()

    def room(self, text):
        (self.at / 'room.sql').write_text(text)
        code, said = self.run_sqlgen('room', '--schema', self.at / '0001-first.sql', '--input',
                                     self.at / 'room.sql', '--outdir', self.at)
        if code:
            return code, said, '', ''
        return code, said, (self.at / 'room.sql.h').read_text(), (self.at / 'room.sql.c').read_text()

    def good(self, text):
        code, said, header, source = self.room(text)
        self.assertEqual((code, said), (0, ''))
        return header, source

    def refused(self, text, why, line=None):
        code, said, _, _ = self.room(text)
        self.assertEqual(code, 1, f'accepted: {text}')
        self.assertIn(why, said)
        if line:
            self.assertIn(f'room.sql:{line}: error: ', said)


class Writing(Case):
    def test_cardinalities_and_signatures(self):
        header, source = self.good(
            '--: row note_row (id note_id, title str)\n'
            '-- Told to the reader.\n'
            '--: by_id(id note_id) one note_row\nSELECT id, title FROM note WHERE id = :id;\n'
            '--: by_ids(ids note_id[]) many note_row\nSELECT id, title FROM note WHERE id IN (:ids);\n'
            '--: grow(id note_id, by int) changed\nUPDATE note SET n = n + :by WHERE id = :id;\n'
            '--: drop_it(id note_id) exec\nDELETE FROM note WHERE id = :id;\n')
        self.assertIn('struct note_row {\n\tnote_id id;\n\tstr title;\n};', header)
        self.assertIn('// Told to the reader.\nerr by_id(struct ctx *ctx, note_id id, struct note_row *out) CHECKED;', header)
        self.assertIn('err by_ids(struct ctx *ctx, const note_id *ids, ptrdiff_t n_ids, struct note_row **out, '
                      'ptrdiff_t *n_out) CHECKED;', header)
        self.assertIn('err grow(struct ctx *ctx, note_id id, int64_t by, int64_t *changed) CHECKED;', header)
        self.assertIn('err drop_it(struct ctx *ctx, note_id id) CHECKED;', header)
        self.assertIn('#include "room/room.sql.h"', source)
        self.assertIn('const int room_statements_n = 4;', source)

    def test_parameters_are_numbered_by_first_use_on_both(self):
        _, source = self.good('--: grow(id note_id, by int) exec\n'
                              'UPDATE note SET n = n + :by, account = :by WHERE id = :id;\n')
        self.assertIn('.sqlite = "UPDATE note SET n = n + ?1, account = ?1 WHERE id = ?2"', source)
        self.assertIn('.postgres = "UPDATE note SET n = n + $1, account = $1 WHERE id = $2"', source)
        self.assertLess(source.index('{.i = by}'), source.index('{.i = id.v}'))

    def test_lists(self):
        _, source = self.good('--: x(ids note_id[], no str[]) many (id note_id)\n'
                              'SELECT id FROM note WHERE id IN (:ids) AND title NOT IN ( :no );\n')
        self.assertIn('id IN (SELECT value FROM json_each(?1)) AND title NOT IN (SELECT value FROM json_each(?2))', source)
        self.assertIn('.sqlite_single = "SELECT id FROM note WHERE id IN (?1) AND title NOT IN (?2)"', source)
        self.assertIn('id = ANY($1) AND title <> ALL($2)', source)

    def test_words_are_translated_outside_strings(self):
        _, source = self.good("--: x(id note_id) one (n int, t str)\n"
                              "SELECT CAST(GREATEST(n, 0) AS INTEGER) AS n, 'INTEGER :id GREATEST' AS t FROM note WHERE id = :id;\n")
        self.assertIn("SELECT CAST(MAX(n, 0) AS INTEGER) AS n, 'INTEGER :id GREATEST' AS t", source)
        self.assertIn("SELECT CAST(GREATEST(n, 0) AS BIGINT) AS n, 'INTEGER :id GREATEST' AS t", source)

    def test_a_row_as_parameter(self):
        header, source = self.good('--: row fresh (id note_id, account account_id,\n--:   title str, cover media_id?)\n'
                                   '--: add(fresh, n int) exec\n'
                                   'INSERT INTO note (id, account, title, cover, n) VALUES (:id, :account, :title, :cover, :n);\n')
        self.assertIn('err add(struct ctx *ctx, const struct fresh *row, int64_t n) CHECKED;', header)
        self.assertIn('{.i = row->cover.v, .null = row->cover.v == 0}', source)

    def test_absent_values(self):
        _, source = self.good('--: x(id note_id, c int?, t str?) one (n int?, title str?)\n'
                              'SELECT n, title FROM note WHERE id = :id AND cover IS NOT DISTINCT FROM :c AND title = :t;\n')
        self.assertIn('{.i = c.v, .null = !c.has}', source)
        self.assertIn('{.s = t, .null = t.n == 0}', source)
        self.assertIn('{"n", SQL_OPT_INT, true, offsetof(struct x_row, n)}', source)

    def test_rows_of_one_value_come_as_values(self):
        header, source = self.good('--: x(a account_id) many note_id\nSELECT id FROM note WHERE account = :a ORDER BY id;\n'
                                   '--: y(a account_id) many str\nSELECT title FROM note WHERE account = :a;\n')
        self.assertIn('err x(struct ctx *ctx, account_id a, note_id **out, ptrdiff_t *n_out) CHECKED;', header)
        self.assertIn('err y(struct ctx *ctx, account_id a, str **out, ptrdiff_t *n_out) CHECKED;', header)
        self.assertNotIn('struct x_row', header)
        self.assertIn('{"value", SQL_STR, false, 0}', source)
        self.assertIn('.row_size = sizeof(note_id)', source)
        self.refused('--: x(a account_id) many note_id\nSELECT id, n FROM note WHERE account = :a;\n', 'gives 2 columns, declared are 1')
        self.refused('--: x(a account_id) one note_id\nSELECT id FROM note WHERE id = :a;\n', "unknown row 'note_id'")

    def test_a_scan_with_a_reason(self):
        self.good('--: x() many (id note_id) scan: weekly\nSELECT id FROM note;\n')
        self.good('--: x(ids int[]) many (v int)\nWITH few AS (SELECT a FROM pair WHERE a IN (:ids)) SELECT a AS v FROM few;\n')

    def test_the_index_of_rooms(self):
        out = self.at / 'all.c'
        self.assertEqual(self.run_sqlgen('index', '--output', out, 'notes', 'jobs')[0], 0)
        self.assertIn('{"notes", notes_statements, &notes_statements_n},', out.read_text())
        self.assertIn('const int sql_rooms_n = 2;', out.read_text())


class Refusing(Case):
    def test_what_does_not_fit_the_schema(self):
        head = '--: x(id note_id) one (title str)\n'
        self.refused(head + 'SELECT titel FROM note WHERE id = :id;\n', 'no such column: titel', 1)
        self.refused(head + 'SELECT title FROM notes WHERE id = :id;\n', 'no such table', 1)
        self.refused(head + 'SELECT title, n FROM note WHERE id = :id;\n', 'gives 2 columns, declared are 1', 1)
        self.refused(head + 'SELECT title FROM note WHERE id = :id AND;\n', 'incomplete input')
        self.refused('--: x(id note_id) one (n int, account account_id)\n'
                     'SELECT account, n FROM note WHERE id = :id;\n', "column 1 of 'x' is 'account', declared is 'n'")
        self.refused('--: x(id note_id) one (n int)\nDELETE FROM note WHERE id = :id RETURNING title;\n',
                     "is 'title', declared is 'n'")
        self.refused('--: x(id note_id) exec\nSELECT title FROM note WHERE id = :id;\n', 'gives 1 columns')
        self.refused('--: x(id note_id) one (n int)\nDELETE FROM note WHERE id = :id;\n', 'gives 0 columns')

    def test_parameters(self):
        self.refused('--: x(id note_id) one (n int)\nSELECT n FROM note WHERE id = :other;\n', "no parameter ':other'")
        self.refused('--: x(id note_id, more int) one (n int)\nSELECT n FROM note WHERE id = :id;\n', "'more' of 'x' is not used")
        self.refused('--: x(id note_id, id int) one (n int)\nSELECT n FROM note WHERE id = :id;\n', 'named twice')
        self.refused('--: x(id note_id) one (n int)\nSELECT n FROM note WHERE id = $1;\n', 'parameters are written :name')
        self.refused('--: x(id note_id) one (n int)\nSELECT n FROM note WHERE id = ?;\n', 'parameters are written :name')
        self.refused('--: x(ids note_id[]) many (n int)\nSELECT n FROM note WHERE id = :ids;\n', 'outside IN')
        self.refused('--: x(ids note_id[]) many (n int)\nSELECT n FROM note WHERE id IN (:ids, 3);\n', 'outside IN')
        self.refused('--: x(ids real[]) many (n int)\nSELECT n FROM note WHERE id IN (:ids);\n', 'no lists of real')
        self.refused('--: x(id note) one (n int)\nSELECT n FROM note WHERE id = :id;\n', "unknown type 'note'")
        self.refused('--: x(on bool?) many (n int)\nSELECT n FROM note WHERE id = :on;\n', 'bool?')

    def test_heads(self):
        self.refused('SELECT 1;\n', 'without a head', 1)
        self.refused('\n--: x(id note_id) sometimes\nDELETE FROM note WHERE id = :id;\n', 'none of one, many', 2)
        self.refused('--: x(id note_id) one\nSELECT n FROM note WHERE id = :id;\n', 'needs result columns')
        self.refused('--: x(id note_id) exec (n int)\nDELETE FROM note WHERE id = :id;\n', 'has no result columns')
        self.refused('--: x(id note_id) one unknown_row\nSELECT n FROM note WHERE id = :id;\n', "unknown row 'unknown_row'")
        self.refused('--: x(id note_id) one (n int)\nSELECT n FROM note WHERE id = :id\n', "does not end with ';'")
        self.refused('--: x(id note_id) exec\nDELETE FROM note WHERE id = :id;\nDELETE FROM pair WHERE a = 1;\n', 'one head, one statement')
        self.refused('--: x(id note_id) exec\nDELETE FROM note WHERE id = :id; DELETE FROM pair;\n', 'one head, one statement')
        self.refused('--: x(a int) exec\nDELETE FROM pair WHERE a = :a;\n--: x(a int) exec\nDELETE FROM pair WHERE a = :a;\n',
                     'defined twice')
        self.refused('--: x(a int exec\nDELETE FROM pair WHERE a = :a;\n', 'not closed')
        self.refused('--: Big(a int) exec\nDELETE FROM pair WHERE a = :a;\n', 'cannot be the name')

    def test_scans(self):
        self.refused('--: x(t str) many (id note_id)\nSELECT id FROM note WHERE title = :t;\n', 'reads a whole table: SCAN note')
        self.refused('--: x(t str) changed\nUPDATE note SET n = 1 WHERE title = :t;\n', 'reads a whole table')
        self.refused('--: x(b int) many (a int)\nSELECT p.a FROM pair AS p WHERE p.b = :b;\n', 'reads a whole table')
        self.refused('--: x() many (id note_id)\nSELECT id FROM note ORDER BY account, id LIMIT 3;\n', 'reads a whole table')
        self.refused('--: x(ids note_id[]) many (id note_id)\nSELECT id FROM note WHERE title IN (:ids) AND account = 7;\n',
                     'reads a whole table: SEARCH note USING INDEX note_by_account (account=?)')
        self.good('--: x(most int) many (id note_id)\nSELECT id FROM note WHERE account = 7 LIMIT :most;\n')
        self.refused('--: x(id note_id) one (n int) scan: no need\nSELECT n FROM note WHERE id = :id;\n', 'nothing to scan')

    def test_sorts(self):
        one = '--: x(a account_id, most int) many (id note_id)%s\nSELECT id FROM note WHERE account = :a ORDER BY %s LIMIT :most;\n'
        self.good(one % ('', 'id DESC'))
        self.refused(one % ('', 'n DESC, id'), "'x' sorts all it finds: USE TEMP B-TREE FOR ORDER BY")
        self.refused(one % ('', 'account, n * 2 + id'), 'sorts all it finds')
        self.good(one % (' sort: ten a person', 'n'))
        self.refused(one % (' sort: ten a person', 'id'), "has nothing to sort: take 'sort:' away")
        self.refused(one % (' sort: ', 'n'), 'is not empty')
        self.refused('--: x(a account_id) many (n int)\nSELECT n FROM note WHERE account = :a GROUP BY n;\n', 'FOR GROUP BY')
        self.refused('--: x(a account_id) many (n int)\nSELECT DISTINCT n FROM note WHERE account = :a;\n', 'FOR DISTINCT')
        self.refused('--: x(a account_id) many (n int)\nSELECT n FROM note WHERE account = :a UNION SELECT n FROM note WHERE id = 1;\n',
                     'TEMP B-TREE')
        self.good('--: x() many (id note_id) scan: weekly sort: weekly\nSELECT id FROM note ORDER BY n;\n')
        self.refused('--: x() many (id note_id) scan: weekly\nSELECT id FROM note ORDER BY n;\n', 'sorts all it finds')

    def test_an_index_of_an_expression_gives_an_order(self):
        (self.at / '0001-first.sql').write_text(SCHEMA + 'CREATE INDEX best ON note (account, (n * 2 + id) DESC, id);\n')
        self.good('--: x(a account_id, below int) many (id note_id)\nSELECT id FROM note WHERE account = :a AND n * 2 + id < :below '
                  'ORDER BY n * 2 + id DESC, id LIMIT 20;\n')
        self.refused('--: x(a account_id) many (id note_id)\nSELECT id FROM note WHERE account = :a ORDER BY n * 3 + id DESC, id LIMIT 20;\n',
                     'sorts all it finds')

    def test_statistics_do_not_make_a_sort_attractive(self):
        head = '--: x(a account_id, below int) many (id note_id)\n'
        best = head + ('SELECT id FROM note WHERE account = :a AND cover IS NULL AND n * 2 + id < :below '
                       'ORDER BY n * 2 + id DESC, id LIMIT 20;\n')
        index = 'CREATE INDEX best ON note (account, (n * 2 + id) DESC, id) WHERE cover IS NULL;\n'
        (self.at / '0001-first.sql').write_text(SCHEMA + index)
        self.good(best)
        # Two columns that seem to leave three rows: cheaper than an order, but for the one with a million.
        (self.at / '0001-first.sql').write_text(SCHEMA + index + 'CREATE INDEX other ON note (account, cover, id);\n')
        self.refused(best, 'sorts all it finds')

    def test_offsets(self):
        one = '--: x(a account_id, from int) many (id note_id)%s\nSELECT id FROM note WHERE account = :a ORDER BY id LIMIT 9 OFFSET %s;\n'
        one = one.replace('from', 'start')
        self.refused(one % ('', ':start'), "'x' reads what it leaves out: OFFSET")
        self.refused(one % ('', '3 + :start'), 'reads what it leaves out')
        self.good(one % (' skip: at most ten', ':start'))
        self.good('--: x(a account_id) many (id note_id)\nSELECT id FROM note WHERE account = :a ORDER BY id LIMIT 9 OFFSET 2;\n')
        self.refused('--: x(a account_id) many (id note_id) skip: none\nSELECT id FROM note WHERE account = :a ORDER BY id LIMIT 9;\n',
                     'nothing to skip')

    def test_what_the_databases_read_differently(self):
        for sql, why in (
                ('SELECT n::text AS n FROM note WHERE id = :id', '::'),
                ('SELECT "n" FROM note WHERE id = :id', 'quoted names'),
                ('SELECT [n] FROM note WHERE id = :id', 'quoted names'),
                ('SELECT now() AS n FROM note WHERE id = :id', 'NOW'),
                ('SELECT CURRENT_TIMESTAMP AS n FROM note WHERE id = :id', 'CURRENT_TIMESTAMP'),
                ("SELECT strftime('%s') AS n FROM note WHERE id = :id", 'STRFTIME'),
                ('SELECT RANDOM() AS n FROM note WHERE id = :id', 'RANDOM'),
                ("SELECT json_extract(title, '$') AS n FROM note WHERE id = :id", 'JSON'),
                ("SELECT title ->> 'a' AS n FROM note WHERE id = :id", 'JSON'),
                ("SELECT n FROM note WHERE id = :id AND title ILIKE 'a'", 'ILIKE'),
                ("SELECT n FROM note WHERE id = :id AND title LIKE 'a%'", 'ESCAPE'),
                ("SELECT n FROM note WHERE id = :id AND title GLOB 'a*'", 'GLOB'),
                ('SELECT n FROM note WHERE id == :id', 'write ='),
                ('SELECT n FROM note WHERE id = :id AND cover IS n', 'IS compares'),
                ('SELECT n FROM note WHERE id = :id AND cover IS NOT n', 'IS NOT compares'),
                ('SELECT MAX(n, 3) AS n FROM note WHERE id = :id', 'GREATEST'),
                ('SELECT IFNULL(n, 3) AS n FROM note WHERE id = :id', 'COALESCE'),
                ('SELECT SUM(n) AS n FROM note WHERE id = :id', 'CAST(SUM'),
                ('SELECT * FROM note WHERE id = :id', 'name the columns'),
                ('SELECT n FROM note WHERE rowid = :id', 'ROWID'),
                ('SELECT n FROM note, LATERAL (SELECT 1) AS l WHERE id = :id', 'LATERAL'),
                ('SELECT n FROM note WHERE account = :id ORDER BY cover', 'may be NULL'),
                ('SELECT n FROM note WHERE account = :id ORDER BY id, note.cover DESC LIMIT 3', 'may be NULL'),
                ('SELECT n FROM note WHERE account = :id ORDER BY title COLLATE NOCASE', 'COLLATE')):
            self.refused(f'--: x(id note_id) many (n int)\n{sql};\n', why, 1)
        self.refused('--: x(a int) exec\nINSERT OR IGNORE INTO pair (a, b) VALUES (:a, 1);\n', 'ON CONFLICT')
        self.refused('--: x(a int) exec\nREPLACE INTO pair (a, b) VALUES (:a, 1);\n', 'ON CONFLICT')
        self.refused('--: x(a int) exec\nINSERT INTO pair (a, b) SELECT :a, b FROM pair ON CONFLICT DO NOTHING;\n', 'syntax error')

    def test_what_stands_in_strings_and_comments_is_no_sql(self):
        self.good("--: x(id note_id) one (n str)\n-- now() :: RANDOM()\n"
                  "SELECT 'now() :: $1 json_each(' AS n FROM note WHERE id = :id;\n")


LAYERS = """base: | | owns schema_step
people: base | | owns account
notes: base people | | owns note pair, reads account
tags: base people notes | | reads pair, writes note
"""
ACCOUNTS = "CREATE TABLE account (id INTEGER PRIMARY KEY, standing INTEGER NOT NULL) STRICT;\n"


# A house of rooms with headers, statements and LAYERS.
class House(Case):
    def setUp(self):
        super().setUp()
        (self.at / '0002-people.sql').write_text(ACCOUNTS)
        (self.at / 'LAYERS').write_text(LAYERS)
        for room in ('base', 'people', 'notes', 'tags'):
            (self.at / 'src' / room).mkdir(parents=True)
        self.put('people/people.h', '// enum { NO = 9 };\nenum standing { GOOD, WAITING = 4, /* enum { X } */ GONE };\n')
        self.put('people/people.sql', '--: part stands(who)\nEXISTS (SELECT 1 FROM account WHERE account.id = who '
                                      'AND account.standing = 0);\n')
        self.put('notes/private.h', 'enum kind { PLAIN = -1, OTHER };\nenum far { FAR = 1 << 3, FARTHER };\n')

    def put(self, path, text):
        (self.at / 'src' / path).write_text(text)

    def room_of(self, name, text):
        self.put(f'{name}/{name}.sql', text)
        code, said = self.run_sqlgen(
            'room', '--schema', self.at / '0001-first.sql', self.at / '0002-people.sql', '--layers', self.at / 'LAYERS',
            '--depfile', self.at / 'd', '--input', self.at / 'src' / name / f'{name}.sql', '--outdir', self.at)
        return said if code else (self.at / f'{name}.sql.c').read_text()


class Parts(House):
    def test_a_part_is_put_in_with_its_words(self):
        c = self.room_of('notes', '--: part big(what, least)\nwhat.n > least;\n--: x(n int) many note_id scan: rare\n'
                                  'SELECT id FROM note WHERE {big(note, :n)} AND n > 1;\n')
        self.assertIn('"SELECT id FROM note WHERE note.n > ?1 AND n > 1"', c)

    def test_a_part_within_a_part_and_of_a_room_below(self):
        c = self.room_of('notes', '--: use people\n--: part open(what)\nwhat.n = 0 AND {stands(what.account)};\n'
                                  '--: x(id note_id) many note_id\nSELECT id FROM note WHERE id = :id AND {open(note)};\n')
        self.assertIn('note.n = 0 AND EXISTS (SELECT 1 FROM account WHERE account.id = note.account ', c)
        self.assertIn('people/people.sql', (self.at / 'd').read_text())

    def test_the_columns_of_a_row(self):
        c = self.room_of('notes', '--: row few (id note_id, account account_id, title str)\n'
                                  '--: get(id note_id) one few\nSELECT {few} FROM note WHERE id = :id;\n'
                                  '--: put(few) exec\nINSERT INTO note ({few}) VALUES ({:few});\n')
        self.assertIn('"SELECT id, account, title FROM note WHERE id = ?1"', c)
        self.assertIn('"INSERT INTO note (id, account, title) VALUES (?1, ?2, ?3)"', c)

    def test_enumerators(self):
        c = self.room_of('notes', '--: x(id note_id) many note_id\nSELECT id FROM note WHERE id = :id '
                                  'AND n IN ({GOOD}, {WAITING}, {GONE}, {PLAIN}, {OTHER});\n')
        self.assertIn('n IN (0, 4, 5, -1, 0)', c)
        self.assertIn('_Static_assert(GONE == 5, ', c)
        self.assertIn('#include "people/people.h"', c)

    def test_what_nobody_knows(self):
        one = '--: x(id note_id) many note_id\nSELECT id FROM note WHERE id = :id AND %s;\n'
        for what, why in (('n = {BAD}', "an enumerator 'BAD'"), ('n = {NO}', "an enumerator 'NO'"), ('n = {X}', "an enumerator 'X'"),
                          ('n = {FARTHER}', "an enumerator 'FARTHER'"), ('{stands(account)}', "called 'stands'"),
                          ('n = {:few}', "no row is called 'few'"), ('n = {}', 'a brace'), ('n = {GOOD', 'a brace')):
            self.assertIn(why, self.room_of('notes', one % what))
        self.assertIn('takes 2 words, not 1', self.room_of('notes', '--: part p(a, b)\na = b;\n' + one % '{p(n)}'))
        self.assertIn('without an end', self.room_of('notes', '--: part p\nn = 1 OR {p};\n' + one % '{p}'))
        self.assertIn('defined twice', self.room_of('notes', '--: part p\nn;\n--: part p\nn;\n'))
        self.assertIn('may not use tags/', self.room_of('notes', '--: use tags\n' + one % 'n = 1'))
        self.assertIn("an enumerator 'OTHER'", self.room_of('people', '--: x(id account_id) many account_id\n'
                                                            'SELECT id FROM account WHERE id = :id AND standing = {OTHER};\n'))


class Tables(House):
    def test_a_room_touches_what_LAYERS_says(self):
        read = '--: x(id note_id) one (title str)\nSELECT title FROM note WHERE id = :id;\n'
        write = '--: x(id note_id) exec\nUPDATE note SET n = 1 WHERE id = :id;\n'
        for good in (('notes', read), ('notes', write), ('tags', read), ('tags', write)):
            self.assertIn('x_sql', self.room_of(*good))
        self.assertIn("'x' reads note, which is notes/'s", self.room_of('people', read))
        self.assertIn("'x' writes note, which is notes/'s", self.room_of('people', write))
        hidden = '--: x(id note_id) exec\nDELETE FROM note WHERE id = :id AND EXISTS (SELECT 1 FROM account AS a WHERE a.id = note.account);\n'
        self.assertIn('x_sql', self.room_of('notes', hidden))
        self.assertIn("'x' reads account", self.room_of('tags', hidden))
        self.assertIn("'x' writes pair", self.room_of('tags', '--: x(a int) exec\nDELETE FROM pair WHERE a = :a;\n'))
        self.assertIn("'x' reads pair", self.room_of('people', '--: x(a int) one (n int)\nSELECT COUNT(*) AS n FROM pair WHERE a = :a;\n'))

    def test_each_table_has_one_room(self):
        schema = ('schema', '--output', self.at / 's.c', '--layers', self.at / 'LAYERS', self.at / '0001-first.sql')
        self.assertIn('owns account, which is no table', self.run_sqlgen(*schema)[1])
        self.assertEqual(self.run_sqlgen(*schema, self.at / '0002-people.sql')[0], 0)
        (self.at / 'LAYERS').write_text('base: | | owns schema_step\nnotes: base | | owns note account\n')
        self.assertIn('no room owns the table pair', self.run_sqlgen(*schema, self.at / '0002-people.sql')[1])
        (self.at / 'LAYERS').write_text(LAYERS + 'more: base | | owns pair\n')
        with self.assertRaises(SystemExit):
            self.run_sqlgen(*schema)


class Homes(House):
    def step(self, room, sql):
        home = self.at / 'src' / room / 'schema'
        home.mkdir(exist_ok=True)
        (home / '0003-third.sql').write_text(sql)
        (self.at / 'schema.list').write_text(''.join(f'{path}\n' for path in (
            self.at / '0001-first.sql', self.at / '0002-people.sql', home / '0003-third.sql')))
        code, said = self.run_sqlgen('schema', '--output', self.at / 's.c', '--depfile', self.at / 'd', '--layers',
                                     self.at / 'LAYERS', self.at / 'schema.list')
        return said if code else (self.at / 's.c').read_text()

    def test_a_step_lies_with_a_room_that_may_know_its_tables(self):
        for sql in ('ALTER TABLE account ADD COLUMN more INTEGER NOT NULL DEFAULT 0;', 'DROP TABLE account;\n' + ACCOUNTS,
                    'UPDATE account SET standing = 1;', 'DELETE FROM account WHERE id = 1;',
                    'INSERT INTO account (id, standing) SELECT id, 0 FROM note;', 'CREATE INDEX i ON account (standing);'):
            for room in ('people', 'notes', 'tags'):
                self.assertIn('schema_3_sqlite', self.step(room, sql))
            self.assertIn("0003-third.sql:1: error: base/ may not change account, which is people/'s", self.step('base', sql))
        both = 'UPDATE account SET standing = 1;\nUPDATE note SET n = 1;'
        self.assertIn('schema_3_sqlite', self.step('notes', both))
        self.assertIn("0003-third.sql:2: error: people/ may not change note, which is notes/'s", self.step('people', both))
        self.assertIn('notes/schema/0003-third.sql', self.step('notes', both) and (self.at / 'd').read_text())


class OneDatabase(House):
    def test_a_statement_for_one_alone(self):
        lite = '--: x(id note_id) one (title str) on: sqlite\nSELECT title FROM note WHERE id = :id;\n'
        pg = '--: x(ids note_id[]) many (n int) on: postgres\nSELECT n FROM note WHERE id IN (:ids) AND pg_odd(n);\n'
        c = self.room_of('notes', lite)
        self.assertIn('.sqlite = "SELECT title FROM note WHERE id = ?1",\n\t.postgres = NULL,', c)
        c = self.room_of('notes', pg)
        self.assertIn('.sqlite = NULL,\n\t.postgres = "SELECT n FROM note WHERE id = ANY($1) AND pg_odd(n)",', c)
        self.assertIn('.writes = false', c)
        self.assertIn('no such function: pg_odd', self.room_of('notes', pg.replace(' on: postgres', '')))
        self.assertIn("'on: mysql'", self.room_of('notes', lite.replace('sqlite', 'mysql')))
        self.assertIn("no parameter ':id'", self.room_of('notes', pg.replace(':ids', ':id')))

    def test_a_row_lock_is_for_postgres_and_belongs_into_a_transaction(self):
        for lock in ('UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'):
            c = self.room_of('notes', f'--: x(id note_id) one (title str)\nSELECT title FROM note WHERE id = :id FOR {lock};\n')
            self.assertIn('.sqlite = "SELECT title FROM note WHERE id = ?1",', c)
            self.assertIn(f'.postgres = "SELECT title FROM note WHERE id = $1 FOR {lock}",', c)
            self.assertIn('.writes = true', c)
        c = self.room_of('notes', '--: x() one (title str) scan: few\nSELECT title FROM (SELECT title FROM note FOR UPDATE) AS n;\n')
        self.assertIn('near "UPDATE": syntax error', c)

    def test_it_touches_only_what_it_may(self):
        pg = '--: x(id note_id) changed on: postgres\nDELETE FROM note WHERE id = :id AND pg_odd(n);\n'
        self.assertIn('.writes = true', self.room_of('notes', pg))
        self.assertIn("'x' writes note, which is notes/'s", self.room_of('people', pg))
        # A column may have a table's name; a table has it where tables stand.
        pg = '--: x(id int) many (note int) on: postgres\nSELECT n AS note FROM account WHERE n = :id AND pg_odd(n);\n'
        self.assertIn('pg_odd', self.room_of('people', pg))
        pg = pg.replace('FROM account', 'FROM account CROSS JOIN note')
        self.assertIn("'x' reads note, which is notes/'s", self.room_of('people', pg))
        self.assertIn("'x' lists tables: write CROSS JOIN", self.room_of('people', pg.replace(' CROSS JOIN', ',')))


class Steps(Case):
    def step(self, text, name='0002-second.sql'):
        (self.at / name).write_text(text)
        out = self.at / 'schema.c'
        code, said = self.run_sqlgen('schema', '--output', out, self.at / '0001-first.sql', self.at / name)
        return code, said, out.read_text() if code == 0 else ''

    def test_translation(self):
        code, said, c = self.step("CREATE TABLE x (id INTEGER PRIMARY KEY, t TEXT NOT NULL DEFAULT 'TEXT; INTEGER', "
                                  "r REAL, b BLOB, CHECK (r > 0)) STRICT, WITHOUT ROWID;\nALTER TABLE x ADD COLUMN n TEXT;\n")
        self.assertEqual((code, said), (0, ''))
        self.assertIn('"CREATE TABLE x (id BIGINT PRIMARY KEY, t TEXT COLLATE \\"C\\" NOT NULL DEFAULT \'TEXT; INTEGER\', '
                      'r DOUBLE PRECISION, b BYTEA, CHECK (r > 0))"', c)
        self.assertIn('"ALTER TABLE x ADD COLUMN n TEXT COLLATE \\"C\\""', c)
        self.assertIn('const int schema_steps_n = 3;', c)

    def test_what_one_database_has_alone(self):
        both = ("--: on sqlite\nCREATE TABLE x (id INTEGER PRIMARY KEY) STRICT;\n"
                "--: on postgres\nCREATE TABLE x (id INTEGER PRIMARY KEY, n INTEGER DEFAULT now_here('x'));\n"
                "CREATE INDEX i ON x (id);\n")
        code, said, c = self.step(both)
        self.assertEqual((code, said), (0, ''))
        lite, pg = c[c.index('schema_2_sqlite'):c.index('schema_2_postgres')], c[c.index('schema_2_postgres'):]
        self.assertIn('"CREATE TABLE x (id INTEGER PRIMARY KEY) STRICT"', lite)
        self.assertIn('CREATE INDEX', lite)
        self.assertNotIn('now_here', lite)
        self.assertIn('''"CREATE TABLE x (id BIGINT PRIMARY KEY, n BIGINT DEFAULT now_here('x'))"''', pg)
        self.assertIn('CREATE INDEX', pg)
        # The hash is of both: what one of them has cannot change unseen.
        hashes = {self.step(both.replace('now_here', name))[2].split('"second", "')[1][:16] for name in ('a', 'b')}
        self.assertEqual(len(hashes), 2)

    def test_refused_steps(self):
        for sql, why in (
                ('CREATE TABLE x (id INTEGER PRIMARY KEY);', 'STRICT'),
                ('CREATE TABLE x (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;', 'AUTOINCREMENT'),
                ('CREATE TABLE x (id INTEGER REFERENCES note) STRICT;', 'REFERENCES'),
                ('CREATE TABLE x (id INTEGER, user TEXT) STRICT;', "'user' is a reserved word"),
                ('CREATE TABLE x (id INTEGER) STRICT', "does not end with ';'"),
                ('CREATE TABLE x (id VARCHAR(3)) STRICT;', 'VARCHAR'),
                ('CREATE TRIGGER t AFTER INSERT ON note BEGIN SELECT 1; END;', 'TRIGGER'),
                ('PRAGMA user_version = 3;', 'PRAGMA'),
                ('SELECT 1;', 'no schema step'),
                ('CREATE INDEX i ON nowhere (id);', 'nowhere'),
                ('-- nothing\n', 'empty step')):
            code, said, _ = self.step(sql)
            self.assertEqual(code, 1, sql)
            self.assertIn(why, said)
            self.assertIn('0002-second.sql', said)

    def test_names_and_numbers(self):
        sql = 'CREATE TABLE x (id INTEGER PRIMARY KEY) STRICT;'
        self.assertIn('0001-name.sql', self.step(sql, 'second.sql')[1])
        self.assertIn('exists twice', self.step(sql, '0001-second.sql')[1])


if __name__ == '__main__':
    unittest.main()
