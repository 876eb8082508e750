#!/usr/bin/env python3
"""--progress jsonl and --log: usage: events_test.py UCSIGNIN SCENARIOS"""
import contextlib
import json
import os
import re
import resource
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import secret_forms  # noqa: E402

SCENARIOS, PROGRAM = sys.argv.pop(), sys.argv.pop()
ADDRESS = "alice@contoso.example"
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug  |info   |warning|error  ) \S+ .+")
STALLED = {"format": "ucsignin-scenario/1", "name": "stalled", "tls": [{"at": "edge", "do": "stall"}]}


def command(*options):
    return [PROGRAM, "diagnose", ADDRESS, "--lab", *options]


def run(*options, **more):
    return subprocess.run(command(*options), capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **more)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


@contextlib.contextmanager
def a_lab(*options):
    """A lab of its own process, and what it tells its clients."""
    with subprocess.Popen([PROGRAM, "lab", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as lab:
        told = {}
        for line in lab.stdout:
            if line == "ready\n":
                break
            key, _, value = line.strip().partition(": ")
            told.setdefault(key, []).append(value)
        try:
            yield lab, told
        finally:
            lab.send_signal(signal.SIGTERM)


def split_port(text):
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def towards(told, *instead):
    """A run against that lab, as far as the connection; `instead` of what it says goes first."""
    servers = {":".join(at.split(":")[:2]): at for at in [*told["connect-to"], *instead]}
    words = [w for at in servers.values() for w in ("--connect-to", at)] + [w for at in told["resolver"] for w in ("--resolver", at)]
    return [PROGRAM, "diagnose", ADDRESS, "-q", "--until", "connection", "--ca-file", told["ca"][0], "--password-file", told["password-file"][0], *words]


class Gate:
    """A server's door: it takes connections, and passes nothing on until it is opened."""

    def __init__(self, host, port):
        self.behind, self.opened = (host, port), threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:  # closed: the test is over
                return
            threading.Thread(target=self.pass_on, args=(near,), daemon=True).start()

    def pass_on(self, near):
        self.opened.wait()
        with near, socket.create_connection(self.behind) as far:
            back = threading.Thread(target=self.pump, args=(far, near), daemon=True)
            back.start()
            self.pump(near, far)
            back.join()

    @staticmethod
    def pump(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:  # either of them has gone
            pass


class Events(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.log = os.path.join(self.folder, "run.log")

    def file(self, name, what):
        path = os.path.join(self.folder, name)
        with open(path, "w") as f:
            json.dump(what, f)
        return path

    def test_json_lines_are_the_trace_of_the_report_and_end_in_its_result(self):
        report_file = os.path.join(self.folder, "report.json")
        done = run("--progress", "jsonl", "--json", report_file)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        report = json.loads(read(report_file))
        spans = [e for e in events if e["type"] == "span"]
        self.assertEqual([{k: v for k, v in s.items() if k != "type"} for s in spans], report["trace"][:len(spans)])
        self.assertTrue(all(s["outcome"] == "not_run" for s in report["trace"][len(spans):]))
        messages = [{k: v for k, v in e.items() if k != "type"} for e in events if e["type"] == "message"]
        self.assertEqual(messages, report["messages"])
        self.assertGreater(len(messages), 20)
        self.assertEqual(events[-1]["type"], "result")
        self.assertEqual({k: events[-1][k] for k in report["result"]}, report["result"])
        self.assertEqual(sum(e["type"] == "result" for e in events), 1)
        self.assertIn("Signed in as", done.stderr)

    def test_nothing_began_and_the_result_says_why(self):
        done = run("--progress", "jsonl", "-q", "--scenario", "/nowhere.json")
        self.assertEqual(done.returncode, 65)
        result = json.loads(done.stdout)
        self.assertEqual((result["type"], result["exit_code"]), ("result", 65))
        self.assertIn("/nowhere.json", result["error"])

    def test_standard_output_is_for_one_of_them(self):
        done = run("--progress", "jsonl", "--json", "-")
        self.assertEqual((done.returncode, done.stdout), (64, ""))

    def interrupted(self, signals):
        stalled = self.file("stalled.json", STALLED)
        with subprocess.Popen(command("--scenario", stalled, "--progress", "jsonl", "-q", "--timeout", "60", "--log", self.log),
                              stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as running:
            events, sent = [], 0
            for line in running.stdout:
                events.append(json.loads(line))
                if events[-1].get("node") == "connection.tcp" and not sent:
                    for _ in range(signals):
                        running.send_signal(signal.SIGINT)
                        sent += 1
        self.assertEqual(events[-1]["type"], "result")
        self.assertEqual(events[-1]["exit_code"], running.returncode)
        self.assertEqual(running.returncode, 130)
        self.assertTrue(read(self.log).splitlines()[-1].endswith("exit code 130"))

    def test_the_result_comes_after_an_interrupt(self):
        self.interrupted(1)

    def test_the_result_comes_after_two(self):
        self.interrupted(2)

    def test_the_log_is_private_and_has_lines_with_time_level_and_place(self):
        self.assertEqual(run("-q", "--log", self.log).returncode, 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.log).st_mode), 0o600)
        first = read(self.log)
        lines = first.splitlines()
        for line in lines:
            self.assertRegex(line, LINE)
        self.assertTrue(any(" info    connection.tls ok (" in line for line in lines))
        self.assertTrue(any(re.search(r" info    SIP/\S+ sent REGISTER ", line) for line in lines))
        self.assertFalse(any(" debug " in line for line in lines))
        self.assertTrue(lines[-1].endswith("result signed in, exit code 0"))
        self.assertEqual(run("-q", "--log", self.log, "--log-level", "error").returncode, 0)
        self.assertEqual(read(self.log), first, "what was there stays, and nothing was an error")

    def test_secrets_never_get_into_it(self):
        for name in ("healthy", "ntlm-only", "secret-echoed-by-web-and-sip", "web-ticket-by-username-clear"):
            path = os.path.join(SCENARIOS, name + ".json")
            with open(path) as f:
                scenario = json.load(f)
            address = scenario.get("client", {}).get("address") or scenario.get("user", {}).get("address") or ADDRESS
            done = subprocess.run([PROGRAM, "diagnose", address, "--lab", "--scenario", path, "--log", self.log, "--log-level", "debug", "--bodies",
                                   "--progress", "jsonl"], capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
            with open(self.log, "rb") as f:
                written = f.read()
            self.assertEqual(list(secret_forms.leaks(secret_forms.passwords_of(scenario), {"log": written, "JSON lines": done.stdout, "text": done.stderr})), [])
            for pattern in (rb"TlRMTVNT", rb"NTLMSSP", rb"MII[A-Za-z0-9+/]{16}", rb"-----BEGIN"):
                self.assertIsNone(re.search(pattern, written + done.stdout), pattern)
        self.assertIn(b" debug ", written)

    def test_a_log_that_cannot_be_written_is_told_at_once(self):
        link = os.path.join(self.folder, "link")
        os.symlink(self.log, link)
        fifo = os.path.join(self.folder, "fifo")
        os.mkfifo(fifo)
        for path in ("/nowhere/run.log", self.folder, "/dev/null", fifo, link):
            done = run("--log", path)
            self.assertEqual((done.returncode, done.stdout), (74, ""), path)
            self.assertRegex(done.stderr, rf"^ucsignin: --log {path}: .+\n$")

    def test_a_disk_that_fills_ends_no_sign_in(self):
        def small_disk():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        done = run("--log", self.log, "--log-level", "debug", preexec_fn=small_disk)
        self.assertIn("Signed in as", done.stdout)
        self.assertIn("the log is incomplete", done.stderr)
        self.assertEqual(done.returncode, 0)

    def test_an_event_is_told_before_the_next_step_ends(self):
        # TLS is answered only once the event of TCP has been read: had it been kept back, the handshake would have failed.
        name = "sip.contoso.example"
        with a_lab() as (_, told):
            server = next(one.split()[-1] for one in told["record"] if one.startswith(name + ". ") and " A " in one) + ":443"
            at = next(one.removeprefix(server + ":") for one in told["connect-to"] if one.startswith(server + ":"))
            gate = Gate(*split_port(at))
            self.addCleanup(gate.listener.close)
            with subprocess.Popen([*towards(told, f"{server}:127.0.0.1:{gate.port}"), "--server", name, "--timeout", "60", "--progress", "jsonl"],
                                  stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as running:
                events = []
                for line in running.stdout:
                    events.append(json.loads(line))
                    if events[-1].get("node") == "connection.tcp":
                        gate.opened.set()
        gate.opened.set()  # whoever still waits may go
        outcomes = {e["node"]: e["outcome"] for e in events if e["type"] == "span"}
        self.assertEqual((outcomes["connection.tcp"], outcomes["connection.tls"]), ("ok", "ok"))

    def test_the_lab_has_a_log_too(self):
        with a_lab("--log", self.log) as (lab, told):
            subprocess.run(towards(told), timeout=120, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(lab.returncode, 0)
        lines = read(self.log).splitlines()
        self.assertGreater(len(lines), 3)
        for line in lines:
            self.assertRegex(line, LINE)


if __name__ == "__main__":
    unittest.main()
