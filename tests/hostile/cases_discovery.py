"""Zones that name more servers and addresses than anybody can try: the run takes the first, says what it left out, and signs in."""
import json

from harness import collector
from servers import address, record, srv

CASES, case = collector("discovery")
SIP, SRV = "sip.contoso.example", "_sip._tls.contoso.example"
OWNER = b"\xc0\x0c"          # the question's own name
MOST_CONNECTIONS = 160       # of a run: 128, and two for each server after that


def closed_addresses(count, of=0):
    """Of this host, where nobody listens at 443."""
    return [record(OWNER, "A", address(f"127.77.{of % 250}.{i % 250 + 1}")) for i in range(count)]


def cut_by_udp(query, reply, *records):
    """Long answers are had by TCP."""
    reply(query.answer(flags=0x8380) if query.over == "udp" else query.answer(*records))
    return True


def noted(world, name):
    """Values of an evidence in the report."""
    spans = json.loads(world.left("report.json") or '{"trace": []}')["trace"]
    return [e["value"] for s in spans for e in s["evidence"] if e["name"] == name]


def connections(world):
    """Addresses that were tried; one that failed stands at the server's span and at its own."""
    spans = json.loads(world.left("report.json") or '{"trace": []}')["trace"]
    return len({e["value"] for s in spans if s["node"] == "connection.tcp" for e in s["evidence"] if e["name"] == "network.peer.address"})


@case("a-pool-among-eight-hundred", "A healthy pool that stands first among 800 services of 50 addresses each is signed in to.", total=12.0, codes=(0,))
def _(world):
    services = [srv(f"s{i}.contoso.example", 443, i + 1) for i in range(799)] + [srv(SIP, 443, 0)]

    def say(query, reply):
        if query.asks(SRV):
            return cut_by_udp(query, reply, *(record(OWNER, "SRV", one) for one in services))
        if not query.name.startswith("s") or not query.name.split(".")[0][1:].isdigit():
            return False
        if query.type != 1:
            reply(query.answer())
            return True
        return cut_by_udp(query, reply, *closed_addresses(50, int(query.name.split(".")[0][1:])))
    world.lab().dns(say)
    world.must(lambda: 784 in noted(world, "ucsignin.dns.records.left_out"), "the report says how many services were left out")
    world.must(lambda: 34 in noted(world, "ucsignin.dns.records.left_out"), "and how many addresses of a server")
    world.must(lambda: 16 < connections(world) <= MOST_CONNECTIONS, "connections were tried, many and not thousands")


@case("a-server-of-a-thousand-addresses", "A server with a thousand addresses, of which the first is good, is signed in to.", total=12.0, codes=(0,))
def _(world):
    def say(query, reply):
        if not query.asks(SIP) or query.type not in (1, 28):
            return False
        if query.type == 28:
            reply(query.answer())
            return True
        return cut_by_udp(query, reply, record(OWNER, "A", address("192.0.2.10")), *closed_addresses(999))
    world.lab().dns(say)
    world.must(lambda: 984 in noted(world, "ucsignin.dns.records.left_out"), "the report says how many addresses were left out")
    world.must(lambda: 0 < connections(world) <= MOST_CONNECTIONS, "connections were tried, not thousands")
