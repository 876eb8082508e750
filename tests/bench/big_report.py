#!/usr/bin/python3
"""Makes a report of many steps and messages out of a real one: big_report.py REPORT SPANS MESSAGES > BIG"""
import copy
import json
import sys


def made_of(report, spans, messages):
    """The same steps and messages again and again, each later than the one before, each message with a step of its own."""
    big = copy.deepcopy(report)
    run = report["run"]["duration_ms"]
    steps = [s for s in report["trace"] if s["outcome"] != "not_run"]

    def again(one, turn, ids, *times):
        one = copy.deepcopy(one)
        for name in times:
            one[name] += turn * run
        for name in ids:
            one[name] = one[name] and f"{turn:04x}{one[name][4:]}"
        return one

    def step(n):
        turn, at = divmod(n, len(steps))
        one = again(steps[at], turn, ("span_id", "parent_span_id"), "start_ms")
        one["waited_for"] = [f"{turn:04x}{i[4:]}" for i in one.get("waited_for", [])]
        return one

    def message(n):
        turn, at = divmod(n, len(report["messages"]))
        return again(report["messages"][at], turn, ("span_id",), "time_ms")

    big["trace"] = [step(n) for n in range(spans)]
    big["messages"] = [message(n) for n in range(messages)]
    big["run"]["duration_ms"] = run * (spans // len(steps) + 1)
    return big


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        json.dump(made_of(json.load(file), int(sys.argv[2]), int(sys.argv[3])), sys.stdout, indent=2)
