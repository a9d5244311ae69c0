#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""pagegen: what pages become, and what must be refused, with the line where it stands."""
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pagegen  # noqa: E402
from pagegen_html import Refused  # noqa: E402

WORDS = {"hello": [], "likes": ["n"], "by": ["s"], "from_to": ["s", "s2"]}


def compile_text(*texts, header="x/pages.h"):
	with tempfile.TemporaryDirectory() as d:
		paths = []
		for i, text in enumerate(texts):
			paths.append(os.path.join(d, f"p{i}.html"))
			with open(paths[-1], "w", encoding="utf-8") as f:
				f.write(text)
		return pagegen.compile_pages(paths, WORDS, d, header)


def body(text, args="void"):
	"""The statements of a page of this text, without #line."""
	source = compile_text(f"%page p({args})\n{text}\n")[1][0]
	lines = [line.strip() for line in source.split("\n") if not line.startswith("#")]
	return lines[lines.index("{") + 1:-2]


class Below(unittest.TestCase):
	"""A room above calls the pages of one below."""

	def compile(self, text, below="%page shell(int x)\n<main>\n%content\n</main>\n%part hidden(void)\nx\n"):
		with tempfile.TemporaryDirectory() as d:
			paths = [os.path.join(d, name) for name in ("above.html", "below.html")]
			for path, content in zip(paths, (text, below)):
				with open(path, "w", encoding="utf-8") as f:
					f.write(content)
			return pagegen.compile_pages(paths[:1], WORDS, d, "waves/pages.h", [["web/pages.h", paths[1]]])

	def test_called_and_not_made_again(self):
		header, (source,) = self.compile("%page p(void)\n{<shell(1)}\n<p>a</p>\n{/shell}\n")
		self.assertIn('#include "waves/pages.h"\n#include "web/pages.h"\n', source)
		self.assertIn("shell_begin(o, 1);", source)
		self.assertNotIn("void shell_begin", header + source)

	def test_refused(self):
		for text, why in [("{>shell(1)}", "call it as {<shell"), ("{>hidden()}", "there is no page hidden"),
				("{>nothing()}", "there is no page nothing")]:
			with self.assertRaisesRegex(Refused, "^above.html:2: " + re.escape(why)):
				self.compile(f"%page p(void)\n{text}\n")
		with self.assertRaisesRegex(Refused, "shell is already defined at below.html:1"):
			self.compile("%page shell(void)\nx\n")


