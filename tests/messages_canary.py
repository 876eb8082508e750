#!/usr/bin/env python3
"""With --bodies a report holds more than ever, and still no secret: neither what the client proves itself with nor what
servers give it.

usage: messages_canary.py UCSIGNIN SCHEMA SCENARIOS
Passwords are looked for in every form of secret_forms.py. Servers say a word, the canary, wherever a ticket, a token, a
key, a cookie or a certificate may stand; and whatever looks like a token is found by its looks.
"""
import base64
import json
import os
import re
import socketserver
import struct
import subprocess
import sys
import tempfile
import threading
import time

import fastjsonschema

import secret_forms

CANARY = "zqcanarybirdsings"   # no digits: nothing replaces it for looking encoded
PROXY_PASSWORD = "Proxy-sesame-9"
SCENARIOS = ["healthy", "ntlm-only", "ntlm-wrong-password", "wt-401-loop", "wt-bad-credentials-fault", "wt-bad-credentials-by-username",
             "web-ticket-by-username-clear", "web-ticket-by-username-base64", "secret-echoed-by-web-and-sip", "registration-handshake-garbage",
             "ad-preauth", "tls-client-cert-demanded", "dns-servfail"]
LOOKS_SECRET = [re.compile(p) for p in (r"TlRMTVNT", r"NTLMSSP", r"(?i:4e544c4d535350)", r"MII[A-Za-z0-9+/]{16}", r"YII[A-Za-z0-9+/]{16}",
                                        r"-----BEGIN", r"(?=[A-Za-z0-9+/]{0,60}[0-9][A-Za-z0-9+/]{0,60}[0-9])[A-Za-z0-9+/]{44,}")]
ASSERTION = (f'<saml:Assertion AssertionID="{CANARY}" xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"><saml:AttributeStatement><saml:Attribute>'
             f"<saml:AttributeValue>{CANARY}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>")
ISSUED = ('<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><RequestSecurityTokenResponseCollection xmlns="http://docs.oasis-open.org/ws-sx/ws-trust/200512">'
          f"<RequestSecurityTokenResponse><RequestedSecurityToken>{ASSERTION}</RequestedSecurityToken><RequestedProofToken><BinarySecret>{CANARY}</BinarySecret>"
          "</RequestedProofToken></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></s:Envelope>")
PLANTED = {
    "a ticket": {"http": [{"at": "webext.contoso.example", "path": "/WebTicket/*", "method": "POST", "if": {"token": "ntlm_authenticate"}, "status": 200,
                           "headers": {"Content-Type": "text/xml; charset=utf-8", "Set-Cookie": f"FedAuth={CANARY}; path=/"}, "body": ISSUED}]},
    "cookies and challenges": {"http": [{"at": "lyncdiscover.contoso.example", "path": "/", "status": 401, "body": f"<p>{'x' * 10}</p>",
                                         "headers": {"Set-Cookie": f"a={CANARY}", "X-Api-Key": CANARY, "WWW-Authenticate": f"Bearer {CANARY}, Custom key=\"{CANARY}\"",
                                                     "Content-Type": "text/html"}}]},
    "a redirect": {"http": [{"at": "lyncdiscover.contoso.example", "path": "/", "status": 302, "headers": {"Location": f"https://x.contoso.example/?code={CANARY}#t={CANARY}"}}]},
    "a SIP challenge": {"sip": [{"method": "REGISTER", "step": "first", "headers": {
        "WWW-Authenticate": f'NTLM realm="SIP Communications Service", targetname="fe01.contoso.example", version=4, gssapi-data="{CANARY}", opaque="{CANARY}"', "X-Ticket": CANARY}}]},
    "relay credentials": {"sip": [{"method": "SERVICE", "step": "mras", "headers": {"X-Relay-Token": CANARY}, "body": (
        f'<response reasonPhrase="OK"><credentialsResponse><credentials><username>{CANARY}</username><password><![CDATA[{CANARY}]]></password><duration>480</duration>'
        "</credentials><mediaRelayList><mediaRelay><hostName>av.contoso.example</hostName></mediaRelay></mediaRelayList></credentialsResponse></response>")}]},
    "relay credentials, broken": {"sip": [{"method": "SERVICE", "step": "mras",
        "body": f'<response reasonPhrase="OK"><credentialsResponse><credentials><username>{CANARY}</username><password>{CANARY}'}]},
    "a photo": {"pool": {"exchange": {"mailboxes": [{"photo": CANARY + "abc"}]}}},
    "a signature": {"sip": [{"method": "REGISTER", "step": "signed", "headers": {"Authentication-Info": f'TLS-DSK rspauth="{CANARY}", srand="{CANARY}", snum="1", qop="auth"'}}]},
}


def texts_of(report):
    for m in report["messages"]:
        yield m["start_line"]
        yield from (h["name"] + ": " + h["value"] for h in m["headers"])
        if m["body"]:
            yield m["body"].get("text", "")


