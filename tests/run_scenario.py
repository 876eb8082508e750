#!/usr/bin/env python3
"""Runs one scenario through the program, as a user would, and compares the JSON report with what the scenario expects.

usage: run_scenario.py UCSIGNIN SCHEMA SCENARIO REPORT
The report is also validated against its JSON Schema by an implementation that is not ours (a fast one: it runs hundreds of
times). That its nodes and branches are the chart's is shown for all reports at once, by chart_coverage.py. What the lab recorded is left
beside it, as REPORT with the ending .record. Whatever the scenario: no password of it stands in report, record or print.
"""
import json
import os
import subprocess
import sys

import fastjsonschema

import expected_credentials
import secret_forms


def address_of(scenario):
    typed = scenario.get("client", {}).get("address")
    return typed or scenario.get("user", {}).get("address") or "alice@contoso.example"


def run(program, scenario, path, report_path, record_path):
    command = [program, "diagnose", address_of(scenario), "--lab", "--scenario", path, "--json", report_path, "--lab-record", record_path]
    for old in (report_path, record_path):   # of an earlier run
        if os.path.exists(old):
            os.remove(old)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    if "Sanitizer" in done.stderr or "runtime error" in done.stderr:
        sys.exit(done.stderr)
    return done


def check_trace(report, nodes):
    """Every entry names a node of the chart and, unless it did not run, one of that node's branches."""
    for span in report["trace"]:
        node = nodes.get(span["node"])
        if node is None:
            yield f"the trace names {span['node']}, which is no node of the chart"
        elif span["outcome"] != "not_run" and span["branch"] not in node:
            yield f"{span['node']} has no branch {span['branch']!r}"


def values(span, names):
    """What stands on the span under a name; under several, blanks between them, what each group says under all of them."""
    groups = {}
    for place, fact in enumerate(span["evidence"]):
        groups.setdefault(fact.get("group", -place - 1), []).append(fact)
    for facts in groups.values():
        if len(names.split()) > 1:
            facts = [next((fact for fact in facts if fact["name"] == name), None) for name in names.split()]
            if None not in facts:
                yield " ".join(shown(fact["value"]) for fact in facts)
        else:
            yield from (shown(fact["value"]) for fact in facts if fact["name"] == names)


def shown(value):
    return value if isinstance(value, str) else json.dumps(value)


def matches(span, wanted):
    if span["node"] != wanted["node"]:
        return False
    if any(wanted.get(key) and span.get(key) != wanted[key] for key in ("branch", "subject")):
        return False
    if not wanted.get("name"):
        return True
    for value in values(span, wanted["name"]):
        if "equals" in wanted and value != str(wanted["equals"]):
            continue
        if "contains" in wanted and wanted["contains"] not in value:
            continue
        return True
    return False


def latest_branch(report, node):
    return next((s["branch"] for s in reversed(report["trace"]) if s["node"] == node), None)


def password_uses(report):
    return max((fact["value"] for span in report["trace"] for fact in span["evidence"] if fact["name"] == "ucsignin.password.uses"), default=0)


def check_secrets(scenario, report_path, record_path, done):
    places = {"standard output": done.stdout.encode(), "standard error": done.stderr.encode()}
    for name, path in (("report", report_path), ("lab's record", record_path)):
        with open(path, "rb") as f:
            places[name] = f.read()
    return secret_forms.leaks(secret_forms.passwords_of(scenario), places)


def check(report, expect, exit_code):
    result = report["result"]
    causes = [c["id"] for c in result["root_causes"]]
    found = {f["id"] for f in report["findings"]}
    for key in ("signed_in", "stopped_at"):
        if key in expect and result[key] != expect[key]:
            yield f"{key} is {result[key]!r}, expected {expect[key]!r}"
    if "exit_code" in expect and exit_code != expect["exit_code"]:
        yield f"exit code is {exit_code}, expected {expect['exit_code']}"
    if result["exit_code"] != exit_code:
        yield f"the report says exit code {result['exit_code']}, the program ended with {exit_code}"
    if "root_causes" in expect and causes != expect["root_causes"]:
        yield f"root causes are {causes}, expected {expect['root_causes']}"
    if expect.get("signed_in") and "root_causes" not in expect and causes:
        yield f"root causes are {causes} though all is well"
    for wanted in expect.get("findings", []):
        if wanted not in found:
            yield f"finding {wanted} is missing; there are {sorted(found)}"
    for unwanted in expect.get("not_findings", []):
        if unwanted in found:
            yield f"finding {unwanted} should not be there"
    for node, branch in expect.get("branches", {}).items():
        if latest_branch(report, node) != branch:
            yield f"{node} took branch {latest_branch(report, node)!r}, expected {branch!r}"
    for wanted in expect.get("evidence", []):
        if not any(matches(span, wanted) for span in report["trace"]):
            yield f"no evidence like {wanted}"
    if "password_uses" in expect and password_uses(report) != expect["password_uses"]:
        yield f"the password was used {password_uses(report)} times, expected {expect['password_uses']}"


def main():
    program, schema_path, scenario_path, report_path = sys.argv[1:]
    with open(scenario_path) as f:
        scenario = json.load(f)
    if not scenario.get("expect"):
        sys.exit("the scenario expects nothing: it can't fail")
    record_path = os.path.splitext(report_path)[0] + ".record"
    done = run(program, scenario, scenario_path, report_path, record_path)
    try:
        with open(report_path) as f:
            report = json.load(f)
        with open(record_path) as f:
            record = json.load(f)
    except (OSError, ValueError) as e:
        sys.exit(f"no report ({e}); exit code {done.returncode}\n{done.stdout}\n{done.stderr}")
    with open(schema_path) as f:
        fastjsonschema.compile(json.load(f))(report)
    expect = scenario["expect"]
    problems = [*check(report, expect, done.returncode), *check_secrets(scenario, report_path, record_path, done),
                *expected_credentials.differences(expect.get("credentials", {}), record["credentials"])]
    if problems:
        print(done.stdout)
        print(done.stderr)
        sys.exit("\n".join(["NOT AS EXPECTED:", *problems]))
    print(f"{len(report['trace'])} spans, as expected")


if __name__ == "__main__":
    main()
