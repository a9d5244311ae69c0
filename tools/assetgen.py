#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns styles, scripts, icons and pictures of the pages into files that the program carries inside.

Styles are joined in the order of a list and lightly minified; icons become one sprite; modules import
each other, and everything refers to everything, by names that hold a hash of the content. Each asset
is compressed here once (gzip, brotli). Writes a header of addresses, a table, and one file of bytes.
"""
import argparse
import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zlib

TYPES = {
	".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml; charset=utf-8",
	".webmanifest": "application/manifest+json; charset=utf-8",
	".txt": "text/plain; charset=utf-8",
	".png": "image/png",
	".webp": "image/webp",
	".ico": "image/x-icon",
	".woff2": "font/woff2",
}
TEXT = {".css", ".js", ".svg", ".webmanifest", ".txt"}
SVG = "http://www.w3.org/2000/svg"
DRAWN = {"path", "circle", "ellipse", "g", "line", "polygon", "polyline", "rect", "title"}
PRESENTATION = {"fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
	"fill-rule", "clip-rule", "opacity", "fill-opacity", "stroke-opacity", "stroke-dasharray", "transform"}
GEOMETRY = {"d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "points", "pathLength"}


class Refused(Exception):
	pass


def read(path):
	with open(path, "rb") as f:
		return f.read()


def read_text(path):
	try:
		return read(path).decode("utf-8")
	except UnicodeDecodeError:
		raise Refused(f"{path}: not UTF-8") from None


def line_of(text, at):
	return text.count("\n", 0, at) + 1


# --- styles -------------------------------------------------------------------------------------

def minify_css(text, path="style"):
	"""Comments and needless white space go; strings and what stands in parentheses keep theirs."""
	out, at, depth = [], 0, 0
	while at < len(text):
		c = text[at]
		if text.startswith("/*", at):
			end = text.find("*/", at + 2)
			if end < 0:
				raise Refused(f"{path}:{line_of(text, at)}: the comment is not closed")
			out.append(" ")
			at = end + 2
		elif c in "\"'":
			end = at + 1
			while end < len(text) and text[end] != c and text[end] != "\n":
				end += 2 if text[end] == "\\" else 1
			if end >= len(text) or text[end] == "\n":
				raise Refused(f"{path}:{line_of(text, at)}: the string is not closed")
			out.append(text[at:end + 1])
			at = end + 1
		else:
			depth += {"{": 1, "}": -1}.get(c, 0)
			if depth < 0:
				raise Refused(f"{path}:{line_of(text, at)}: a }} too many")
			out.append(" " if c.isspace() else c)
			at += 1
	if depth:
		raise Refused(f"{path}:{line_of(text, len(text))}: a {{ is not closed")
	pieces = []
	for piece in out:
		if piece == " " and (not pieces or pieces[-1] in (" ", "{", "}", ";", ",")):
			continue
		if piece in ("{", "}", ";", ",") and pieces and pieces[-1] == " ":
			pieces.pop()
		if piece == "}" and pieces and pieces[-1] == ";":
			pieces.pop()
		pieces.append(piece)
	return "".join(pieces).strip() + "\n"


def named(folder, ending):
	"""Paths in a folder that need not be there."""
	if not os.path.isdir(folder):
		return []
	return [os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(ending)]


def read_style(path, advice):
	text = read_text(path)
	m = re.search(r"@import\b", text)
	if m:
		raise Refused(f"{path}:{line_of(text, m.start())}: @import is refused; {advice}")
	return minify_css(text, path)


def join_styles(folder, rooms=()):
	"""Those of the folder in its ORDER, then those of rooms above."""
	order_path = os.path.join(folder, "ORDER")
	names = [n.strip() for n in read_text(order_path).split("\n") if n.strip() and not n.startswith("#")]
	here = {n for n in os.listdir(folder) if n.endswith(".css")}
	for name in names:
		if name not in here:
			raise Refused(f"{order_path}: there is no {name}")
	if len(set(names)) != len(names):
		raise Refused(f"{order_path}: a name stands twice")
	if here - set(names):
		raise Refused(f"{order_path}: lacks {', '.join(sorted(here - set(names)))}")
	out = [read_style(os.path.join(folder, name), "list the file in ORDER") for name in names]
	for room in rooms:
		out += [read_style(path, "files are joined by name") for path in named(os.path.join(room, "style"), ".css")]
	return "".join(out)


# --- icons --------------------------------------------------------------------------------------

def clean(element, path):
	tag = element.tag.replace(f"{{{SVG}}}", "")
	if tag not in DRAWN:
		raise Refused(f"{path}: <{tag}> is refused in an icon")
	parts = [f"<{tag}"]
	for name, value in element.attrib.items():
		if name not in PRESENTATION | GEOMETRY:
			raise Refused(f"{path}: {name}= is refused in an icon")
		value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
		parts.append(f' {name}="{" ".join(value.split())}"')
	inner = "".join(clean(child, path) for child in element)
	if tag == "title":
		inner = (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
	return "".join(parts) + (f">{inner}</{tag}>" if inner else "/>")


def drawing(path):
	"""(name, viewBox, attributes of the whole, what is drawn)"""
	name = os.path.basename(path)[:-len(".svg")]
	if not re.match(r"^[a-z][a-z0-9-]*$", name):
		raise Refused(f"{path}: icons are named a-z 0-9 -")
	try:
		root = ElementTree.fromstring(read_text(path))
	except ElementTree.ParseError as error:
		raise Refused(f"{path}: {error}") from None
	if root.tag != f"{{{SVG}}}svg" or "viewBox" not in root.attrib:
		raise Refused(f"{path}: not an <svg> with a viewBox")
	box = " ".join(root.attrib["viewBox"].split())
	attributes = "".join(f' {k}="{v}"' for k, v in root.attrib.items() if k in PRESENTATION)
	return name, box, attributes, "".join(clean(c, path) for c in root)


def symbol(path, prefix=""):
	name, box, attributes, inner = drawing(path)
	return f'<symbol id="{prefix}{name}" viewBox="{box}"{attributes}>{inner}</symbol>'


def sprite(paths):
	return f'<svg xmlns="{SVG}">' + "".join(symbol(p) for p in sorted(paths)) + "</svg>\n"


def drawn(path):
	"""The rest of an <svg …> that holds the drawing itself. A group keeps its attributes from the styles of the <svg>."""
	_, box, attributes, inner = drawing(path)
	return f' viewBox="{box}">' + (f"<g{attributes}>{inner}</g>" if attributes else inner) + "</svg>"


def symbols(paths):
	"""What a page carries itself of the sprite: there with its first bytes."""
	return '<svg width="0" height="0" hidden>' + "".join(symbol(p, "i-") for p in paths) + "</svg>"


# --- names that refer to each other -------------------------------------------------------------

IMPORT = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*)(["'])([^"'\n]+)\2""")
ASSET = re.compile(r"""(["'(])asset:([A-Za-z0-9_.-]+)(["')])""")
URL = re.compile(r"""url\(\s*(["']?)([^"')]*)\1\s*\)""")
LINE_COMMENT = re.compile(r"^\s*(//|\*|/\*)")


