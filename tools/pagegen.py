#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles page files (typed .html) to C functions that write into a `struct out` of html/.

One run reads all pages of a room and writes one header with every prototype, and one .c a file or one
for all. Pages of rooms below may be called. The language is described in docs/pages.md; the HTML is read
by pagegen_html.py. What is refused: see tools/test_pagegen.py.
"""
import argparse
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from pagegen_html import Body, Refused  # noqa: E402

FUNCTION = re.compile(r"^([a-z][a-z0-9_]*)\((.*)\)$")


class Page:
	def __init__(self, name, args, public, where):
		self.name, self.args, self.public, self.where = name, args, public, where
		self.lines = []  # (number, text)
		self.body = None

	def prototypes(self):
		args = "" if self.args in ("", "void") else ", " + self.args
		names = [self.name + "_begin", self.name + "_end"] if self.body.has_content else [self.name]
		kind = "" if self.public else "static "
		return [f"{kind}void {name}(struct out *o{args})" for name in names]


class PageFile:
	def __init__(self, path, shown):
		self.path, self.shown = path, shown
		self.includes, self.pages = [], []

	def read(self):
		with open(self.path, encoding="utf-8") as f:
			lines = f.read().split("\n")
		for number, line in enumerate(lines, 1):
			where = f"{self.shown}:{number}"
			stripped = line.strip()
			if stripped.startswith("%#"):
				if self.pages:
					self.pages[-1].lines.append((number, None))
				continue
			if stripped.startswith("%\t"):
				raise Refused(f"{where}: write one space after %")
			m = re.match(r"^%([a-z]+)(?:\s+(.*))?$", stripped)
			if not m:
				if not self.pages and stripped:
					raise Refused(f"{where}: text before the first %page")
				if self.pages:
					self.pages[-1].lines.append((number, line))
				continue
			self.directive(m.group(1), (m.group(2) or "").strip(), number, where)
		if not self.pages:
			raise Refused(f"{self.shown}:1: no %page in this file")

	def directive(self, what, rest, number, where):
		if what == "include":
			if self.pages:
				raise Refused(f"{where}: %include stands before the first %page")
			if not re.match(r'^"[^"]+\.h"$', rest):
				raise Refused(f'{where}: write %include "room/room.h"')
			self.includes.append(rest)
		elif what in ("page", "part"):
			m = FUNCTION.match(rest)
			if not m:
				raise Refused(f"{where}: write %{what} name(arguments)")
			self.pages.append(Page(m.group(1), m.group(2).strip(), what == "page", where))
		elif what == "content":
			if not self.pages or rest:
				raise Refused(f"{where}: %content stands alone, inside a page")
			self.pages[-1].lines.append((number, "%content"))
		else:
			raise Refused(f"{where}: unknown directive %{what}")


def emit(page, shown):
	out = []
	prototypes = page.prototypes()
	out.append(f'#line {page.where.rsplit(":", 1)[1]} "{shown}"')
	out.append(prototypes[0])
	out.append("{")
	for op in page.body.ops:
		kind = op[0]
		if kind == "content":
			out += ["}", "", prototypes[1], "{"]
			continue
		if kind == "text":
			out.append(f"\tout_lit(o, {op[1]});")
			continue
		out.append(f'#line {op[2]} "{shown}"')
		out.append(f"\t{op[1]}")
	out += ["}", ""]
	return out


def generate(files, header_name, below):
	guard = "// Written by tools/pagegen.py.\n"
	includes, prototypes = [], []
	for f in files:
		for include in f.includes:
			if include not in includes:
				includes.append(include)
		for page in f.pages:
			if page.public:
				prototypes += [p + ";" for p in page.prototypes()]
	header = guard + "#pragma once\n\n#include \"html/html.h\"\n"
	header += "".join(f"#include {i}\n" for i in includes) + "\n" + "\n".join(prototypes) + "\n"
	sources = []
	for f in files:
		# The halves of a layout share its parameters, of which each uses what it needs.
		out = [f'#include "{name}"' for name in [header_name] + below] + ['#pragma GCC diagnostic ignored "-Wunused-parameter"', ""]
		out += [p + ";" for page in f.pages if not page.public for p in page.prototypes()]
		for page in f.pages:
			out += emit(page, f.shown)
		sources.append(guard + "\n".join(out))
	return header, sources


def check_calls(files, below):
	seen = {page.name: page for f in below for page in f.pages if page.public}
	for f in files:
		for page in f.pages:
			if page.name in seen:
				raise Refused(f"{page.where}: {page.name} is already defined at {seen[page.name].where}")
			seen[page.name] = page
	for f in files:
		for page in f.pages:
			for name, wraps, where in page.body.calls:
				if name not in seen:
					raise Refused(f"{where}: there is no page {name}")
				target = seen[name]
				if not target.public and target not in f.pages:
					raise Refused(f"{where}: {name} is a %part of another file; make it a %page")
				if wraps != target.body.has_content:
					how = "{<%s(…)} … {/%s}" % (name, name) if target.body.has_content else "{>%s(…)}" % name
					raise Refused(f"{where}: call it as {how}")


def read_pages(paths, words, root):
	files = []
	for path in paths:
		shown = os.path.relpath(path, root) if root else path
		f = PageFile(path, shown)
		f.read()
		for page in f.pages:
			page.body = Body(page.lines, shown, words, page.where)
		files.append(f)
	return files


def compile_pages(paths, words, root, header_name, use=()):
	"""use: lists of a header and the page files behind it, of rooms below."""
	files = read_pages(paths, words, root)
	check_calls(files, [f for _, *below in use for f in read_pages(below, words, root)])
	return generate(files, header_name, [header for header, *_ in use])


def write(path, text):
	"""Leaves an unchanged file alone, so that one changed page compiles one file."""
	if os.path.exists(path):
		with open(path, encoding="utf-8") as f:
			if f.read() == text:
				return
	with open(path, "w", encoding="utf-8") as f:
		f.write(text)


def main():
	p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	p.add_argument("--words", required=True, help="the list of words that wordgen wrote")
	p.add_argument("--root", help="source files are named relative to this in messages and #line")
	p.add_argument("--header", required=True)
	p.add_argument("--header-name", help="how sources include the header; default its folder and name")
	p.add_argument("--output-dir", help="of NAME.page.c for each NAME.html")
	p.add_argument("--source", help="one .c for all instead")
	p.add_argument("--use", nargs="+", action="append", default=[], metavar=("HEADER", "FILE"),
		help="pages of a room below, which may be called")
	p.add_argument("--pages", nargs="+", required=True)
	args = p.parse_args()
	name = args.header_name or "/".join(os.path.abspath(args.header).split(os.sep)[-2:])
	with open(args.words, encoding="utf-8") as f:
		words = json.load(f)
	try:
		header, sources = compile_pages(args.pages, words, args.root, name, args.use)
	except Refused as refused:
		sys.exit(str(refused))
	write(args.header, header)
	if args.source:
		write(args.source, "".join(sources))
		return
	for page, text in zip(args.pages, sources):
		name = os.path.splitext(os.path.basename(page))[0] + ".page.c"
		write(os.path.join(args.output_dir, name), text)


if __name__ == "__main__":
	main()