class Compiled(unittest.TestCase):
	def test_constant_text_is_one_run(self):
		self.assertEqual(body("<p>\n  a <b>b</b>\n  c\n</p>\n<p>d</p>"),
			['out_lit(o, "<p>a <b>b</b> c</p><p>d</p>");'])

	def test_space_around_c_lines(self):
		self.assertEqual(body("Hello\n% if (x) {\n\t<b>x</b>\n% }\nworld"), ['out_lit(o, "Hello ");', "if (x) {",
			'out_lit(o, "<b>x</b> ");', "}", 'out_lit(o, "world");'])

	def test_space_around_calls(self):
		self.assertEqual(body("by {>p()}\n{>p()}"), ['out_lit(o, "by ");', "p(o);", "p(o);"])

	def test_space_in_pre_is_kept(self):
		self.assertEqual(body("<pre>\n a\n  b</pre>"), ['out_lit(o, "<pre>\\n a\\n  b</pre>");'])

	def test_slots_by_place(self):
		self.assertEqual(body('<a href="{v->to}" title="{v->t}">{v->name}</a>'), [
			'out_lit(o, "<a href=\\"");', "out_url(o, v->to);", 'out_lit(o, "\\" title=\\"");',
			"out_value(o, v->t);", 'out_lit(o, "\\">");', "out_value(o, v->name);", 'out_lit(o, "</a>");'])
		self.assertEqual(body('<img srcset="{v->set}" alt="">')[1], "out_srcset(o, v->set);")
		self.assertEqual(body('<a href="#c-{v->id}">x</a>')[1], "out_value(o, v->id);")

	def test_c_lines(self):
		self.assertEqual(body('<ul>\n% for (int i = 0; i < 3; i++) { // }\n<li>{i}</li>\n% }\n</ul>'), [
			'out_lit(o, "<ul>");', "for (int i = 0; i < 3; i++) { // }", 'out_lit(o, "<li>");', "out_value(o, i);",
			'out_lit(o, "</li>");', "}", 'out_lit(o, "</ul>");'])

	def test_conditions(self):
		self.assertEqual(body("<input {?v->on && a || b|checked}>"), [
			'out_lit(o, "<input ");', "if (v->on && a || b) {", 'out_lit(o, "checked");', "}", 'out_lit(o, ">");'])
		self.assertEqual(body('<a class="tab{?x| on|}">{?y|<b>1</b>|2}</a>'), [
			'out_lit(o, "<a class=\\"tab");', "if (x) {", 'out_lit(o, " on");', "} else {", "}",
			'out_lit(o, "\\">");', "if (y) {", 'out_lit(o, "<b>1</b>");', "} else {", 'out_lit(o, "2");', "}",
			'out_lit(o, "</a>");'])
		self.assertEqual(body('<p {?l.n|lang="{l}"}>x</p>')[1:5],
			["if (l.n) {", 'out_lit(o, "lang=\\"");', "out_value(o, l);", 'out_lit(o, "\\"");'])

	def test_gaps(self):
		self.assertEqual(body('<img alt="" {~CARD_LOADING}>'),
			['out_lit(o, "<img alt=\\"\\" ");', "out_gap(o, CARD_LOADING);", 'out_lit(o, ">");'])
		self.assertEqual(body("<b>x</b>{~COUNT}"), ['out_lit(o, "<b>x</b>");', "out_gap(o, COUNT);"])

	def test_words(self):
		self.assertEqual(body("{@hello}"), ["out_word(o, W_hello);"])
		self.assertEqual(body("{@likes n=f(1, \" s=\")}"),
			['out_word_args(o, W_likes, f(1, " s="), (struct out_arg){0}, (struct out_arg){0});'])
		self.assertEqual(body("{@from_to s2=b s=a}"), ["out_word_args(o, W_from_to, 0, OUT_ARG(a), OUT_ARG(b));"])
		self.assertEqual(body("{@(v->tab ? a : b)}"), ["out_word(o, (v->tab ? a : b));"])

	def test_constants(self):
		self.assertEqual(body('<script type="module" src="{!asset a-b.js}"></script>'),
			['out_lit(o, "<script type=\\"module\\" src=\\"" ASSET_a_b_js "\\"></script>");'])
		self.assertIn('<svg class=\\"icon\\" aria-hidden=\\"true\\"', body("<p>{!icon heart}</p>")[0])
		self.assertIn('<svg class=\\"a b\\" aria-hidden=\\"true\\"', body("<p>{!icon heart a b}</p>")[0])
		self.assertIn('href=\\"" ICON_heart "\\"/>', body("<p>{!icon heart}</p>")[0])
		self.assertEqual(body("<p>{!drawn eye-off a}</p>"),
			['out_lit(o, "<p><svg class=\\"a\\" aria-hidden=\\"true\\" focusable=\\"false\\"" DRAWN_eye_off "</p>");'])
		self.assertEqual(body("{!symbols}"), ["out_lit(o, SYMBOLS);"])
		self.assertEqual(body("{!preload app.js}"), ["out_lit(o, PRELOAD_app_js);"])

	def test_calls_and_layouts(self):
		header, sources = compile_text(
			'%include "a/a.h"\n%page frame(int a)\n<main>\n%content\n</main>\n',
			"%page page(int b)\n{<frame(b + 1)}\n<p>{>bit(b)}</p>\n{/frame}\n%part bit(int c)\n{c}\n")
		self.assertIn("void frame_begin(struct out *o, int a);\nvoid frame_end(struct out *o, int a);", header)
		self.assertIn('#include "a/a.h"', header)
		self.assertNotIn("bit", header)
		self.assertIn("static void bit(struct out *o, int c);", sources[1])
		self.assertIn("frame_begin(o, b + 1);", sources[1])
		self.assertIn("bit(o, b);", sources[1])
		self.assertIn("frame_end(o, b + 1);", sources[1])
		self.assertEqual(sources[0].count("out_lit"), 2)

	def test_lines_are_named(self):
		source = compile_text("%# comment\n%page p(int x)\n<p>\n\n{x}</p>\n")[1][0]
		self.assertIn('#line 5 "p0.html"\n\tout_value(o, x);', source)

	def test_literals(self):
		self.assertEqual(body('a {{b}} "c" \\ ??= 汉'), ['out_lit(o, "a {b} \\"c\\" \\\\ \\?\\?= 汉");'])

	def test_comments_vanish(self):
		self.assertEqual(body("<p>a<!-- b --></p>"), ['out_lit(o, "<p>a</p>");'])


