"""One hostile case: what it arranges, what has to come of it, and how that is measured.

A module cases_*.py collects its cases with the decorator that `collector(family)` makes:

    CASES, case = collector("http")

    @case("endless-continue", "An endless run of 100 Continue ends the request, not the run.", codes=(0,))
    def _(world):
        world.lab()                                       # the healthy pool in a process of its own
        server = world.http(lambda connection, request: ...)
        world.stand_in("192.0.2.20:80", server)           # where the client would meet the pool's web server
        world.must(lambda: server.sent > 1000000, "a flood left the server")

Whatever the case, the run ends with a code of the contract within its total and a second, in less than 128 MB, with a
valid report, and prints nothing that could steer a terminal. `must` is asked when the run is over: a case whose attack
never happened fails, and so does one that doesn't ask.
"""
import dataclasses
import json
import os
import re
import signal
import subprocess
import threading
import time
from typing import Callable

import servers

LARGEST_KB = 128 * 1024
GRACE_S = 1.0
HANGS_AFTER_S = 12      # beyond the total: then the program is killed, so that the table ends
NOT_SIGNED_IN = (10, 20, 30, 40, 50)
ENDINGS = (0, 2, *NOT_SIGNED_IN)
DOCUMENTED = (*ENDINGS, 1, 64, 65, 70, 74, 130)   # 1: what `compare` says
ANY = object()

# What may steer a terminal or hide text: C0 (but for line ends and tabs), DEL, C1, bidirectional and invisible characters,
# line and paragraph separators, tags.
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\U000e0000-\U000e007f]")
BROKEN = (b"terminate called", b"AddressSanitizer", b"LeakSanitizer", b"runtime error:", b"Assertion", b"double free", b"corrupted size")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    proves: str                              # one sentence
    arrange: Callable
    total: float = 4.0                       # --timeout
    codes: tuple = ENDINGS                   # the class of the verdict
    stopped_at: object = ANY
    causes: object = ANY                     # ids, in the order of the report
    findings: tuple = ()                     # ids that have to be there
    report: bool = True                      # one is owed
    gone_within: float = 0                   # seconds from the last signal to the end


def collector(family):
    cases = []

    def case(name, proves, **expected):
        def add(arrange):
            cases.append(Case(f"{family}/{name}", proves, arrange, **expected))
            return arrange
        return add
    return cases, case


@dataclasses.dataclass
class Outcome:
    name: str
    problems: list
    seconds: float = 0.0
    megabytes: float = 0.0
    code: object = None


