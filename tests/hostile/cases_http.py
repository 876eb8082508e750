"""Web servers, balancers and portals that answer as no web server should."""
from harness import collector
from servers import http_answer

CASES, case = collector("http")
WEB_PLAIN, WEB = "192.0.2.20:80", "192.0.2.20:443"
NAMES = ("lyncdiscover.contoso.example", "webext.contoso.example", "*.contoso.example")
SIGNED_IN = (0,)


@case("500-with-attributes", "A failure page whose one element has a million attributes costs no more than another page.", codes=SIGNED_IN)
def _(world):
    world.lab({"tls": [{"at": "lyncdiscover.contoso.example", "do": "reset"}]})
    page = b"<a " + b" ".join(b"a%d=''" % i for i in range(370000)) + b"/>"
    server = world.http(lambda connection, *_: connection.send(http_answer(page, "500 Internal Server Error", Content_Type="text/xml")))
    world.stand_in(WEB_PLAIN, server)
    world.must(lambda: server.sent > len(page), "the page was sent")


@case("endless-continue", "An endless run of 100 Continue ends the request, not the run.", codes=SIGNED_IN)
def _(world):
    world.lab()
    server = world.http(lambda connection, *_: connection.until_gone(lambda: b"HTTP/1.1 100 Continue\r\n\r\n" * 2000), world.tls(*NAMES))
    world.stand_in(WEB, server)
    world.options = ["--auth", "ntlm"]
    world.must(lambda: server.sent >= 50000, "the answers were sent")
