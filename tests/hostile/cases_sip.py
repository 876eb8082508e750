"""Registrars, front ends and whatever else listens where SIP is expected."""
import re
import threading
import time

from harness import collector
from servers import address, by_message, http_answer, record, sip_answer

CASES, case = collector("sip")
EDGE, NAME = "192.0.2.10:443", "sip.contoso.example"
SIGNED_IN, REGISTRATION, PROVISIONING = (0,), (40,), (50,)
SELF = "vnd-microsoft-roaming-self"


def edge(world, handler):
    """A server of our own in place of the Edge: handler(connection, fields of the first REGISTER)."""
    def serve(connection):
        while True:
            start, fields, _ = connection.message()
            if start.startswith("REGISTER"):
                handler(connection, fields)
    server = world.lab().tcp(serve, world.tls(NAME))
    world.stand_in(EDGE, server)
    return server


def unsigned(body_of):
    """A filter that sends what body_of(answer to the client) makes in place of the answers it wants."""
    return by_message(lambda message, client: body_of(message, client) or message)


def is_answer(message, method, event=b""):
    head = message.partition(b"\r\n\r\n")[0]
    return head.startswith(b"SIP/2.0 ") and b" " + method in head[head.lower().find(b"cseq:"):].split(b"\r")[0] and event in head


def provisional(message, body):
    kept = [line for line in message.split(b"\r\n") if line.lower().split(b":")[0] in (b"via", b"from", b"to", b"call-id", b"cseq")]
    return b"\r\n".join([b"SIP/2.0 183 Session Progress", *kept, b"Content-Type: text/plain", b"Content-Length: %d" % len(body), b"", body])


