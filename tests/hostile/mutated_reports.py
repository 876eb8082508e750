#!/usr/bin/env python3
"""Reports that somebody changed, through `render` and `mask` as people run them: a code of the contract, no crash, no hang, and
nothing that steers a terminal. tests/report/mutated_reports_test.cpp does the same 2000 times within one process.
usage: mutated_reports.py UCSIGNIN [COUNT]"""
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile

from harness import BROKEN, DOCUMENTED, STEERING

HERE = os.path.dirname(os.path.abspath(__file__))
PIECES = (b"\x1b]0;x\x07", b"\xc2\x9b2J", b"\xe2\x80\xae", b"\xff\xfe", b"\\u001b[2J\\u0007", b"\\u202e\\u2066", b"\\ud800", b"[[[[", b'{"a":', b"1e999", b"\n\r", b"")
LONGEST_S = 20


def mutated(original, seed):
    chance, text = random.Random(seed), bytearray(original)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(text))
        if chance.random() < 0.7:   # within a string, so that it stays JSON
            at = text.find(b'"', at) + 1
            text[at:at] = chance.choice(PIECES[4:6])
        else:
            text[at:at + chance.randint(0, 30)] = chance.choice(PIECES)
    return bytes(text)


def problems(program, original, seed, folder):
    path = os.path.join(folder, f"{seed}.json")
    with open(path, "wb") as f:
        f.write(mutated(original, seed))
    for command in (("render", "-v"), ("mask",)):
        try:
            done = subprocess.run([program, *command, path], capture_output=True, timeout=LONGEST_S, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            yield f"seed {seed}, {command[0]}: took longer than {LONGEST_S} s"
            continue
        said = done.stdout + done.stderr
        if done.returncode not in DOCUMENTED:
            yield f"seed {seed}, {command[0]}: ended with {done.returncode}"
        if STEERING.search(said.decode("utf-8", "surrogateescape")) or any(0xdc80 <= ord(c) <= 0xdcff for c in said.decode("utf-8", "surrogateescape")):
            yield f"seed {seed}, {command[0]}: prints what steers a terminal"
        yield from (f"seed {seed}, {command[0]}: {word!r}" for word in BROKEN if word in said)
    os.unlink(path)


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 150
    with open(os.path.join(HERE, "report.json"), "rb") as f:
        original = f.read()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [p for each in pool.map(lambda seed: list(problems(program, original, seed, folder)), range(count)) for p in each]
    print("\n".join(found))
    print(f"{count} reports, {len(found)} problems")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
