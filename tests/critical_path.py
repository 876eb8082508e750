#!/usr/bin/env python3
"""Delays one answer of the lab at a time, and looks whether the critical path that `render -v` shows moves there.

usage: critical_path.py UCSIGNIN
What others wait for has to show, with most of the delay; what nothing waits for must not.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

DELAY_MS = 1500
# Where each delay shows; "" where the result waits for something else.
CASES = {
    "the first challenge": ({"method": "REGISTER", "step": "first"}, "registration.first_register"),
    "roaming self": ({"method": "SUBSCRIBE", "step": "vnd-microsoft-roaming-self"}, "provisioning.login"),
    "the publication": ({"method": "SERVICE", "step": "publish"}, "provisioning.presentity"),
    "in-band provisioning": ({"method": "SUBSCRIBE", "step": "vnd-microsoft-provisioning-v2"}, ""),
}
STEP = re.compile(r"^ +(?P<time>[0-9.]+) (?P<unit>ms|s) (?P<node>[a-z_.]+)( |$)")


def run(program, rule, folder):
    scenario, report = folder / "scenario.json", folder / "report.json"
    scenario.write_text(json.dumps({
        "format": "ucsignin-scenario/1", "name": "delayed", "description": "One answer takes longer.",
        "sip": [{**rule, "delay_ms": DELAY_MS}] if rule else []}), encoding="utf-8")
    subprocess.run([program, "diagnose", "alice@contoso.example", "--lab", "--scenario", scenario, "-q", "--json", report],
                   check=True, stdin=subprocess.DEVNULL)
    return subprocess.run([program, "render", "-v", report], check=True, capture_output=True, text=True).stdout


def path_in(text):
    """Milliseconds that each node added, by the text."""
    lines = iter(text.splitlines())
    if not any(line.startswith("What the result waited for") for line in lines):
        sys.exit("the text shows no critical path")
    added = {}
    for line in lines:
        step = STEP.match(line)
        if step is None and line.strip() == "":
            return added
        if step:
            added[step["node"]] = float(step["time"]) * (1000 if step["unit"] == "s" else 1)
    return added


def main():
    (program,) = sys.argv[1:]
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (rule, node) in CASES.items():
            added = path_in(run(program, rule, pathlib.Path(folder)))
            slow = [at for at, time in added.items() if time >= 0.9 * DELAY_MS]
            print(f"{name}: {', '.join(f'{at} {time:.0f} ms' for at, time in added.items())}")
            if node and node not in slow:
                problems.append(f"{name} is late, and {node} isn't where the path shows it: {slow}")
            if not node and slow:
                problems.append(f"{name} is late, and the path shows {slow}, though nothing waits for it")
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    main()
