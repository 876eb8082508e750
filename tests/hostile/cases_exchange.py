"""An Exchange that answers as none should: the sign-in stands, and the run ends in its time."""
import base64
import json
import struct
import time

from harness import collector
from servers import http_answer

CASES, case = collector("exchange")
PLACE = "192.0.2.40:443"
NAMES = ("autodiscover.contoso.example", "mail.contoso.example")
SIGNED_IN = (0,)
STEERS = "\x1b[2J\u202egnp\u200b\x9b31m\u2028"
EWS = "https://mail.contoso.example/EWS/Exchange.asmx"
SOAP = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'


def exchange(world, handler):
    server = world.lab().http(handler, world.tls(*NAMES))
    world.stand_in(PLACE, server)
    return server


def account(inside):
    return "<Autodiscover><Response><Account>%s</Account></Response></Autodiscover>" % inside


def always(world, body, status="200 OK", **fields):
    """Whatever is asked, this is the answer."""
    body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogateescape")
    fields = {"Content_Type": "text/xml", **fields}
    server = exchange(world, lambda connection, *_: connection.send(http_answer(body, status, **fields)))
    world.must(lambda: server.sent > len(body), "the answer was sent")
    return server


def services(world, body):
    """Autodiscover is as it should be; EWS says this."""
    seen = []

    def answer(connection, start, *_):
        at_services = "/ews/" in start.lower()
        if at_services:
            seen.append(start)
        text = body if at_services else account(f"<Protocol><Type>EXCH</Type><EwsUrl>{EWS}</EwsUrl></Protocol>")
        connection.send(http_answer(text, Content_Type="text/xml"))
    exchange(world, answer)
    world.must(lambda: seen, "the web services were asked")


def branch(world, *names):
    def holds(report):
        return any(span["node"] == "provisioning.calendar" and span.get("branch") in names for span in report["trace"])
    world.expect(holds, f"the calendar's branch is one of {names}")


@case("silence", "An Exchange that takes connections and requests, and says nothing, costs its share of time and no more.", codes=SIGNED_IN)
def _(world):
    server = exchange(world, lambda connection, *_: time.sleep(30))
    world.must(lambda: server.met > 0, "it was met")
    branch(world, "not_found", "refused")


@case("drop-by-drop", "An answer of which a byte comes now and then is not waited for to its end.", codes=SIGNED_IN)
def _(world):
    def drip(connection, *_):
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
        connection.until_gone(lambda: time.sleep(0.05) or b" ")
    server = exchange(world, drip)
    world.must(lambda: server.sent > 70, "it dripped behind its headers")
    branch(world, "not_found", "refused")


