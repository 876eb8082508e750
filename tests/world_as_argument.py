#!/usr/bin/env python3
"""The sign-in takes its world as an argument (lib/signin/base/environment.hpp): the network, this PC, its clock, keys and
files are reached in lib/signin/real_environment.cpp alone; option_files.cpp tries a user's files before there is a sign-in.
Usage: world_as_argument.py SOURCE_FOLDER"""
import pathlib
import re
import sys

OUTSIDE_THE_SIGN_IN = {"lib/signin/real_environment.cpp", "lib/signin/option_files.cpp"}
OUTSIDE = re.compile(
    r"\bhost::(read_\w+|list_\w+|route_to|probe_audio|own_executable|look_up|evaluate_pac|hostname|machine_id|left_behind"
    r"|write_\w+|make_private_folder|remove_file|open_keylog|proxy_from_\w+)\b"
    r"|\bnet::(connect|connect_by|tls_connect|make_resolver|listen)\(|trust_store::load|\bsystem_clock::now\b|auth::generate_key\b")


def main():
    root = pathlib.Path(sys.argv[1])
    found = []
    for file in sorted(root.glob("lib/signin/**/*.[ch]pp")):
        name = str(file.relative_to(root))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if name not in OUTSIDE_THE_SIGN_IN and OUTSIDE.search(re.sub(r"//.*", "", line)):
                found.append(f"{name}:{number}: goes past the environment: {line.strip()}")
    print("\n".join(found))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
