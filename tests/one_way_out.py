#!/usr/bin/env python3
"""Text leaves the program in one place, lib/host/linux/output.cpp, where control characters are written out; and files come
in by one, lib/host/linux/input_file.cpp, where they have an end. Usage: one_way_out.py SOURCE_FOLDER"""
import pathlib
import re
import sys

RULES = {
    "prints past host::output": (
        re.compile(r"std::(cout|cerr|clog|wcout|puts|fputs|printf|fprintf|fwrite|perror)\b|\bfmt::(print|println)\b|(?<![\w:.>])(printf|fprintf|perror|puts|fputs|putchar)\s*\(|\bspdlog\b|STD(OUT|ERR)_FILENO|<iostream>"),
        {"lib/host/linux/output.cpp", "lib/host/linux/audio_probe.cpp", "lib/host/linux/pac_probe.cpp", "lib/host/linux/child.cpp", "lib/host/write_file.cpp", "cmd/ucsignin/log_file.cpp"}),   # helpers in processes of their own
    "reads past host::read_file": (
        re.compile(r"std::(ifstream|cin)\b|istreambuf_iterator|BIO_new_file|O_RDONLY"),
        {"lib/host/linux/input_file.cpp", "lib/host/linux/output.cpp", "lib/host/linux/pac_probe.cpp"}),
}


def without_comment(line):
    return re.sub(r"//.*", "", line)


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    for file in sorted([*root.glob("lib/**/*.[ch]pp"), *root.glob("cmd/**/*.[ch]pp"), *root.glob("include/**/*.hpp")]):
        name = str(file.relative_to(root))
        for number, line in enumerate(file.read_text().splitlines(), 1):
            for what, (pattern, allowed) in RULES.items():
                if name not in allowed and pattern.search(without_comment(line)):
                    found.append(f"{name}:{number}: {what}: {line.strip()}")
    print("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
