#!/usr/bin/env python3
"""Flags over environment over file, --version --json and the catalogue as JSON: usage: settings_test.py UCSIGNIN"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop()


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.home = folder.name
        self.usual = os.path.join(self.home, ".config", "ucsignin", "config.toml")
        os.makedirs(os.path.dirname(self.usual))

    def write(self, text, path=None):
        with open(path or self.usual, "w") as f:
            f.write(text)

    def run_it(self, *words, **environment):
        return subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                              env={"HOME": self.home, "PATH": os.environ["PATH"], **environment})

    def timeout(self, *options, **environment):
        done = self.run_it("diagnose", "alice@contoso.example", "--lab", "--json", "-", "-q", "--until", "devices", *options, **environment)
        self.assertIn(done.returncode, (0, 10), done.stderr)
        return json.loads(done.stdout)["run"]["options"]["timeout"]

    def test_what_was_typed_then_the_environment_then_the_file(self):
        self.assertEqual(self.timeout(), "30")
        self.write("[diagnose]\ntimeout = 11\n")
        self.assertEqual(self.timeout(), "11")
        self.assertEqual(self.timeout(UCSIGNIN_TIMEOUT="12"), "12")
        self.assertEqual(self.timeout("--timeout", "13", UCSIGNIN_TIMEOUT="12"), "13")

    def test_which_file_it_is(self):
        self.write("[diagnose]\ntimeout = 11\n")
        named = os.path.join(self.home, "named.toml")
        self.write("[diagnose]\ntimeout = 14\n", named)
        self.assertEqual(self.timeout("--config", named), "14")
        self.assertEqual(self.timeout(UCSIGNIN_CONFIG=named), "14")
        self.assertEqual(self.timeout("--config", "/dev/null"), "30")
        self.assertEqual(self.timeout(XDG_CONFIG_HOME=os.path.join(self.home, "elsewhere")), "30")

    def test_one_clear_error(self):
        self.write("[diagnose]\n\ntimeout = soon\n")
        for words, code, said in ((["diagnose", "a@b.example"], 65, f"ucsignin: {self.usual}, line 3: timeout: "),
                                  (["diagnose", "a@b.example", "--config", "/nowhere"], 65, "ucsignin: the configuration file /nowhere: "),
                                  (["diagnose", "a@b.example", "--config", "/"], 65, "ucsignin: the configuration file /")):
            done = self.run_it(*words)
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertTrue(done.stderr.startswith(said), done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1)
        done = self.run_it("diagnose", "a@b.example", UCSIGNIN_AUTH="none")
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertTrue(done.stderr.startswith("ucsignin: UCSIGNIN_AUTH: "), done.stderr)
        self.assertEqual(self.run_it("explain", "tls-expired").returncode, 0, "a command without settings doesn't read it")

    def test_no_password_is_taken(self):
        self.write("[lab]\n[diagnose]\npassword = Correct-horse-7\n")
        for environment in ({}, {"UCSIGNIN_PASSWORD": "Correct-horse-7", "XDG_CONFIG_HOME": "/nowhere"}):
            done = self.run_it("diagnose", "a@b.example", **environment)
            self.assertIn(done.returncode, (64, 65))
            self.assertIn("use password-file", done.stderr)
            self.assertNotIn("horse", done.stderr)

    def test_the_version_as_json(self):
        told = json.loads(self.run_it("--version", "--json").stdout)
        self.assertEqual(self.run_it("--version").stdout, f"ucsignin {told['version']}\n")
        for key in ("commit", "compiler", "platform"):
            self.assertTrue(told[key], key)
        for library, version in told["libraries"].items():
            self.assertRegex(version, r"^\d+\.\d+", library)
        self.assertIsInstance(told["features"]["pac_scripts"], bool)

    def test_the_catalogue_as_json(self):
        one = json.loads(self.run_it("explain", "tls-expired", "--format", "json").stdout)
        self.assertEqual((one["id"], one["severity"]), ("tls-expired", "failure"))
        every = json.loads(self.run_it("explain", "--list", "--format", "json").stdout)
        self.assertIn(one, every)
        listed = [line.split()[0] for line in self.run_it("explain", "--list").stdout.splitlines()]
        self.assertEqual(listed, [entry["id"] for entry in every])
        self.assertTrue(all(other in listed for entry in every for other in entry["look_alike_ids"]))


if __name__ == "__main__":
    unittest.main()
