#!/usr/bin/python3
"""Makes a seed of the fuzz target `judge` of a report: judge_seed.py REPORT > SEED

What judge_fuzz.cpp reads: the facts of the run and its spans; short, so of repeated evidence the first two, and no long texts.
"""

import collections
import json
import sys


def in_line(text):
    return text.replace("\t", " ").replace("\n", " ")


def value(it):
    if isinstance(it, bool):
        return f"?{int(it)}"
    if isinstance(it, int):
        return f"#{it}"
    return f"~{it}" if isinstance(it, float) else in_line(it)


def main(report):
    run = report["run"]
    flags = "i" * bool(run.get("interrupted")) + "n" * (run.get("publish") is False) + "f" * bool(run.get("fault"))
    stages = ["devices", "discovery", "connection", "registration"]
    print("!" + flags + (str(stages.index(run["until"]) + 1) if run.get("until") in stages else ""))
    for span in report["trace"]:
        if span["outcome"] == "not_run" and not span["evidence"]:
            continue
        print(span["node"], span["outcome"], span.get("branch") or "", in_line(span.get("subject") or ""), sep="\t")
        seen = collections.Counter()
        for evidence in span["evidence"]:
            seen[evidence["name"]] += 1
            text = value(evidence["value"])
            if seen[evidence["name"]] <= 2 and len(text) <= 80:
                print("", evidence["name"], text, sep="\t")


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
