#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the catalogues of the interface's words (LOCALE/AREA.words, of src/words/ and of rooms) to C tables.

A line is `key = Text with {n} {c} {s} {s2}`; plural forms are `key.one = …`, `key.other = …`. English
is the measure: every key and placeholder of it must be in each complete locale. The texts stand in
HTML as they are, so the characters & < > " ' are refused; write typographic quotation marks.
"""
import argparse
import json
import os
import re
import sys
import unicodedata

COMPLETE = ["en", "zh-Hans"]
CATEGORIES = ["zero", "one", "two", "few", "many", "other"]
# Plural families (CLDR), each with the categories that whole numbers need; words.c has the rules.
FAMILIES = {
	"only": ["other"],
	"one": ["one", "other"],
	"zero_one": ["one", "other"],
	"slavic": ["one", "few", "many"],
	"polish": ["one", "few", "many"],
	"czech": ["one", "few", "other"],
	"arabic": ["zero", "one", "two", "few", "many", "other"],
}
FAMILY_OF = {
	"zh": "only", "ja": "only", "ko": "only", "vi": "only", "th": "only", "id": "only", "ms": "only",
	"en": "one", "de": "one", "nl": "one", "es": "one", "it": "one", "sv": "one", "da": "one", "nb": "one",
	"fi": "one", "el": "one", "hu": "one", "tr": "one", "bg": "one",
	"fr": "zero_one", "pt": "zero_one", "hi": "zero_one", "fa": "zero_one",
	"ru": "slavic", "uk": "slavic", "pl": "polish", "cs": "czech", "sk": "czech", "ar": "arabic",
}
RTL = {"ar", "fa", "he", "ur"}
PLACEHOLDERS = {"n", "c", "s", "s2"}


class Refused(Exception):
	pass


def unescape(text, where):
	out = []
	at = 0
	while at < len(text):
		if text[at] == "\\":
			what = text[at + 1:at + 2]
			if what not in ("n", "\\"):
				raise Refused(f"{where}: unknown escape \\{what}")
			out.append("\n" if what == "n" else "\\")
			at += 2
		else:
			out.append(text[at])
			at += 1
	return "".join(out)


# Counts and dates are written as one: 1.2万, 11月30日.
CLOSE = re.compile(r"^common_(count_|date|month_)")


def check_text(key, text, locale, where):
	if not text:
		raise Refused(f"{where}: empty text")
	for c in "&<>\"'":
		if c in text:
			raise Refused(f"{where}: {c} is refused; texts stand in HTML as they are (use ’ “ ” …)")
	if "..." in text:
		raise Refused(f"{where}: write … for three dots")
	if unicodedata.normalize("NFC", text) != text:
		raise Refused(f"{where}: not in normal form NFC")
	if any(unicodedata.category(c) == "Cc" and c != "\n" for c in text):
		raise Refused(f"{where}: control character")
	if locale.startswith("zh") and re.search(r"[\u3400-\u9fff][,;:?!.()]|[()][\u3400-\u9fff]", text):
		raise Refused(f"{where}: ASCII punctuation beside a Chinese character")
	if locale.startswith("zh") and not CLOSE.match(key) and re.search(
			r"[\u3400-\u9fff][A-Za-z0-9{]|[A-Za-z0-9}][\u3400-\u9fff]", text):
		raise Refused(f"{where}: a space belongs between Chinese and Latin letters, digits or placeholders")
	if locale.startswith("zh") and re.search(r" [\u3000-\u303f\uff00-\uff60]|[\u3000-\u303f\uff00-\uff60] ", text):
		raise Refused(f"{where}: a full-width mark has no space beside it")
	names = set(re.findall(r"\{([^{}]*)\}", text))
	for name in names:
		if name not in PLACEHOLDERS:
			raise Refused(f"{where}: unknown placeholder {{{name}}}")
	if "{" in re.sub(r"\{[^{}]*\}", "", text) or "}" in re.sub(r"\{[^{}]*\}", "", text):
		raise Refused(f"{where}: stray brace")
	return {"n" if name == "c" else name for name in names}


def read_file(path, locale, words):
	area = os.path.basename(path)[:-len(".words")]
	prefixes = (area + "_", area[:-1] + "_") if area.endswith("s") else (area + "_",)
	with open(path, encoding="utf-8") as f:
		lines = f.read().split("\n")
	for number, line in enumerate(lines, 1):
		where = f"{path}:{number}"
		if not line.strip() or line.startswith("#"):
			continue
		m = re.match(r"^([a-z][a-z0-9_]*)(?:\.([a-z]+))? = (.*\S)\s*$", line)
		if not m:
			raise Refused(f"{where}: not a line of the form `key = Text`")
		key, form, text = m.group(1), m.group(2) or "", unescape(m.group(3), where)
		if not key.startswith(prefixes):
			raise Refused(f"{where}: keys of this file begin with {prefixes[-1]}")
		if form and form not in CATEGORIES:
			raise Refused(f"{where}: unknown plural form .{form}")
		forms = words.setdefault(key, {})
		if form in forms or ("" in forms) != (form == "") and forms:
			raise Refused(f"{where}: {key} is given twice")
		forms[form] = (text, check_text(key, text, locale, where), where)


def check_forms(locale, words):
	need = FAMILIES[FAMILY_OF[locale.split("-")[0]]]
	for key, forms in words.items():
		where = next(iter(forms.values()))[2]
		if "" in forms:
			continue
		for form in need:
			if form not in forms and not (form == "other" and len(need) == 1):
				raise Refused(f"{where}: {key} lacks the plural form .{form}")
		for form in forms:
			if form not in need and form != "other":
				raise Refused(f"{where}: {locale} has no plural form .{form}")
		union = set().union(*(f[1] for f in forms.values()))
		if "n" not in union:
			if "s" not in union:
				raise Refused(f"{where}: {key} has plural forms but no {{n}}")
			for _, names, _ in forms.values():  # {s} is the number, dressed; n chooses the form
				names.add("n")
			union.add("n")
		for form, (_, names, at) in forms.items():
			spare = {"n"} if form in ("zero", "one", "two") else set()
			if union - names - spare:
				raise Refused(f"{at}: {key}.{form} lacks a placeholder of its other forms")


def placeholders(forms):
	return set().union(*(f[1] for f in forms.values()))


def is_sentence(forms):
	return any(re.search(r"[^.][.!。！]$", text) for text, _, _ in forms.values())


def check_against(base, locale, words):
	for key, forms in words.items():
		where = next(iter(forms.values()))[2]
		if key not in base:
			raise Refused(f"{where}: en has no {key}")
		if placeholders(forms) != placeholders(base[key]):
			raise Refused(f"{where}: {key} has other placeholders than in en")
		if locale in COMPLETE and is_sentence(forms) != is_sentence(base[key]):
			raise Refused(f"{where}: {key} is a sentence with its full stop in one of {locale} and en only")
	if locale in COMPLETE:
		for key in base:
			if key not in words:
				where = next(iter(base[key].values()))[2]
				raise Refused(f"{where}: {locale} lacks {key}")


def load(paths):
	catalogues = {}
	for path in paths:
		if not path.endswith(".words"):
			raise Refused(f"{path}: not a .words file")
		locale = os.path.basename(os.path.dirname(path))
		if locale.split("-")[0] not in FAMILY_OF:
			raise Refused(f"{path}: no plural rule is known for {locale}")
		read_file(path, locale, catalogues.setdefault(locale, {}))
	for locale in COMPLETE:
		if locale not in catalogues:
			raise Refused(f"no catalogue for {locale}")
	for locale, words in catalogues.items():
		check_forms(locale, words)
		if locale != "en":
			check_against(catalogues["en"], locale, words)
	order = COMPLETE + sorted(set(catalogues) - set(COMPLETE))
	return {locale: catalogues[locale] for locale in order}


def c_text(text):
	out = []
	for c in text:
		if c == "\n":
			out.append("\\n")
		elif c in '"\\':
			out.append("\\" + c)
		elif c == "?":
			out.append("\\?")  # no trigraphs
		else:
			out.append(c)
	return '"' + "".join(out) + '"'


def locale_name(locale):
	return "LOCALE_" + locale.upper().replace("-", "_")


def header(catalogues):
	keys = sorted(catalogues["en"])
	out = ["// Written by tools/wordgen.py from the catalogues in this folder.", "#pragma once", ""]
	out.append("enum locale {")
	out += [f"\t{locale_name(locale)}," for locale in catalogues]
	out += ["\tLOCALE_COUNT", "};", "", "enum word {", "\tW_none,"]
	out += [f"\tW_{key}," for key in keys]
	out += ["\tW_COUNT", "};", ""]
	return "\n".join(out)


def table(index, locale, words, keys):
	texts, plural = [""], [0]
	forms_at = []
	for key in keys:
		forms = words.get(key, {})
		texts.append(forms["other" if "other" in forms else sorted(forms)[0]][0] if forms else "")
		if forms and "" not in forms and len(forms) > 1:
			plural.append(len(keys) + 1 + 6 * len(forms_at))
			forms_at.append(forms)
		else:
			plural.append(0)
	for forms in forms_at:
		texts += [forms[c][0] if c in forms else "" for c in CATEGORIES]
	offsets, n = [], 0
	for text in texts:
		offsets.append(n)
		n += len(text.encode())
	offsets.append(n)
	out = [f"static const char text_{index}[] ="]
	out += [f"\t{c_text(text)}" for text in texts if text]
	out[-1] += ";"
	out.append(f"static const uint32_t at_{index}[] = {{")
	out += ["\t" + " ".join(f"{v}," for v in offsets[i:i + 16]) for i in range(0, len(offsets), 16)]
	out += ["};", f"static const uint16_t plural_{index}[] = {{"]
	out += ["\t" + " ".join(f"{v}," for v in plural[i:i + 16]) for i in range(0, len(plural), 16)]
	out += ["};", ""]
	return out


def source(catalogues):
	keys = sorted(catalogues["en"])
	out = ["// Written by tools/wordgen.py from the catalogues in this folder.", '#include "words/catalogue.h"', ""]
	for index, (locale, words) in enumerate(catalogues.items()):
		out += table(index, locale, words, keys)
	out.append("const struct catalogue catalogues[LOCALE_COUNT] = {")
	for index, locale in enumerate(catalogues):
		base = locale.split("-")[0]
		rtl = "true" if base in RTL else "false"
		out.append(f"\t{{{{\"{locale}\"}}, PLURAL_{FAMILY_OF[base].upper()}, {rtl}, "
			f"text_{index}, at_{index}, plural_{index}}},")
	out += ["};", "", "const char *const word_keys[W_COUNT] = {", '\t"",']
	out += [f'\t"{key}",' for key in keys]
	out += ["};", ""]
	return "\n".join(out)


def key_list(catalogues):
	return json.dumps({key: sorted(placeholders(forms)) for key, forms in sorted(catalogues["en"].items())}, indent=0)


# A file of paths, a line each, stands for these.
def listed(paths):
	out = []
	for path in paths:
		if path.endswith(".list"):
			with open(path, encoding="utf-8") as f:
				out += f.read().splitlines()
		else:
			out.append(path)
	return out


# What stays the same is not written again: nothing is compiled anew for it.
def write(path, text):
	if os.path.exists(path):
		with open(path, encoding="utf-8") as f:
			if f.read() == text:
				return
	with open(path, "w", encoding="utf-8") as f:
		f.write(text)


def main():
	p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
	p.add_argument("--header", required=True)
	p.add_argument("--source", required=True)
	p.add_argument("--keys", required=True, help="list of keys and placeholders, for pagegen")
	p.add_argument("--depfile", help="lists what was read")
	p.add_argument("files", nargs="+", help="or files that list them (.list)")
	args = p.parse_args()
	paths = listed(args.files)
	try:
		catalogues = load(paths)
	except Refused as refused:
		sys.exit(str(refused))
	write(args.header, header(catalogues))
	write(args.source, source(catalogues))
	write(args.keys, key_list(catalogues))
	if args.depfile:
		write(args.depfile, f"{args.header}: " + " ".join(paths) + "\n")


if __name__ == "__main__":
	main()