class RefusedPages(unittest.TestCase):
	def refuse(self, text, why, line=2, args="int x"):
		with self.assertRaises(Refused) as caught:
			compile_text(f"%page p({args})\n{text}\n")
		message = str(caught.exception)
		self.assertRegex(message, re.escape(why))
		self.assertTrue(message.startswith(f"p0.html:{line}: "), message)

	def test_unquoted_attributes(self):
		self.refuse("%\tx = 1;", "one space")
		self.refuse("<p class={x}>a</p>", "double quotes")
		self.refuse("<p class='{x}'>a</p>", "double quotes")
		self.refuse("<p id=a>a</p>", "double quotes")

	def test_script_and_style(self):
		self.refuse("<script>{x}</script>", "must be empty")
		self.refuse("<script>\nalert(1)</script>", "must be empty", 2)
		self.refuse("<style>p {{}}</style>", "must be empty")
		self.refuse('<p style="color:red">a</p>', "style= is refused")
		self.refuse('<p onclick="a()">a</p>', "onclick= is refused")
		self.refuse('<p {?x|onclick="a()"}>a</p>', "onclick= is refused")
		self.refuse('<p hx-on:click="a()">a</p>', "is refused")
		self.refuse('<p hx-vals="{x}">a</p>', "no slots")

	def test_slots_where_no_slot_is_safe(self):
		self.refuse("<!-- {x} -->", "inside a comment")
		self.refuse("<p {x}>a</p>", "between the attributes")
		self.refuse("<{x}>a</p>", "stray <")
		self.refuse("<p {x}=\"a\">a</p>", "between the attributes")

	def test_addresses(self):
		self.refuse('<a href="/note/{x}">a</a>', "whole value")
		self.refuse('<a href="{x}/a">a</a>', "whole value")
		self.refuse('<a href="{x}{x}">a</a>', "whole value")
		self.refuse('<a href="{?x|/a|/b}{x}">a</a>', "whole value")
		self.refuse('<a href="{@hello}">a</a>', "plain expression")
		self.refuse('<a href="javascript:x()">a</a>', "an address begins")
		self.refuse('<a href="//example.org">a</a>', "begins with one /")
		self.refuse('<img src="https://example.org/a.png">', "another host")
		self.refuse('<img srcset="{x} 2x">', "whole value")

	def test_blocks_and_tags(self):
		self.refuse("<i>a</i>\n% if (x) {\n<p>a</p>", "not closed", 3)
		self.refuse("<p>a</p>\n% }", "a } too many", 3)
		self.refuse("<p>\n% }\n</p>", "not closed within", 3)
		self.refuse("% if (x) {\n<p>\n% }\n</p>", "not closed within its C block", 4)
		self.refuse("<p>\n% if (x) {\n</p>\n% }", "from outside of its C block", 4)
		self.refuse("<p>a", "is not closed")
		self.refuse("<p><b>a</p></b>", "</p> closes <b> of line 2")
		self.refuse("a</p>", "closes nothing")
		self.refuse("<div/>", "no end tag")
		self.refuse("<p\n% if (x) {\n>", "C line inside a tag", 3)
		self.refuse("{?x|<b>}a</b>", "not closed within {?")
		self.refuse("<p {?x|id=\"a\">a</p>", "the tag ends inside")
		self.refuse("{?x|a|b|c}", "a second |")
		self.refuse("<p id=\"a\" id=\"b\">a</p>", "given twice")
		self.refuse("<p", "ends inside a tag")
		self.refuse("<p id=\"a>b</p>", "not closed")

	def test_slots_themselves(self):
		self.refuse("{}", "empty slot")
		self.refuse("{x", "not closed")
		self.refuse("x}", "stray }")
		self.refuse("{?x}", "write {?condition|text}")
		self.refuse("{?|a}", "needs a condition")
		self.refuse("{!thing a}", "write {!asset name}")
		self.refuse("{!asset a b}", "write {!asset name}")
		self.refuse('<p title="{!preload a}">a</p>', "writes whole elements")
		self.refuse("<p title=\"{>p(x)}\">a</p>", "called in text")
		self.refuse("{/frame}", "closes nothing")

	def test_words(self):
		self.refuse("{@goodbye}", "has no word goodbye")
		self.refuse("{@likes}", "likes needs n=")
		self.refuse("{@hello s=x}", "hello has no {s}")
		self.refuse("{@likes n=}", "needs one expression")
		self.refuse("{@likes 3}", "after a word stand")

	def test_directives(self):
		self.refuse("%macro x", "unknown directive %macro")
		self.refuse('%include "a/a.h"', "before the first %page")
		self.refuse("<p>\n% if (x) {\n%content\n% }\n</p>", "inside a C block", 4)
		self.refuse("%content\n%content", "second %content", 3)
		for text, why in [("<p>a</p>\n%page p(void)\n", "p0.html:1: text before"), ("%page p\n", "p0.html:1: write"),
				("%# nothing\n", "no %page")]:
			with self.assertRaisesRegex(Refused, why):
				compile_text(text)

	def test_calls(self):
		frame = "%page frame(void)\n%content\n"
		for texts, why in [
				(("%page a(void)\n{>b()}\n",), "p0.html:2: there is no page b"),
				(("%page a(void)\nx\n", "%page a(void)\ny\n"), "p1.html:1: a is already defined at p0.html:1"),
				(("%page a(void)\n{>b()}\n", "%page c(void)\nx\n%part b(void)\ny\n"), "of another file"),
				((frame + "%page a(void)\n{>frame()}\n",), "call it as {<frame"),
				(("%page a(void)\nx\n%page b(void)\n{<a()}\n{/a}\n",), "call it as {>a"),
				((frame + "%page a(void)\n{<frame()}\n",), "is not closed")]:
			with self.assertRaisesRegex(Refused, why):
				compile_text(*texts)


if __name__ == "__main__":
	unittest.main()