class World:
    """What surrounds one run. Everything it starts ends with it."""

    def __init__(self, program, folder, authority, total):
        self.program, self.folder, self.authority, self.total = program, folder, authority, total
        self.user = "alice@contoso.example"
        self.options, self.command = [], None      # further options of `diagnose`; or a whole command line instead
        self.environment, self.stdin = {}, b""
        self.resolver, self.places = None, {}      # where DNS is asked; "ADDRESS:PORT" -> "ADDRESS:PORT" on loopback
        self.signals = []                          # in order: (seconds since the one before, or what has to hold; signal or None)
        self.last_signal_at = None
        self.before_start = None                   # called in the child
        self.on_top = 0                            # seconds that --stay adds to the total
        self._lab, self._opened, self._musts, self._report_musts = None, [], [], []
        self.ca_files, self.password_file = [authority.root], None

    # -- what is arranged --
    def file(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, "wb" if isinstance(content, bytes) else "w") as f:
            f.write(content)
        return path

    def lab(self, scenario=None):
        """The built-in pool in a process of its own, healthy or by a scenario (a dict of sections)."""
        command = [self.program, "lab"]
        if scenario is not None:
            text = json.dumps({"format": "ucsignin-scenario/1", "name": "hostile", **scenario})
            command += ["--scenario", self.file("scenario.json", text)]
        self._lab = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self._lab.stdout:
            key, _, value = line.strip().partition(": ")
            if key == "ready":
                return self
            elif key == "connect-to":
                host, port, address, to = value.split(":")
                self.places[f"{host}:{port}"] = f"{address}:{to}"
            elif key == "resolver":
                self.resolver = self.resolver or value
            elif key == "ca":
                self.ca_files.append(value)
            elif key == "password-file":
                self.password_file = value
        raise RuntimeError("the lab did not start")

    def stand_in(self, place, server):
        """The client meets this server where it would have met the pool's; returns where the pool's is."""
        before = self.places.get(place)
        self.places[place] = f"127.0.0.1:{server.port}"
        return before

    def dns(self, handler):
        """A name server in front of the lab's: handler(query, reply) says whether it dealt with the query."""
        server = self._keep(servers.Dns(handler, self.resolver))
        self.resolver = f"127.0.0.1:{server.port}"
        return server

    def tcp(self, handler, tls=None):
        return self._keep(servers.Tcp(handler, tls))

    def http(self, handler, tls=None):
        return self._keep(servers.Tcp(servers.http_handler(handler), tls))

    def tls(self, *names, **more):
        """A server context whose certificate the client will trust."""
        return self.authority.context(self.folder, names, **more)

    def between(self, place, tls, to_client=None, to_server=None):
        """Somebody between the client and the pool at `place`, inside TLS: servers.relay_handler."""
        there = self.places[place]
        server = self.tcp(servers.relay_handler(there, to_client, to_server), tls)
        self.stand_in(place, server)
        return server

    def left(self, name):
        """What the run left in its folder: report.json, stdout, stderr."""
        try:
            with open(os.path.join(self.folder, name), errors="replace") as f:
                return f.read()
        except OSError:
            return ""

    def watched(self, place, tls, needle):
        """The pool at `place`, seen from between: the case's attack is that these bytes come from it."""
        seen = {"rest": {}, "there": False}

        def look(data, client):
            joined = seen["rest"].get(client, b"") + data   # each connection's own: several are open at once
            seen["there"] |= needle in joined
            seen["rest"][client] = joined[-len(needle):]
            return data
        self.between(place, tls, look)
        self.must(lambda: seen["there"], f"{needle[:30]!r}... was sent")

    def must(self, holds, what):
        self._musts.append((holds, what))

    def expect(self, holds, what):
        """As must(), of the report."""
        self._report_musts.append((holds, what))

    def printed(self, text):
        """Has the program printed this for people?"""
        def holds():
            with open(os.path.join(self.folder, "stdout"), errors="replace") as f:
                return text in f.read()
        return holds

    def _keep(self, server):
        self._opened.append(server)
        return server

    # -- the run --
    def command_line(self, report):
        if self.command is not None:
            return [self.program, *self.command]
        line = [self.program, "diagnose", self.user, "--timeout", f"{self.total:.1f}", "--json", report, "-v", "--no-color"]
        for file in self.ca_files:
            line += ["--ca-file", file]
        if self.password_file:
            line += ["--password-file", self.password_file]
        if self.resolver:
            line += ["--resolver", self.resolver]
        for place, to in self.places.items():
            line += ["--connect-to", f"{place}:{to}"]
        return line + self.options

    def unmet(self, report):
        if not self._musts and not self._report_musts:
            yield "the case does not ask whether its attack took place"
        for holds, what in self._musts:
            if not holds():
                yield f"not exercised: {what}"
        if not self._report_musts:
            return
        with open(report) as f:
            seen = json.load(f)
        for holds, what in self._report_musts:
            if not holds(seen):
                yield f"the report doesn't show: {what}"

    def close(self):
        for server in self._opened:
            server.close()
        if self._lab:
            self._lab.terminate()
            self._lab.wait()


def send_signals(world, pid, ended):
    for when, which in world.signals:
        due = time.monotonic() + (world.total if callable(when) else when)
        while not ended.is_set() and time.monotonic() < due and not (callable(when) and when()):
            time.sleep(0.002)
        if which is not None and not ended.is_set():
            os.kill(pid, which)   # not reaped yet: `ended` is set before
            world.last_signal_at = time.monotonic()


