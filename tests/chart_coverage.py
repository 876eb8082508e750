#!/usr/bin/env python3
"""Proves that every branch of every implemented chart node is reached, by a scenario or by a decision's unit test, and that
no report names another.

usage: chart_coverage.py UCSIGNIN REPORT_FOLDER BRANCHES_FILE BY_WORLDS_FILE
REPORT_FOLDER holds the reports of scenarios, worlds and interop tests, BRANCHES_FILE a line "node branch" for each that a
unit test reached. BY_WORLDS_FILE names the branches that only worlds and interop tests reach: they need root and other
people's programs, so they may be missing elsewhere, but never in CI. Prints the nodes that are not implemented yet.
"""
import glob
import json
import os
import subprocess
import sys

import run_scenario


def main():
    program, folder, branches_file, by_worlds_file = sys.argv[1:]
    chart = json.loads(subprocess.run([program, "chart", "--format", "json"], capture_output=True, text=True, check=True).stdout)
    nodes = {n["id"]: {b["name"] for b in n["branches"]} for n in chart["nodes"]}
    reached, strangers = set(), []
    reports = glob.glob(folder + "/*.json")
    for path in reports:
        with open(path) as f:
            report = json.load(f)
        strangers += [f"{os.path.basename(path)}: {what}" for what in run_scenario.check_trace(report, nodes)]
        reached |= {(span["node"], span.get("branch")) for span in report["trace"]}
    with open(branches_file) as f:
        reached |= {tuple(line.split()) for line in f if line.strip()}
    with open(by_worlds_file) as f:
        by_worlds = {tuple(line.split()) for line in f if line.strip() and not line.startswith("#")}
    every = [(n["id"], b["name"]) for n in chart["nodes"] if n["implemented"] for b in n["branches"]]
    excused = set() if os.environ.get("CI") == "true" else by_worlds
    missing = [f"{node}: {name}" for node, name in every if (node, name) not in reached | excused]
    missing += [f"{node}: {name} is no branch of the chart" for node, name in sorted(by_worlds) if (node, name) not in every]
    waiting = [n["id"] for n in chart["nodes"] if not n["implemented"]]
    print(f"{len(chart['nodes'])} nodes, {len(reports)} reports")
    print(f"not implemented yet ({len(waiting)}):", *waiting, sep="\n  ")
    print(f"reached {len(set(every) & reached)} of {len(every)} branches")
    if strangers:
        sys.exit("\n  ".join(["what reports name and the chart lacks:", *strangers]))
    if missing:
        sys.exit("\n  ".join(["branches that nothing reaches:", *missing]))


if __name__ == "__main__":
    main()
