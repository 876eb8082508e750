#!/usr/bin/env python3
"""Checks a JSON report of ucsignin: check_report.py REPORT CHECK...

    result.KEY=VALUE      a member of "result" (null for null)
    branch NODE=BRANCH    the branch that the last visit of the node took
    root-cause=ID|ID      one of these is among the root causes
    evidence NAME=VALUE   some span holds this evidence (=VALUE may be left out)
    mentions TEXT         a summary, a piece of evidence or a finding's title contains it, in any case
"""
import json
import sys


def evidence(report):
    return [item for span in report["trace"] for item in span.get("evidence", [])]


def texts(report):
    yield from (span.get("summary") or "" for span in report["trace"])
    yield from (str(item["value"]) for item in evidence(report))
    yield from (finding.get("title") or "" for finding in report["findings"])


def shown(value):
    return "null" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


def check_result(report, key, expected):
    found = shown(report["result"].get(key))
    return found == expected, found


def check_branch(report, node, expected):
    found = next((span.get("branch") for span in reversed(report["trace"]) if span["node"] == node), None)
    return found == expected, found


def check_root_cause(report, expected):
    found = [cause["id"] for cause in report["result"]["root_causes"]]
    return bool(set(found) & set(expected.split("|"))), found


def check_evidence(report, name, expected):
    found = [shown(item["value"]) for item in evidence(report) if item["name"] == name]
    return expected in found if expected else bool(found), found


def check_mention(report, text):
    found = [line for line in texts(report) if text.lower() in line.lower()]
    return bool(found), found[:3]


def check(report, wanted):
    if wanted.startswith("result."):
        return check_result(report, *wanted.removeprefix("result.").split("=", 1))
    if wanted.startswith("branch "):
        return check_branch(report, *wanted.removeprefix("branch ").split("=", 1))
    if wanted.startswith("root-cause="):
        return check_root_cause(report, wanted.split("=", 1)[1])
    if wanted.startswith("evidence "):
        name, _, expected = wanted.removeprefix("evidence ").partition("=")
        return check_evidence(report, name, expected)
    if wanted.startswith("mentions "):
        return check_mention(report, wanted.removeprefix("mentions "))
    raise SystemExit(f"unknown check: {wanted}")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    failures = 0
    for wanted in sys.argv[2:]:
        passed, found = check(report, wanted)
        failures += not passed
        print(f"{'ok' if passed else 'FAIL'}: {wanted}: found {found}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
