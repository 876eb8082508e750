"""What strangers write, on its way to a terminal; and terminals and pipes that take nothing."""
import fcntl
import json
import os
import pty
import re
import signal
import socket
import struct
import termios
import threading
import time

from harness import NOT_SIGNED_IN, collector
from servers import http_answer

CASES, case = collector("terminal")
HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "report.json")
# Sets a title, clears the screen (C0 and C1), rings, turns the text around, hides it, breaks the line, tags it.
STEERS = "a\x1b]0;owned\x07\x1b[2J\u009b2J\u202eb\u2066\u200b\u2028\u0085\U000e0041\ufeff\r\u061cz"
SHOWN = "a\\x1b]0;owned\\x07\\x1b[2J\\u{9b}2J\\u{202e}b"
COMMAND = {"report": False, "total": 8.0}


def example():
    with open(EXAMPLE) as f:
        return json.load(f)


def everywhere(value, text, keys=()):
    """The document with `text` in place of each string, but for those that are words of the format."""
    if isinstance(value, dict):
        return {k: v if k in keys and not isinstance(v, (dict, list)) else everywhere(v, text, keys) for k, v in value.items()}
    if isinstance(value, list):
        return [everywhere(v, text, keys) for v in value]
    return text if isinstance(value, str) else value


WORDS = ("format", "mode", "node", "outcome", "reason", "verdict", "kind", "provenance", "severity", "certainty", "until", "stopped_at")


def hostile_report():
    usual = example()
    report = everywhere(usual, STEERS, WORDS)
    for message, sound in zip(report["messages"], usual["messages"]):   # words of our own list: others are refused
        message["direction"] = sound["direction"]
    return report


def output(world, name):
    path = os.path.join(world.folder, name)
    if not os.path.exists(path):
        return ""
    with open(path, "rb") as f:
        return f.read().decode(errors="replace")


def without_details(world):
    """`-v` tells everything at the end, too, which hides what was told meanwhile."""
    usual = world.command_line
    world.command_line = lambda report: [word for word in usual(report) if word != "-v"]


def report_to(world, place):
    usual = world.command_line
    world.command_line = lambda report: usual(place)


def says(world, name, text):
    world.must(lambda: text in output(world, name), f"{text!r} on {name}")


@case("a-command", "A command that is none is repeated visibly.", codes=(64,), **COMMAND)
def _(world):
    world.command = [STEERS]
    says(world, "stderr", f"there is no command '{SHOWN}")


@case("an-option", "So is an option, by the library that reads the command line.", codes=(64,), **COMMAND)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--" + STEERS]
    says(world, "stderr", "--" + SHOWN)


@case("an-option-of-few-words", "So is a value that is none of those it may be.", codes=(64,), **COMMAND)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--auth", STEERS]
    says(world, "stderr", SHOWN)


@case("an-address", "So is a sign-in address that is none, though it be no UTF-8.", codes=(64,), **COMMAND)
def _(world):
    world.command = ["diagnose", b"\x9b2J\xff\xc0\xaf"]
    says(world, "stderr", "'\\x9b2J\\xff\\xc0\\xaf' is not a sign-in address")


@case("an-id", "So is the id of a finding that there isn't.", codes=(64,), **COMMAND)
def _(world):
    world.command = ["explain", STEERS + "\nucsignin: all is well"]
    says(world, "stderr", "\\x0aucsignin: all is well'.")


