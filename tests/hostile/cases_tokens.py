"""Tokens, tickets and certificates inside SIP and HTTP: what a server says while a user proves who they are."""
import base64
import os
import struct

from harness import collector
from servers import http_answer, http_handler, relay_handler

CASES, case = collector("tokens")
WEB, EDGE = "192.0.2.20:443", "192.0.2.10:443"
NAMES = ("lyncdiscover.contoso.example", "webext.contoso.example", "*.contoso.example")
REGISTRATION, EITHER = (40,), (0, 40)
STEERS = "\x1b[2J\u202egnp\u200b\x9b31m\u2028"
FLAGS = 0xe2898215        # of a usual challenge


def by_ntlm(world, token, more="", step="hello", times=0):
    """The registrar's answer to NTLM's first token (or whatever the step is) is this challenge."""
    text = token if isinstance(token, str) else base64.b64encode(token).decode()
    header = f'NTLM opaque="BCDC0C9D", gssapi-data="{text}", targetname="fe01.contoso.example", realm="SIP Communications Service", version=4{more}'
    answered(world, {"method": "REGISTER", "step": step, "scheme": "NTLM", "status": 401, "reason": "Unauthorized", "headers": {"WWW-Authenticate": header}, "times": times}, text[:60], "ntlm")


def answered(world, rule, needle, log_in):
    """A rule of the lab's registrar; that it was used is seen by this text of it."""
    world.lab({"sip": [rule]})
    world.watched(EDGE, world.tls("sip.contoso.example"), needle.encode())
    world.options = ["--auth", log_in]


def challenge(target=b"", info=b"", flags=FLAGS, target_at=None, info_at=None, info_size=None):
    at = 56
    head = b"NTLMSSP\0" + struct.pack("<IHHII", 2, len(target), len(target), at if target_at is None else target_at, flags) + os.urandom(8) + bytes(8)
    size = len(info) if info_size is None else info_size
    return head + struct.pack("<HHI", size, size, at + len(target) if info_at is None else info_at) + bytes(8) + target + info


def pair(kind, value):
    return struct.pack("<HH", kind, len(value)) + value


END = pair(0, b"")


