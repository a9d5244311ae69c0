# SPDX-License-Identifier: AGPL-3.0-or-later
"""English words as they are looked up: the same rules as src/language/stem.c, which looks for what this wrote.
tools/test_dictgen.py and src/language/test_stem.c read the same table of cases."""
import re

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
EMPTY = frozenset("to a an the of sth sb be one's oneself one is are for in on".split())
SHORT = re.compile("^[^aeiou][aeiou][^aeiouwxy]$")  # baking is of bake, and fixing of fix
DOUBLE = frozenset("bdfgmnprt")


def stem(word):
    """Without plural, -ing, -ed and -ly: not a word any more, but the same for all of one."""
    if word.endswith("'s"):
        word = word[:-2]
    word = word.replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + 2 and word.endswith(ending) and re.search("[aeiouy]", word[:-len(ending)]):
            word = word[:-len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] in DOUBLE:
                word = word[:-1]
            elif SHORT.match(word):
                word += "e"
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("i"):
        word = word[:-1] + "y"
    return word


def tokens_of(text):
    words = WORD.findall(text.lower())
    kept = [word for word in words if word not in EMPTY]
    return kept or words


def phrase_key(words):
    """"skin care" and "skincare" are one."""
    key = "".join(stem(word) for word in words)
    return key[:-1] if len(key) > 4 and key.endswith("e") else key
