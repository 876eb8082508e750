#!/usr/bin/python3
"""Finds what g++ 12 compiles wrongly in coroutines: coroutine_traps.py SOURCE_FOLDER

A closure with captures, or a braced temporary, that is made within a co_await expression is destroyed twice. Such a thing
has to get a name before. Nothing warns of it, and other compilers do it right.
"""

import pathlib
import re
import sys

AWAIT = re.compile(r"co_await\b([^;]*);")
CLOSURE = re.compile(r"\[[^\]\s][^\]]*\]\s*(?:\(|\{|->|mutable)")   # "[]" is harmless; so is an index, after a name
BRACED = re.compile(r"(?:[(,]|return)\s*(?:const\s+)?[A-Za-z_][\w:]*(?:<[^;(){}]*>)?\s*\{[^}]")


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def traps_in(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    for match in AWAIT.finditer(text):
        expression = match.group(1)
        closures = [c for c in CLOSURE.finditer(expression) if not re.search(r"[\w\])]$", expression[:c.start()].rstrip())]
        if closures or BRACED.search(expression):
            yield text[:match.start()].count("\n") + 1, " ".join(expression.split())[:100]


def main(root):
    found, files = 0, 0
    for folder in ("lib", "cmd", "tests", "examples"):
        for path in sorted((root / folder).rglob("*.[ch]pp")):
            files += 1
            for line, words in traps_in(path):
                found += 1
                print(f"{path.relative_to(root)}:{line}: give it a name before: co_await {words}")
    if files < 100:
        sys.exit(f"only {files} sources below {root}")
    print(f"{files} sources, {found} traps")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