def web_service(world, body, path, method="POST", status=200, headers=None):
    """The lab says this at `path`, once somebody has logged in there."""
    where = world.file("answer.xml", body)
    world.lab({"http": [{"at": "webext.contoso.example", "path": path, "method": method, "status": status, "headers": headers or {"Content-Type": "text/xml"}, "body_file": where,
                         **({"if": {"token": "ntlm_authenticate"}} if path.startswith("/WebTicket") else {})}]})
    world.watched(WEB, world.tls(*NAMES), body[len(body) // 2:][:100].encode())


def ticket(assertion="<saml:Assertion xmlns:saml='urn:oasis:names:tc:SAML:1.0:assertion' AssertionID='a'/>", times=("2026-01-01T00:00:00Z", "2036-01-01T00:00:00Z"), secret="AAAA"):
    return ("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><RequestSecurityTokenResponseCollection><RequestSecurityTokenResponse>"
            f"<Lifetime><Created>{times[0]}</Created><Expires>{times[1]}</Expires></Lifetime><RequestedSecurityToken>{assertion}</RequestedSecurityToken>"
            f"<Entropy><BinarySecret>{secret}</BinarySecret></Entropy></RequestSecurityTokenResponse></RequestSecurityTokenResponseCollection></s:Body></s:Envelope>")


def certificate(der):
    return ("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><GetAndPublishCertResponse><RequestSecurityTokenResponse><RequestedSecurityToken>"
            f"<BinarySecurityToken>{base64.b64encode(der).decode()}</BinarySecurityToken></RequestedSecurityToken></RequestSecurityTokenResponse></GetAndPublishCertResponse></s:Body></s:Envelope>")


def nested(depth, inner=b""):
    """ASN.1 sequences inside one another, each of indefinite length."""
    return b"\x30\x80" * depth + inner + b"\0\0" * depth


@case("ntlm-beyond-the-end", "A challenge whose fields lie beyond its end is refused.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, challenge(b"C\0", END, target_at=0xfffffff0, info_at=0x7fffffff, info_size=0xffff))


@case("ntlm-info-without-end", "Target information that has no end, and pairs longer than it, are refused.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, challenge(b"C\0", pair(2, b"C\0") * 3 + struct.pack("<HH", 7, 0xffff)))


@case("ntlm-of-forty-kilobytes", "A challenge of forty kilobytes of names is answered or refused, within bounds.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, challenge(b"C\0" * 2000, pair(2, b"C\0" * 5000) + pair(5, b"d\0" * 8000) + END))


@case("ntlm-names-that-steer", "Names in a challenge reach no terminal and no report raw.", codes=REGISTRATION)
def _(world):
    words = STEERS.encode("utf-16-le")
    by_ntlm(world, challenge(words, pair(2, words) + pair(1, words) + pair(4, words + b"\x00\xd8") + END))


@case("ntlm-flags-of-none", "A challenge that agrees to nothing that signing needs is refused.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, challenge(b"C\0", END, flags=0))


@case("ntlm-without-end-in-sip", "A registrar that answers each token with another challenge gets the password's proof no more than twice.", codes=REGISTRATION)
def _(world):
    token = base64.b64encode(challenge(b"C\0", pair(2, b"C\0") + END)).decode()
    header = f'NTLM opaque="BCDC0C9D", gssapi-data="{token}", targetname="fe01.contoso.example", realm="SIP Communications Service", version=4'
    world.lab({"sip": [{"method": "REGISTER", "step": step, "scheme": "NTLM", "status": 401, "headers": {"WWW-Authenticate": header}} for step in ("hello", "signed", "finish")]})
    seen = world.between(EDGE, world.tls("sip.contoso.example"))
    world.options = ["--auth", "ntlm"]
    world.must(lambda: 2 * len(header) < seen.sent < 40 * len(header), "it was challenged again, and not for ever")


@case("ntlm-without-end-in-http", "A web service that answers each token with another challenge is left after a few legs.", codes=REGISTRATION)
def _(world):
    legs = []

    def again(connection, start, fields, body):
        legs.append(fields.get("authorization", "")[:5])
        token = base64.b64encode(challenge(b"C\0", pair(2, b"C\0") + END)).decode()
        connection.send(http_answer(b"", "401 Unauthorized", WWW_Authenticate="NTLM " + token if "authorization" in fields else "NTLM"))
    # What it takes to get to the ticket service stays the lab's: only the log-in itself is ours.
    there = world.lab().places[WEB]

    def serve(connection):
        first = connection.peek()
        return (http_handler(again) if first.startswith(b"POST /WebTicket") else relay_handler(there))(connection)
    server = world.tcp(serve, world.tls(*NAMES))
    world.stand_in(WEB, server)
    world.must(lambda: 2 <= len(legs) < 40, "it was challenged, and not for ever")


@case("base64-of-none", "What is not Base64, or stops within a letter, is no token.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, "TlRMTVNTUAAC=====!!!\u00e4AA" + "A" * 4001)


@case("token-of-sixty-kilobytes", "A token as long as a header may be is no reason to fall silent.", codes=REGISTRATION)
def _(world):
    by_ntlm(world, os.urandom(45000))


@case("dsk-of-noise", "TLS-DSK's answer that is noise ends the handshake.", codes=REGISTRATION)
def _(world):
    token = base64.b64encode(os.urandom(9000)).decode()
    header = f'TLS-DSK opaque="BCDC0C9D", gssapi-data="{token}", targetname="fe01.contoso.example", realm="SIP Communications Service", version=4'
    answered(world, {"method": "REGISTER", "step": "hello", "scheme": "TLS-DSK", "status": 401, "headers": {"WWW-Authenticate": header}}, token[:60], "tls-dsk")


@case("dsk-without-end", "TLS-DSK flights that never finish a handshake are not answered for ever.", codes=REGISTRATION)
def _(world):
    hello_again = base64.b64encode((b"\x16\x03\x03\x00\x04" + bytes(4)) * 50).decode()
    header = f'TLS-DSK opaque="BCDC0C9D", gssapi-data="{hello_again}", targetname="fe01.contoso.example", realm="SIP Communications Service", version=4'
    world.lab({"sip": [{"method": "REGISTER", "scheme": "TLS-DSK", "step": step, "status": 401, "headers": {"WWW-Authenticate": header}} for step in ("hello", "finish", "signed")]})
    seen = world.between(EDGE, world.tls("sip.contoso.example"))
    world.options = ["--auth", "tls-dsk"]
    world.must(lambda: len(header) < seen.sent < 60 * len(header), "it was answered, and not for ever")


@case("names-of-a-challenge-that-steer", "Realm and target name of a challenge reach no terminal and no report raw.", codes=REGISTRATION)
def _(world):
    header = f'TLS-DSK realm="{STEERS}", targetname="{STEERS}", version=4, sts-uri="https://webext.contoso.example/{STEERS}"'
    answered(world, {"method": "REGISTER", "step": "first", "headers": {"WWW-Authenticate": header}}, header[:40], "auto")


@case("signature-among-hundreds", "The one right signature among hundreds of others, one of them as long as a header, is found.", codes=(0,))
def _(world):
    lines = [f'TLS-DSK rspauth="{"a" * 20000}", srand="1", snum="1", opaque="x", qop="auth", targetname="fe01.contoso.example", realm="SIP Communications Service"'] + ["x"] * 300
    answered(world, {"method": "REGISTER", "step": "signed", "headers": {"Authentication-Info": lines}}, "a" * 100, "tls-dsk")


@case("ticket-for-all-time", "Times beyond every calendar are no lifetime.", codes=EITHER)
def _(world):
    web_service(world, ticket(times=("99999999999-99-99T99:99:99Z", "-0001-13-45T25:61:61.999999999999+99:99")), "/WebTicket/*")


@case("ticket-of-200-kilobytes", "A ticket that no header can carry is sent, refused, or not used; the run ends.", codes=EITHER)
def _(world):
    web_service(world, ticket(f"<saml:Assertion xmlns:saml='urn:x' AssertionID='a'>{'x' * 200000}</saml:Assertion>"), "/WebTicket/*")


@case("ticket-inside-tickets", "Assertions inside assertions are told apart by the parser, not by counting.", codes=EITHER)
def _(world):
    web_service(world, ticket("<Assertion>" * 40 + "</Assertion>" * 40), "/WebTicket/*")


@case("secret-of-a-hundred-kilobytes", "A server's secret of any length gives a key of ours.", codes=EITHER)
def _(world):
    web_service(world, ticket(secret="A" * 130000), "/WebTicket/*")


@case("certificate-of-nested-nothing", "ASN.1 thirty thousand levels deep is no certificate.", codes=REGISTRATION)
def _(world):
    web_service(world, certificate(nested(30000)), "/CertProv/*")


@case("certificate-of-lengths", "ASN.1 lengths beyond the document, and a number as large as it, are no certificate.", codes=REGISTRATION)
def _(world):
    web_service(world, certificate(b"\x30\x84\xff\xff\xff\xff\x30\x82\x7f\xff\x02\x83\x00\xff\xff" + b"\xff" * 65535), "/CertProv/*")