def measure(world, report):
    """Runs the program; (exit code or None when it hung, seconds, peak in kB, stdout, stderr, seconds since the last signal)."""
    out, err = (os.path.join(world.folder, name) for name in ("stdout", "stderr"))
    given = world.file("stdin", world.stdin)
    with open(out, "wb") as o, open(err, "wb") as e, open(given, "rb") as i:
        started = time.monotonic()
        child = subprocess.Popen(world.command_line(report), stdin=i, stdout=o, stderr=e, env={**os.environ, **world.environment}, cwd=world.folder,
                                 preexec_fn=world.before_start)
        hung, ended = [], threading.Event()

        def kill():
            hung.append(True)
            child.kill()
        watch = threading.Timer(world.total + world.on_top + HANGS_AFTER_S, kill)
        watch.start()
        sender = threading.Thread(target=send_signals, args=(world, child.pid, ended), daemon=True)
        sender.start()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        ended_at = time.monotonic()
        ended.set()
        sender.join()
        # The peak of this process alone, without its children. It counts what the fork had before, which is this
        # interpreter's: some 30 MB.
        _, status, usage = os.wait4(child.pid, 0)
        seconds, after_signal = ended_at - started, ended_at - (world.last_signal_at or ended_at)
        watch.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)   # or Popen would wait again
    with open(out, "rb") as o, open(err, "rb") as e:
        return None if hung else child.returncode, seconds, usage.ru_maxrss, o.read(), e.read(), after_signal


def steering_in(what, data):
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
    found = STEERING.search(text)
    if found:
        yield f"{what} has a raw U+{ord(found[0]):04X}: {ascii(text[max(found.start() - 40, 0):found.end() + 10])}"


def wrong_in_report(case, path, code, validate):
    try:
        with open(path, "rb") as f:
            raw = f.read()
        report = json.loads(raw)
        validate(report)
    except Exception as e:   # of the file, of JSON, of the schema: one line says which
        yield f"no valid report: {type(e).__name__} {str(e)[:200]}"
        return
    yield from steering_in("the JSON report", raw)
    if report.get("format") != "ucsignin-report/1":
        return
    result = report["result"]
    if code not in (result["exit_code"], 74):   # 74: there is a report, but what should have gone elsewhere did not
        yield f"the report says exit code {result['exit_code']}"
    if case.stopped_at is not ANY and result["stopped_at"] != case.stopped_at:
        yield f"stopped at {result['stopped_at']}, expected {case.stopped_at}"
    causes = tuple(c["id"] for c in result["root_causes"])
    if case.causes is not ANY and causes != tuple(case.causes):
        yield f"root causes {causes}, expected {tuple(case.causes)}"
    for wanted in set(case.findings) - {f["id"] for f in report["findings"]}:
        yield f"finding {wanted} is missing"


def judge(case, world, measured, report, validate):
    code, seconds, peak_kb, out, err, after_signal = measured
    if code is None:
        yield f"still ran {HANGS_AFTER_S} s after its total"
    elif code not in case.codes or (code >= 0 and code not in DOCUMENTED):
        yield f"ended with {code} ({signal.Signals(-code).name if code < 0 else 'expected ' + str(case.codes)}): {err.decode(errors='replace')[-200:]!r}"
    if seconds > case.total + world.on_top + GRACE_S:
        yield f"took {seconds:.1f} s, with a total of {case.total + world.on_top:g} s"
    if case.gone_within and after_signal > case.gone_within:
        yield f"ended {after_signal:.2f} s after the last signal, not within {case.gone_within:g} s"
    if peak_kb > LARGEST_KB:
        yield f"grew to {peak_kb / 1024:.0f} MB"
    for name, data in (("stdout", out), ("stderr", err)):
        yield from steering_in(name, data)
        yield from (f"{name} has {word.decode()!r}" for word in BROKEN if word in data)
    if case.report:
        yield from wrong_in_report(case, report, code, validate)
    yield from world.unmet(report)


def run_case(case, program, folder, authority, validate):
    world = World(program, folder, authority, case.total)
    report = os.path.join(folder, "report.json")
    try:
        case.arrange(world)
        measured = measure(world, report)
        problems = list(judge(case, world, measured, report, validate))
        return Outcome(case.name, problems, measured[1], measured[2] / 1024, measured[0])
    except Exception as e:   # a fault of the case: the others go on
        return Outcome(case.name, [f"the case itself failed: {type(e).__name__} {e}"])
    finally:
        world.close()