class Assets:
	def __init__(self, prefix):
		self.prefix = prefix
		self.raw = {}    # name -> bytes
		self.paths = {}  # name -> source path, for messages
		self.own = set() # modules of ours; scripts of others are left as they are

	def add(self, name, data, path, own=True):
		if os.path.splitext(name)[1] not in TYPES:
			raise Refused(f"{path}: what type is {name}?")
		if name in self.raw:
			raise Refused(f"{path}: there is already an asset {name} ({self.paths[name]})")
		self.raw[name], self.paths[name] = data, path
		if own and os.path.splitext(name)[1] in TEXT:
			self.own.add(name)

	def references(self, name, at_once=False):
		"""(span of the quoted name, name) for everything this text refers to; at_once: but for import(…)."""
		if name not in self.own:
			return []
		text, path, found = self.raw[name].decode("utf-8"), self.paths[name], []
		kind = os.path.splitext(name)[1]
		for m in ASSET.finditer(text):
			found.append((m.start() + 1, m.end() - 1, m.group(2)))
		if kind == ".css":
			for m in URL.finditer(text):
				if not m.group(2).startswith("asset:"):
					raise Refused(f"{path}: url({m.group(2)}): write url(asset:name)")
		if kind == ".js":
			for m in IMPORT.finditer(text):
				if LINE_COMMENT.match(text[text.rfind("\n", 0, m.start()) + 1:m.start() + 1]):
					continue
				if at_once and m.group(1).rstrip().endswith("("):
					continue
				where = f"{path}:{line_of(text, m.start())}"
				if not m.group(3).startswith("./"):
					raise Refused(f"{where}: import of {m.group(3)}: only \"./name.js\" is possible")
				found.append((m.start(3), m.end(3), m.group(3)[2:]))
		for _, _, target in found:
			if target not in self.raw:
				raise Refused(f"{path}: there is no asset {target}")
		return sorted(found)

	def reachable(self, name, at_once=False):
		seen, todo = set(), [name]
		while todo:
			at = todo.pop()
			if at not in seen:
				seen.add(at)
				todo += [target for _, _, target in self.references(at, at_once)]
		return sorted(seen)

	def address(self, name):
		"""The hash covers all that is reachable, so that modules may import each other in circles."""
		h = hashlib.sha256()
		for other in self.reachable(name):
			h.update(other.encode() + b"\0" + hashlib.sha256(self.raw[other]).digest())
		stem, kind = os.path.splitext(name)
		return f"{self.prefix}{stem}-{h.hexdigest()[:12]}{kind}"

	def finished(self, name):
		if name not in self.own:
			return self.raw[name]
		text, out, at = self.raw[name].decode("utf-8"), [], 0
		for start, end, target in self.references(name):
			out += [text[at:start], self.address(target)]
			at = end
		return "".join(out + [text[at:]]).encode("utf-8")


