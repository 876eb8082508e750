"""Web servers, balancers and portals that answer as no web server should."""
import time
import zlib

from harness import collector
from servers import http_answer

CASES, case = collector("http")
WEB_PLAIN, WEB = "192.0.2.20:80", "192.0.2.20:443"
NAMES = ("lyncdiscover.contoso.example", "webext.contoso.example", "*.contoso.example")
SIGNED_IN, TICKETLESS = (0,), (40,)
XML = "application/vnd.microsoft.rtc.autodiscover+xml; v=1"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"


def web(world, handler, log_in="ntlm"):
    """In place of all web services; by NTLM the sign-in needs none of them."""
    server = world.lab().http(handler, world.tls(*NAMES))
    world.stand_in(WEB, server)
    world.options += ["--auth", log_in]
    return server


def endless(world, start, more, at_least=200000):
    """`start`, then `more` for ever, in answer to every request."""
    server = web(world, lambda connection, *_: (connection.send(start), connection.until_gone(lambda: more)))
    world.must(lambda: server.sent > at_least, "the flood left the server")


def once(world, answer, **more):
    server = web(world, lambda connection, *_: connection.send(answer), **more)
    world.must(lambda: server.sent >= len(answer), "the answer was sent")
    return server


@case("500-with-attributes", "A failure page whose one element has a million attributes costs no more than another page.", codes=SIGNED_IN)
def _(world):
    world.lab({"tls": [{"at": "lyncdiscover.contoso.example", "do": "reset"}]})
    page = b"<a " + b" ".join(b"a%d=''" % i for i in range(370000)) + b"/>"
    server = world.http(lambda connection, *_: connection.send(http_answer(page, "500 Internal Server Error", Content_Type="text/xml")))
    world.stand_in(WEB_PLAIN, server)
    world.must(lambda: server.sent > len(page), "the page was sent")


@case("endless-continue", "An endless run of 100 Continue ends the request, not the run.", codes=SIGNED_IN)
def _(world):
    endless(world, b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 2000, 40000)


@case("chunk-extension-without-end", "A chunk whose line never ends is given up after 64 KiB.", codes=SIGNED_IN, total=6)
def _(world):
    endless(world, CHUNKED + b"1;", b"x" * 65536)


@case("chunk-extensions-of-a-megabyte", "Parameters of chunks that outweigh the chunks are no body.", codes=SIGNED_IN)
def _(world):
    endless(world, CHUNKED, b"1;" + b'a="' + b"x" * 60000 + b'"\r\nx\r\n')


@case("trailers-without-end", "Fields behind the last chunk are bounded as the header is.", codes=SIGNED_IN, total=6)
def _(world):
    endless(world, CHUNKED + b"1\r\nx\r\n0\r\n", b"X-Trailer: x\r\n" * 5000)


@case("trailer-of-70000-bytes", "A field just too long for the library that reads it is an ordinary failure.", codes=TICKETLESS)
def _(world):
    once(world, CHUNKED + b"0\r\nX: " + b"x" * 70000 + b"\r\n\r\n", log_in="tls-dsk")


@case("header-line-without-end", "A header whose line never ends is given up after 64 KiB.", codes=SIGNED_IN)
def _(world):
    endless(world, b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536)


@case("fields-by-the-thousand", "Thousands of empty fields are no answer.", codes=SIGNED_IN)
def _(world):
    once(world, b"HTTP/1.1 200 OK\r\n" + b"a:\r\n" * 10000 + b"Content-Length: 0\r\n\r\n")


