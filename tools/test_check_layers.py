#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""The layer check refuses what it is there to refuse."""
import importlib.machinery
import importlib.util
import pathlib
import unittest

HERE = pathlib.Path(__file__).parent
loader = importlib.machinery.SourceFileLoader('check_layers', str(HERE / 'check-layers'))
spec = importlib.util.spec_from_loader('check_layers', loader)
check = importlib.util.module_from_spec(spec)
loader.exec_module(check)

LAYERS = 'base: |\nstore: base | sqlite3.h\nnotes: base store |\napp: * |\n'


class Layers(unittest.TestCase):
    def faults(self, room, text, name='x.c'):
        return list(check.check_file(pathlib.Path(name), room, text, check.Layers(LAYERS)))

    def test_listed_rooms_pass(self):
        self.assertEqual(self.faults('notes', '#include "base/base.h"\n#include "store/store.h"\n'), [])
        self.assertEqual(self.faults('app', '#include "notes/notes.h"\n'), [])
        self.assertEqual(self.faults('notes', '#include "notes/private.h"\n'), [])

    def test_an_upper_room_is_refused(self):
        self.assertIn('may not include notes/', self.faults('store', '#include "notes/notes.h"\n')[0])

    def test_a_private_header_is_refused(self):
        self.assertIn('private to store/', self.faults('notes', '#include "store/sqlite.h"\n')[0])

    def test_pages_are_read_too(self):
        self.assertEqual(self.faults('notes', '%include "store/store.h"\n%include "notes/view.h"\n', 'x.html'), [])
        self.assertEqual(self.faults('notes', '%include "store/store_icons.h"\n', 'x.html'), [])
        self.assertIn('private to store/', self.faults('notes', '#include "store/store_icons.h"\n')[0])
        self.assertIn('private to store/', self.faults('notes', '%# x\n%include "store/inside.h"\n', 'x.html')[0])
        self.assertIn('x.html:1: store/ may not include notes/', self.faults('store', '%include "notes/notes.h"\n', 'x.html')[0])

    def test_a_library_outside_its_room_is_refused(self):
        self.assertIn('belongs to store/', self.faults('notes', '#include <sqlite3.h>\n')[0])
        self.assertEqual(self.faults('store', '#include <sqlite3.h>\n'), [])

    def test_a_cycle_cannot_be_written_down(self):
        with self.assertRaises(SystemExit):
            check.Layers('base: store |\nstore: base |\n')


if __name__ == '__main__':
    unittest.main()