# --- writing ------------------------------------------------------------------------------------

def gzip(data):
	z = zlib.compressobj(9, zlib.DEFLATED, 31)
	return z.compress(data) + z.flush()


def brotli(data):
	return subprocess.run(["brotli", "-q", "11", "-c", "-"], input=data, stdout=subprocess.PIPE, check=True).stdout


def compressed(name, data):
	"""gzip and brotli, each only where it saves a twentieth."""
	if os.path.splitext(name)[1] not in TEXT | {".ico"}:
		return b"", b""
	return tuple(c if len(c) < len(data) * 0.95 else b"" for c in (gzip(data), brotli(data)))


def macro(name):
	return re.sub(r"[^A-Za-z0-9]", "_", name)


def check_macros(names, what):
	seen = {}
	for name in names:
		if macro(name) in seen:
			raise Refused(f"{what} {name} and {seen[macro(name)]} have the same name in C")
		seen[macro(name)] = name


def literal(text):
	return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def icons_header(assets, paths, own):
	"""Apart from the other addresses, so that a change of style compiles no page that only shows icons. Those of
	`own` every page carries itself."""
	icons = list(paths)
	check_macros(icons, "icons")
	for name in own:
		if name not in paths:
			raise Refused(f"--symbols: there is no icon {name}")
	out = ["// Written by tools/assetgen.py: addresses of icons, as string literals.", "#pragma once", ""]
	if icons:
		out.append(f'#define ASSET_icons_svg "{assets.address("icons.svg")}"')
	out += [f'#define ICON_{macro(name)} "#i-{name}"' if name in own else f'#define ICON_{macro(name)} ASSET_icons_svg "#{name}"'
		for name in icons]
	out += ["", "// Icons drawn where they stand: what follows \"<svg\" and its own attributes."]
	out += [f"#define DRAWN_{macro(name)} {literal(drawn(path))}" for name, path in paths.items()]
	out += ["", "// What ICON_… of the page itself refers to.", f"#define SYMBOLS {literal(symbols([paths[n] for n in own]))}"]
	out += ["", "// Every icon, X(macro name, address in the sprite): for pages that show them all."]
	out += ["#define ICON_LIST(X) " + " ".join(f'X({macro(n)}, ASSET_icons_svg "#{n}")' for n in icons), ""]
	return "\n".join(out)


def header(assets, icons_name, symbol_name):
	check_macros(assets.raw, "assets")
	out = ["// Written by tools/assetgen.py: addresses of assets, as string literals.", "#pragma once", "",
		'#include "http/http.h"', f'#include "{icons_name}"', ""]
	for name in sorted(assets.raw):
		if name != "icons.svg":
			out.append(f'#define ASSET_{macro(name)} "{assets.address(name)}"')
	out += ["", "// <link> elements that fetch a module and all that it imports at once; what it asks for later comes later."]
	for name in sorted(n for n in assets.own if n.endswith(".js")):
		links = "".join(f'<link rel=\\"modulepreload\\" href=\\"{assets.address(o)}\\">'
			for o in assets.reachable(name, at_once=True) if o.endswith(".js"))
		out.append(f'#define PRELOAD_{macro(name)} "{links}"')
	out += ["", f"extern const struct asset {symbol_name}[];", f"extern const ptrdiff_t {symbol_name}_n;", ""]
	return "\n".join(out)