@case("body-without-end", "A page without a length that never ends is given up after 4 MiB.", codes=SIGNED_IN)
def _(world):
    endless(world, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>portal</p>" * 5000, 4000000)


@case("two-lengths-and-a-minus", "Lengths that contradict one another, or are none, end the answer, not the program.", codes=SIGNED_IN)
def _(world):
    lengths = [b"Content-Length: 5\r\nContent-Length: 50", b"Content-Length: -1", b"Content-Length: 99999999999999999999999", b"Transfer-Encoding: chunked\r\nContent-Length: 3", b"Transfer-Encoding: gzip, identity"]
    turn = []

    def answer(connection, *_):
        turn.append(1)
        connection.send(b"HTTP/1.1 200 OK\r\n" + lengths[len(turn) % len(lengths)] + b"\r\n\r\nhello")
    web(world, answer)
    world.must(lambda: len(turn) >= 2, "more than one was sent")


@case("in-drips", "An answer that comes a byte at a time is waited for no longer than another.", codes=SIGNED_IN)
def _(world):
    server = web(world, lambda connection, *_: connection.until_gone(lambda: time.sleep(0.05) or (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000)[connection.given:][:1]))
    world.must(lambda: server.sent > 10, "bytes dripped")


@case("redirects-that-grow", "Redirects to ever longer places are followed a few times.", codes=SIGNED_IN)
def _(world):
    steps = []

    def move(connection, start, *_):
        steps.append(1)
        connection.send(http_answer(b"", "302 Found", Location=f"https://lyncdiscover.contoso.example{start.split(' ')[1]}/{'x' * 5000}"))
    web(world, move)
    world.must(lambda: 2 <= len(steps) < 60, "they were followed, and not for ever")


@case("gzip-unasked", "A compressed page that nobody asked for is not inflated.", codes=SIGNED_IN)
def _(world):
    packer = zlib.compressobj(wbits=31)
    packed = b"".join(packer.compress(b" " * 1000000) for _ in range(300)) + packer.flush()
    once(world, http_answer(packed, Content_Type=XML, Content_Encoding="gzip"))


@case("says-more-than-asked", "Whatever follows an answer unasked is not taken for the next one without end.", codes=SIGNED_IN)
def _(world):
    endless(world, b"", http_answer(b"<html/>", Content_Type="text/html") * 100)


@case("portal-that-steers", "What a portal writes into status, fields and page reaches no terminal and no report raw.", codes=SIGNED_IN)
def _(world):
    words = "\x1b[2J\u202egnp.exe\u200b\x9b31m\u2028\U000e0041\x7f".encode()
    once(world, b"HTTP/1.1 511 " + words + b"\r\nServer: " + words + b"\r\nWWW-Authenticate: Basic realm=\"" + words + b"\"\r\nContent-Type: text/html\r\n" +
         b"Content-Length: %d\r\n\r\n" % (len(words) + 15) + b"<title>" + words + b"</title>")


@case("wants-credentials-of-every-kind", "Challenges without number are no reason to try each.", codes=TICKETLESS)
def _(world):
    challenges = b"".join(b"WWW-Authenticate: Scheme%d realm=\"%s\"\r\n" % (i, b"x" * 200) for i in range(250))
    once(world, b"HTTP/1.1 401 Unauthorized\r\n" + challenges + b"Content-Length: 0\r\n\r\n", log_in="tls-dsk")


@case("proxy-without-end", "A proxy that answers CONNECT with an endless refusal is given up.", codes=(20, 30, 40))
def _(world):
    proxy = world.lab().http(lambda connection, *_: (connection.send(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), connection.until_gone(lambda: b"x" * 65536)))
    world.options = ["--proxy", f"http://127.0.0.1:{proxy.port}"]
    world.must(lambda: proxy.sent > 1000000, "the proxy was asked and answered")


@case("revocation-list-without-end", "A revocation list that never ends delays nothing but itself.", codes=SIGNED_IN + (30, 40))
def _(world):
    world.lab({"tls": [{"at": "edge", "certificate": "checked"}]})
    server = world.http(lambda connection, *_: (connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\n\r\n"), connection.until_gone(lambda: b"\x30\x84\xff\xff" * 16384)))
    world.stand_in(WEB_PLAIN, server)
    world.must(lambda: server.sent > 1000000, "it was asked for")
