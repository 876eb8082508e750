#!/usr/bin/python3
"""Spoils good reports one member at a time and expects that validate.py notices: validate_test.py SCHEMA REPORT..."""

import contextlib
import io
import json
import sys
import tempfile

sys.dont_write_bytecode = True
import validate  # noqa: E402


def spoil(path, value):
    def change(report):
        at = report
        for step in path[:-1]:
            at = at[step]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value

    return change


SPOILED = {
    "another format": spoil(["format"], "ucsignin-report/2"),
    "no result": spoil(["result"], None),
    "an outcome that is no word of the list": spoil(["trace", 0, "outcome"], "passed"),
    "a span that ran with a reason": spoil(["trace", 0, "reason"], "not_reached"),
    "a span id that is too short": spoil(["trace", 0, "span_id"], "a1"),
    "a time before the run": spoil(["trace", 0, "start_ms"], -1),
    "a span of another stage": spoil(["trace", 0, "stage"], 2),
    "four stages": lambda report: report["stages"].pop(),
    "a parent that is not there": spoil(["trace", 0, "parent_span_id"], "ffffffffffffffff"),
    "a span twice": lambda report: report["trace"].append(report["trace"][0]),
    "an unknown exit code": spoil(["result", "exit_code"], 1),
    "a root cause without a finding": lambda report: report["result"]["root_causes"].append(
        {"id": "dns-servfail", "subject": None, "certainty": "certain"}
    ),
}


def is_valid(schema, report):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file, contextlib.redirect_stdout(io.StringIO()):
        json.dump(report, file)
        file.flush()
        return validate.main(schema, file.name) == 0


def main(schema, *samples):
    failures = 0
    for sample in samples:
        with open(sample, encoding="utf-8") as file:
            text = file.read()
        for what, change in SPOILED.items():
            report = json.loads(text)
            change(report)
            if is_valid(schema, report):
                print(f"{sample}: {what} went unnoticed")
                failures += 1
        grown = json.loads(text)
        grown["later"] = grown["trace"][0]["later"] = grown["result"]["later"] = {"anything": 1}
        if not is_valid(schema, grown):
            print(f"{sample}: an added key is refused")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
