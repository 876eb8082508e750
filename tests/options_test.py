#!/usr/bin/env python3
"""What the command line makes of its options: usage: options_test.py UCSIGNIN"""
import json
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop()
ADDRESS = "alice@contoso.example"


def diagnose(*options):
    return subprocess.run([PROGRAM, "diagnose", ADDRESS, *options], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def report_of(scenario, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"format": "ucsignin-scenario/1", "name": "options", **scenario}, file)
        file.flush()
        return json.loads(diagnose("--lab", "--scenario", file.name, "--json", "-", "-q", "--until", "devices", *options).stdout)


class Options(unittest.TestCase):
    def test_what_is_typed_stands_over_what_a_scenario_asks_for(self):
        scenario = {"client": {"options": ["--timeout", "9", "--vantage", "inside", "--trust-domain", "a.example"]}}
        given = report_of(scenario, "--timeout", "20", "--trust-domain", "b.example", "--no-publish")["run"]["options"]
        self.assertEqual(given["timeout"], "20")
        self.assertEqual(given["vantage"], "inside")
        self.assertEqual(given["trust-domain"], "b.example")
        self.assertEqual(given["no-publish"], "true")
        self.assertEqual(given["scenario-options"], "--timeout 9 --vantage inside --trust-domain a.example")

    def test_a_scenario_alone_has_its_way(self):
        self.assertEqual(report_of({"client": {"options": ["--timeout", "9"]}})["run"]["options"]["timeout"], "9")

    def test_the_usual_timeout_when_typed_wins_as_well(self):
        self.assertEqual(report_of({"client": {"options": ["--timeout", "9"]}}, "--timeout", "30")["run"]["options"]["timeout"], "30")

    def test_messages_are_kept_as_far_as_wanted(self):
        def kept(*options):
            done = diagnose("--lab", "--json", "-", "-q", "--until", "discovery", *options)
            return json.loads(done.stdout)
        usual, summary, none, bodies = kept(), kept("--messages", "summary"), kept("--messages", "none"), kept("--bodies")
        self.assertNotIn("messages", usual["run"]["options"])
        self.assertTrue(any(m["headers"] for m in usual["messages"]))
        self.assertFalse(any("text" in (m["body"] or {}) for m in usual["messages"]))
        self.assertEqual(summary["run"]["options"]["messages"], "summary")
        self.assertTrue(summary["messages"])
        self.assertFalse(any(m["headers"] for m in summary["messages"]))
        self.assertEqual((none["messages"], none["messages_left_out"]), ([], 0))
        self.assertEqual(none["run"]["options"]["messages"], "none")
        self.assertEqual(bodies["run"]["options"]["bodies"], "true")
        self.assertTrue(any("AutodiscoverResponse" in (m["body"] or {}).get("text", "") for m in bodies["messages"]))

    def test_bodies_come_with_headers(self):
        for level in ("none", "summary"):
            done = diagnose("--lab", "--bodies", "--messages", level)
            self.assertEqual((done.returncode, done.stdout), (64, ""))
            self.assertIn("leave out --messages", done.stderr)
        self.assertEqual(diagnose("--lab", "--messages", "all").returncode, 64)

    def test_control_characters_are_refused_with_the_options_name(self):
        for option in ("--user-agent", "--login"):
            done = diagnose(option, "a\r\nEvil: header")
            self.assertEqual(done.returncode, 64)
            self.assertIn(option, done.stderr)
            self.assertNotIn("\r", done.stderr)

    def test_a_slip_of_the_finger_is_met_with_what_may_have_been_meant(self):
        for words, meant in ((["diagnos"], "diagnose"), (["diagnose", ADDRESS, "--tls-sacn"], "--tls-scan"), (["explain", "tls-expird"], "tls-expired"), (["rendr", "x"], "render")):
            done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 64)
            self.assertIn(f"Did you mean {meant}?", done.stderr)
            self.assertEqual(done.stdout, "")

    def test_without_a_word_it_says_what_it_is_for(self):
        done = subprocess.run([PROGRAM], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertIn("Examples:\n  ucsignin diagnose", done.stderr)

    def test_a_server_may_be_an_ipv6_address(self):
        self.assertEqual(report_of({}, "--server", "[2001:db8::1]:443")["run"]["options"]["server"], "[2001:db8::1]:443")


if __name__ == "__main__":
    unittest.main()
