#!/usr/bin/env python3
"""Looks at what is left of names and of our own words in the masked reports of the scenarios, which every_form made.

usage: masked_scenarios.py MASKED REPORTS
Nothing of the user, the user's domain, this PC or its folders may be left. And of the words of our own sentences nearly
all have to be: those that were masked are listed, so that the vocabulary can't rot.
"""
import collections
import glob
import json
import os
import re
import socket
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


def masked_form(folder, path):
    return os.path.join(folder, os.path.basename(path).removesuffix(".json") + ".masked.json")


def is_masked(folder, path):
    masked = masked_form(folder, path)
    return os.path.exists(masked) and os.path.getmtime(masked) >= os.path.getmtime(path)


def look_at(folder, path):
    with open(path, encoding="utf-8") as f:
        report = json.load(f)
    with open(masked_form(folder, path), encoding="utf-8") as f:
        masked = f.read()
    left = [w for w in sorted(forbidden(report)) if w in masked.lower()] + ["a home folder"] * home_is_in(masked)
    ours, lost = 0, collections.Counter()
    for before, after in zip(sentences(report), sentences(json.loads(masked)), strict=True):
        words = collections.Counter(WORD.findall(NAME.sub(" ", before)))
        ours += words.total()
        lost += words - collections.Counter(WORD.findall(after))
    return path, left, ours, lost


def main():
    folder, reports = sys.argv[1:]
    # Worlds may still be running, and leave or renew reports after their masked forms were made.
    paths = sorted(path for path in glob.glob(os.path.join(reports, "*.json")) if is_masked(folder, path))
    if not paths:
        print("there are no masked reports: run the scenarios and every_form first")
        sys.exit(77)   # skipped
    seen = [look_at(folder, path) for path in paths]
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
