#!/usr/bin/python3
"""Measures the program against the emulated pool: bench.py [--beside OTHER] UCSIGNIN [WANLINK [JUDGE_BENCH [RENDER_BENCH [SIPE_CLIENT]]]]

With --beside, another program (an earlier one) does the same over loopback, in turn with ours; then nothing else is measured.

Start-up, sign-in over loopback, and, as root with WANLINK, how many round trips a sign-in waits for: the same sign-in
over a link of 50 ms and one without delay, divided; then the same link with a dead resolver, and with a dead server before
the good one. With JUDGE_BENCH, how the judge's time grows with the trace. With RENDER_BENCH, how long the page of a large
report takes beside reading its JSON, and, where there is a browser, how long it takes to answer a click. With SIPE_CLIENT,
pidgin-sipe's time from the 200 OK on stands beside ours, over the same links in the same run. Medians; tables on standard output, ratios of one
run only.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from big_report import made_of

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


def last_of_picture(report):
    return max(s["start_ms"] + s["duration_ms"] for s in report["trace"]
               if s["node"].startswith("provisioning.") and s["node"] != "provisioning.sign_out" and s["outcome"] != "not_run")


def last_of_pool(report):
    """The last answer in SIP before the sign-out: presence of contacts and the relay's credentials are among them."""
    begun = end_of(report, "registration.confirmed")
    return max(m["time_ms"] for m in report["messages"] if m["protocol"] == "SIP" and m["direction"] == "received" and m["time_ms"] > begun
               and not any(h["name"] == "CSeq" and h["value"].endswith("REGISTER") for h in m["headers"]))


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


def measure_beside(program, other, runs):
    """Run after run in turn, so that what else this machine does meets both alike."""
    print(f"Over loopback, {runs} runs of each in turn; ratio of the medians, below 1 where ours is faster:")
    print(f"  {'':<44} {'the other':>12} {'ours':>12} {'ratio':>6}")
    programs = (other, program)
    started = {each: [] for each in programs}
    measured = {each: [] for each in programs}
    for _ in range(runs):
        for each in programs:
            started[each].append(1000 * seconds_of([each, "--version"]))
            measured[each].append(report_of([each, "diagnose", "alice@contoso.example", "--lab"]))
    rows = {each: [("start-up (--version)", started[each]), *rows_of([report for report, _, _ in measured[each]]),
                   ("process, with the start of the lab", [1000 * seconds for _, seconds, _ in measured[each]])] for each in programs}
    for (name, theirs), (_, ours) in zip(rows[other], rows[program]):
        before, now = statistics.median(theirs), statistics.median(ours)
        print(f"  {name:<44} {before:>9.1f} ms {now:>9.1f} ms {now / before:>6.2f}")


def after_200_of_sipe(folder):
    """Milliseconds from the 200 OK to REGISTER until pidgin-sipe has its contacts and their presence, a value a run; or why not."""
    why_not = folder / "no-sipe.txt"
    if why_not.exists():
        return why_not.read_text(encoding="utf-8").strip()
    times = []
    for log in sorted(folder.glob("*.sipe.log")):
        registered = re.findall(r"^(\S+) sipe: process_register_response: authentication handshake completed", log.read_text(errors="replace"), re.M)
        complete = re.search(r"^complete after (\d+) ms", log.with_suffix(".txt").read_text(errors="replace"), re.M)
        if not registered or not complete:
            return "its log does not tell when it was registered"
        times.append(float(complete[1]) - float(registered[-1]))
    return times


