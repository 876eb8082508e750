#!/usr/bin/env python3
"""The table of hostile input: no server, no file and no person makes a run longer, larger or speechless.

usage: run.py --program UCSIGNIN --schema SCHEMA [--only REGEX] [--jobs N] [--list]
Cases stand in cases_*.py beside this file (see harness.py). Each runs in a process of its own, with the servers that it
needs. A healthy sign-in first tells how busy this machine is: where it takes longer than usual, each case has longer as
well. One that failed while others competed for the processor is run again by itself, and that counts.
"""
import argparse
import dataclasses
import importlib
import json
import multiprocessing
import os
import re
import signal
import sys
import tempfile
import time

import jsonschema

import harness
import servers

USUAL_S = 0.8      # of a healthy sign-in where nothing else runs
MOST_PATIENT = 6

HERE = os.path.dirname(os.path.abspath(__file__))


def load_cases():
    cases = []
    for file in sorted(os.listdir(HERE)):
        if file.startswith("cases_") and file.endswith(".py"):
            cases += importlib.import_module(file[:-3]).CASES
    names = [case.name for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        sys.exit(f"two cases have the same name: {sorted(twice)}")
    return cases


class Table:
    def __init__(self, options, folder):
        self._options, self._folder = options, folder
        self._authority = servers.Authority(folder)
        with open(options.schema) as f:
            self._validator = jsonschema.Draft202012Validator(json.load(f))

    def _work(self, case, results):
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            results.send(harness.run_case(case, os.path.abspath(self._options.program), folder, self._authority, self._validator.validate))
        results.close()
        os._exit(0)   # threads that still serve don't keep it

    def patience(self, jobs):
        """How much longer than usual a case has: by as many healthy sign-ins at once as there will be cases."""
        usual = [harness.Case(f"healthy {i}", "", healthy, total=60.0) for i in range(jobs)]
        slowest = max(outcome.seconds for _, outcome in self.run(usual, jobs))
        return min(max(slowest / USUAL_S, 1.0), MOST_PATIENT)

    def run(self, cases, jobs):
        """Outcomes as they come."""
        waiting, running = list(cases), {}
        while waiting or running:
            while waiting and len(running) < jobs:
                case = waiting.pop(0)
                here, there = multiprocessing.Pipe(duplex=False)
                process = multiprocessing.Process(target=self._work, args=(case, there), daemon=True)
                process.start()
                there.close()
                running[here] = (case, process)
            for here in multiprocessing.connection.wait(list(running)):
                case, process = running.pop(here)
                try:
                    outcome = here.recv()
                except EOFError:
                    outcome = harness.Outcome(case.name, ["the case's process ended without a word"])
                process.join()
                yield case, outcome


def healthy(world):
    world.lab()
    world.must(lambda: True, "nothing is attacked")


def show(outcome, about=""):
    mark = "FAILED" if outcome.problems else "ok"
    print(f"{mark:7}{outcome.name:44}{outcome.seconds:6.1f} s {outcome.megabytes:5.0f} MB  exit {outcome.code}{about}", flush=True)
    for problem in outcome.problems:
        print(f"          {problem}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--schema", default=os.path.join(HERE, "../../lib/report/report.schema.json"))
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    cases = [case for case in load_cases() if re.search(options.only, case.name)]
    if options.list:
        for case in cases:
            print(f"{case.name:44}{case.proves}")
        return
    multiprocessing.set_start_method("fork")
    signal.signal(signal.SIGINT, signal.default_int_handler)   # a shell's background jobs ignore it, and would leave that to each program
    started, final = time.monotonic(), {}
    with tempfile.TemporaryDirectory(prefix="ucsignin-hostile-") as folder:
        table = Table(options, folder)
        patience = table.patience(options.jobs)
        if patience > 1:
            print(f"a busy machine: each case has {patience:.1f} times its time", flush=True)
        cases = [dataclasses.replace(case, total=case.total * patience) for case in cases]
        again = []
        for case, outcome in table.run(cases, options.jobs):
            final[case.name] = outcome
            show(outcome)
            if outcome.problems and options.jobs > 1:
                again.append(case)
        for case, outcome in table.run(again, 1):
            final[case.name] = outcome
            show(outcome, "  (by itself)")
    outcomes = list(final.values())
    failed = [o for o in outcomes if o.problems]
    for title, key, unit in (("slowest", "seconds", "s"), ("largest", "megabytes", "MB")):
        most = sorted(outcomes, key=lambda o: getattr(o, key), reverse=True)[:5]
        print(f"{title}: " + ", ".join(f"{o.name} {getattr(o, key):.1f} {unit}" for o in most))
    print(f"{len(outcomes)} cases in {time.monotonic() - started:.0f} s, {len(failed)} of them not as they should be"
          + "".join(f"\n  {o.name}" for o in failed))
    sys.exit(bool(failed) or not outcomes)


if __name__ == "__main__":
    main()
