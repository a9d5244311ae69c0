#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""assetgen: minified styles, sprites, names by content, and what must be refused."""
import argparse
import gzip
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import assetgen  # noqa: E402
from assetgen import Assets, Refused, minify_css  # noqa: E402

ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none">%s</svg>'


def folder(d, files):
	os.makedirs(d, exist_ok=True)
	for name, text in files.items():
		with open(os.path.join(d, name), "w", encoding="utf-8") as f:
			f.write(text)
	return d


def assets(**texts):
	a = Assets("/assets/")
	for name, text in texts.items():
		name = name.replace("_", ".")
		a.add(name, text.encode(), name)
	return a


class Styles(unittest.TestCase):
	def test_minified(self):
		self.assertEqual(minify_css("/* a */ .a , .b > c {\n\tcolor: red;\n\twidth: calc(1px + 2px) ;\n}\n.d :hover{ }\n"),
			".a,.b > c{color: red;width: calc(1px + 2px)}.d :hover{}\n")

	def test_strings_are_kept(self):
		self.assertEqual(minify_css('a::before { content: "/*  ;}{ \\" "; }'), 'a::before{content: "/*  ;}{ \\" "}\n')

	def test_order(self):
		with tempfile.TemporaryDirectory() as d:
			folder(d, {"ORDER": "b.css\na.css\n", "a.css": "a {}", "b.css": "b {}"})
			self.assertEqual(assetgen.join_styles(d), "b{}\na{}\n")

	def test_rooms_bring_their_own(self):
		with tempfile.TemporaryDirectory() as d:
			folder(d + "/style", {"ORDER": "a.css", "a.css": "a {}"})
			folder(d + "/icons", {"heart.svg": ICON % '<path d="M0 0"/>'})
			folder(d + "/waves/style", {"z.css": "z {}", "b.css": "b {}", "note.txt": ""})
			folder(d + "/waves/icons", {"hand.svg": ICON % '<path d="M1 1"/>'})
			folder(d + "/waves/script", {"waves.js": "export {};"})
			folder(d + "/bare", {})
			args = argparse.Namespace(prefix="/assets/", styles=d + "/style", icons=d + "/icons", scripts=[], files=[], others=[],
				rooms=[d + "/waves", d + "/bare"], header="h")
			made, icons = assetgen.collect(args)
			self.assertEqual(made.finished("style.css"), b"a{}\nb{}\nz{}\n")
			self.assertEqual(sorted(icons), ["hand", "heart"])
			self.assertEqual(made.finished("waves.js"), b"export {};")
			for path in ["/waves/style/b.css", "/waves/script", "/bare"]:
				self.assertIn(f" {d}{path}", assetgen.depfile(args))
			folder(d + "/bare/icons", {"heart.svg": ICON % ""})
			with self.assertRaisesRegex(Refused, "two icons are named heart"):
				assetgen.collect(args)

	def test_refused(self):
		for text, why in [("a {\n", "x:2: a { is not closed"), ("a {}\n}", "x:2: a } too many"), ("/* a", "x:1: the comment"),
				('a { content: "b\n"; }', "x:1: the string")]:
			with self.assertRaisesRegex(Refused, re.escape(why)):
				minify_css(text, "x")
		for files, why in [({"ORDER": "a.css\n"}, "there is no a.css"), ({"ORDER": "", "a.css": ""}, "lacks a.css"),
				({"ORDER": "a.css\na.css", "a.css": ""}, "stands twice"),
				({"ORDER": "a.css", "a.css": "\n@import 'b.css';"}, "a.css:2: @import is refused")]:
			with tempfile.TemporaryDirectory() as d, self.assertRaisesRegex(Refused, why):
				assetgen.join_styles(folder(d, files))
		for url in ["https://example.org/a.png", "//example.org/a", "a.png", "'data:image/png;base64,x'"]:
			with self.assertRaisesRegex(Refused, "write url"):
				assets(a_css=f"a {{ background: url({url}) }}").finished("a.css")
		with self.assertRaisesRegex(Refused, "there is no asset b.png"):
			assets(a_css="a { background: url(asset:b.png) }").finished("a.css")


class Icons(unittest.TestCase):
	def sprite(self, inner, name="heart.svg", whole=ICON):
		with tempfile.TemporaryDirectory() as d:
			return assetgen.sprite([os.path.join(folder(d, {name: whole % inner if "%s" in whole else whole}), name)])

	def test_sprite(self):
		self.assertEqual(self.sprite('<!-- x --><g fill="currentColor"><path d="M0 0\n h1"/></g>'),
			'<svg xmlns="http://www.w3.org/2000/svg"><symbol id="heart" viewBox="0 0 24 24" fill="none">'
			'<g fill="currentColor"><path d="M0 0 h1"/></g></symbol></svg>\n')

	def test_refused(self):
		for inner, why in [("<script>1</script>", "<script> is refused"), ('<path onclick="a()"/>', "onclick= is refused"),
				('<path style="a"/>', "style= is refused"), ('<image href="https://example.org"/>', "<image> is refused"),
				('<path id="a"/>', "id= is refused"), ("<path>", "mismatched tag"), ("<style>a{}</style>", "<style> is refused")]:
			with self.assertRaisesRegex(Refused, why):
				self.sprite(inner)
		with self.assertRaisesRegex(Refused, "icons are named"):
			self.sprite("", "A b.svg")
		with self.assertRaisesRegex(Refused, "viewBox"):
			self.sprite("", whole='<svg xmlns="http://www.w3.org/2000/svg"></svg>')