def table(assets, symbol_name, header_name, blob_path):
	blob, rows = [], []
	size = 0

	def put(data):
		nonlocal size
		if not data:
			return "{0}"
		blob.append(data)
		size += len(data)
		return f"{{{symbol_name}_bytes + {size - len(data)}, {len(data)}}}"

	for name in sorted(assets.raw):
		data = assets.finished(name)
		small, smaller = compressed(name, data)
		kind = TYPES[os.path.splitext(name)[1]]
		rows.append(f'\t{{ASSET_{macro(name)}, "{kind}", {put(data)}, {put(small)}, {put(smaller)}}},')
	data = b"".join(blob)
	path = os.path.abspath(blob_path).replace("\\", "\\\\").replace('"', '\\"')
	out = ["// Written by tools/assetgen.py.", f"// Bytes: {hashlib.sha256(data).hexdigest()}", f'#include "{header_name}"', "",
		f"extern const char {symbol_name}_bytes[];",
		f'__asm__(".pushsection .rodata\\n.balign 16\\n.global {symbol_name}_bytes\\n{symbol_name}_bytes:\\n"',
		f'\t".incbin \\"{path}\\"\\n.byte 0\\n.popsection\\n");', "",
		f"const struct asset {symbol_name}[] = {{"] + rows + ["};",
		f"const ptrdiff_t {symbol_name}_n = {len(rows)};", ""]
	return "\n".join(out), data


def collect(args):
	assets = Assets(args.prefix)
	icons = {}
	standalone = {os.path.abspath(p) for p in args.files}
	if args.styles:
		styles = join_styles(args.styles, args.rooms)
		assets.add("style.css", styles.encode("utf-8"), os.path.join(args.styles, "ORDER"))
	if args.icons:
		paths = [p for f in [args.icons] + [os.path.join(r, "icons") for r in args.rooms] for p in named(f, ".svg")]
		paths = [p for p in paths if os.path.abspath(p) not in standalone]
		for path in paths:
			name = os.path.basename(path)[:-len(".svg")]
			if name in icons:
				raise Refused(f"{path}: two icons are named {name}")
			icons[name] = path
		assets.add("icons.svg", sprite(paths).encode("utf-8"), args.icons)
	for folder in args.scripts + [os.path.join(r, "script") for r in args.rooms]:
		for path in named(folder, ".js"):
			assets.add(os.path.basename(path), read_text(path).encode("utf-8"), path)
	for path in args.files:
		assets.add(os.path.basename(path), read(path), path)
	for path in args.others:
		assets.add(os.path.basename(path), read(path), path, own=False)
	return assets, icons


def write_if_changed(path, data):
	if not os.path.exists(path) or read(path) != data:
		with open(path, "wb") as f:
			f.write(data)


def depfile(args):
	inputs = list(args.files) + list(args.others)
	brought = [os.path.join(r, f) for r in args.rooms for f in ("style", "icons", "script")]
	for folder in [f for f in [args.styles, args.icons] + args.scripts + brought if f and os.path.isdir(f)]:
		inputs += [folder] + named(folder, "")
	inputs += args.rooms  # one may get its first style
	return f"{args.header}: " + " ".join(p.replace(" ", "\\ ") for p in inputs) + "\n"


def main():
	p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	p.add_argument("--styles", help="folder with ORDER and .css files")
	p.add_argument("--icons", help="folder of .svg files")
	p.add_argument("--symbols", nargs="*", default=[], help="icons that every page carries itself")
	p.add_argument("--scripts", action="append", default=[], help="folder of .js modules")
	p.add_argument("--rooms", nargs="*", default=[], help="folders with style/, icons/, script/ of their own, or without")
	p.add_argument("--files", nargs="*", default=[], help="files of ours that stand alone")
	p.add_argument("--others", nargs="*", default=[], help="files of others, left as they are")
	p.add_argument("--prefix", default="/assets/")
	p.add_argument("--symbol", required=True, help="name of the C array")
	p.add_argument("--header", required=True)
	p.add_argument("--icons-header", required=True)
	p.add_argument("--include", required=True, help="folder of the headers, as sources write it")
	p.add_argument("--source", required=True)
	p.add_argument("--bytes", required=True)
	p.add_argument("--depfile")
	args = p.parse_args()
	try:
		assets, icons = collect(args)
		icons_head = icons_header(assets, icons, args.symbols)
		head = header(assets, args.include + "/" + os.path.basename(args.icons_header), args.symbol)
		text, data = table(assets, args.symbol, args.include + "/" + os.path.basename(args.header), args.bytes)
	except (Refused, OSError) as refused:
		sys.exit(str(refused))
	write_if_changed(args.bytes, data)
	write_if_changed(args.icons_header, icons_head.encode("utf-8"))
	write_if_changed(args.header, head.encode("utf-8"))
	write_if_changed(args.source, text.encode("utf-8"))
	if args.depfile:
		write_if_changed(args.depfile, depfile(args).encode("utf-8"))


if __name__ == "__main__":
	main()
