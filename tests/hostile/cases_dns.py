"""Name servers that answer what no name server should, and zones that no one should have."""
import struct
import time

from harness import collector
from servers import address, dns_name, record, srv

CASES, case = collector("dns")
SIP, SRV = "sip.contoso.example", "_sip._tls.contoso.example"
OWNER = b"\xc0\x0c"          # the question's own name
SIGNED_IN, UNFOUND, ANY_END = (0,), (20,), (0, 20, 30, 40)


def zone(world, answers, at_least=1):
    """The lab's zone, but for the names in `answers`: {(name, type): function(query, reply)}."""
    def handle(query, reply):
        for (name, kind), say in answers.items():
            if query.asks(name, kind):
                say(query, reply)
                return True
        return False
    server = world.lab().dns(handle)
    names = {name for name, _ in answers}
    world.must(lambda: sum(asked[0] in names for asked in server.asked) >= at_least and server.sent > 0, "the question was asked and answered")
    return server


def everything(world, say):
    """Every question gets this."""
    server = world.lab().dns(lambda query, reply: say(query, reply) or True)
    world.must(lambda: server.sent > 0 and len(server.asked) >= 3, "questions were answered")
    return server


@case("numbers-of-others", "Answers with a wrong number, without end and without pause, hold up neither the loop nor the deadline.", codes=UNFOUND)
def _(world):
    def flood(query, reply):
        data = query.answer(record(OWNER, "A", address("192.0.2.10")), id=query.id ^ 1)
        while True:
            reply(data)
    server = everything(world, flood)
    world.must(lambda: server.sent > 500000, "thousands of them were sent")


@case("aliases-in-a-circle", "Aliases that lead back to where they began end.", codes=ANY_END)
def _(world):
    def circle(query, reply):
        other = "sipexternal.contoso.example" if query.name == SIP else SIP
        reply(query.answer(record(OWNER, "CNAME", dns_name(other)), record(dns_name(other), "CNAME", dns_name(query.name))))
    zone(world, {(SIP, None): circle, ("sipexternal.contoso.example", None): circle})


@case("aliases-without-end", "Each alias names another that was never seen: the chain is followed so far and no further.", codes=ANY_END)
def _(world):
    steps = []

    def next_one(query, reply):
        if not query.name.startswith("step") and query.name != SIP:
            return False
        steps.append(1)
        reply(query.answer(record(OWNER, "CNAME", dns_name(f"step{len(steps)}.contoso.example"))))
        return True
    world.lab().dns(next_one)
    world.must(lambda: 1 <= len(steps) < 300, "it was asked, and not for ever")


@case("pointers-in-a-circle", "A compressed name that points at itself is malformed, not endless.", codes=ANY_END)
def _(world):
    zone(world, {(SIP, None): lambda query, reply: reply(query.answer(record(OWNER, "CNAME", b"\x01a" + struct.pack(">H", 0xc000 | 12 + len(query.question) + 12))))})


@case("pointers-to-pointers", "Thousands of pointers, each to the one before, are no name.", codes=ANY_END)
def _(world):
    def ladder(query, reply):
        start = 12 + len(query.question) + 12
        steps = b"\x01a\0" + b"".join(struct.pack(">H", 0xc000 | start + 3 + 2 * (i - 1) if i else 0xc000 | start) for i in range(500))
        reply(query.answer(record(OWNER, 65280, steps), record(struct.pack(">H", 0xc000 | start + 3 + 998), "A", address("192.0.2.10")), count=2))
    zone(world, {(SIP, None): ladder})


@case("lengths-beyond-the-end", "Records that say they are longer than the datagram, and counts of what is not there, are malformed.", codes=ANY_END)
def _(world):
    cut = {SIP: lambda query: query.answer(OWNER + struct.pack(">HHIH", 1, 1, 60, 65535) + address("192.0.2.10")),
           SRV: lambda query: query.answer(record(OWNER, "SRV", srv(SIP)), count=65535), "lyncdiscover.contoso.example": lambda query: query.wire[:2]}
    zone(world, {(name, None): (lambda query, reply, make=make: reply(make(query))) for name, make in cut.items()})


@case("labels-that-are-none", "Empty labels, labels of the reserved kinds and names beyond 255 bytes are no names.", codes=ANY_END)
def _(world):
    turn = [b"\x00", b"\x40a\x00", b"\x80a\x00", b"\x3f" + b"a" * 63 + b"\0", (b"\x3f" + b"a" * 63) * 5 + b"\0"]
    count = []

    def say(query, reply):
        count.append(1)
        reply(query.answer(record(OWNER, "SRV", srv(turn[len(count) % 5])), record(OWNER, "CNAME", turn[(len(count) + 2) % 5])))
    zone(world, {(SRV, None): say, (SIP, None): say, ("sipexternal.contoso.example", None): say})


@case("names-that-steer", "Control characters, quotes and bidirectional marks in names reach no terminal and no report raw.", codes=ANY_END)
def _(world):
    name = dns_name([b"\x1b[2J\x07", "\u202egnp\u200b".encode(), b"a\0b\x9b31m\x7f", b'"\\.', "\u2028".encode(), b"example"])
    zone(world, {(SRV, None): lambda query, reply: reply(query.answer(record(OWNER, "SRV", srv(name)), record(name, "A", address("192.0.2.10")))),
                 (SIP, None): lambda query, reply: reply(query.answer(record(OWNER, "CNAME", name), record(name, "A", address("192.0.2.10"))))})


