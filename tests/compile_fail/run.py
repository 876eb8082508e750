#!/usr/bin/env python3
"""Whether a source compiles but for what stands behind #ifdef WRONG, for the reason that it names: run.py SOURCE COMPILER...

The reason stands in lines "// says: TEXT", one of which must be in an error of the compiler's: compilers put it differently.
TEXT must not be in the source otherwise: compilers quote what they complain about. It is compiled once, with WRONG defined:
each place of the source that the compiler complains about has to be behind #ifdef WRONG.
"""
import os
import re
import subprocess
import sys

SAYS = re.compile(r"^// says: (.+)$", re.MULTILINE)


def wrong_lines(text):
    lines = text.splitlines()
    begin = lines.index("#ifdef WRONG") + 1
    return range(begin, lines.index("#endif", begin) + 2)


def problems(source, compiler):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    wanted, wrong = SAYS.findall(text), wrong_lines(text)
    if not wanted:
        return ["no line '// says: TEXT'"]
    done = subprocess.run([*compiler, "-fsyntax-only", "-fdiagnostics-color=never", "-DWRONG", source],
                          capture_output=True, text=True)
    if done.returncode == 0:
        return ["the wrong spelling compiles"]
    if " error: " not in done.stderr or not any(words in done.stderr for words in wanted):
        return [f"the compiler says none of {wanted}", done.stderr]
    # Not where it only reminds of a declaration.
    named = re.compile(rf"^(?:In file included from )?{re.escape(source)}:(\d+)(?!.*\bnote: )", re.MULTILINE)
    places = [int(line) for line in named.findall(done.stderr) if int(line) not in includes(text)]
    if not places or any(line not in wrong for line in places):
        return [f"complaints about lines {places}, of which {wrong.start} to {wrong.stop - 1} are wrong", done.stderr]
    return []


def includes(text):
    return {number for number, line in enumerate(text.splitlines(), 1) if line.startswith("#include")}


if __name__ == "__main__":
    found = problems(os.path.abspath(sys.argv[1]), sys.argv[2:])
    print("\n".join(found))
    sys.exit(bool(found))