class Names(unittest.TestCase):
	def test_imports_are_rewritten(self):
		a = assets(a_js="import { b } from './b.js';\nimport \"./c.js\";\nconst d = await import('./b.js');\n",
			b_js="export const b = 'asset:i.svg';\n", c_js="// from './nothing.js'\n", i_svg="<svg/>")
		text = a.finished("a.js").decode()
		self.assertEqual(text, f"import {{ b }} from '{a.address('b.js')}';\nimport \"{a.address('c.js')}\";\n"
			f"const d = await import('{a.address('b.js')}');\n")
		self.assertIn(f"'{a.address('i.svg')}'", a.finished("b.js").decode())
		self.assertRegex(a.address("b.js"), r"^/assets/b-[0-9a-f]{12}\.js$")
		self.assertEqual(a.reachable("a.js"), ["a.js", "b.js", "c.js", "i.svg"])

	def test_a_change_below_changes_every_name_above(self):
		one = assets(a_js="import './b.js';", b_js="import './c.js';", c_js="1", d_js="1")
		two = assets(a_js="import './b.js';", b_js="import './c.js';", c_js="2", d_js="1")
		for name, same in [("a.js", False), ("b.js", False), ("c.js", False), ("d.js", True)]:
			self.assertEqual(one.address(name) == two.address(name), same)

	def test_circles(self):
		a = assets(a_js="import './b.js';", b_js="import './a.js';")
		self.assertIn(a.address("b.js"), a.finished("a.js").decode())
		self.assertIn(a.address("a.js"), a.finished("b.js").decode())

	def test_files_of_others_are_left_alone(self):
		a = assets()
		a.add("x.js", b"import 'https://example.org/a.js'", "x.js", own=False)
		self.assertEqual(a.finished("x.js"), b"import 'https://example.org/a.js'")

	def test_refused(self):
		for text in ["import 'https://example.org/a.js';", "import a from 'lib';", "import('../a.js');"]:
			with self.assertRaisesRegex(Refused, "a.js:2: import of"):
				assets(a_js="\n" + text).finished("a.js")
		with self.assertRaisesRegex(Refused, "there is no asset b.js"):
			assets(a_js="import './b.js'").finished("a.js")
		with self.assertRaisesRegex(Refused, "there is already an asset a.js"):
			assets(a_js="").add("a.js", b"", "other/a.js")
		with self.assertRaisesRegex(Refused, "what type is"):
			assets().add("a.exe", b"", "a.exe")
		with self.assertRaisesRegex(Refused, "the same name in C"):
			assetgen.check_macros(["a-b", "a_b"], "icons")


class Written(unittest.TestCase):
	def test_table_and_bytes(self):
		a = assets(a_txt="x" * 1000, b_txt="y")
		text, data = assetgen.table(a, "web", "web/web.h", "out dir/web.bin")
		m = re.search(r'ASSET_a_txt, "text/plain; charset=utf-8", \{web_bytes \+ 0, 1000\}, \{web_bytes \+ 1000, (\d+)\}', text)
		self.assertEqual(gzip.decompress(data[1000:1000 + int(m.group(1))]), b"x" * 1000)
		self.assertRegex(text, r"ASSET_b_txt, [^{]*\{web_bytes \+ \d+, 1\}, \{0\}, \{0\}\}")
		self.assertEqual(assetgen.table(a, "web", "web/web.h", "out dir/web.bin"), (text, data))

	def test_headers(self):
		a = assets(a_js="import './b.js'; import('./c.js').then(x);", b_js="1", c_js="2", icons_svg="<svg/>")
		head = assetgen.header(a, "web/icons.h", "web")
		self.assertIn(f'#define ASSET_a_js "{a.address("a.js")}"', head)
		self.assertIn(f'#define PRELOAD_b_js "<link rel=\\"modulepreload\\" href=\\"{a.address("b.js")}\\">"', head)
		self.assertNotIn("c-", head[head.index("PRELOAD_a_js"):].split("\n")[0])
		with tempfile.TemporaryDirectory() as d:
			folder(d, {"eye-off.svg": ICON % '<path d="M1"/>', "heart.svg": ICON % '<path d="M2"/>'})
			paths = {name: os.path.join(d, f"{name}.svg") for name in ["eye-off", "heart"]}
			icons = assetgen.icons_header(a, paths, ["heart"])
			with self.assertRaisesRegex(Refused, "there is no icon bell"):
				assetgen.icons_header(a, paths, ["bell"])
		self.assertIn('#define ICON_eye_off ASSET_icons_svg "#eye-off"', icons)
		self.assertIn('#define ICON_heart "#i-heart"', icons)
		self.assertIn('#define ICON_LIST(X) X(eye_off, ASSET_icons_svg "#eye-off") X(heart, ASSET_icons_svg "#heart")', icons)
		self.assertIn(r'''#define DRAWN_eye_off " viewBox=\"0 0 24 24\"><g fill=\"none\"><path d=\"M1\"/></g></svg>"''', icons)
		self.assertIn(r'''#define SYMBOLS "<svg width=\"0\" height=\"0\" hidden><symbol id=\"i-heart\" viewBox=\"0 0 24 24\" fill=\"none\">'''
			r'''<path d=\"M2\"/></symbol></svg>"''', icons)


if __name__ == "__main__":
	unittest.main()
