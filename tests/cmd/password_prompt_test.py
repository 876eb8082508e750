#!/usr/bin/env python3
"""The password prompt on a terminal: nothing is shown while it is typed, and whatever ends it, the terminal shows again what
is typed. Usage: password_prompt_test.py PROMPT UCSIGNIN"""
import os
import pty
import signal
import sys
import termios
import time
import unittest

UCSIGNIN, PROMPT = sys.argv.pop(), sys.argv.pop()
PATIENCE_S = 20
DIAGNOSE = [UCSIGNIN, "diagnose", "alice@contoso.example", "--timeout", "3"]


class Terminal:
    def __init__(self, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(command[0], command)
        self.seen = b""
        self.status = None

    def shows_typing(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def until(self, holds, what):
        end = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain until {what}; the terminal shows {self.seen!r}")
            self._read()
            time.sleep(0.01)

    def _read(self):
        os.set_blocking(self.fd, False)
        try:
            self.seen += os.read(self.fd, 65536)
        except (BlockingIOError, OSError):
            pass

    def asked(self):
        self.until(lambda: b"Password for" in self.seen and not self.shows_typing(), "it asks and hides what is typed")

    def has_ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is not None

    def is_stopped(self):
        with open(f"/proc/{self.pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "T"

    def close(self):
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class ThePrompt(unittest.TestCase):
    def start(self, *command):
        terminal = Terminal(*command)
        self.addCleanup(terminal.close)
        terminal.asked()
        return terminal

    def test_a_password_is_read_and_not_shown(self):
        t = self.start(PROMPT)
        os.write(t.fd, b"s3cret\n")
        t.until(t.has_ended, "it ends")
        t._read()
        self.assertEqual(t.status, 0)
        self.assertIn(b"got s3cret", t.seen)
        self.assertEqual(t.seen.count(b"s3cret"), 1)
        self.assertNotIn(b"\x1b", t.seen)
        self.assertTrue(t.shows_typing())

    def test_whatever_ends_it_the_terminal_shows_typing_again(self):
        for program in ([PROMPT], DIAGNOSE):
            for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                t = self.start(*program)
                os.kill(t.pid, which)
                t.until(t.has_ended, "it ends")
                self.assertEqual(t.status, 130)
                self.assertTrue(t.shows_typing())

    def test_ctrl_c_is_such_a_signal(self):
        t = self.start(PROMPT)
        os.write(t.fd, b"half\x03")
        t.until(t.has_ended, "it ends")
        self.assertEqual(t.status, 130)
        self.assertTrue(t.shows_typing())

    def test_the_terminal_shows_typing_while_it_is_stopped_and_hides_it_when_it_goes_on(self):
        for program in ([PROMPT], DIAGNOSE):
            with self.subTest(program[0]):
                t = self.start(*program)
                os.kill(t.pid, signal.SIGTSTP)
                t.until(t.is_stopped, "it stops")
                self.assertTrue(t.shows_typing())
                os.kill(t.pid, signal.SIGCONT)
                t.until(lambda: not t.shows_typing(), "it hides again what is typed")
                os.write(t.fd, b"s3cret\n")
                t.until(lambda: t.shows_typing() or t.has_ended(), "it has read a line")
                t.until(t.has_ended, "it ends")
                self.assertNotIn(b"s3cret", t.seen.replace(b"got s3cret", b""))
                self.assertTrue(t.shows_typing())


if __name__ == "__main__":
    unittest.main()
