#!/usr/bin/env python3
"""Every C++ source is as clang-format-19 lays it out by .clang-format: format.py SOURCE_DIR

Exit code 0, 1 with the places, 77 (skipped) where clang-format-19 is not installed.
"""
import pathlib
import shutil
import subprocess
import sys

source = pathlib.Path(sys.argv[1])
tool = shutil.which("clang-format-19")
if tool is None:
    print("clang-format-19 is not installed: scripts/setup --tests")
    sys.exit(77)
files = sorted(str(path) for folder in ("cmd", "include", "lib", "tests", "examples")
               for path in (source / folder).rglob("*") if path.suffix in (".cpp", ".hpp"))
if len(files) < 100:
    sys.exit(f"only {len(files)} sources found under {source}")
result = subprocess.run([tool, "--dry-run", "--Werror", *files], capture_output=True, text=True)
places = [line for line in result.stderr.splitlines() if "error:" in line]
print(f"{len(files)} sources, {len(places)} places that are laid out otherwise", *places[:40], sep="\n")
if result.returncode:
    print("mend: clang-format-19 -i FILE")
sys.exit(1 if result.returncode else 0)
