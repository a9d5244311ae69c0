# SPDX-License-Identifier: AGPL-3.0-or-later
"""The body of one page: HTML with slots, read character by character into a list of operations.

The reader knows where it is (text, tag, attribute value, raw element) and so decides which function
writes a slot, and refuses slots where no escaping is safe. Tags must balance within every C block.
"""
import re

VOID = set("area base br col embed hr img input link meta source track wbr".split())
INLINE = set("a abbr audio b bdi bdo button cite code data del dfn em i img input ins kbd label mark math meter output "
	"picture progress q ruby s samp select small span strong sub sup svg textarea time u var video wbr".split())
SVG = set("circle defs ellipse g line path polygon polyline rect stop use symbol title".split())
KEEP_SPACE = {"pre", "textarea"}
RAW = {"script", "style"}
ADDRESS = set("href src action formaction poster cite data background manifest ping xlink:href data-href data-src "
	"data-url hx-get hx-post hx-put hx-delete hx-patch hx-push-url hx-replace-url".split())
SRCSET = {"srcset", "imagesrcset"}
NO_SLOTS = {"srcdoc", "hx-vals", "hx-vars", "hx-headers", "hx-request", "hx-ext", "hx-trigger", "http-equiv"}
PAIRS = {"(": ")", "[": "]", "{": "}"}


class Refused(Exception):
	pass


def skip_literal(text, at):
	"""The index after the C string or character literal that begins at `at`."""
	quote = text[at]
	at += 1
	while at < len(text) and text[at] != quote:
		at += 2 if text[at] == "\\" else 1
	return at + 1


def c_braces(line):
	"""The braces of a line of C, outside of literals and comments."""
	found, at = [], 0
	while at < len(line):
		if line[at] in "\"'":
			at = skip_literal(line, at)
		elif line.startswith("//", at):
			break
		elif line.startswith("/*", at):
			end = line.find("*/", at + 2)
			at = len(line) if end < 0 else end + 2
		else:
			if line[at] in "{}":
				found.append(line[at])
			at += 1
	return found


def c_string(text):
	out = []
	for c in text:
		if c == "\n":
			out.append("\\n")
		elif c == "\t":
			out.append("\\t")
		elif c in '"\\?':
			out.append("\\" + c)
		else:
			out.append(c)
	return '"' + "".join(out) + '"'


