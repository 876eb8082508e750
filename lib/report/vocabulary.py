#!/usr/bin/env python3
"""Writes the words that a masked report may keep: those of the program's own texts, and of known_words.txt.

usage: vocabulary.py WORDS_INC DEPFILE KNOWN_WORDS FOLDER...
A text of ours is a string literal in a source under a folder. Comments are not read: they name people and hosts.
"""
import os
import re
import sys

LITERAL = re.compile(r"""//.*|'(?:[^'\\]|\\.)'|"((?:[^"\\]|\\.)*)\"""")
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|.)")
PLACEHOLDER = re.compile(r"\{[^{} ]*\}")
# As text_mask.cpp walks through a text: words with what joins them, DOMAIN\user, and paths.
WORD = re.compile(r"[A-Za-z0-9_\x80-\U0010ffff]+(?:[-.'][A-Za-z0-9_\x80-\U0010ffff]+)*")
LOGIN = re.compile(r"\w+\\\w+")
PATH = re.compile(r"(?<![\w/.:*\\-])/[\w.-]+(?:/[\w.-]+)+")
LONGEST = 60


def literals(path):
    with open(path, encoding="utf-8") as source:
        for line in source:
            if line.lstrip().startswith("#include"):
                continue
            for found in LITERAL.finditer(line):
                if found.group(1) is not None:
                    text = ESCAPE.sub(lambda e: e.group(1) if e.group(1) in "\\\"'" else " ", found.group(1))
                    yield PLACEHOLDER.sub(" ", text)


def words_of(text):
    for pattern in (WORD, LOGIN, PATH):
        yield from (w for w in pattern.findall(text) if len(w) <= LONGEST)


def read_known(path):
    """Lines of plain text; "# " begins a comment, "- " words that do not stay though a text of ours has them."""
    known, never = set(), set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("# "):
                (never if line.startswith("- ") else known).update(words_of(line))
    return known, never


def sources(folders):
    for folder in folders:
        for parent, children, names in os.walk(folder):
            children[:] = sorted(c for c in children if c != "html")   # a page's markup is no text of a report
            yield parent
            yield from (os.path.join(parent, n) for n in sorted(names) if n.endswith((".cpp", ".hpp")))


def main():
    target, depfile, known_words, *folders = sys.argv[1:]
    words, never = read_known(known_words)
    read = list(sources(folders))
    for path in read:
        if os.path.isfile(path):
            for text in literals(path):
                words.update(words_of(text))
    lines = ['    "' + w.replace("\\", "\\\\") + '",\n' for w in sorted(words - never, key=lambda w: w.encode())]
    with open(target, "w", encoding="utf-8") as out:
        out.writelines(lines)
    with open(depfile, "w", encoding="utf-8") as out:
        # Folders too: a new source changes its folder.
        out.write(target + ": " + " ".join(p.replace(" ", "\\ ") for p in read) + "\n")


if __name__ == "__main__":
    main()