@case("a-service-that-is-none", "A record that says there is no such service, at port 0, is no server.", codes=SIGNED_IN)
def _(world):
    zone(world, {(SRV, None): lambda query, reply: reply(query.answer(record(OWNER, "SRV", srv(b"\0", 0)), record(OWNER, "SRV", srv(SIP, 0))))})


@case("eight-hundred-services", "Eight hundred servers in one answer are not all tried before the time is up.", codes=(20, 30, 40))
def _(world):
    def say(query, reply):
        if query.over == "udp":
            return reply(query.answer(flags=0x8380))
        return reply(query.answer(*(record(OWNER, "SRV", srv(f"s{i}.contoso.example", 443, i)) for i in range(800))))
    world.lab().dns(lambda query, reply: say(query, reply) or True if query.asks(SRV) else
                    (reply(query.answer(record(OWNER, "A", address("192.0.2.77")))) or True if query.name.startswith("s") else False))
    reached = []
    silent = world.tcp(lambda connection: (reached.append(1), connection.receive()))
    world.stand_in("192.0.2.77:443", silent)
    world.must(lambda: reached, "some of them were tried")


@case("a-thousand-addresses", "A name with a thousand addresses, all closed, does not cost a thousand connections' time.", codes=(20, 30, 40))
def _(world):
    many = [record(OWNER, "A", address(f"127.77.{i // 250}.{i % 250 + 1}")) for i in range(1000)]

    def say(query, reply):
        if query.type == 28:
            return reply(query.answer())
        return reply(query.answer(flags=0x8380) if query.over == "udp" else query.answer(*many))
    server = zone(world, {(SIP, None): say, ("sipexternal.contoso.example", None): say, (SRV, None): lambda query, reply: reply(query.answer(rcode=3))})
    world.must(lambda: server.sent > 16000, "the thousand were sent")


@case("64-kilobytes-over-tcp", "An answer of 64 KiB of records is read, and its records are not all held against us.", codes=ANY_END)
def _(world):
    def say(query, reply):
        if query.over == "udp":
            return reply(query.answer(flags=0x8380))
        return reply(query.answer(*[record(OWNER, "A", address("192.0.2.10"))] * 4090))
    server = zone(world, {(SIP, "A"): say})
    world.must(lambda: server.sent > 65000, "all of it was sent")


@case("tcp-in-drips", "An answer over TCP that comes byte by byte is waited for until its deadline.", codes=ANY_END)
def _(world):
    def drip(query, reply):
        if query.over == "udp":
            return reply(query.answer(flags=0x8380))
        reply(b"\xff\xff", raw=True)
        while True:
            time.sleep(0.02)
            reply(b"\0", raw=True)
    server = everything(world, drip)
    world.must(lambda: any(over == "tcp" for _, _, over in server.asked), "it was asked over TCP")


@case("answers-to-other-questions", "An answer that repeats another question, and a query sent back as it came, are not believed.", codes=UNFOUND)
def _(world):
    def lie(query, reply):
        if len(query.name) % 2:
            return reply(query.wire)
        return reply(query.answer(record(dns_name("sip.fabrikam.example"), "A", address("192.0.2.10")), question=dns_name("sip.fabrikam.example") + b"\0\1\0\1"))
    everything(world, lie)


@case("times-beyond-all", "Times to live and serial numbers of 32 bits, and a zone that no SOA should name, do no harm.", codes=UNFOUND)
def _(world):
    soa = dns_name("example") + dns_name("hostmaster.example") + struct.pack(">IIIII", *[0xffffffff] * 5)
    everything(world, lambda query, reply: reply(query.answer(rcode=3, authority=[record(b"\0", "SOA", soa, 0xffffffff)])))


@case("reasons-that-steer", "The text of an extended error reaches no terminal and no report raw.", codes=UNFOUND)
def _(world):
    text = "\x1b]0;owned\x07\u202e\u200b\x9b\u2028\U000e0041".encode() + b"\xff\xfe\0" + b"x" * 800
    option = struct.pack(">HHH", 15, len(text) + 2, 6) + text

    def refuse(query, reply):
        answer = bytearray(query.answer(rcode=2, authority=()))
        answer[11] = 1   # one additional record
        reply(bytes(answer) + record(b"\0", "OPT", option, 0))
    everything(world, refuse)


@case("every-code-there-is", "Response codes that nobody assigned are told, not guessed at.", codes=UNFOUND)
def _(world):
    everything(world, lambda query, reply: reply(query.answer(rcode=len(query.name) % 10 + 6)))


@case("answers-of-nothing", "Datagrams of no byte, of one, and of a head alone are malformed.", codes=UNFOUND)
def _(world):
    count = []

    def nothing(query, reply):
        count.append(1)
        reply([b"", b"\0", query.wire[:12], query.answer()[:11], query.wire[:2] + b"\xff" * 10][len(count) % 5])
    everything(world, nothing)
