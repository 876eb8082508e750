#!/usr/bin/env python3
"""Whether a source compiles as it stands, and with -DWRONG does not, for the reason that it names: run.py SOURCE COMPILER...

The reason stands in lines "// says: TEXT", one of which must be in an error of the compiler's: compilers put it differently.
TEXT must not be in the source otherwise: compilers quote what they complain about.
"""
import re
import subprocess
import sys

SAYS = re.compile(r"^// says: (.+)$", re.MULTILINE)


def problems(source, compiler):
    with open(source, encoding="utf-8") as file:
        text = file.read()
    wanted = SAYS.findall(text)
    if not wanted:
        return ["no line '// says: TEXT'"]
    command = [*compiler, "-fsyntax-only", "-fdiagnostics-color=never", source]
    right = subprocess.run(command, capture_output=True, text=True)
    if right.returncode != 0:
        return ["the right spelling does not compile", right.stderr]
    wrong = subprocess.run([*command, "-DWRONG"], capture_output=True, text=True)
    if wrong.returncode == 0:
        return ["the wrong spelling compiles"]
    if " error: " not in wrong.stderr or not any(words in wrong.stderr for words in wanted):
        return [f"the compiler says none of {wanted}", wrong.stderr]
    return []


if __name__ == "__main__":
    found = problems(sys.argv[1], sys.argv[2:])
    print("\n".join(found))
    sys.exit(bool(found))
