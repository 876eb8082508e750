#!/usr/bin/env python3
"""The table of credentials (contract: who names whom, how, and what the named server may have), row by row against the lab.

usage: trust_table.py UCSIGNIN
Each row is a pool in which a name abroad is named in one way; what then arrived at each server is in the lab's record. No
password, ticket or key stands in any output, however much is printed.
"""
import json
import os
import subprocess
import sys
import tempfile

import expected_credentials
import secret_forms

PASSWORD = "Canary-of-the-table-42"
EDGE, WEB, FE02 = "192.0.2.10", "192.0.2.20", "192.0.2.12"
SIP, GATE, TICKETS = "sip.fabrikam.example", "gate.fabrikam.example", "web.fabrikam.example"
BY_CERTIFICATE, BY_NTLM = ["certificate", "signature"], ["ntlm", "signature"]
NO_NAMES = [{"name": name} for name in ("lyncdiscover", "sip", "sipexternal")]
SOAP_PATH = "/WebTicket/WebTicketService.svc"


def a(name, address):
    return {"name": name + ".", "data": address}


def found_by_srv(target, *more):
    return {"remove": NO_NAMES, "set": [{"name": "_sip._tls", "type": "SRV", "data": f"0 0 443 {target}."}], "add": [a(target, EDGE), *more]}


def redirect(at, to, step="first", **more):
    return {"method": "REGISTER", "at": at, "step": step, "status": 301, "contact": f"<sip:{to}:443;transport=tls>", **more}


def document(resource, links="", servers=""):
    links = "".join(f'<Link token="{token}" href="{href}"/>' for token, href in links)
    return {"status": 200, "headers": {"Content-Type": "application/vnd.microsoft.rtc.autodiscover+xml; v=1"},
            "body": f'<AutodiscoverResponse AccessLocation="External"><{resource}>{servers}{links}</{resource}></AutodiscoverResponse>'}


def wsdl(port, location):
    return {"status": 200, "headers": {"Content-Type": "text/xml; charset=utf-8"},
            "body": '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" name="x">'
                    f'<wsdl:service name="x"><wsdl:port name="{port}" binding="x"><soap:address location="{location}"/></wsdl:port></wsdl:service></wsdl:definitions>'}


USER_ABROAD = f"https://{TICKETS}/Autodiscover/AutodiscoverService.svc/root/user"
ABROAD = {"add": [a(SIP, EDGE), a(GATE, EDGE), a(TICKETS, WEB)]}
ONLY_HTTP = [{"at": "lyncdiscover.contoso.example", "do": "reset"}]
NO_SIP_NAMES = [{"name": "_sip._tls", "type": "SRV"}, {"name": "sip"}, {"name": "sipexternal"}]
SERVER_ABROAD = '<SipClientExternalAccess fqdn="%s" port="443"/>' % SIP
ROOT_ABROAD = {"at": "lyncdiscover.contoso.example", "path": "/", **document("Root", [("User", USER_ABROAD)])}