@case("a-file-name", "So is the name of a file that isn't there.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["render", STEERS]
    says(world, "stderr", f"ucsignin: {SHOWN}")


@case("a-word-in-a-report", "So is a word that a report may not have.", codes=(65,), **COMMAND)
def _(world):
    report = example()
    report["trace"][0]["outcome"] = STEERS
    world.command = ["mask", world.file("report.json.in", json.dumps(report))]
    says(world, "stderr", f"'{SHOWN}")


@case("a-key-of-a-scenario", "So is a key that a scenario may not have.", codes=(65,), **COMMAND)
def _(world):
    scenario = {"format": "ucsignin-scenario/1", "name": "x", STEERS: 1}
    world.command = ["diagnose", "alice@contoso.example", "--lab", "--scenario", world.file("scenario.json", json.dumps(scenario))]
    says(world, "stderr", SHOWN)


@case("a-report-shown", "A report full of them is shown in full, each written out.", codes=(40,), **COMMAND)
def _(world):
    world.command = ["render", "-v", world.file("report.json.in", json.dumps(hostile_report()))]
    world.must(lambda: output(world, "stdout").count(SHOWN) > 100, "more than a hundred written out")
    world.must(lambda: not re.search(r"(?m)^.?z", output(world, "stdout")), "no line broken by it")


@case("a-report-masked", "What is masked is JSON that has them as escapes, or not at all.", codes=(0,), **COMMAND)
def _(world):
    report = hostile_report()
    report["run"]["options"] = {STEERS: "x"}
    world.command = ["mask", world.file("report.json.in", json.dumps(report))]
    world.must(lambda: STEERS in json.loads(output(world, "stdout"))["run"]["options"], "the same text to whoever reads the JSON")


@case("what-the-registrar-says", "A registrar's words are shown and reported, and steer nothing.", codes=(40,))
def _(world):
    world.lab({"sip": [{"method": "REGISTER", "step": "first", "status": 403, "reason": "No " + STEERS.replace("\r", ""),
                        "headers": {"ms-diagnostics": '1;reason="' + STEERS.replace("\r", "") + '";source="fe01"', "Server": STEERS.replace("\r", "")}}]})
    says(world, "stdout", "\\u{202e}b\\u{2066}\\u{200b}")


@case("what-autodiscover-says", "So are the words of a web server.")
def _(world):
    world.lab()
    said = STEERS.replace("\r", "")
    web = world.http(lambda connection, *request: connection.send(http_answer(said, "404 Not \u009b2J\u202eFound", Server=said)))
    world.stand_in("192.0.2.20:80", web)
    world.must(lambda: web.met, "the web server was met")


@case("the-log-of-the-lab", "The lab's log shows what clients send, and it steers nothing.", codes=(0,), **COMMAND)
def _(world):
    world.command = ["lab"]
    sent = []

    def visit():
        while "ready" not in output(world, "stdout"):
            time.sleep(0.01)
        at = re.search(r"connect-to: [^:\n]+:80:([^:\n]+):(\d+)", output(world, "stdout"))
        with socket.create_connection((at[1], int(at[2])), 5) as s:
            s.sendall(b"GET /" + STEERS.replace("\r", "").encode() + b"\xff HTTP/1.1\r\nHost: " + STEERS.replace("\r", "").encode() + b"\r\n\r\n")
            s.settimeout(3)
            try:
                s.recv(4096)
            except OSError:
                pass
        sent.append(True)

    threading.Thread(target=visit, daemon=True).start()
    world.signals = [(lambda: bool(sent), signal.SIGTERM)]
    world.must(lambda: sent, "it was sent")
    world.must(lambda: output(world, "stderr"), "there is a log")


# -- streams that take nothing --

def stdout_is(make):
    """For the child: its standard output is what `make` opens."""
    def arrange():
        os.dup2(make(), 1)
    return arrange


def full_pipe():
    """A pipe that is full, and whose reader never reads; (both ends)."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writing, True)
    return reading, writing


@case("standard-output-is-full", "A report for people that nobody can store is 74.", codes=(74,))
def _(world):
    world.lab()
    world.before_start = stdout_is(lambda: os.open("/dev/full", os.O_WRONLY))
    world.must(lambda: not output(world, "stdout"), "nothing came to standard output")


@case("standard-output-is-closed", "So is a chart that there is no standard output for.", codes=(74,), **COMMAND)
def _(world):
    world.command = ["chart"]
    world.before_start = lambda: os.close(1)
    world.must(lambda: not output(world, "stdout"), "nothing came to standard output")


@case("standard-output-is-closed-in-a-run", "No socket takes the place of a standard output that is closed.", codes=(74,))
def _(world):
    world.lab()
    world.before_start = lambda: os.close(1)
    world.expect(lambda r: r["result"]["signed_in"], "signed in all the same")


@case("standard-error-is-closed", "What is wrong is told by the code, where there is no standard error.", codes=(64,), **COMMAND)
def _(world):
    world.command = ["diagnose", "nobody"]
    world.before_start = lambda: os.close(2)
    world.must(lambda: not output(world, "stderr"), "nothing came to standard error")


@case("a-pipe-that-nobody-reads", "It holds up neither the run nor the report, and is given up in time.", codes=(74,), total=3.0)
def _(world):
    world.lab()
    reading, writing = full_pipe()
    world.before_start = stdout_is(lambda: writing)
    world.expect(lambda r: r["result"]["signed_in"] and r["run"]["duration_ms"] < 2500, "the run took no longer for it")


@case("json-to-a-pipe-that-nobody-reads", "So is one that should take the JSON report.", codes=(74,), total=3.0, report=False)
def _(world):
    world.lab()
    reading, writing = full_pipe()
    report_to(world, "-")
    world.before_start = stdout_is(lambda: writing)
    world.must(lambda: "Signed in as" in output(world, "stderr"), "people were told")


@case("a-reader-that-wakes-up", "A reader that stood still for a while gets all of it.", codes=(0,), total=6.0)
def _(world):
    world.lab()
    reading, writing = full_pipe()
    world.before_start = stdout_is(lambda: writing)
    got = []

    def read_late():
        time.sleep(2.5)
        os.close(writing)
        while piece := os.read(reading, 65536):
            got.append(piece)
    threading.Thread(target=read_late, daemon=True).start()
    world.must(lambda: b"Signed in as" in b"".join(got), "the last line came, too")


@case("a-reader-that-is-gone", "A reader that is gone ends nothing but the output.", codes=(74,))
def _(world):
    world.lab()
    reading, writing = os.pipe()
    os.close(reading)
    world.before_start = stdout_is(lambda: writing)
    world.expect(lambda r: r["result"]["signed_in"], "signed in all the same")


def terminal(columns, rows=24):
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    return master, slave


@case("a-stopped-terminal", "Ctrl-S holds up nobody but the terminal's own text.", codes=(74,), total=3.0)
def _(world):
    world.lab()
    master, slave = terminal(80)
    termios.tcflow(slave, termios.TCOOFF)
    world.before_start = stdout_is(lambda: slave)
    world.expect(lambda r: r["result"]["signed_in"] and r["run"]["duration_ms"] < 2500, "the run took no longer for it")


@case("a-narrow-terminal", "Lines of progress end at the terminal's width, counted in columns.", codes=NOT_SIGNED_IN)
def _(world):
    wide = "\u5c71" * 60
    world.lab({"sip": [{"method": "REGISTER", "step": "first", "status": 403, "headers": {"ms-diagnostics": f'1;reason="{wide}";source="fe01"'}}]})
    master, slave = terminal(64)
    world.before_start = stdout_is(lambda: slave)
    world.environment = {"NO_COLOR": "1"}
    seen = []

    def read():
        try:
            while piece := os.read(master, 65536):
                seen.append(piece)
        except OSError:
            pass
    threading.Thread(target=read, daemon=True).start()
    without_details(world)

    def lines():
        text = b"".join(seen).decode().replace("\r\n", "\n")
        history = re.sub("[^\n]*\r\x1b\\[(?:[0-9]+A\x1b\\[)?J", "", text)   # without the live view
        return [line for line in history.split("\n") if line.startswith("[")]
    world.must(lambda: len(lines()) > 10, "progress was printed")
    world.must(lambda: all(sum(2 if c >= "\u2e80" else 1 for c in line) <= 64 for line in lines()), "no line of progress is wider")
    world.must(lambda: any(line.endswith("...") for line in lines()), "some were cut")


@case("a-log-of-a-ci-job", "Where no terminal ends a line, none is cut.", codes=(0,))
def _(world):
    world.lab()
    without_details(world)
    world.must(lambda: any(len(line) > 90 for line in output(world, "stdout").splitlines() if line.startswith("[")), "a line is longer than 90 columns")
    world.must(lambda: "..." not in output(world, "stdout"), "nothing is cut")