def notifications(world, make, **scenario):
    """The lab's one signed NOTIFY becomes any number: neither its method nor event nor body is signed. `make(i)` is the
    event and the body of one; None ends them."""
    def change(message, client):
        if not message.startswith(b"NOTIFY"):
            return None
        head, _, _ = message.partition(b"\r\n\r\n")
        head = re.sub(rb"(?im)^(content-length|event|content-type):[^\r]*\r\n", b"", b"BE" + head + b"\r\n")
        i = 0
        while made := make(i):
            client.send(head + b"Event: %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (made[0], len(made[1])) + made[1])
            i += 1
        return message
    world.lab({"sip": [{"method": "REGISTER", "step": "signed", "notify": "registered", "times": 1}], **scenario})
    return world.between(EDGE, world.tls(NAME), unsigned(change))


@case("endless-trying", "A registrar that says 100 Trying for ever ends its request, not our memory.", codes=REGISTRATION, total=7)
def _(world):
    server = edge(world, lambda connection, fields: connection.until_gone(lambda: sip_answer(fields, "100 Trying", "Content-Type: text/plain", b"x" * 200000)))
    world.must(lambda: server.sent > 65 * 200000, "more than 64 of them were sent")


@case("endless-progress-of-a-subscription", "The same from a front end, in answer to what is asked once signed in.", codes=PROVISIONING + SIGNED_IN)
def _(world):
    def change(message, client):
        if is_answer(message, b"SUBSCRIBE") or is_answer(message, b"SERVICE"):
            client.until_gone(lambda: provisional(message, b"x" * 200000))
    world.lab()
    server = world.between(EDGE, world.tls(NAME), unsigned(change))
    world.must(lambda: server.sent > 65 * 200000, "more than 64 of them were sent")


@case("each-notification-a-new-event", "Signed notifications of ever new event packages are not all kept.", codes=SIGNED_IN + PROVISIONING, total=6)
def _(world):
    server = notifications(world, lambda i: (b"e%d" % i, b"x" * 900000) if i < 200 else None)
    world.options = ["--stay", "1"]
    world.must(lambda: server.sent > 20000000, "more than twice of what is kept was sent")


@case("asks-and-does-not-read", "The answers to a server that asks without reading do not pile up.", codes=REGISTRATION, total=6)
def _(world):
    def flood(connection, fields):
        asked = sip_answer(fields, "200 OK").replace(b"SIP/2.0 200 OK", b"OPTIONS sip:x SIP/2.0").replace(b" REGISTER", b" OPTIONS")
        asked = asked.replace(b"Content-Length", b"Via: SIP/2.0/TLS " + b"x" * 60000 + b"\r\nContent-Length")
        connection.until_gone(lambda: asked * 10)
    server = edge(world, flood)
    world.must(lambda: server.sent > 60000 * 64, "more than 64 requests were sent")


@case("head-without-end", "A header without end is given up after 64 KiB.", codes=REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: (connection.send(b"SIP/2.0 200 OK\r\nX: "), connection.until_gone(lambda: b"x" * 65536)))
    world.must(lambda: server.sent > 65536, "more than 64 KiB were sent")


@case("thousands-of-headers", "Sixteen thousand headers of four bytes are no answer.", codes=REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: connection.send(sip_answer(fields, "200 OK", "\r\n".join(["x:"] * 15000))))
    world.must(lambda: server.sent > 60000, "the answer was sent")


@case("body-of-exabytes", "A Content-Length beyond every number is refused unread.", codes=REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: connection.send(sip_answer(fields).replace(b"Content-Length: 0", b"Content-Length: 18446744073709551617")))
    world.must(lambda: server.sent > 0, "the answer was sent")


@case("body-in-drips", "An answer whose body comes byte by byte is waited for until the deadline, and costs nothing.", codes=REGISTRATION)
def _(world):
    def drip(connection, fields):
        connection.send(sip_answer(fields).replace(b"Content-Length: 0", b"Content-Length: 4000000"))
        connection.until_gone(lambda: time.sleep(0.002) or b"x")
    server = edge(world, drip)
    world.must(lambda: server.sent > 300, "hundreds of drips fell")


@case("keep-alives-without-end", "Nothing but line ends, for ever, is silence.", codes=REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: connection.until_gone(lambda: b"\r\n\r\n" * 16384))
    world.must(lambda: server.sent > 1000000, "a megabyte of them was sent")


@case("answers-to-nobody", "Answers that no request waits for, without end, are dropped and the deadline holds.", codes=REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: connection.until_gone(lambda: sip_answer({**fields, "call-id": "other"}) * 200))
    world.must(lambda: server.sent > 1000000, "a megabyte of them was sent")


@case("web-page-without-end", "A web server on the SIP port that never ends its page is told as what it is.", codes=(30,) + REGISTRATION)
def _(world):
    server = edge(world, lambda connection, fields: (connection.send(http_answer(b"", "400 Bad Request")), connection.until_gone(lambda: b"<p>x</p>" * 8192)))
    world.must(lambda: server.sent > 65536, "the page was sent")


@case("words-that-steer", "What a registrar says reaches no terminal and no report raw.", codes=REGISTRATION)
def _(world):
    words = "\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u2066\u200b\x9b31m\u2028\U000e0041"
    more = f'ms-diagnostics: 1000;reason="{words}";source="{words}"\r\nServer: {words}\r\nWarning: 399 {words}'
    server = edge(world, lambda connection, fields: connection.send(sip_answer(fields, f"403 {words}", more)))
    world.must(lambda: server.sent > 100, "the answer was sent")


@case("a-thousand-challenges", "Challenges without number are read once and end the log-in.", codes=REGISTRATION)
def _(world):
    challenge = 'WWW-Authenticate: TLS-DSK realm="r", targetname="t{0}", version=4, sts-uri="https://t{0}.contoso.example/x"'
    more = "\r\n".join(challenge.format(i) for i in range(500))
    server = edge(world, lambda connection, fields: connection.send(sip_answer(fields, "401 Unauthorized", more)))
    world.must(lambda: server.sent > 40000, "the answer was sent")


@case("moved-without-end", "Registrars each of which names the next, without end, are left after a few steps.", codes=REGISTRATION)
def _(world):
    steps = []

    def move(connection, fields):
        steps.append(1)
        connection.send(sip_answer(fields, "301 Moved", f"Contact: <sip:next{len(steps)}.contoso.example:443;transport=tls>"))
    server = world.lab().tcp(lambda connection: move(connection, connection.message()[1]), world.tls("*.contoso.example"))
    world.stand_in(EDGE, server)
    world.dns(lambda query, reply: query.name.startswith("next") and (reply(query.answer(record(b"\xc0\x0c", "A", address("192.0.2.10")))) or True))
    world.must(lambda: 3 <= len(steps) < 40, "it was followed, and not for ever")


@case("attributes-in-presence", "A megabyte of attributes in a signed answer does not stop the loop.", codes=SIGNED_IN + PROVISIONING)
def _(world):
    body = "<roamingData " + " ".join(f"a{i}=''" for i in range(85000)) + "/>"
    path = world.file("body.xml", body)
    world.lab({"sip": [{"method": "SUBSCRIBE", "step": SELF, "body_file": path}]})
    seen = world.between(EDGE, world.tls(NAME))
    world.must(lambda: seen.sent > len(body), "the answer was sent")


@case("presence-again-and-again", "Large notifications one after another do not keep the client reading past its deadline.", codes=SIGNED_IN + PROVISIONING)
def _(world):
    categories = "".join(f"<category name='note' instance='{i}' publishTime='' container='2' version='1' expireType='user'><note/></category>" for i in range(4500))
    body = f"<roamingData xmlns='http://schemas.microsoft.com/2006/09/sip/roaming-self'><categories uri='sip:x'>{categories}</categories></roamingData>".encode()

    server = notifications(world, lambda i: (SELF.encode(), body), sip=[
        {"method": "REGISTER", "step": "signed", "notify": "registered", "times": 1}, {"method": "SERVICE", "step": "publish", "body": " "}])
    world.options = ["--stay", "1"]
    world.must(lambda: server.sent > 5 * len(body), "several of them were sent")


@case("provisioning-of-four-megabytes", "A configuration as large as the largest is read, in bounds.", codes=SIGNED_IN)
def _(world):
    groups = "".join(f"<provisionGroup name='{name}'><instance><property name='p'>{'x' * 690000}</property></instance></provisionGroup>"
                     for name in ("ServerConfiguration", "meetingPolicy", "ucPolicy", "userSetting", "endpointConfiguration", "publicationGrammar"))
    body = f"<provisionGroupList xmlns='http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification'>{groups}</provisionGroupList>"
    path = world.file("body.xml", body)
    world.lab({"sip": [{"method": "SUBSCRIBE", "step": "vnd-microsoft-provisioning-v2", "body_file": path}]})
    seen = world.between(EDGE, world.tls(NAME))
    world.must(lambda: seen.sent > len(body) > 4000000, "the answer was sent")


@case("calls-without-end", "Invitations by the hundred thousand, each with its answer taken, do not hold up the log-in's deadline.", codes=REGISTRATION)
def _(world):
    def call(connection, fields):
        def listen():
            while connection.receive():
                pass
        threading.Thread(target=listen, daemon=True).start()
        invite = sip_answer(fields).replace(b"SIP/2.0 200 OK", b"INVITE sip:x SIP/2.0").replace(b" REGISTER", b" INVITE")
        connection.until_gone(lambda: invite * 30)
    server = edge(world, call)
    world.must(lambda: server.sent > 200000 and server.received > 10000, "calls were made and answered")
