#!/usr/bin/env python3
"""Completions in the shells themselves, and the manual under mandoc's eyes: usage: shells_test.py UCSIGNIN
What isn't installed is skipped, and told."""
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = sys.argv.pop()
PATIENCE_S = 60


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


def printed(*words):
    return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, check=True).stdout


class Shells(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = {"HOME": folder.name, "TERM": "dumb", "LC_ALL": "C.UTF-8", "PATH": os.path.dirname(PROGRAM) + ":/usr/bin:/bin"}
        with open(os.path.join(folder.name, "a report.json"), "w"):
            pass

    def script(self, shell):
        path = os.path.join(self.folder, "_ucsignin")
        with open(path, "w") as f:
            f.write(printed("completions", shell))
        return path

    def out_of(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL)
        self.assertEqual(done.stderr, "")
        return done.stdout.splitlines()

    def same_everywhere(self, completed):
        """`completed`: from words of which the last is not finished to what it may become."""
        self.assertEqual(completed("ucsignin", "expl"), ["explain"])
        self.assertEqual(completed("ucsignin", "diagnose", "--auth", "t"), ["tls-dsk"])
        self.assertEqual(completed("ucsignin", "diagnose", "a@b.example", "--proxy-p"), ["--proxy-password-file"])
        self.assertEqual(completed("ucsignin", "completions", "po"), ["powershell"])
        self.assertEqual(completed("ucsignin", "man", "expl"), ["explain"])
        self.assertEqual(completed("ucsignin", "explain", "tls-expir"), ["tls-expired"])

    @needs("bash")
    def test_bash(self):
        script = self.script("bash")

        def completed(*words):
            line = " ".join(f"'{word}'" for word in words)
            return self.out_of("bash", "--norc", "-c", f"source {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _ucsignin; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        self.same_everywhere(completed)
        self.assertEqual(completed("ucsignin", "render", "a"), ["a report.json"])
        self.assertEqual(completed("ucsignin", "diagnose", "--json", "a"), ["a report.json"])
        self.assertEqual(completed("ucsignin", "diagnose", "a"), [""])
        self.assertIn("--version", completed("ucsignin", ""))

    @needs("fish")
    def test_fish(self):
        script = self.script("fish")

        def completed(*words):
            return [line.split("\t")[0] for line in self.out_of("fish", "--no-config", "-c", f"source {script}; complete -C '{' '.join(words)}'")]
        self.same_everywhere(completed)
        self.assertEqual(completed("ucsignin", "diagnose", "--json", "a"), ["a report.json"])

    @needs("zsh")
    def test_zsh(self):
        path = self.script("zsh")
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], self.environment)
        self.addCleanup(os.waitpid, pid, 0)
        self.addCleanup(os.close, fd)
        seen = ""

        def until(pattern):
            nonlocal seen
            end = time.monotonic() + PATIENCE_S
            while not (found := re.search(pattern, seen)):
                self.assertLess(time.monotonic(), end, seen)
                seen += os.read(fd, 65536).decode(errors="replace")
            seen = seen[found.end():]
            return found

        # What is typed comes back in what the line editor shows; a widget tells what the line has become.
        os.write(fd, f"PS1=; fpath=({self.folder} $fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''\n"
                     "told() { zle -I; print -r -- \"<<$BUFFER>>\"; zle kill-buffer }; zle -N told; bindkey '^T' told; bindkey '^I' complete-word\n"
                     "echo rea''dy\n".encode())
        until("\nready")

        def completed(*words):
            os.write(fd, (" ".join(words) + "\t\x14").encode())
            return [until("<<(.*)>>")[1].split()[-1].rstrip("=")]
        self.same_everywhere(completed)
        os.write(fd, b"exit\n")

    @needs("mandoc")
    def test_every_page_of_the_manual_is_without_reproach(self):
        commands = re.findall(r"^\.It Xr ucsignin-(\w+) 1$", printed("man"), re.M)
        self.assertIn("diagnose", commands)
        for page in ["ucsignin", *commands]:
            text = printed("man", page)
            path = os.path.join(self.folder, page + ".1")
            with open(path, "w") as f:
                f.write(text)
            done = subprocess.run(["mandoc", "-Tlint", "-Wstyle", path], capture_output=True, text=True, timeout=60)
            said = [line for line in done.stdout.splitlines() if "referenced manual not found: Xr ucsignin" not in line]   # they aren't installed here
            self.assertEqual(said, [], page)
            for option in re.findall(r"^  (?:-\w,)?(--[\w-]+)", printed(page, "--help") if page != "ucsignin" else printed("--help"), re.M):
                self.assertIn(" Fl " + option[1:], text, page)

    def test_the_manual_has_no_other_page(self):
        done = subprocess.run([PROGRAM, "man", "nothing"], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (64, ""))


if __name__ == "__main__":
    unittest.main()
