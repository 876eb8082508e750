#!/usr/bin/env python3
"""The live view on a terminal: usage: live_view_test.py UCSIGNIN"""
import fcntl
import json
import os
import pty
import re
import signal
import struct
import sys
import tempfile
import termios
import time
import unittest

PROGRAM = sys.argv.pop()
PATIENCE_S = 60
STALLED = {"format": "ucsignin-scenario/1", "name": "stalled", "tls": [{"at": "edge", "do": "stall"}]}
WAITS = re.compile(rb"3 connection +(\d+) s +waits for TLS handshake \(")
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")


class Screen:
    """A terminal of so many rows that knows what the program sends: text, line ends, up, wipe, colours."""
    def __init__(self):
        self.lines, self.row, self.column = [""], 0, 0

    def feed(self, data):
        for token in re.findall(rb"\x1b\[[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+|\x1b", data):
            if token == b"\r":
                self.column = 0
            elif token == b"\n":
                self.row += 1
                if self.row == len(self.lines):
                    self.lines.append("")
            elif token.startswith(b"\x1b["):
                if token.endswith(b"A"):
                    self.row -= int(token[2:-1] or 1)
                elif token == b"\x1b[J":
                    self.lines[self.row] = self.lines[self.row][:self.column]
                    del self.lines[self.row + 1:]
                elif not token.endswith(b"m"):
                    raise AssertionError(f"{token!r} is none of what it may send")
            else:
                text = token.decode()
                line = self.lines[self.row].ljust(self.column)
                self.lines[self.row] = line[:self.column] + text + line[self.column + len(text):]
                self.column += len(text)


class Run:
    def __init__(self, *options, columns=100, rows=30, timeout="50", **environment):
        self.folder = tempfile.TemporaryDirectory()
        scenario = os.path.join(self.folder.name, "stalled.json")
        with open(scenario, "w") as f:
            json.dump(STALLED, f)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(PROGRAM, [PROGRAM, "diagnose", "alice@contoso.example", "--lab", "--scenario", scenario, "--timeout", timeout, *options],
                      {"TERM": "xterm", "HOME": self.folder.name, "PATH": os.environ["PATH"], **environment})
        self.seen, self.status = b"", None

    def more(self):
        try:
            data = os.read(self.fd, 65536)   # waits for what comes next
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def until(self, pattern):
        end = time.monotonic() + PATIENCE_S
        while not (found := re.search(pattern, self.seen)):
            assert time.monotonic() < end and self.more(), f"no {pattern!r} in {self.seen[-2000:]!r}"
        return found

    def shows(self, *lines):
        """Waits until the screen has lines that begin so; all that it shows then."""
        end = time.monotonic() + PATIENCE_S
        while True:
            now = self.screen().lines
            if all(any(re.match(line, shown) for shown in now) for line in lines):
                return now
            assert time.monotonic() < end and self.more(), f"{lines} are not all on {now}"

    def interrupt(self):
        os.kill(self.pid, signal.SIGINT)

    def to_the_end(self):
        while self.more():
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        self.folder.cleanup()

    def screen(self):
        screen = Screen()
        screen.feed(re.sub(rb"\x1b\[?[0-9;]*$", b"", self.seen))   # what is half there
        return screen


class LiveView(unittest.TestCase):
    def test_a_stage_says_what_it_waits_for_and_how_long_and_in_place(self):
        run = Run()
        # Which of the stages that run side by side is ready first is not told.
        now = run.shows("  2 discovery     ok       ", r"  3 connection +[1-9] s +waits for TLS handshake \(", r"  5 provisioning +-")
        view = now[-5:]
        self.assertEqual([line[:17].strip() for line in view], ["1 devices", "2 discovery", "3 connection", "4 registration", "5 provisioning"])
        self.assertEqual(sum("waits for TLS handshake" in line for line in now), 1, "redrawn in place")
        self.assertTrue(any(line.startswith("[3 connection]") for line in now[:-5]), "history above it")
        self.assertTrue(all(len(line) < 100 for line in view))
        run.interrupt()
        run.to_the_end()
        after = run.screen()
        self.assertEqual(run.status, 130)
        self.assertFalse(any("waits for" in line for line in after.lines), "nothing of it is left")
        self.assertEqual((after.lines[-1], after.column), ("", 0))

    def test_the_third_interrupt_leaves_the_terminal_as_it_was(self):
        run = Run()
        run.until(WAITS)
        for _ in range(3):
            run.interrupt()
        run.to_the_end()
        after = run.screen()
        self.assertFalse(any("waits for" in line for line in after.lines))
        self.assertEqual(after.column, 0)

    def test_few_rows_and_columns_get_a_line_that_fits(self):
        run = Run(columns=44, rows=6)
        now = run.shows(r"  [1-5] .*waits for T")
        self.assertEqual(len([line for line in now if re.match(r"  [1-5] ", line)]), 1)
        self.assertLess(len(now[-1]), 44)
        run.interrupt()
        run.to_the_end()

    def test_without_colours_there_are_none_and_without_redrawing_neither(self):
        for options, environment, redrawn in (([], {"NO_COLOR": "1"}, True), (["--no-color"], {}, True), ([], {"TERM": "dumb"}, False),
                                              (["--progress", "lines", "--no-color"], {}, False)):
            run = Run(*options, **environment)
            run.until(WAITS if redrawn else rb"TCP connection")
            run.interrupt()
            run.to_the_end()
            self.assertIsNone(COLOUR.search(run.seen))
            self.assertEqual(b"\x1b" in run.seen, redrawn, (options, environment))

    def test_quiet_is_quiet(self):
        run = Run("-q", timeout="1")
        run.to_the_end()
        self.assertEqual(run.seen, b"")


if __name__ == "__main__":
    unittest.main()
