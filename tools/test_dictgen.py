#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""What dictgen.py, stemmer.py and phrasegen.py decide, on a dictionary of a few words."""
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True
import dictgen  # noqa: E402
from stemmer import phrase_key, tokens_of  # noqa: E402


class Stems(unittest.TestCase):
    def test_what_is_one(self):
        for a, b in (("skin care", "Skincare"), ("dishes", "dish"), ("running", "run"), ("hiked", "hiking"), ("the parties", "party"),
                     ("Mother's days", "mother day"), ("to be baked", "bake")):
            self.assertEqual(phrase_key(tokens_of(a)), phrase_key(tokens_of(b)), a)
        self.assertEqual(tokens_of("to be"), ["to", "be"])


class Glosses(unittest.TestCase):
    def test_the_first_that_says_something(self):
        self.assertEqual(dictgen.short_gloss(["surname Hua", "flower; blossom", "to spend"]), "flower")
        self.assertEqual(dictgen.short_gloss(["surname Hua", "flower; blossom", "to spend"], True), "to spend")
        self.assertEqual(dictgen.short_gloss(["variant of 花[hua1]"]), "variant of 花")
        self.assertEqual(dictgen.short_gloss(["(bound form) red", "to be in a state of very great and long joy"]), "to be in a state of very")

    def test_words_of_ours(self):
        entries = [dictgen.Entry("帶", "带", "dai4", ["belt", "to wear"])]
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as f:
            f.write("带\tdai4\tto bring\t\t\n猫砂\tmao1 sha1\tcat litter\t\t\n")
            f.flush()
            dictgen.mend_glosses(entries, f.name)
        self.assertEqual([(e.simp, e.gloss) for e in entries], [("带", "to bring"), ("猫砂", "cat litter")])


class Weights(unittest.TestCase):
    def test_a_word_is_likelier_than_its_parts(self):
        weight = dictgen.weigh(["好", "吃", "好吃", "吃了"], {"好": 50, "吃": 50, "好吃": 1})
        self.assertGreater(weight["好吃"], weight["好"] + weight["吃"])
        self.assertLess(weight["吃了"], weight["吃"] + dictgen.math.log(1 / 101))


class Phrases(unittest.TestCase):
    def made(self, **files):
        with tempfile.TemporaryDirectory() as at:
            for name, text in {"phrases/en-zh/a": "", "phrases/en-zh/patterns": "", "phrases/many": "",
                               **{f"slots/{t}": "" for t in ("food", "thing", "animal", "person", "place", "time", "language")},
                               **files}.items():
                path = os.path.join(at, name + ".tsv")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as f:
                    f.write(text)
            out = os.path.join(at, "out")
            run = subprocess.run([sys.executable, "-B", os.path.join(HERE, "phrasegen.py"), "--folder", at, "--output", out,
                                  "--depfile", out + ".d"], capture_output=True, text=True)
            if run.returncode:
                return run.stderr
            with open(out, encoding="utf-8") as f:
                return f.read()

    def test_directions(self):
        made = self.made(**{"phrases/en-zh/a": "# x\n=\tSo cute!\t好可爱！\n>\tSo CUTE\t可爱\n<\tLol\t哈哈\n"})
        self.assertEqual(made, "P\ten\tzh-Hans\tSo cute!\t好可爱！\nP\tzh-Hans\ten\t好可爱！\tSo cute!\nP\tzh-Hans\ten\t哈哈\tLol\n")

    def test_what_is_refused(self):
        for name, text, why in (("phrases/en-zh/a", "=\tone\n", "a.tsv:1: 2 fields"), ("phrases/en-zh/a", "?\ta\tb\n", "no direction"),
                                ("phrases/en-zh/patterns", "=\tI like {foods}\t我喜欢\n", "not the same slots"),
                                ("phrases/en-zh/patterns", "=\tI like {dragons}\t我喜欢{dragon}\n", "no slot {dragons}"),
                                ("slots/food", "rice\t米饭\n", "2 fields, 4")):
            self.assertIn(why, self.made(**{name: text}))


if __name__ == "__main__":
    unittest.main()