@case("body-without-end", "An answer that never ends is given up at its limit.", codes=SIGNED_IN)
def _(world):
    server = exchange(world, lambda connection, *_: (connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<Autodiscover>"), connection.until_gone(lambda: b"<a/>" * 20000)))
    world.must(lambda: server.sent > 200000, "the flood left the server")


@case("a-billion-laughs", "Entities are not expanded.", codes=SIGNED_IN)
def _(world):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    always(world, f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><Autodiscover><Response>&a9;</Response></Autodiscover>')
    branch(world, "refused")


@case("elements-by-the-hundred-thousand", "More elements than any mailbox needs are refused unread.", codes=SIGNED_IN)
def _(world):
    always(world, account("<Protocol/>" * 20000))
    branch(world, "refused")


@case("attributes-in-the-calendar", "Attributes by the hundred thousand in an answer of the web services are refused.", codes=SIGNED_IN)
def _(world):
    services(world, SOAP % ("<a " + " ".join(f"a{i}=''" for i in range(100000)) + "/>"))
    branch(world, "refused")


@case("depth", "Elements within elements without an end do not reach the reader.", codes=SIGNED_IN)
def _(world):
    services(world, SOAP % ("<a>" * 100000))
    branch(world, "refused")


@case("redirects-to-new-names", "A redirect that leads to a new place each time is followed ten times.", codes=SIGNED_IN)
def _(world):
    asked = []

    def onward(connection, start, *_):
        asked.append(start)
        connection.send(http_answer(b"", "302 Found", Location=f"https://autodiscover.contoso.example/{len(asked)}"))
    exchange(world, onward)
    world.must(lambda: 2 <= len(asked) <= 30, f"it was led on, and not for ever: {len(asked)}")


@case("addresses-in-a-circle", "A document that names another mail address each time is believed a few times.", codes=SIGNED_IN)
def _(world):
    asked = []

    def another(connection, start, *_):
        asked.append(start)
        address = f"alice{len(asked)}@contoso.example"
        connection.send(http_answer(account(f"<Action>redirectAddr</Action><RedirectAddr>{address}</RedirectAddr>"), Content_Type="text/xml"))
    exchange(world, another)
    world.must(lambda: 2 <= len(asked) <= 30, f"it was sent round, and not for ever: {len(asked)}")


@case("ntlm-without-end", "An Exchange that answers each token with another challenge gets one proof of the password.", codes=SIGNED_IN)
def _(world):
    names = struct.pack("<HH", 2, 2) + b"C\0" + struct.pack("<HH", 0, 0)
    head = b"NTLMSSP\0" + struct.pack("<IHHII", 2, 2, 2, 56, 0xe2898215) + b"12345678" + bytes(8)
    token = base64.b64encode(head + struct.pack("<HHI", len(names), len(names), 58) + bytes(8) + b"C\0" + names).decode()
    proofs, legs = [], []

    def again(connection, start, fields, body):
        said = fields.get("authorization", "")
        legs.append(said[:4])
        if said.startswith("NTLM ") and base64.b64decode(said[5:])[8:9] == b"\x03":
            proofs.append(said)
        connection.send(http_answer(b"", "401 Unauthorized", WWW_Authenticate="NTLM " + token if said else "NTLM"))
    exchange(world, again)
    world.must(lambda: legs and len(proofs) <= 1 and len(legs) < 40, f"it was challenged, and not for ever: {len(proofs)} proofs")
    branch(world, "refused")


@case("words-that-steer", "What Exchange says of an error cannot steer a terminal.", codes=SIGNED_IN)
def _(world):
    always(world, f"<Autodiscover><Response><Error><ErrorCode>6{STEERS[1:]}</ErrorCode><Message>{STEERS[1:]}</Message></Error></Response></Autodiscover>")
    branch(world, "refused")


@case("services-nowhere", "Web services at plain HTTP, in a file, or at what is no URL are none.", codes=SIGNED_IN)
def _(world):
    protocols = "".join(f"<Protocol><Type>EXCH</Type><EwsUrl>{url}</EwsUrl></Protocol>" for url in
                        ("http://mail.contoso.example/EWS/Exchange.asmx", "file:///etc/passwd", "https://" + "a" * 5000 + "/", "https://mail.contoso.example:99999/"))
    always(world, account(protocols))
    branch(world, "refused", "not_found")


@case("schemes-by-the-thousand", "A header full of schemes of nobody leads to no log-in.", codes=SIGNED_IN)
def _(world):
    always(world, b"", "401 Unauthorized", WWW_Authenticate=", ".join(f"Scheme{i}" for i in range(4000)), X_Padding="x" * 100)
    branch(world, "refused")


@case("numbers-too-large", "Counts that no number holds are no counts.", codes=SIGNED_IN)
def _(world):
    services(world, SOAP % ('<FindItemResponse><ResponseMessages><FindItemResponseMessage ResponseClass="Success"><ResponseCode>NoError</ResponseCode>'
                            f'<RootFolder TotalItemsInView="{"9" * 400}"/></FindItemResponseMessage></ResponseMessages></FindItemResponse>'))


@case("picture-of-a-megabyte", "A photo is measured, and kept nowhere, however large it is.", codes=SIGNED_IN)
def _(world):
    services(world, SOAP % ('<GetUserPhotoResponse ResponseClass="Success"><ResponseCode>NoError</ResponseCode><HasChanged>true</HasChanged>'
                            f'<PictureData>{"QUJD" * 250000}</PictureData></GetUserPhotoResponse>'))
    world.expect(lambda report: "QUJDQUJD" not in json.dumps(report), "nothing of the picture is in the report")
    world.expect(lambda report: any(fact["name"] == "photo.size" and fact["value"] == 750000 for span in report["trace"] for fact in span["evidence"]),
                 "its size is told")
