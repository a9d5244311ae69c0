#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compiles the Chinese-English dictionary: CC-CEDICT, the frequencies of jieba and the lexicon of language/
become one file that the program maps (src/language/dictionary.h says how it is laid out).

Everything that can be decided without the sentence is decided here: how likely each word is, which reading of it
comes first, the few words that stand over it, and which words stand for what in English. The same input
gives the same bytes."""
import argparse
import json
import math
import os
import re
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stemmer import phrase_key, tokens_of  # noqa: E402

MAGIC, VERSION = b"QIAODICT", 1
UNITS_MOST = 16          # characters of a word; a run of Latin letters or digits is one
HITS_MOST = 16           # words kept for one in English
WORD, SPLIT = 1, 2       # what a slot holds
CONCEPT = 24.0           # what people tag alike, beside the score of a sense
SPLIT_BONUS = 8.0        # a rule for cutting outweighs what is likely
GLOSS_MOST = 28          # letters that stand over a word
HAN_FIRST, HAN_LAST = 0x4E00, 0x9FFF
KINDS = ("", "function", "measure", "slang", "particle", "abbreviation")
FORM = 15                # an English form, which another word stands for
POS = {"": 0, "n": 1, "v": 2, "a": 3, "d": 4, "m": 5, "q": 6, "r": 7, "p": 8, "c": 9, "u": 10, "t": 11, "nr": 12, "ns": 13, "y": 14, "i": 15}
UNIT = re.compile(r"[a-z0-9]+|.", re.S)


class Entry:
    def __init__(self, trad, simp, pinyin, senses, measures=(), kind="", gloss=None, note=""):
        self.trad, self.simp, self.pinyin, self.senses = trad, simp, pinyin, senses
        self.measures, self.kind, self.note = measures, kind, note
        self.gloss = gloss or short_gloss(senses)
        self.ours, self.near = False, []
        self.as_verb, self.as_noun = ("", "") if gloss else (short_gloss(senses, True), short_gloss(senses, False))


# Senses that say what a word is and not what it means.
POOR = re.compile(r"^(surname |variant of |old variant|erhua variant|see |see also |CL:|abbr\. |used in |Taiwan pr|also pr|also written|"
                  r"same as |Japanese variant|unofficial variant|"
                  r"\((bound form|archaic|old|dialect|literary|Tw|coll\.|onom|Cantonese|Internet slang, old)[^)]*\)|Kangxi radical|radical |\(used in|"
                  r"place name|personal name|\(loanword|-|component |.* \(Kangxi|pr\. \[)")


def plain(sense):
    text = re.sub(r"\s*\[[^\]]*\]", "", re.sub(r"\s*\([^)]*\)", "", sense))
    return re.sub(r"\s+", " ", re.sub(r"[^\s|]+\|", "", text)).strip(" ,;")


def cut(text):
    if len(text) <= GLOSS_MOST:
        return text
    head = text[:GLOSS_MOST + 1]
    for mark in (",", " "):
        if mark in head[8:]:
            return head[:head.rindex(mark)].rstrip(" ,")
    return text[:GLOSS_MOST]


# Of the senses that are verbs, of those that are not, or of all; "" when none of those is good.
def short_gloss(senses, verb=None):
    parts = [part.strip() for sense in senses for part in sense.split(";")]
    if verb is not None:
        parts = [part for part in parts if not POOR.match(part) and plain(part) and plain(part).startswith("to ") == verb]
        return cut(plain(parts[0])) if parts else ""
    for part in parts:
        if not POOR.match(part) and plain(part):
            return cut(plain(part))
    for part in parts:
        if plain(part):
            return cut(plain(part))
    return cut(parts[0]) if parts else ""


def read_cedict(path):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    data = json.loads(text[text.index("{"):text.rindex("}") + 1])
    measures = data["classifierLookup"]
    for trad, simp, pinyin, senses, _, classifiers in data["all"]:
        senses = [senses] if isinstance(senses, str) else list(senses)
        told = [measures[i] for i in classifiers]
        kept = []
        for sense in senses:
            if sense.startswith("CL:"):
                for one in sense[3:].split(","):
                    match = re.match(r"([^|\[]+)\|?([^\[]*)\[([^\]]*)\]", one)
                    if match:
                        told.append((match[1], match[2] or match[1], match[3]))
            else:
                kept.append(sense)
        yield Entry(trad, simp, pinyin.replace("U:", "u:").replace(",", "").replace("  ", " "), kept or senses, told)


def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line.split("\t")


# An empty last field may be missing.
def english_rows(path):
    return [(row + [""])[:4] for row in rows(path)]


def read_lexicon(path):
    for simp, trad, pinyin, kind, gloss, note in rows(path):
        if kind not in KINDS:
            raise SystemExit(f"{path}: {simp}: no kind '{kind}'")
        yield Entry(trad, simp, pinyin, [gloss], kind=kind, gloss=gloss, note=note)


# Glosses of ours take the place of those that the senses gave; a word that the dictionary lacks becomes one.
def mend_glosses(entries, path):
    by_word = {}
    for entry in entries:
        by_word.setdefault(entry.simp, []).append(entry)
    for word, pinyin, gloss, as_verb, as_noun in rows(path):
        same = [e for e in by_word.get(word, ()) if e.pinyin.lower().replace(" ", "") == pinyin.lower().replace(" ", "")]
        toneless = re.sub(r"[\d ]", "", pinyin.lower())
        same = same or [e for e in by_word.get(word, ()) if re.sub(r"[\d ]", "", e.pinyin.lower()) == toneless]
        for entry in same:
            if not entry.kind:
                entry.gloss, entry.as_verb, entry.as_noun = gloss, as_verb or gloss, as_noun or gloss
                entry.ours = True
        if word not in by_word:
            entry = Entry(word, word, pinyin, [gloss])
            entry.as_verb, entry.as_noun = as_verb or gloss, as_noun or gloss
            entries.append(entry)
            by_word[word] = [entry]


# How a word is read that no dictionary has: as the longest words that it is made of are.
def spell(word, by_word):
    out, at = [], 0
    while at < len(word):
        size = next((n for n in range(len(word) - at, 0, -1) if word[at:at + n] in by_word), 0)
        out.append(by_word[word[at:at + size]][0].pinyin if size else word[at])
        at += size or 1
    return " ".join(out)


# Words that mean the same, as people search and tag: [English words, Chinese words] a row.
def read_concepts(entries, path):
    by_word, concepts = {}, []
    for entry in entries:
        by_word.setdefault(entry.simp, []).append(entry)
    for row in rows(path):
        english, chinese = row[0].split("|"), row[1].split("|")
        for word in chinese:
            if word not in by_word:
                entry = Entry(word, word, spell(word, by_word), [english[0]])
                entries.append(entry)
                by_word[word] = [entry]
            for entry in by_word[word]:
                entry.near += [one for one in english if one not in entry.near]
        concepts.append((english, chinese))
    return concepts


def read_frequencies(path):
    counts, pos = {}, {}
    with open(path, encoding="utf-8") as f:
        for line in f:
            word, count, tag = line.split()
            counts[word] = counts.get(word, 0) + int(count)
            pos.setdefault(word, POS.get(tag, POS.get(tag[:1], 0)))
    return counts, pos


def units(word):
    return UNIT.findall(word.lower())


# log p of every word. What the frequencies lack, or make rarer than its own best split, is half a nat
# likelier than that: it would never be found otherwise.
def weigh(words, counts):
    total = sum(counts.values())
    floor = -math.log(total)
    weight = {}
    for word in sorted(words, key=lambda w: (len(units(w)), w)):
        parts = units(word)
        n = len(parts)
        best = [0.0] * (n + 1)
        for at in range(n - 1, -1, -1):
            best[at] = floor + best[at + 1]
            for size in range(1, min(n - at, UNITS_MOST) + 1):
                if size == n:
                    continue
                known = weight.get("".join(parts[at:at + size]))
                if known is not None:
                    best[at] = max(best[at], known + best[at + size])
        own = math.log(counts[word]) - math.log(total) if counts.get(word) else None
        split = best[0] + 0.5
        if own is None and n == 2 and parts[1] in "了着过":
            split -= 3 + 0.5  # 完了 is two words where it is not known for one
        weight["".join(parts)] = max(own, split) if own is not None else floor if n == 1 else split
    return weight


# Which reading of a word comes first.
def rank(entry, key, readings):
    score = min(len(entry.senses), 8) * 1.0
    if entry.kind:
        score += 1000
    if readings.get(key) == entry.pinyin:
        score += 500
    if entry.ours:
        score += 20
    if entry.pinyin[:1].isupper():
        score -= 100 if len(key) == 1 else 1.5
    if entry.senses and POOR.match(entry.senses[0]):
        score -= 50 if re.match(r"(surname|.*variant of|old variant)", entry.senses[0]) else 5
    if entry.simp.lower() != key:
        score -= 0.5
    return score


class Pool:
    def __init__(self):
        self.bytes, self.known = bytearray(b"\0\0"), {"": 0}

    def add(self, text):
        at = self.known.get(text)
        if at is None:
            data = text.encode()[:65535]
            at = self.known[text] = len(self.bytes)
            self.bytes += struct.pack("<H", len(data)) + data
        return at


def fnv(data):
    h = 2166136261
    for byte in data:
        h = ((h ^ byte) * 16777619) & 0xFFFFFFFF
    return h


def table(rows_by_key, empty):
    """Open addressing, at most two thirds full: slots of what each key has."""
    size = 16
    while size * 2 < len(rows_by_key) * 3:
        size *= 2
    slots = [empty] * size
    for key in sorted(rows_by_key):
        at = fnv(key.encode()) & (size - 1)
        while slots[at] is not empty:
            at = (at + 1) & (size - 1)
        slots[at] = rows_by_key[key]
    return slots


# English phrase -> Chinese words, best first.
def reverse(entries, weights, concepts):
    hits, first = {}, {}
    for number, entry in enumerate(entries):
        first.setdefault(entry.simp, number)
    for english, chinese in concepts:
        for order, one in enumerate(english):
            held = hits.setdefault(phrase_key(tokens_of(one)), {})
            for place, word in enumerate(chinese):
                score = CONCEPT - 0.5 * place - 0.2 * order
                if score > held.get(first[word], (-99, 0))[0]:
                    held[first[word]] = (score, 0)
    for number, entry in enumerate(entries):
        word = "".join(units(entry.simp))
        common = weights.get(word, -16.0)
        for order, sense in enumerate(entry.senses):
            if re.match(r"(surname |.*variant of|see |CL:|used in |Taiwan pr)", sense):
                continue
            for part in sense.split(";"):
                words = tokens_of(plain(part))
                if not words or len(words) > 6:
                    continue
                score = 6 + 0.45 * (common + 16) - 0.35 * order - (1 if len(entry.simp) == 1 else 0)
                score -= 2 if entry.pinyin[:1].isupper() and not plain(part)[:1].isupper() else 0
                score -= 3 if POOR.match(part.strip()) else 0
                keys = {phrase_key(words): score}
                if 1 < len(words) <= 4:
                    for one in words:
                        key = phrase_key([one])
                        keys.setdefault(key, score - 6 - 1.2 * (len(words) - 1))
                for key, value in keys.items():
                    held = hits.setdefault(key, {})
                    if value > held.get(number, (-99, 0))[0]:
                        held[number] = (value, order)
    best = {}
    for key, held in hits.items():
        seen, kept = set(), []
        for number, (score, order) in sorted(held.items(), key=lambda item: (-item[1][0], item[0])):
            if entries[number].simp not in seen:
                seen.add(entries[number].simp)
                kept.append((number, score, order))
            if len(kept) == HITS_MOST:
                break
        best[key] = kept
    return best


# English words for Chinese readers: what we say of them, and which word a form is of.
def glossary(words, forms, pool):
    slots = {}
    said = {word.lower() for word, *_ in words}
    for form, word in forms:
        if form in said:
            continue
        slots[form] = struct.pack("<3IHH", pool.add(form), pool.add(word), 0, FORM, 1)
    for word, kind, gloss, note in words:
        kind = "" if kind == "common" else kind
        if kind not in KINDS:
            raise SystemExit(f"{word}: no kind '{kind}'")
        slots[word.lower()] = struct.pack("<3IHH", pool.add(word.lower()), pool.add(gloss), pool.add(note), KINDS.index(kind), 1)
    return b"".join(table(slots, b"\0" * 16))


# What a word is beside others, in the order of the file: the first rule that fits counts.
def pack_rules(rules, pool):
    words = sorted({row[0] for row in rules})
    return b"".join(struct.pack("<5I", *(pool.add(text) for text in row)) for word in words for row in rules if row[0] == word)


def compile_all(entries, counts, pos, readings, rules, splits, concepts, words, forms):
    keyed = {}
    for number, entry in enumerate(entries):
        for word in {entry.simp, entry.trad}:
            parts = units(word)
            if 0 < len(parts) <= UNITS_MOST:
                keyed.setdefault("".join(parts), []).append(number)
    # A traditional spelling is as likely as the simplified one.
    by_key = dict(counts)
    tags = dict(pos)
    for key, numbers in keyed.items():
        simp = entries[numbers[0]].simp
        if key not in by_key and simp in counts:
            by_key[key] = counts[simp]
            tags[key] = pos.get(simp, 0)
    weights = weigh(keyed, by_key)
    for numbers in keyed.values():
        if any(entries[n].kind == "slang" for n in numbers):
            key = "".join(units(entries[numbers[0]].simp))
            weights[key] = max(weights[key], -12.0)

    pool, refs, keys, lengths = Pool(), [], {}, {}
    for parts in splits:
        key = "".join("".join(units(part)) for part in parts)
        best = sum(weights.get("".join(units(part)), -18.0) for part in parts) + SPLIT_BONUS
        if len(units(key)) > UNITS_MOST:
            raise SystemExit(f"too long to be cut by a rule: {key}")
        if key not in keyed:
            keys[key] = struct.pack("<IIfBBBB", pool.add(key), pool.add(" ".join(parts)), best, 0, 0, 0, SPLIT)
            first = units(key)[0]
            lengths[first] = lengths.get(first, 0) | 1 << (len(units(key)) - 1)
    ruled = {row[0] for row in rules}
    if not ruled <= set(keyed):
        raise SystemExit(f"rules of words that there are not: {' '.join(sorted(ruled - set(keyed)))}")
    for key in sorted(keyed):
        numbers = sorted(keyed[key], key=lambda n: (-rank(entries[n], key, readings), n))[:255]
        parts = units(key)
        keys[key] = struct.pack("<IIfBBBB", pool.add(key), len(refs), weights[key], len(numbers), tags.get(key, 0), key in ruled, WORD)
        refs += numbers
        lengths[parts[0]] = lengths.get(parts[0], 0) | 1 << (len(parts) - 1)
    rows_out = bytearray()
    for entry in entries:
        measures = "/".join("|".join(one) for one in entry.measures)
        rows_out += struct.pack("<11I", *(pool.add(text) for text in (
            entry.simp, entry.trad, entry.pinyin, entry.gloss, entry.as_verb, entry.as_noun,
            "/".join(s.replace("/", "∕") for s in entry.senses), measures, entry.note, "|".join(entry.near))), KINDS.index(entry.kind))
    english, hits = {}, bytearray()
    for key, found in sorted(reverse(entries, weights, concepts).items()):
        english[key] = struct.pack("<IIHH", pool.add(key), len(hits) // 8, len(found), 1)
        for number, score, order in found:
            hits += struct.pack("<IhH", number, int(max(min(score, 300), -300) * 100), order)
    masks = b"".join(struct.pack("<H", lengths.get(chr(c), 0)) for c in range(HAN_FIRST, HAN_LAST + 1))
    sections = [masks, b"".join(table(keys, b"\0" * 16)), struct.pack(f"<{len(refs)}I", *refs), bytes(rows_out),
                b"".join(table(english, b"\0" * 12)), bytes(hits), pack_rules(rules, pool), glossary(words, forms, pool), bytes(pool.bytes)]
    at, head, body = 8 + 4 + 4 + 8 * len(sections), [], b""
    for section in sections:
        section += b"\0" * (-len(section) % 16)
        at += -at % 16
        head.append((at, len(section)))
        at += len(section)
    out = bytearray(MAGIC + struct.pack("<II", VERSION, at))
    for offset, size in head:
        out += struct.pack("<II", offset, size)
    for (offset, _), section in zip(head, sections):
        out += b"\0" * (offset - len(out)) + section + b"\0" * (-len(section) % 16)
    return bytes(out)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--cedict", required=True)
    p.add_argument("--frequencies", required=True)
    p.add_argument("--lexicon", required=True)
    p.add_argument("--readings", required=True)
    p.add_argument("--rules", required=True)
    p.add_argument("--splits", required=True)
    p.add_argument("--glosses", required=True)
    p.add_argument("--concepts", required=True)
    p.add_argument("--english", required=True, nargs="+")
    p.add_argument("--forms", required=True)
    p.add_argument("--output", required=True)
    args = p.parse_args()
    counts, pos = read_frequencies(args.frequencies)
    readings = dict(row[:2] for row in rows(args.readings))
    rules = [tuple((row + [""] * 5)[:5]) for row in rows(args.rules)]
    splits = [row[0].split(" ") for row in rows(args.splits)]
    entries = list(read_lexicon(args.lexicon)) + list(read_cedict(args.cedict))
    mend_glosses(entries, args.glosses)
    concepts = read_concepts(entries, args.concepts)
    with open(args.output + ".part", "wb") as f:
        f.write(compile_all(entries, counts, pos, readings, rules, splits, concepts, [row for path in args.english for row in english_rows(path)], rows(args.forms)))
    os.replace(args.output + ".part", args.output)


if __name__ == "__main__":
    main()
