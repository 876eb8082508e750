#!/usr/bin/env python3
"""Masks the reports that the scenarios left, as a user would, and looks at what is left of names and of our own words.

usage: masked_scenarios.py UCSIGNIN REPORTS
Nothing of the user, the user's domain, this PC or its folders may be left. And of the words of our own sentences nearly
all have to be: those that were masked are listed, so that the vocabulary can't rot.
"""
import collections
import concurrent.futures
import glob
import json
import os
import re
import socket
import subprocess
import sys

FLOOR = 99.5   # per cent; measured: all but one of 120,000
ALWAYS_FORBIDDEN = ["contoso", "fabrikam", "alice", "adams", "berlin", "hotel", "/tmp/", "ucsignin-lab-", "5550100"]

# Not our own words: hosts, addresses, URLs, log-ins, what a distinguished name says, what is quoted.
NAME = re.compile(r"\b(?:CN|OU|O|L|ST|DC)=[^,()]*|\S*\w[.@\\/=:]\w\S*|'[^']*'(?!\w)")
WORD = re.compile(r"(?<!\w)[A-Za-z][A-Za-z']+(?!\w)")


def sentences(report):
    for span in report["trace"]:
        yield span["summary"]
        if span["decision"]:
            yield span["decision"]["question"]
            yield from (c["why"] for c in span["decision"]["considered"])
    for finding in report["findings"]:
        yield finding["title"]
        yield finding["explanation"] or ""
        yield from (r["by"] for r in finding["ruled_out"])
        yield from (r["text"] for r in finding["remedy"])


def forbidden(report):
    """The user and the domain of this run, the PC and its folders, as far as the report holds them."""
    user, _, domain = report["identity"]["sip_uri"].removeprefix("sip:").partition("@")
    login = report["identity"].get("login", "").split("\\")
    mine = [user, domain, *login, socket.gethostname()]
    text = json.dumps(report).lower()
    return {w.lower() for w in [*ALWAYS_FORBIDDEN, *mine] if len(w) > 2 and w.lower() in text}


def home_is_in(text):
    return re.search(r"(?<![\w./])" + re.escape(os.path.expanduser("~")) + r"/", text) is not None


def mask(program, text):
    return subprocess.run([program, "mask", "-"], input=text, capture_output=True, text=True, check=True, timeout=60).stdout


def look_at(program, path):
    with open(path, encoding="utf-8") as f:
        report = json.load(f)
    masked = mask(program, json.dumps(report))
    left = [w for w in sorted(forbidden(report)) if w in masked.lower()] + ["a home folder"] * home_is_in(masked)
    ours, lost = 0, collections.Counter()
    for before, after in zip(sentences(report), sentences(json.loads(masked)), strict=True):
        words = collections.Counter(WORD.findall(NAME.sub(" ", before)))
        ours += words.total()
        lost += words - collections.Counter(WORD.findall(after))
    return path, left, ours, lost


def main():
    program, reports = sys.argv[1:]
    paths = sorted(glob.glob(os.path.join(reports, "*.json")))
    if not paths:
        print("there are no reports: run the scenarios first")
        sys.exit(77)   # skipped
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(lambda path: look_at(program, path), paths))
    problems = [f"{os.path.basename(path)} still holds {word!r}" for path, left, _, _ in seen for word in left]
    ours = sum(count for _, _, count, _ in seen)
    lost = sum((words for _, _, _, words in seen), collections.Counter())
    kept = 100 * (ours - lost.total()) / ours
    print(f"{len(paths)} reports, {ours} words of ours, {kept:.2f} % of them kept")
    print("masked:", ", ".join(f"{word} ({count})" for word, count in lost.most_common()))
    if kept < FLOOR:
        problems.append(f"less than {FLOOR} % of our own words are left: lib/report/known_words.txt or vocabulary.py lacks some")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
