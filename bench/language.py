#!/usr/bin/env python3
# SPDX-License-Identifier: AGPL-3.0-or-later
"""How right and how fast the bridge is without a network: over the sets of tests/language, and over texts made of them.
Needs a release build in build/. --wrong shows what is not right."""
import argparse
import collections
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "language"))
sys.dont_write_bytecode = True
import test_sets as sets  # noqa: E402


def rate(lines, *verb):
    """Lines a second of one core, without the start of the process; the median of three."""
    text = "".join(line + "\n" for line in lines).encode()
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sets.PROGRAM, "language", *verb], input=b"", capture_output=True, check=True)
        empty = time.perf_counter() - began
        began = time.perf_counter()
        subprocess.run([sets.PROGRAM, "language", *verb], input=text, stdout=subprocess.DEVNULL, check=True)
        took.append(time.perf_counter() - began - empty)
    return len(lines) / sorted(took)[1]


def show(wrong, wanted):
    for one in wrong if wanted else []:
        print("     ", *one, sep="  ")


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--wrong", action="store_true")
    args = p.parse_args()
    sets.PROGRAM = os.path.join(ROOT, "build", "qiao")
    posts = [row[1] for row in sets.rows("posts.tsv")]
    for name, (right, total, wrong) in zip(("one language", "mixed"), sets.identification()):
        print(f"identify   {name:14} {right} of {total}, {right / total:.1%}")
        confused = collections.Counter(wrong)
        print("           " + ", ".join(f"{a} as {b} {n}" for (a, b), n in confused.most_common(8)))
    print(f"           {rate(posts * 400, 'identify'):,.0f} texts a second")
    f1, others = sets.segmentation()
    print(f"segment    F1 {f1:.3f}")
    show(others, args.wrong)
    right, total, wrong = sets.readings()
    print(f"readings   {right} of {total}, {right / total:.1%}")
    show(wrong, args.wrong)
    right, total, wrong = sets.senses()
    print(f"senses     {right} of {total}, {right / total:.1%}")
    show(wrong, args.wrong)
    chinese = "，".join(row[0] for row in sets.rows("gloss.tsv"))
    notes = [chinese[at:at + 200] for at in range(0, len(chinese) - 200, 7)] * 60
    print(f"gloss      {rate(notes, 'gloss'):,.0f} notes of 200 characters a second")
    one, every, total = sets.expansions()
    print(f"expand     recall at 10: {one / total:.1%} (one of the words), {every / total:.1%} (all of them)")
    print(f"           {rate([row[1] for row in sets.rows('expansion.tsv')] * 500, 'expand'):,.0f} queries a second")
    for source, target in (("zh", "en"), ("en", "zh")):
        covered, same, total, others = sets.phrases(source, target)
        comments = [row[2] for row in sets.rows("comments.tsv") if row[0] == source]
        print(f"phrases    {source} to {target}: {covered} of {total} covered, {covered / total:.1%}; {same} just as written down; "
              f"{rate(comments * 200, 'translate', source, target):,.0f} comments a second")
        show(others, args.wrong)


if __name__ == "__main__":
    main()