def over_a_link(program, wanlink, runs, round_trip_ms, trouble="none", sipe=None):
    """Reports of sign-ins over an emulated link; None and why when that can't be done here. With `sipe`, its client, the times
    of that in place of the reason."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(HERE / "over_a_link.sh"), program, wanlink, str(round_trip_ms / 2), str(runs), folder, trouble, sipe or ""]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 77:
            return None, done.stdout.strip()
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)
        reports = [json.loads(p.read_text(encoding="utf-8")) for p in sorted(pathlib.Path(folder).glob("*.json"))]
        return reports, after_200_of_sipe(pathlib.Path(folder)) if sipe else ""


def measure_link(program, wanlink, runs, sipe):
    near, sipe_near = over_a_link(program, wanlink, runs, 0, sipe=sipe)
    if near is None:
        print(f"\nRound trips: not measured ({sipe_near})")
        return
    far, sipe_far = over_a_link(program, wanlink, runs, ROUND_TRIP_MS, sipe=sipe)
    print(f"\nOver a link with a round trip of {ROUND_TRIP_MS} ms, {runs} runs:")
    print(f"  {'until':<34} {'time':>10} {'round trips':>12} {'least possible':>15} {'ratio':>6}")
    for (name, at_once), (_, delayed) in zip(rows_of(near), rows_of(far)):
        trips = (statistics.median(delayed) - statistics.median(at_once)) / ROUND_TRIP_MS
        print(f"  {name:<34} {statistics.median(delayed):>7.0f} ms {trips:>12.1f} {LEAST[name]:>15} {trips / LEAST[name]:>6.2f}")
    measure_after_200(program, wanlink, runs, near, far)
    show_sipe(sipe, sipe_near, sipe_far)
    print("\nThe same link, with something dead on the way, against the sound one:")
    for trouble, words in (("resolver", "the first of two resolvers is silent"), ("candidate", "the first of two servers is silent (2 s grace)")):
        with_trouble, _ = over_a_link(program, wanlink, runs, ROUND_TRIP_MS, trouble)
        for (name, sound), (_, troubled) in list(zip(rows_of(far), rows_of(with_trouble)))[:1]:
            late = statistics.median(troubled) - statistics.median(sound)
            print(f"  {words:<46} {name}: {late:>+6.0f} ms, ratio {statistics.median(troubled) / statistics.median(sound):.2f}")


def measure_after_200(program, wanlink, runs, near, far):
    """From the 200 OK on; a conflict of versions costs one more."""
    def after_a_conflict(round_trip_ms):   # a lab for each run: it has one conflict
        return [over_a_link(program, wanlink, 1, round_trip_ms, "conflict")[0][0] for _ in range(runs)]

    near_409, far_409 = after_a_conflict(0), after_a_conflict(ROUND_TRIP_MS)

    def after(end, reports):
        return statistics.median(end(r) - end_of(r, "registration.confirmed") for r in reports)

    def signed_in(report):
        return end_of(report, "provisioning.presentity")

    print(f"\nFrom the 200 OK on, round trips of {ROUND_TRIP_MS} ms:")
    for name, end, at_once, delayed, most in (("signed in", signed_in, near, far, 1.3), ("signed in, after a 409", signed_in, near_409, far_409, 2.3),
                                              ("the full picture of the pool", last_of_pool, near, far, 3.3),
                                              ("with relay, Exchange, web addresses", last_of_picture, near, far, None)):
        trips = (after(end, delayed) - after(end, at_once)) / ROUND_TRIP_MS
        print(f"  {name:<38} {after(end, delayed):>7.0f} ms {trips:>8.1f}" + (f"   (aim: at most {most})" if most else ""))


def show_sipe(sipe, near, far):
    """Beside "the full picture": pidgin-sipe's list of contacts and their presence, in the same lab over the same link."""
    name = "pidgin-sipe: contacts, presence"
    why_not = "not asked for" if not sipe else near if isinstance(near, str) else far if isinstance(far, str) else ""
    if why_not:
        print(f"  {name:<38} not measured ({why_not})")
        return
    trips = (statistics.median(far) - statistics.median(near)) / ROUND_TRIP_MS
    print(f"  {name:<38} {statistics.median(far):>7.0f} ms {trips:>8.1f}   (by NTLM, the server given)")


