#!/usr/bin/env python3
"""Proves that every branch of every implemented chart node is reached, by a scenario or by a decision's unit test.

usage: chart_coverage.py UCSIGNIN REPORT_FOLDER BRANCHES_FILE
REPORT_FOLDER holds the reports of the scenarios, BRANCHES_FILE a line "node branch" for each that a unit test reached.
Prints the nodes that are not implemented yet.
"""
import glob
import json
import subprocess
import sys


def main():
    program, folder, branches_file = sys.argv[1:]
    chart = json.loads(subprocess.run([program, "chart", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    reached = set()
    reports = glob.glob(folder + "/*.json")
    for path in reports:
        with open(path) as f:
            for span in json.load(f)["trace"]:
                reached.add((span["node"], span.get("branch")))
    with open(branches_file) as f:
        reached |= {tuple(line.split()) for line in f if line.strip()}
    missing = [f"{n['id']}: {b['name']}" for n in chart["nodes"] if n["implemented"] for b in n["branches"] if (n["id"], b["name"]) not in reached]
    waiting = [n["id"] for n in chart["nodes"] if not n["implemented"]]
    print(f"{len(chart['nodes'])} nodes, {len(reports)} reports")
    print(f"not implemented yet ({len(waiting)}):", *waiting, sep="\n  ")
    if missing:
        sys.exit("\n  ".join(["branches that nothing reaches:", *missing]))


if __name__ == "__main__":
    main()
