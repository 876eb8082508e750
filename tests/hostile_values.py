#!/usr/bin/env python3
"""Values that a user or a server may hand to a library: none ends the program without a report.

usage: hostile_values.py UCSIGNIN SCHEMA
Long, empty, non-ASCII and hostile values are put into every place that the command line, a password file, SIP headers, HTTP
headers and documents have for one. Each run ends with a code of the contract; a run that began leaves a valid report.
"""
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import fastjsonschema

LONG = "x" * 5000
VALUES = {"empty": "", "long": LONG, "umlaut": "\u00e4\u00f6\u00fc\u20ac", "markup": "<a>&amp;</a>]]>\"'", "number": "99999999999999999999",
          "separators": " ;,=:@?#[]%s%00"}
AT_ONCE = 4   # most of them wait for what never comes
USAGE, ENDINGS = 64, (0, 10, 20, 30, 40, 50)
CHALLENGE = 'TLS-DSK realm="{realm}", targetname="{target}", version={version}, sts-uri="{sts}"'
USUAL = {"realm": "SIP Communications Service", "target": "fe01.contoso.example", "version": "4",
         "sts": "https://webext.contoso.example:443/CertProv/CertProvisioningService.svc"}
ROOT = "/Autodiscover/AutodiscoverService.svc/root"


def for_header(value):
    return value.replace("\r", " ").replace("\n", " ")


def xml(resource, inner):
    return {"status": 200, "headers": {"Content-Type": "application/vnd.microsoft.rtc.autodiscover+xml; v=1"},
            "body": f"<AutodiscoverResponse><{resource}>{inner}</{resource}></AutodiscoverResponse>"}


def escaped(value):
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def by_servers():
    """Scenarios in which a server says the value, by what it stands for."""
    for name, value in VALUES.items():
        header = for_header(value)
        for part in USUAL:
            challenge = CHALLENGE.format(**{**USUAL, part: header})
            yield f"challenge {part}, {name}", {"sip": [{"method": "REGISTER", "step": "first", "headers": {"WWW-Authenticate": challenge}}]}
        for place in ("Contact", "Expires", "ms-keep-alive", "presence-state", "Date", "Allow-Events", "ms-diagnostics", "Server"):
            yield f"200 to REGISTER, {place}, {name}", {"sip": [{"method": "REGISTER", "step": "signed", "headers": {place: header or " "}}]}
        yield f"redirect to {name}", {"sip": [{"method": "REGISTER", "step": "first", "status": 301, "contact": header or "<>"}]}
        yield f"redirect to the host {name}", {"sip": [{"method": "REGISTER", "step": "first", "status": 301, "contact": f"<sip:{header}:443>"}]}
        for place in ("Location", "X-MS-WebTicketURL", "WWW-Authenticate", "Date", "X-MS-diagnostics"):
            yield f"HTTP {place}, {name}", {"http": [{"at": "webext.contoso.example", "path": ROOT + "/user", "status": 302 if place == "Location" else 401, "headers": {place: header or " "}}]}
        yield f"link {name}", {"http": [{"at": "lyncdiscover.contoso.example", "path": "/", **xml("Root", f'<Link token="User" href="{escaped(value)}"/>')}]}
        server = f'<SipClientExternalAccess fqdn="{escaped(value)}" port="{escaped(value)}"/>'
        yield f"server {name}", {"http": [{"at": "webext.contoso.example", "path": ROOT + "/user", **xml("User", server)}]}
        yield f"metadata {name}", {"http": [{"at": "webext.contoso.example", "path": "*/mex", "status": 200, "body": value or " "}]}
        yield f"ticket {name}", {"http": [{"at": "webext.contoso.example", "path": "/WebTicket/*", "method": "POST", "if": {"token": "ntlm_authenticate"}, "status": 200, "body": value or " "}]}
        yield f"fault {name}", {"soap": [{"service": "web_ticket", "operation": "RST", "status": 500, "fault": {"code": value, "text": value, "error_id": 28020, "reason": value}}]}


def by_users():
    """Options, and what the password file holds."""
    for name, value in VALUES.items():
        yield f"login {name}", ["--login", value], None
        yield f"user agent {name}", ["--user-agent", value], None
        yield f"server {name}", ["--server", value], None
        yield f"trusted domain {name}", ["--trust-domain", value], None
        yield f"password {name}", [], value
    for address in ("a" * 65 + "@contoso.example", "a" * 5000 + "@contoso.example", "\u00e4@contoso.example", "a;b=c?d&e#f%g+h@contoso.example", "o'hara@contoso.example",
                    "..@contoso.example", "a@" + "b" * 64 + ".example", "a@" + ".".join(["b" * 60] * 5), "@contoso.example", "a@", "", "a b@contoso.example", "a@@contoso.example",
                    "a@contoso", "a@-contoso.example", "sip:", "a\u202eb@contoso.example"):
        yield f"address {address[:20]}", [address], None


def run(program, address, scenario, options, folder):
    path, report = os.path.join(folder, "scenario.json"), os.path.join(folder, "report.json")
    with open(path, "w") as f:
        json.dump({"format": "ucsignin-scenario/1", "name": "value", **scenario}, f)
    if os.path.exists(report):
        os.remove(report)
    command = [program, "diagnose", address, "--lab", "--scenario", path, "--json", report, "-q", "--timeout", "6", *options]
    return subprocess.run(command, capture_output=True, timeout=60, stdin=subprocess.DEVNULL), report


def problems_of(done, report, is_valid, may_be_refused):
    if b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        yield done.stderr.decode(errors="replace")
    if may_be_refused and done.returncode == USAGE:
        if not done.stderr.strip():
            yield "refused without a word"
        return
    if done.returncode not in ENDINGS:
        yield f"ended with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"
    try:
        with open(report) as f:
            is_valid(json.load(f))
    except (OSError, ValueError, fastjsonschema.JsonSchemaException) as e:
        yield f"no valid report: {str(e)[:300]}"


def main():
    program, schema_path = sys.argv[1:]
    with open(schema_path) as f:
        is_valid = fastjsonschema.compile(json.load(f))
    cases = [(about, "alice@contoso.example", scenario, [], False) for about, scenario in by_servers()]
    for about, options, password in by_users():
        address, rest = (options[0], []) if about.startswith("address") else ("alice@contoso.example", options)
        scenario = {"user": {"address": address}} if password is None and "@" in address else {"user": {"typed_password": password or "x"}}
        cases.append((about, address, scenario, rest, True))

    def problems_with(case):
        about, address, scenario, options, may_be_refused = case
        with tempfile.TemporaryDirectory() as folder:
            done, report = run(program, address, scenario, options, folder)
            return [f"{about}: {problem}" for problem in problems_of(done, report, is_valid, may_be_refused)]

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as at_once:
        for problems in at_once.map(problems_with, cases):
            failed += bool(problems)
            for problem in problems:
                print(problem)
    print(f"{len(cases)} values, {failed} of them not as they should be")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
