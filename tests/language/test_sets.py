#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""test_sets.py PROGRAM: what `qiao language` says of the sets in this folder, which were written by hand before anything
was tried with them. Each has a bound below which something is broken; `bench/language.py` prints the figures."""
import os
import re
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = "build/qiao"


def rows(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in list(f)[2:] if line.strip()]


def ask(lines, *verb):
    out = subprocess.run([PROGRAM, "language", *verb], input="".join(line + "\n" for line in lines), capture_output=True,
                         text=True, check=True).stdout.split("\n")
    assert out.pop() == "" and len(out) == len(lines), (len(out), len(lines))
    return out


def identification():
    """Right, all, and (wanted, said) of those that are wrong; of posts in one language, then of mixed ones."""
    sets = ([row for row in rows("posts.tsv") if len(row) == 2], [row for row in rows("posts.tsv") if len(row) > 2])
    for posts in sets:
        wrong = [(row[0], said) for row, said in zip(posts, ask([row[1] for row in posts], "identify")) if said != row[0]]
        yield len(posts) - len(wrong), len(posts), wrong


def ends(words):
    at, out = 0, set()
    for word in words:
        at += len(word)
        out.add((at - len(word), at))
    return out


def segmentation():
    """F1 over words, and the sentences that are cut otherwise."""
    sentences, right, found, wanted, others = rows("segment.tsv"), 0, 0, 0, []
    for row, said in zip(sentences, ask([row[0] for row in sentences], "segment")):
        ours = ends(said.split(" "))
        theirs = ends([w for w in (re.sub(r"[\W_]+", "", word) for word in row[1].split(" ")) if w])
        right, found, wanted = right + len(ours & theirs), found + len(ours), wanted + len(theirs)
        if ours != theirs:
            others.append((row[1], said))
    return 2 * right / (found + wanted), others


def words_of(line):
    return [field.replace("\\|", "∣").split("|") for field in line.split("\t") if field]


def readings():
    """Right, all, and (sentence, wanted, said)."""
    cases, wrong = rows("heteronyms.tsv"), []
    for (sentence, word, pinyin), line in zip(cases, ask([row[0] for row in cases], "gloss")):
        syllables = []
        for text, reading, _ in words_of(line):
            parts = reading.lower().split(" ")
            syllables += parts if len(parts) == len(text) else ["?"] * len(text)
        at = len(re.sub(r"[\W_]", "", sentence[:sentence.index(word)]))
        said = " ".join(syllables[at:at + len(word)])
        if said != pinyin.replace("ü", "u:"):
            wrong.append((sentence, pinyin, said))
    return len(cases) - len(wrong), len(cases), wrong


def stems(text):
    words = re.findall(r"[a-z]+", re.sub(r"\(.*?\)", "", text.lower()))
    return {re.sub(r"(ing|ed|es|s|e|y)$", "", word) for word in words if word not in ("to", "a", "an", "the", "be", "of")}


def senses():
    """Right, all, and (sentence, word, wanted, said): the first sense of content words."""
    sentences, right, total, wrong = rows("gloss.tsv"), 0, 0, []
    for (sentence, pairs), line in zip(sentences, ask([row[0] for row in sentences], "gloss")):
        said = {}
        for text, _, gloss in words_of(line):
            said.setdefault(text, gloss)
        for pair in pairs.split("; "):
            word, wanted = pair.split("=", 1)
            total += 1
            if any(stems(one) & stems(said.get(word, "")) for one in wanted.split("/")):
                right += 1
            else:
                wrong.append((sentence, word, wanted, said.get(word)))
    return right, total, wrong


def expansions():
    """Rows of which one wanted word is among the ten, rows of which all are, all rows."""
    queries = rows("expansion.tsv")
    one = every = 0
    for row, line in zip(queries, ask([row[1] for row in queries], "expand")):
        said = set(line.lower().split("\t"))
        found = [word.lower() in said for word in row[2].split("|")]
        one, every = one + any(found), every + all(found)
    return one, every, len(queries)


def phrases(source, target):
    """Covered, exactly as one of the answers that were written down, all; and (text, said, wanted) of the others that are covered."""
    comments = [row for row in rows("comments.tsv") if row[0] == source]
    said = ask([row[2] for row in comments], "translate", source, target)
    plain = [re.sub(r"[\W_]+", "", text.lower()) for text in said]
    same = [p in [re.sub(r"[\W_]+", "", w.lower()) for w in row[3].split("|")] for p, row in zip(plain, comments)]
    others = [(row[2], text, row[3]) for row, text, s in zip(comments, said, same) if text and not s]
    return sum(map(bool, said)), sum(same), len(comments), others


class Sets(unittest.TestCase):
    def test_identification(self):
        (right, total, wrong), (mixed, all_mixed, _) = identification()
        self.assertGreaterEqual(right / total, 0.97, wrong)
        self.assertGreaterEqual(mixed / all_mixed, 0.7)

    def test_segmentation(self):
        f1, others = segmentation()
        self.assertGreaterEqual(f1, 0.92, others)
        for text, words in (("结婚的和尚未结婚的", "结婚 的 和 尚未 结婚 的"), ("他说的确实在理", "他 说 的 确实 在理"),
                            ("乒乓球拍卖完了", "乒乓球拍 卖 完 了"), ("从小学开始", "从 小学 开始")):
            self.assertEqual(ask([text], "segment"), [words])

    def test_readings(self):
        right, total, wrong = readings()
        self.assertGreaterEqual(right / total, 0.95, wrong)

    def test_senses(self):
        right, total, wrong = senses()
        self.assertGreaterEqual(right / total, 0.85, wrong)

    def test_expansions(self):
        one, _, total = expansions()
        self.assertGreaterEqual(one / total, 0.7)

    def test_phrases(self):
        for source, target in (("zh", "en"), ("en", "zh")):
            covered, _, total, _ = phrases(source, target)
            self.assertGreaterEqual(covered / total, 0.35, (source, target))


class Lines(unittest.TestCase):
    def test_a_line_for_each_line(self):
        odd = b"\n\xff\xfe\n" + b"a\0b\n" + "好".encode() * 40000 + b"\n" + b"a|b\tc\\d\n" + b"no end"
        for verb in (["identify"], ["segment"], ["gloss"], ["expand"], ["translate", "zh", "en"]):
            out = subprocess.run([PROGRAM, "language", *verb], input=odd, capture_output=True, check=True).stdout
            self.assertEqual(out.count(b"\n"), 6, verb)

    def test_english_for_who_reads_chinese(self):
        said = dict((word, gloss) for word, _, gloss in words_of(ask(["We can't put up with this hot pot, it's giving main character"], "gloss")[0]))
        self.assertEqual((said["put up with"], said["main character"], said["hot pot"].split("；")[0]), ("忍受", "主角", "火锅"))

    def test_what_separates_is_escaped(self):
        self.assertEqual(subprocess.run([PROGRAM, "language", "nonsense"], capture_output=True).returncode, 2)
        self.assertEqual(ask(["3 个|苹果"], "gloss")[0].split("\t")[-1].split("|")[0], "苹果")


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
