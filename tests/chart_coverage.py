#!/usr/bin/env python3
"""Proves that every branch of every implemented chart node is reached, by a scenario or by a decision's unit test.

usage: chart_coverage.py UCSIGNIN REPORT_FOLDER BRANCHES_FILE NOT_YET_FILE
REPORT_FOLDER holds the reports of the scenarios, BRANCHES_FILE a line "node branch" for each that a unit test reached.
NOT_YET_FILE names the branches that no machine of ours reaches so far; it may only shrink.
Prints the nodes that are not implemented yet, and those branches.
"""
import glob
import json
import subprocess
import sys


def main():
    program, folder, branches_file, not_yet_file = sys.argv[1:]
    chart = json.loads(subprocess.run([program, "chart", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    reached = set()
    reports = glob.glob(folder + "/*.json")
    for path in reports:
        with open(path) as f:
            for span in json.load(f)["trace"]:
                reached.add((span["node"], span.get("branch")))
    with open(branches_file) as f:
        reached |= {tuple(line.split()) for line in f if line.strip()}
    with open(not_yet_file) as f:
        not_yet = {tuple(line.split()) for line in f if line.strip() and not line.startswith("#")}
    every = [(n["id"], b["name"]) for n in chart["nodes"] if n["implemented"] for b in n["branches"]]
    missing = [f"{node}: {name}" for node, name in every if (node, name) not in reached | not_yet]
    # What a PC has (cameras, audio, proxy) differs from machine to machine: there, reaching more is no mistake.
    stale = [f"{node}: {name}" for node, name in sorted(not_yet) if not node.startswith("devices.") and ((node, name) not in every or (node, name) in reached)]
    waiting = [n["id"] for n in chart["nodes"] if not n["implemented"]]
    print(f"{len(chart['nodes'])} nodes, {len(reports)} reports")
    print(f"not implemented yet ({len(waiting)}):", *waiting, sep="\n  ")
    print(f"reached {len(set(every) & reached)} of {len(every)} branches; not yet:", *(f"{a}: {b}" for a, b in sorted(not_yet)), sep="\n  ")
    if stale:
        sys.exit("\n  ".join([f"reached by now, so take them out of {not_yet_file}:", *stale]))
    if missing:
        sys.exit("\n  ".join(["branches that nothing reaches:", *missing]))


if __name__ == "__main__":
    main()