# what the row is about, the scenario, what arrived where, further options
ROWS = [
    ("typed: tickets and certificates", {"dns": ABROAD}, {SIP: BY_CERTIFICATE}, ["--server", SIP + ":443"]),
    ("typed: NTLM", {"dns": ABROAD}, {SIP: BY_NTLM}, ["--server", SIP + ":443", "--auth", "ntlm"]),
    ("of the SIP domain: the password itself where no other way is offered", {"pool": {"ticket_ways": ["Auth"]}},
     {"webext.contoso.example": ["username_token_base64", "web_ticket"]}, []),
    ("of the SIP domain: not the password itself where NTLM is offered", {"pool": {"ticket_ways": ["Auth", "WinNtlm"]}},
     {"webext.contoso.example": ["ntlm", "web_ticket"]}, []),
    ("by --trust-domain", {"dns": found_by_srv(SIP)}, {SIP: BY_CERTIFICATE}, ["--trust-domain", "fabrikam.example"]),
    ("by --trust-domain: the password itself", {"pool": {"web_external": TICKETS, "ticket_ways": ["Auth"]}},
     {TICKETS: ["username_token_base64", "web_ticket"]}, ["--trust-domain", "fabrikam.example"]),
    ("a hoster that the desktop client knows", {"dns": found_by_srv("sipdir.online.lync.com")}, {"sipdir.online.lync.com": BY_CERTIFICATE}, []),
    ("a hoster: never the password itself", {"pool": {"web_external": "webdir.online.lync.com", "ticket_ways": ["Auth"]}},
     {"webdir.online.lync.com": []}, ["--auth", "tls-dsk"]),
    ("kept from the last sign-in", {"dns": {"remove": NO_NAMES + [{"name": "_sip._tls", "type": "SRV"}], "add": [a(SIP, EDGE)]}}, {SIP: BY_CERTIFICATE}, ["--cache"]),
    ("a redirect by a server that may have NTLM", {"dns": ABROAD, "sip": [redirect("sip.contoso.example", GATE, "signed")]}, {GATE: BY_CERTIFICATE}, []),
    ("the same, with NTLM", {"dns": ABROAD, "pool": {"schemes": ["NTLM"]}, "sip": [redirect("sip.contoso.example", GATE)]}, {GATE: BY_NTLM}, []),
    ("an sts-uri by a server that may have NTLM", {"pool": {"web_external": TICKETS}}, {TICKETS: ["ntlm", "web_ticket"]}, []),
    ("the password itself abroad, whoever names the place", {"pool": {"web_external": TICKETS, "ticket_ways": ["Auth"]}}, {TICKETS: []}, ["--auth", "tls-dsk"]),
    ("a ticket service by X-MS-WebTicketURL", {"dns": ABROAD, "http": [
        {"at": "webext.contoso.example", "path": "/Autodiscover/*/user", "if": {"header": "X-MS-WebTicket", "present": False}, "status": 401,
         "headers": {"X-MS-WebTicketURL": f"https://{TICKETS}{SOAP_PATH}"}},
        {"at": TICKETS, "path": SOAP_PATH + "/mex", **wsdl("WebTicketServiceWinNegotiate", f"https://{TICKETS}{SOAP_PATH}/NegotiateAuth")}]}, {TICKETS: ["ntlm"]}, []),
    ("a way in by a ticket service's metadata", {"dns": ABROAD, "http": [
        {"at": "webext.contoso.example", "path": SOAP_PATH + "/mex", **wsdl("WebTicketServiceWinNegotiate", f"https://{TICKETS}{SOAP_PATH}/NegotiateAuth")}]}, {TICKETS: ["ntlm"]}, []),
    ("the same, but the password itself", {"dns": ABROAD, "http": [
        {"at": "webext.contoso.example", "path": SOAP_PATH + "/mex", **wsdl("WebTicketServiceAuth", f"https://{TICKETS}{SOAP_PATH}/Auth")}]}, {TICKETS: []}, []),
    ("a user document by a link over TLS", {"dns": ABROAD, "http": [ROOT_ABROAD]}, {TICKETS: ["web_ticket"]}, []),
    ("a SIP server by a document over TLS", {"dns": {"remove": NO_SIP_NAMES, **ABROAD}, "http": [
        {"at": "lyncdiscover.contoso.example", "path": "/", "scheme": "https", **document("Root", [("Domain", "https://lyncdiscover.contoso.example/d")])},
        {"at": "lyncdiscover.contoso.example", "path": "/d", **document("Domain", servers=SERVER_ABROAD)}]}, {SIP: BY_CERTIFICATE}, []),
    # -- nothing for whom nobody vouches --
    ("an SRV record alone", {"dns": found_by_srv(SIP)}, {SIP: [], "*": []}, []),
    ("an SRV record alone, with NTLM", {"dns": found_by_srv(SIP), "pool": {"schemes": ["NTLM"]}}, {SIP: [], "*": []}, []),
    ("a redirect by a stranger", {"dns": found_by_srv(SIP, a(GATE, EDGE)), "sip": [redirect(SIP, GATE)]}, {SIP: [], GATE: [], "*": []}, []),
    ("a user document by a link over plain HTTP", {"dns": ABROAD, "tls": ONLY_HTTP, "http": [ROOT_ABROAD]}, {TICKETS: []}, []),
    ("a SIP server by a document over plain HTTP", {"dns": {"remove": NO_SIP_NAMES, **ABROAD}, "tls": ONLY_HTTP, "http": [
        {"at": "lyncdiscover.contoso.example", "path": "/", **document("Root", [("Domain", "http://lyncdiscover.contoso.example/d")])},
        {"at": "lyncdiscover.contoso.example", "path": "/d", **document("Domain", servers=SERVER_ABROAD)}]}, {SIP: [], "*": []}, []),
    ("a certificate that failed, at a name of the SIP domain", {"tls": [{"at": "edge", "certificate": "self_signed"}]}, {"sip.contoso.example": []}, []),
    ("web services whose certificate failed", {"tls": [{"at": "web", "certificate": "wrong_name"}]}, {"webext.contoso.example": [], "lyncdiscover.contoso.example": []}, []),
]