class Body:
	def __init__(self, lines, shown, words, where):
		self.shown, self.words = shown, words
		self.ops = []         # ("text", C literal) ("c", code, line) ("content",)
		self.calls = []       # (name, wraps, where)
		self.has_content = False
		self.stack = []       # open tags, and "{" for C blocks and conditional slots
		self.run = []         # constant text not yet written; strings and ("const", C macro)
		self.line = 0
		self.state = "text"
		self.tag = None       # name of the tag being read
		self.space = ""       # white space of text not yet written
		self.before = "block" # what stood before that white space: block, call, inline or text
		self.c_depth = 0
		self.read(lines)
		if self.state != "text":
			self.line = self.tag_line
			self.refuse("the page ends inside a tag")
		if self.stack:
			what = self.stack[-1]
			self.line = what[1]
			self.refuse("this C block is not closed" if what[0] == "{" else f"<{what[0]}> is not closed")
		self.flush()

	def refuse(self, why):
		raise Refused(f"{self.shown}:{self.line}: {why}")

	# --- output ---------------------------------------------------------------------------------

	def put(self, text):
		self.run.append(text)

	def flush(self):
		"""Ends a run of constant text; pieces next to each other become one literal."""
		parts, text = [], ""
		for piece in self.run:
			if isinstance(piece, tuple):
				if text:
					parts.append(c_string(text))
				parts.append(piece[1])
				text = ""
			else:
				text += piece
		if text:
			parts.append(c_string(text))
		if parts:
			self.ops.append(("text", " ".join(parts)))
		self.run = []

	def code(self, code):
		self.flush()
		self.ops.append(("c", code, self.line))

	def settle(self, after):
		"""Writes the white space seen in text: none beside blocks, no line ends beside calls, else a space."""
		if self.space:
			sides = (self.before, after)
			if any(tag[0] in KEEP_SPACE for tag in self.stack):
				self.put(self.space)
			elif "block" not in sides and not ("call" in sides and "\n" in self.space):
				self.put(" ")
			self.space = ""
		self.before = after

	# --- lines ----------------------------------------------------------------------------------

	def read(self, lines):
		pending, first = [], 0
		for number, line in lines:
			stripped = (line or "").strip()
			is_c = line is not None and (stripped == "%" or stripped.startswith("% "))
			if line is None:
				continue
			if not is_c and stripped != "%content":
				if not pending:
					first = number
				pending.append((number, line))
				continue
			self.text(pending)
			pending = []
			self.line = number
			if self.state != "text":
				self.refuse("a C line inside a tag; use {?condition|text}")
			if is_c:
				self.c_line(stripped[1:].strip())
			else:
				self.content()
		self.text(pending)
		if self.space and not self.stack:
			self.space = ""

	def content(self):
		if self.has_content:
			self.refuse("a second %content")
		if any(tag[0] == "{" for tag in self.stack):
			self.refuse("%content inside a C block")
		self.space, self.before = "", "block"
		self.has_content = True
		self.flush()
		self.ops.append(("content",))

	def c_line(self, line):
		if not line:
			return
		self.settle("text")
		for brace in c_braces(line):
			if brace == "{":
				self.stack.append(("{", self.line))
			elif not self.stack:
				self.refuse("a } too many")
			elif self.conditional():
				self.refuse("a C block ends inside {?…}")
			elif self.stack[-1][0] != "{":
				self.refuse(f"<{self.stack[-1][0]}> of line {self.stack[-1][1]} is not closed within its C block")
			else:
				self.stack.pop()
		self.code(line)
		self.before = "block"  # the space of a line's end was written before this line

	def text(self, numbered):
		if not numbered:
			return
		chars, numbers = [], []
		for number, line in numbered:
			chars.append(line + "\n")
			numbers += [number] * (len(line) + 1)
		self.source, self.numbers = "".join(chars), numbers
		at = 0
		while at < len(self.source):
			self.line = self.numbers[at]
			at = self.step(at)

	def step(self, at):
		if self.state == "text":
			return self.in_text(at)
		if self.state == "raw":
			return self.in_raw(at)
		return self.in_tag(at)

	# --- text -----------------------------------------------------------------------------------

	def in_text(self, at):
		c = self.source[at]
		if c.isspace() and c in " \t\n\r":
			self.space += c
			return at + 1
		if c == "<":
			return self.open_angle(at)
		if c == "{":
			return self.slot(at)
		if c == "}":
			if self.source.startswith("}}", at):
				self.settle("text")
				self.put("}")
				return at + 2
			return self.close_brace(at)
		if c == "|" and self.conditional():
			return self.else_branch(at)
		if c == ">":
			self.refuse("a stray >; write &gt;")
		self.settle("text")
		self.put(c)
		return at + 1

	def open_angle(self, at):
		if self.source.startswith("<!--", at):
			end = self.source.find("-->", at)
			if end < 0:
				self.refuse("the comment is not closed")
			if "{" in self.source[at:end]:
				self.refuse("a slot inside a comment")
			return end + 3
		m = re.compile(r"<!doctype html>", re.I).match(self.source, at)
		if m:
			self.settle("block")
			self.put("<!doctype html>")
			return m.end()
		m = re.compile(r"</([a-zA-Z][a-zA-Z0-9-]*)\s*>").match(self.source, at)
		if m:
			self.close_tag(m.group(1).lower())
			return m.end()
		m = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)").match(self.source, at)
		if not m:
			self.refuse("a stray <; write &lt;")
		self.tag, self.tag_line = m.group(1), self.line
		self.settle("inline" if self.tag in INLINE else "block")
		self.attributes = set()
		self.put("<" + self.tag)
		self.state = "tag"
		return m.end()

	def close_tag(self, name):
		if not self.stack or self.stack[-1][0].lower() != name:
			what = self.stack[-1] if self.stack else None
			if what and what[0] == "{":
				self.refuse(f"</{name}> closes a tag from outside of its C block")
			self.refuse(f"</{name}> closes " + (f"<{what[0]}> of line {what[1]}" if what else "nothing"))
		self.settle("inline" if name in INLINE else "block")
		self.put(f"</{self.stack.pop()[0]}>")

	def in_raw(self, at):
		m = re.compile(r"\s*</(script|style)\s*>").match(self.source, at)
		if not m or self.stack[-1][0] != m.group(1):
			if not self.source[at:].strip():
				return len(self.source)
			self.refuse(f"<{self.stack[-1][0]}> must be empty: neither text nor slots stand in it")
		self.state = "text"
		self.put(f"</{self.stack.pop()[0]}>")
		self.before = "block"
		return m.end()

	# --- tags -----------------------------------------------------------------------------------

	def in_tag(self, at):
		m = re.compile(r"\s+").match(self.source, at)
		if m:
			following = self.source[m.end():m.end() + 1]
			if following not in (">", "/", "}", "|", ""):
				self.put(" ")
			return m.end()
		c = self.source[at]
		if c == ">" or self.source.startswith("/>", at):
			return self.tag_end(at, c != ">")
		if c == "{":
			return self.slot(at)
		if c == "}":
			return self.close_brace(at)
		if c == "|" and self.conditional():
			return self.else_branch(at)
		m = re.compile(r"([a-zA-Z_:@][a-zA-Z0-9_:.@-]*)(\s*=\s*)?").match(self.source, at)
		if not m:
			self.refuse(f"unexpected {c} in <{self.tag}>")
		name = m.group(1).lower()
		self.attribute_name(name)
		self.put(m.group(1))
		if not m.group(2):
			return m.end(1)
		if self.source[m.end():m.end() + 1] != '"':
			self.refuse(f'the value of {name} must stand in double quotes')
		self.put('="')
		at = self.value(name, m.end() + 1)
		self.put('"')
		if not re.compile(r"[\s/>|{}]").match(self.source, at):
			self.refuse(f"a space is missing after {name}")
		return at

	def attribute_name(self, name):
		if name == "style":
			self.refuse("style= is refused (the CSP forbids it); use a class")
		if name.startswith("on") or name.startswith("hx-on"):
			self.refuse(f"{name}= is refused (the CSP forbids it); use a script of its own")
		if name in self.attributes and not self.conditional():
			self.refuse(f"{name} is given twice")
		self.attributes.add(name)

	def conditional(self):
		"""Whether the innermost open thing is a {?…}."""
		return self.stack and self.stack[-1][0] == "{" and len(self.stack[-1]) > 2

	def tag_end(self, at, slash):
		name = self.tag
		if self.conditional() and self.stack[-1][2] == "tag":
			self.refuse("the tag ends inside {?…}")
		in_svg = any(tag[0] == "svg" for tag in self.stack)
		if slash and not (in_svg and name in SVG):
			self.refuse(f"<{name}/>: only void and SVG elements have no end tag")
		self.put("/>" if slash else ">")
		self.state = "text"
		self.before = "inline" if name in INLINE else "block"
		if not slash and name.lower() not in VOID:
			self.stack.append((name, self.line))
			if name.lower() in RAW:
				self.state = "raw"
		return at + (2 if slash else 1)

	def value(self, name, at):
		"""An attribute's value from after the opening quote; returns the index after the closing one."""
		end = self.value_end(at)
		text = self.source[at:end]
		bare = text.strip()
		if (name in ADDRESS or name in SRCSET) and "{" in text and not text.startswith("#"):
			if not bare.startswith("{") or self.slot_end(at + text.index("{")) != at + len(text.rstrip()):
				self.refuse(f"{name} takes one address as its whole value: {name}=\"{{expression}}\"")
			return self.address(name, at + text.index("{"), end)
		if name in ADDRESS and not text.startswith(("/", "#", "?", "https://", "http://", "mailto:", "{")) and text:
			self.refuse(f"{name}: an address begins with / # ? https://")
		if name in ADDRESS and text.startswith("//"):
			self.refuse(f"{name}: an address begins with one /")
		if name in ADDRESS | SRCSET and name != "href" and text.startswith("http"):
			self.refuse(f"{name}: nothing loads from another host")
		if name in NO_SLOTS and "{" in text.replace("{{", ""):
			self.refuse(f"no slots in {name}")
		depth = len(self.stack)
		state, self.state = self.state, "value"
		while at < end:
			self.line = self.numbers[at]
			at = self.in_value(at)
		self.state = state
		if len(self.stack) != depth:
			self.refuse("{? is not closed within its attribute")
		return end + 1

	def in_value(self, at):
		c = self.source[at]
		if c == "{":
			return self.slot(at)
		if c == "}":
			if self.source.startswith("}}", at) and not self.conditional():
				self.put("}")
				return at + 2
			return self.close_brace(at)
		if c == "|" and self.conditional():
			return self.else_branch(at)
		if c == "<":
			self.refuse("a < in an attribute; write &lt;")
		self.put(c)
		return at + 1

	def value_end(self, at):
		while at < len(self.source) and self.source[at] != '"':
			if self.source.startswith("{{", at):
				at += 2
			elif self.source[at] == "{":
				at = self.slot_end(at)
			else:
				at += 1
		if at >= len(self.source):
			self.refuse("the attribute is not closed")
		return at

	def address(self, name, at, end):
		inner = self.source[at + 1:self.slot_end(at) - 1].strip()
		if inner.startswith("!"):
			self.constant(inner[1:])
		elif inner[:1] in ("@", ">", "?", "<", "/"):
			self.refuse(f"{name} takes a plain expression of type url")
		else:
			self.code(f"{'out_srcset' if name in SRCSET else 'out_url'}(o, {inner});")
		return end + 1

	# --- slots ----------------------------------------------------------------------------------

	def slot_end(self, at):
		"""The index after the } that closes the slot beginning at `at`."""
		depth, start = 0, at
		while at < len(self.source):
			c = self.source[at]
			# A quote belongs to C only outside of the text part of {?…|…}.
			if c in "\"'" and not self.source.startswith("{?", start):
				at = skip_literal(self.source, at)
				continue
			if c == "{":
				depth += 1
			elif c == "}":
				depth -= 1
				if depth == 0:
					return at + 1
			at += 1
		self.refuse("{ is not closed")

	def slot(self, at):
		if self.source.startswith("{{", at):
			self.settle_here("text")
			self.put("{")
			return at + 2
		if self.source.startswith("{?", at):
			return self.condition(at)
		end = self.slot_end(at)
		inner = self.source[at + 1:end - 1].strip()
		if not inner:
			self.refuse("an empty slot")
		kind = inner[0]
		if kind in "><":
			self.call(inner)
		elif kind == "/":
			self.end_wrap(inner[1:].strip())
		elif kind == "~":
			self.gap(inner[1:].strip())
		elif self.state == "tag":
			self.refuse(f"a slot between the attributes of <{self.tag}>; use {{?condition|text}}")
		elif kind == "@":
			self.settle_here("text")
			self.word(inner[1:].strip())
		elif kind == "!":
			self.settle_here("block" if inner.startswith(("!preload", "!symbols")) else "inline")
			self.constant(inner[1:])
		else:
			self.settle_here("text")
			self.code(f"out_value(o, {inner});")
		return end

	def gap(self, name):
		if not re.match(r"^[A-Z][A-Z0-9_]*$", name) or self.state == "value":
			self.refuse("write {~NAME} in text or between attributes")
		self.settle_here("inline")
		self.code(f"out_gap(o, {name});")

	def settle_here(self, after):
		if self.state == "text":
			self.settle(after)

	def constant(self, inner):
		parts = inner.split()
		if parts == ["symbols"] and self.state == "text":
			self.put(("const", "SYMBOLS"))
			return
		known = parts[:1] and parts[0] in ("asset", "icon", "drawn", "preload")
		most = 6 if known and parts[0] in ("icon", "drawn") and self.state == "text" else 2
		if not known or not 2 <= len(parts) <= most or not all(re.match(r"^[A-Za-z0-9_.-]+$", p) for p in parts[1:]):
			self.refuse("write {!asset name} or {!icon name [classes]} or {!drawn name [classes]} or {!preload name} or {!symbols}")
		symbol = re.sub(r"[^A-Za-z0-9]", "_", parts[1])
		if parts[0] in ("drawn", "preload") and self.state != "text":
			self.refuse(f"{{!{parts[0]} name}} writes whole elements")
		if parts[0] in ("asset", "preload"):
			symbol = f"{parts[0].upper()}_{symbol}"
			self.put(("const", symbol))
		elif parts[0] == "drawn":
			self.put(f'<svg class="{" ".join(parts[2:]) or "icon"}" aria-hidden="true" focusable="false"')
			self.put(("const", f"DRAWN_{symbol}"))
		elif self.state == "text":
			self.put(f'<svg class="{" ".join(parts[2:]) or "icon"}" aria-hidden="true" focusable="false"><use href="')
			self.put(("const", f"ICON_{symbol}"))
			self.put('"/></svg>')
		else:
			self.put(("const", f"ICON_{symbol}"))

	def call(self, inner):
		m = re.match(r"^([<>])\s*([a-z][a-z0-9_]*)\((.*)\)$", inner, re.S)
		if not m:
			self.refuse("write {>page(arguments)}")
		if self.state != "text":
			self.refuse("a page is called in text, not inside a tag")
		wraps = m.group(1) == "<"
		name, args = m.group(2), m.group(3).strip()
		self.calls.append((name, wraps, f"{self.shown}:{self.line}"))
		self.settle("block" if wraps else "call")
		args = f", {args}" if args else ""
		if wraps:
			self.stack.append((f"{{<{name}", self.line, "wrap", args))
			self.code(f"{name}_begin(o{args});")
		else:
			self.code(f"{name}(o{args});")

	def end_wrap(self, name):
		if self.state != "text" or not self.stack or self.stack[-1][0] != f"{{<{name}":
			self.refuse(f"{{/{name}}} closes nothing")
		self.settle("block")
		self.code(f"{name}_end(o{self.stack.pop()[3]});")

	def word(self, inner):
		if inner.startswith("("):
			end = self.matching(inner, 0)
			key, rest = None, inner[end:]
			symbol = inner[:end]
		else:
			m = re.match(r"^([a-z][a-z0-9_]*)(.*)$", inner, re.S)
			if not m:
				self.refuse("write {@word}")
			key, rest = m.group(1), m.group(2)
			symbol = f"W_{key}"
			if key not in self.words:
				self.refuse(f"the catalogue has no word {key}")
		args = self.word_args(rest)
		if key is not None:
			for name in self.words[key]:
				if name not in args:
					self.refuse(f"{key} needs {name}=")
			for name in args:
				if name not in self.words[key] and name != "n":
					self.refuse(f"{key} has no {{{name}}}")
		if not args:
			self.code(f"out_word(o, {symbol});")
			return
		texts = [f"OUT_ARG({args[name]})" if name in args else "(struct out_arg){0}" for name in ("s", "s2")]
		self.code(f"out_word_args(o, {symbol}, {args.get('n', '0')}, {texts[0]}, {texts[1]});")

	def matching(self, text, at):
		depth = 0
		while at < len(text):
			if text[at] in "\"'":
				at = skip_literal(text, at)
				continue
			if text[at] in "([{":
				depth += 1
			elif text[at] in ")]}":
				depth -= 1
				if depth == 0:
					return at + 1
			at += 1
		self.refuse("unbalanced brackets")

	def word_args(self, rest):
		args, starts, at = {}, [], 0
		while at < len(rest):
			if rest[at] in "\"'":
				at = skip_literal(rest, at)
			elif rest[at] in PAIRS:
				at = self.matching(rest, at)
			else:
				m = re.compile(r"\s(n|s|s2)=(?!=)").match(rest, at)
				if m:
					starts.append((m.group(1), at, m.end()))
				at = m.end() if m else at + 1
		if rest[:starts[0][1] if starts else None].strip():
			self.refuse("after a word stand n= s= s2=")
		for i, (name, _, begin) in enumerate(starts):
			end = starts[i + 1][1] if i + 1 < len(starts) else len(rest)
			expression = rest[begin:end].strip()
			if not expression or name in args:
				self.refuse(f"{name}= needs one expression")
			args[name] = expression
		return args

	# --- conditions -----------------------------------------------------------------------------

	def condition(self, at):
		"""{?condition|text} or {?condition|text|other text}"""
		self.settle_here("text")
		bar = self.bar(at + 2)
		condition = self.source[at + 2:bar].strip()
		if not condition:
			self.refuse("{? needs a condition")
		self.stack.append(("{", self.line, self.state))
		self.code(f"if ({condition}) {{")
		return bar + 1

	def bar(self, at):
		depth = 0
		while at < len(self.source):
			c = self.source[at]
			if c in "\"'":
				at = skip_literal(self.source, at)
				continue
			if self.source.startswith("||", at):
				at += 2
				continue
			if c in PAIRS:
				depth += 1
			elif c in PAIRS.values():
				depth -= 1
				if depth < 0:
					break
			elif c == "|" and depth == 0:
				return at
			at += 1
		self.refuse("write {?condition|text}")

	def else_branch(self, at):
		self.settle_here("text")
		if len(self.stack[-1]) > 3:
			self.refuse("a second | in {?…}; write &#124;")
		if self.stack[-1][2] != self.state:
			self.refuse("{?…} must end where it began, in text or in a tag")
		self.stack[-1] += ("else",)
		self.code("} else {")
		return at + 1

	def close_brace(self, at):
		if not self.conditional():
			inside = any(tag[0] == "{" and len(tag) > 2 for tag in self.stack)
			if inside:
				self.refuse(f"<{self.stack[-1][0]}> of line {self.stack[-1][1]} is not closed within {{?…}}")
			self.refuse("a stray }; write }}")
		if self.stack[-1][2] != self.state:
			self.refuse("{?…} must end where it began, in text or in a tag")
		self.settle_here("text")
		self.stack.pop()
		self.code("}")
		return at + 1
