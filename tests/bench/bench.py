#!/usr/bin/python3
"""Measures the program against the emulated pool: bench.py UCSIGNIN [WANLINK [JUDGE_BENCH]]

Start-up, sign-in over loopback, and, as root with WANLINK, how many round trips a sign-in waits for: the same sign-in
over a link of 50 ms and one without delay, divided; then the same link with a dead resolver, and with a dead server before
the good one. With JUDGE_BENCH, how the judge's time grows with the trace. Medians; tables on standard output, ratios of one
run only.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROUND_TRIP_MS = 50
# The least round trips that the protocols allow, all else in parallel (protocol: 1 DNS, 1 TCP, 1 TLS 1.3, 1 REGISTER; then
# 2 metadata documents, 2 NTLM, 1 certificate, 2 TLS-DSK, 1 signed REGISTER; then roaming self and the publication; sign-out).
LEAST = {"first answer to REGISTER": 4, "registered": 12, "signed in (presence published)": 14, "the whole run, with sign-out": 15}


def seconds_of(command):
    started = time.monotonic()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def report_of(command):
    """Runs a diagnose command; its report, the seconds it took, and its largest resident set in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.json")
        started = time.monotonic()
        process = subprocess.Popen([*command, "-q", "--json", path], stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {' '.join(command)} ended with {process.returncode}")
        with open(path, encoding="utf-8") as file:
            return json.load(file), time.monotonic() - started, usage.ru_maxrss / 1024


def end_of(report, node):
    return max(s["start_ms"] + s["duration_ms"] for s in report["trace"] if s["node"] == node and s["outcome"] != "not_run")


def rows_of(reports):
    yield "first answer to REGISTER", [end_of(r, "registration.first_register") for r in reports]
    yield "registered", [end_of(r, "registration.confirmed") for r in reports]
    yield "signed in (presence published)", [end_of(r, "provisioning.presentity") for r in reports]
    yield "the whole run, with sign-out", [r["run"]["duration_ms"] for r in reports]


def show(name, values, unit="ms"):
    print(f"  {name:<44} {statistics.median(values):>9.1f} {unit:<4} ({min(values):.1f} to {max(values):.1f})")


def measure_local(program, runs):
    print(f"Over loopback, {runs} runs:")
    show("start-up (--version)", [1000 * seconds_of([program, "--version"]) for _ in range(2 * runs)])
    measured = [report_of([program, "diagnose", "alice@contoso.example", "--lab"]) for _ in range(runs)]
    for name, values in rows_of([report for report, _, _ in measured]):
        show(name, values)
    show("process, with the start of the lab", [1000 * seconds for _, seconds, _ in measured])
    show("memory, with the lab in the same process", [megabytes for _, _, megabytes in measured], "MB")


def over_a_link(program, wanlink, runs, round_trip_ms, trouble="none"):
    """Reports of sign-ins over an emulated link; None and why when that can't be done here."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(HERE / "over_a_link.sh"), program, wanlink, str(round_trip_ms / 2), str(runs), folder, trouble]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 77:
            return None, done.stdout.strip()
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        return [json.loads(p.read_text(encoding="utf-8")) for p in sorted(pathlib.Path(folder).glob("*.json"))], ""


def measure_link(program, wanlink, runs):
    near, why_not = over_a_link(program, wanlink, runs, 0)
    if near is None:
        print(f"\nRound trips: not measured ({why_not})")
        return
    far, _ = over_a_link(program, wanlink, runs, ROUND_TRIP_MS)
    print(f"\nOver a link with a round trip of {ROUND_TRIP_MS} ms, {runs} runs:")
    print(f"  {'until':<34} {'time':>10} {'round trips':>12} {'least possible':>15} {'ratio':>6}")
    for (name, at_once), (_, delayed) in zip(rows_of(near), rows_of(far)):
        trips = (statistics.median(delayed) - statistics.median(at_once)) / ROUND_TRIP_MS
        print(f"  {name:<34} {statistics.median(delayed):>7.0f} ms {trips:>12.1f} {LEAST[name]:>15} {trips / LEAST[name]:>6.2f}")
    print("\nThe same link, with something dead on the way, against the sound one:")
    for trouble, words in (("resolver", "the first of two resolvers is silent"), ("candidate", "the first of two servers is silent (2 s grace)")):
        with_trouble, _ = over_a_link(program, wanlink, runs, ROUND_TRIP_MS, trouble)
        for (name, sound), (_, troubled) in list(zip(rows_of(far), rows_of(with_trouble)))[:1]:
            late = statistics.median(troubled) - statistics.median(sound)
            print(f"  {words:<46} {name}: {late:>+6.0f} ms, ratio {statistics.median(troubled) / statistics.median(sound):.2f}")


def measure_judge(bench):
    """The time is to grow as the number of spans does: ten times the spans, ten times the time and a little more."""
    sizes = (100, 1000, 10000)
    times = {}
    for size in sizes:
        for line in subprocess.run([bench, str(size)], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            shape, _, milliseconds, *_ = line.split()
            times.setdefault(shape, []).append(float(milliseconds))
    print("\nThe judge, over made-up traces (processor time; in brackets against ten times fewer spans):")
    print(f"  {'spans':<14}" + "".join(f"{size:>20}" for size in sizes))
    for shape, taken in times.items():
        steps = [f"{taken[0]:.1f} ms        "] + [f"{now:.1f} ms (x{now / before:4.1f})" for before, now in zip(taken, taken[1:])]
        print(f"  {shape:<14}" + "".join(f"{step:>20}" for step in steps))


def main(program, wanlink=None, judge_bench=None):
    runs = int(os.environ.get("BENCH_RUNS", "9"))
    measure_local(program, runs)
    if wanlink:
        measure_link(program, wanlink, max(3, runs // 3))
    if judge_bench:
        measure_judge(judge_bench)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3, 4):
        sys.exit(__doc__)
    main(*sys.argv[1:])