def run(program, number, row, folder):
    about, scenario, expected, options = row
    path, report, record = (os.path.join(folder, name) for name in ("scenario.json", "report.json", "record.json"))
    with open(path, "w") as f:
        json.dump({"format": "ucsignin-scenario/1", "name": "row", "user": {"password": PASSWORD}, **scenario}, f)
    if "--cache" in options:
        keep_server(folder)
    # However much is printed: each row in one way, all ways in turn.
    amount = (["-v"], [], ["-q"])[number % 3]
    command = [program, "diagnose", "alice@contoso.example", "--lab", "--scenario", path, "--json", report, "--lab-record", record, *amount, *options]
    done = subprocess.run(command, capture_output=True, timeout=120, stdin=subprocess.DEVNULL, env={**os.environ, "XDG_CACHE_HOME": folder})
    places = {"standard output": done.stdout, "standard error": done.stderr}
    for name, file in (("report", report), ("record", record)):
        with open(file, "rb") as f:
            places[name] = f.read()
    yield from expected_credentials.differences(expected, json.loads(places["record"])["credentials"])
    yield from secret_forms.leaks([PASSWORD], places)
    for place, data in places.items():
        for form in (b"<saml:Assertion", b"PHNhbWw6QXNzZXJ0aW9u", b"PRIVATE KEY", b"BinarySecret"):
            if form in data:
                yield f"{form.decode()} stands in the {place}"
    if b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        yield done.stderr.decode(errors="replace")
    if done.returncode not in (0, 20, 30, 40):
        yield f"ended with {done.returncode}"


def keep_server(folder):
    """As the last sign-in left it: the folder is named by the SHA-256 of the SIP address."""
    import hashlib
    place = os.path.join(folder, "ucsignin", hashlib.sha256(b"sip:alice@contoso.example").hexdigest()[:32])
    os.makedirs(place, mode=0o700, exist_ok=True)
    with open(os.path.join(place, "server.json"), "w", opener=lambda p, f: os.open(p, f, 0o600)) as f:
        json.dump({"format": "ucsignin-cache/1", "server": SIP + ":443", "written_at": "2026-01-05T08:00:00Z"}, f)


def main():
    failed = 0
    for number, row in enumerate(ROWS):
        with tempfile.TemporaryDirectory() as folder:
            problems = list(run(sys.argv[1], number, row, folder))
        print(("FAILED  " if problems else "ok      ") + row[0], *("\n          " + p for p in problems), sep="")
        failed += bool(problems)
    if failed:
        sys.exit(f"{failed} of {len(ROWS)} rows are not as the table has them")


if __name__ == "__main__":
    main()