def run(program, options, scenario, folder):
    path = os.path.join(folder, "report.json")
    if os.path.exists(path):
        os.remove(path)
    address = scenario.get("client", {}).get("address") or scenario.get("user", {}).get("address") or "alice@contoso.example"
    file = os.path.join(folder, "scenario.json")
    with open(file, "w") as f:
        json.dump(scenario, f)
    done = subprocess.run([program, "diagnose", address, "--lab", "--scenario", file, "--json", path, "-q", "--bodies", *options],
                          capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    if b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
        sys.exit(done.stderr.decode(errors="replace"))
    with open(path, "rb") as f:
        return f.read()


def problems_of(written, is_valid, passwords, needs):
    report = json.loads(written)
    is_valid(report)
    yield from secret_forms.leaks(passwords, {"report": written})
    seen = list(texts_of(report))
    yield from (f"what a server gave in secret stands in {text[:100]!r}" for text in seen if CANARY in text.lower())
    for text in seen:
        yield from (f"{pattern.pattern} fits {found.group()[:60]!r} in {text[:100]!r}" for pattern in LOOKS_SECRET if (found := pattern.search(text)))
    for needed in needs:
        if not any(needed in text for text in seen):
            yield f"nothing says {needed!r}"


class Proxy(socketserver.ThreadingTCPServer):
    """Asks for a log-in, takes whatever it is given, and then lets nothing through."""
    allow_reuse_address = daemon_threads = True
    scheme = "Basic"


class ProxyConversation(socketserver.StreamRequestHandler):
    def handle(self):
        while head := self.read_head():
            given = head.get("proxy-authorization", "")
            challenge = self.challenge(given)
            status = "403 Forbidden" if challenge is None else "407 Proxy Authentication Required"
            ask = "" if challenge is None else f"Proxy-Authenticate: {challenge}\r\n"
            self.wfile.write(f"HTTP/1.1 {status}\r\n{ask}Set-Cookie: p={CANARY}\r\nContent-Length: 0\r\n\r\n".encode())

    def read_head(self):
        lines = []
        while (line := self.rfile.readline().strip()):
            lines.append(line.decode())
        return dict((name.lower(), value) for name, _, value in (each.partition(": ") for each in lines[1:])) if lines else None

    def challenge(self, given):
        if self.server.scheme == "Basic":
            return None if given.startswith("Basic ") else 'Basic realm="proxy"'
        token = base64.b64decode(given.removeprefix("NTLM ")) if given.startswith("NTLM ") else b""
        if len(token) < 12:
            return "NTLM"
        return "NTLM " + base64.b64encode(ntlm_challenge()).decode() if token[8] == 1 else None


def ntlm_challenge():
    """[MS-NLMP] 2.2.1.2"""
    name = "PROXY".encode("utf-16-le")
    info = b"".join(struct.pack("<HH", kind, len(name)) + name for kind in (2, 1, 4, 3)) + struct.pack("<HHQ", 7, 8, int((time.time() + 11644473600) * 1e7)) + struct.pack("<HH", 0, 0)
    flags = 0xE28A8215   # as gss-ntlmssp sets them: Unicode, request target, sign, NTLM, always sign, target type server, ... 56
    head = b"NTLMSSP\0" + struct.pack("<I", 2) + struct.pack("<HHI", len(name), len(name), 56) + struct.pack("<I", flags) + b"12345678" + bytes(8)
    return head + struct.pack("<HHI", len(info), len(info), 56 + len(name)) + bytes.fromhex("0a0063450000000f") + name + info


def through_proxy(program, scheme, folder):
    with Proxy(("127.0.0.1", 0), ProxyConversation) as server:
        server.scheme = scheme
        threading.Thread(target=server.serve_forever, daemon=True).start()
        secret = os.path.join(folder, "proxy-password")
        with open(secret, "w") as f:
            f.write(PROXY_PASSWORD + "\n")
        options = ["--proxy", f"http://walter@127.0.0.1:{server.server_address[1]}", "--proxy-password-file", secret, "--timeout", "8"]
        written = run(program, options, {"format": "ucsignin-scenario/1", "name": "proxy"}, folder)
        server.shutdown()
        return written


def cases(program, folder, scenarios):
    for name in SCENARIOS:
        with open(os.path.join(scenarios, name + ".json")) as f:
            scenario = json.load(f)
        needs = {"healthy": ["<NTLM authenticate token, ", "<TLS-DSK token, ", "<signature, ", "query SRV _sip._tls.contoso.example", "ClientHello", "[1"],
                 "ntlm-only": ["NTLM authenticate token"], "web-ticket-by-username-clear": ["Password"]}.get(name, [])
        yield name, run(program, [], scenario, folder), secret_forms.passwords_of(scenario), needs
    for name, faults in PLANTED.items():
        yield name, run(program, ["--timeout", "8"], {"format": "ucsignin-scenario/1", "name": "planted", **faults}, folder), [], []
    for scheme, kind in (("Basic", "Basic <name and password>"), ("NTLM", "NTLM <NTLM authenticate token, ")):
        yield "proxy, " + scheme, through_proxy(program, scheme, folder), [PROXY_PASSWORD, "Correct-horse-7"], ["CONNECT ", kind]


def main():
    program, schema_path, scenarios = sys.argv[1:]
    with open(schema_path) as f:
        is_valid = fastjsonschema.compile(json.load(f))
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for about, written, passwords, needs in cases(program, folder, scenarios):
            problems = list(problems_of(written, is_valid, passwords, needs))
            masked = subprocess.run([program, "mask", "-"], input=written, capture_output=True, check=True, timeout=60).stdout
            is_valid(json.loads(masked))
            problems += [f"the masked report holds {word!r}" for word in (b"contoso", b"alice") if word in masked.lower()]
            count += 1
            failed += bool(problems)
            for problem in problems:
                print(f"{about}: {problem}")
    print(f"{count} reports with bodies, {failed} of them with what may not be there")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