def measure_accounts(program):
    """Contacts in 64 groups, dial rules and a provisioning answer that grow together, up to 1,000, 200 and 2 MB."""
    print("\nThe account's size (stage 5 until the full picture; memory of the client alone, which writes the report as JSON, aim: under 40 MB):")
    before = None
    for size in (10, 100, 1000):
        with a_lab(program, account_of(size)) as options:
            done = [report_of([program, "diagnose", "alice@contoso.example", *options]) for _ in range(3)]
        took = statistics.median(last_of_picture(r) - end_of(r, "registration.confirmed") for r, _, _ in done)
        memory = statistics.median(megabytes for _, _, megabytes in done)
        growth = f"x{took / before:4.1f}" if before else ""
        print(f"  {size:>5} contacts, {size // 5:>4} rules, {2 * size:>5} kB {took:>9.1f} ms {growth:>6} {memory:>7.1f} MB")
        before = took


@contextlib.contextmanager
def a_lab(program, scenario):
    """A lab in a process of its own; gives what a client needs to meet it."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(scenario, file)
        file.flush()
        with subprocess.Popen([program, "lab", "--scenario", file.name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as lab:
            options = []
            for line in lab.stdout:
                key, _, value = line.strip().partition(": ")
                if key == "ready":
                    break
                if key in ("resolver", "connect-to", "login", "password-file", "ca"):
                    options += ["--ca-file" if key == "ca" else "--" + key, value]
            try:
                yield options
            finally:
                lab.terminate()


def account_of(size):
    return {
        "format": "ucsignin-scenario/1", "name": "account", "description": "An account of some size.",
        "user": {"delegates": [f"delegate{i}@contoso.example" for i in range(10)]},
        "pool": {
            "contacts": [{"address": f"contact{i}@contoso.example", "name": f"Contact {i}", "groups": str(i % 64 + 1)} for i in range(size)],
            "dial_rules": [{"pattern": f"^{i}(\\d{{3}})$", "translation": f"+44{i}$1"} for i in range(1000, 1000 + size // 5)],
            "provisioning": {"set": {"endpointConfiguration": {f"Setting{i}": "x" * 2000 for i in range(size)}}}}}


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


def measure_page(program, bench):
    """Of 2,000 steps and 500 messages: rendering is to take three times as long as reading, at most."""
    with tempfile.TemporaryDirectory() as folder:
        small, big, page = (os.path.join(folder, name) for name in ("small.json", "big.json", "page.html"))
        subprocess.run([program, "diagnose", "alice@contoso.example", "--lab", "-q", "--json", small], check=True, stdin=subprocess.DEVNULL)
        with open(small, encoding="utf-8") as file, open(big, "w", encoding="utf-8") as to:
            json.dump(made_of(json.load(file), 2000, 500), to)
        line = subprocess.run([bench, big, page], check=True, stdout=subprocess.PIPE, text=True).stdout
        spans, messages, reading, rendering, json_bytes, page_bytes = line.split()
        print(f"\nThe page of a report with {spans} steps and {messages} messages (processor time):")
        print(f"  reading its JSON ({int(json_bytes) // 1000} kB) {reading} ms, making the page ({int(page_bytes) // 1000} kB) {rendering} ms,"
              f" ratio {float(rendering) / float(reading):.2f} (at most 3)")
        clicks = HERE.parent / "html/click_bench.js"
        if shutil.which("node") and shutil.which("chromium-headless-shell") and (clicks.parent / "node_modules").is_dir():
            subprocess.run(["node", str(clicks), page], check=True, stdin=subprocess.DEVNULL)


def main(options):
    runs = int(os.environ.get("BENCH_RUNS", "9"))
    if options.beside:
        measure_beside(options.program, options.beside, runs)
        return
    measure_local(options.program, runs)
    measure_accounts(options.program)
    if options.wanlink:
        measure_link(options.program, options.wanlink, max(min(3, runs), runs // 3), options.sipe_client)
    if options.judge_bench:
        measure_judge(options.judge_bench)
    if options.render_bench:
        measure_page(options.program, options.render_bench)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--beside")
    parser.add_argument("program")
    for more in ("wanlink", "judge_bench", "render_bench", "sipe_client"):
        parser.add_argument(more, nargs="?")
    main(parser.parse_args())
