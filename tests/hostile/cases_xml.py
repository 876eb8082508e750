"""XML, JSON and what calls itself so: in Autodiscover, in the services' metadata and answers, in SIP bodies."""
from harness import collector
from servers import http_answer

CASES, case = collector("xml")
WEB, EDGE, NAME = "192.0.2.20:443", "192.0.2.10:443", "sip.contoso.example"
NAMES = ("lyncdiscover.contoso.example", "webext.contoso.example", "*.contoso.example")
TYPE = "application/vnd.microsoft.rtc.autodiscover+xml; v=1"
SIGNED_IN, TICKETLESS, ANY_END = (0,), (40,), (0, 40, 50)
SELF, CONTACTS, CONFIGURATION = "vnd-microsoft-roaming-self", "vnd-microsoft-roaming-contacts", "vnd-microsoft-provisioning-v2"
SOAP = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'


def web(world, body, kind=TYPE, status="200 OK"):
    """Whatever web service is asked, it says this."""
    body = body.encode() if isinstance(body, str) else body
    server = world.lab().http(lambda connection, *_: connection.send(http_answer(body, status, Content_Type=kind)), world.tls(*NAMES))
    world.stand_in(WEB, server)
    world.must(lambda: server.sent > len(body), "the document was sent")
    return server


def in_lab(world, rule, body):
    """The lab says this in place of one of its own documents; seen where it passes."""
    path = world.file("body.xml", body)
    world.lab({rule.pop("section"): [{**rule, "body_file": path}]})
    place, names = (EDGE, [NAME]) if "step" in rule else (WEB, NAMES)
    body = body.encode() if isinstance(body, str) else body
    world.watched(place, world.tls(*names), body[len(body) // 2:][:100])


def subscription(world, event, body):
    in_lab(world, {"section": "sip", "method": "SUBSCRIBE", "step": event}, body)


def metadata(world, body):
    in_lab(world, {"section": "http", "at": "webext.contoso.example", "path": "*/mex", "status": 200}, body)


def many(count, text):
    return "".join(text % i for i in range(count))


@case("a-billion-laughs", "Entities that grow a thousandfold at each step are not expanded.", codes=SIGNED_IN)
def _(world):
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    web(world, f'<?xml version="1.0"?><!DOCTYPE x [{entities}]><AutodiscoverResponse><User>&a9;</User></AutodiscoverResponse>')
    world.options = ["--auth", "ntlm"]


@case("a-file-of-ours", "An entity that names a file of this PC does not carry it into a report.", codes=TICKETLESS)
def _(world):
    world.file("secret", "the-canary-in-the-file")
    fault = SOAP % "<s:Fault><faultcode>s:Client</faultcode><faultstring>&x;</faultstring></s:Fault>"
    web(world, f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{world.folder}/secret">]>' + fault, "text/xml", "500 Error")
    world.must(lambda: not any("the-canary-in-the-file" in world.left(name) for name in ("report.json", "stdout", "stderr")), "the file's words stay where they are")


@case("attributes-in-metadata", "Attributes by the hundred thousand in a service's metadata are refused, and the limit is named.", codes=TICKETLESS)
def _(world):
    body = "<definitions " + many(90000, "a%d='' ") + "/>"
    metadata(world, body)

    world.must(lambda: "more than 64 attributes in one element" in world.left("report.json"), "the report names the limit")


@case("hidden-behind-a-comment", "Attributes where the scan sees a comment and the parser an element do not get through.", codes=SIGNED_IN + (50,))
def _(world):
    subscription(world, SELF, "<roamingData><!-- \x02 <a " + many(80000, "a%d='' ") + "/> --></roamingData>")


@case("hidden-in-utf-16", "Attributes in two-byte letters are counted as well.", codes=SIGNED_IN + (50,))
def _(world):
    subscription(world, CONTACTS, b"\xff\xfe" + ("<contactList " + many(40000, "a%d='' ") + "/>").encode("utf-16-le"))


@case("hidden-in-ebcdic", "An encoding in which the scan sees no markup is not read.", codes=SIGNED_IN + (50,))
def _(world):
    subscription(world, CONFIGURATION, ("<?xml version='1.0' encoding='IBM037'?><provisionGroupList " + many(80000, "a%d='' ") + "/>").encode("cp037"))


@case("namespaces-by-the-thousand", "Declarations in scope by the thousand do not slow each name down.", codes=TICKETLESS)
def _(world):
    metadata(world, "<definitions>" + many(60, "<n" + many(40, " xmlns:p%d='u'").replace("%", "%%") + " i='%d'>") + "</n>" * 60 + "</definitions>")


@case("deep-as-a-well", "A hundred thousand elements inside one another do not end the stack.", codes=SIGNED_IN + (50,))
def _(world):
    subscription(world, SELF, "<roamingData>" + "<a>" * 100000 + "</a>" * 100000 + "</roamingData>")


@case("comments-by-the-million", "Empty comments, which cost fifteen times their bytes in memory, are counted.", codes=SIGNED_IN)
def _(world):
    subscription(world, CONTACTS, "<contactList>" + "<!---->" * 580000 + "</contactList>")


@case("contacts-by-the-hundred-thousand", "A contact list beyond every limit of the product is refused, not held.", codes=SIGNED_IN)
def _(world):
    subscription(world, CONTACTS, "<contactList>" + many(150000, "<contact uri='u%d'/>") + "</contactList>")


@case("settings-by-the-thousand", "As many settings as a document may have fit into report and memory.", codes=SIGNED_IN)
def _(world):
    subscription(world, CONFIGURATION, "<provisionGroupList><provisionGroup name='ucPolicy'><instance>" + many(19000, "<property name='n%d'>" + "v" * 150 + "</property>")
                 + "</instance></provisionGroup></provisionGroupList>")


@case("ports-times-bindings", "Ports, bindings and policies by the thousand are matched without comparing all with all.", codes=ANY_END)
def _(world):
    metadata(world, '<definitions xmlns:w="urn:w">' + many(4500, '<Policy Id="p%d"/>') + many(4500, '<binding name="b%d"><PolicyReference URI="#x"/></binding>')
             + "<service>" + many(3000, '<port name="n%d" binding="w:b9"><address location="https://webext.contoso.example/x"/></port>') + "</service></definitions>")


@case("documents-in-documents", "Documents inside CDATA by the thousand are read in time.", codes=SIGNED_IN)
def _(world):
    inner = "<![CDATA[<PublicProviders><PublicProvider Name='a' ProxyFqdn='b'/></PublicProviders>]]>"
    subscription(world, CONFIGURATION, "<provisionGroupList><provisionGroup name='publicProviders'><instance>" + many(6000, "<property name='n%d'>" + inner + "</property>")
                 + "</instance></provisionGroup></provisionGroupList>")


@case("fault-of-megabytes", "A SOAP fault of three megabytes is a failure like another.", codes=TICKETLESS)
def _(world):
    web(world, SOAP % ("<s:Fault><faultcode>s:Client</faultcode><faultstring>" + "x" * 3000000 + "</faultstring></s:Fault>"), "text/xml", "500 Error")


@case("fault-that-steers", "A fault's words reach no terminal and no report raw.", codes=TICKETLESS)
def _(world):
    words = "&#x202e;&#x200b;&#x9b;31m&#x2028;&#xe0041;&#x7f;"
    fault = {"code": "x", "text": "y", "error_id": 28020, "reason": "z"}
    world.lab({"soap": [{"service": "web_ticket", "operation": "RST", "status": 500, "fault": fault}]})

    def change(data, client):
        return data.replace(b"<faultstring>y", b"<faultstring>" + words.encode()) if b"<faultstring>" not in data or b"Content-Length" not in data else recount(data, words)
    seen = world.between(WEB, world.tls(*NAMES), change)
    world.must(lambda: seen.sent > 0, "the pool was asked")


def recount(data, words):
    """The same HTTP answer with these words in its fault."""
    head, _, body = data.partition(b"\r\n\r\n")
    body = body.replace(b">y</", b">" + words.encode() + b"</")
    lines = [b"Content-Length: %d" % len(body) if line.lower().startswith(b"content-length") else line for line in head.split(b"\r\n")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@case("links-by-the-thousand", "An Autodiscover document with links without number is refused.", codes=SIGNED_IN)
def _(world):
    web(world, "<AutodiscoverResponse><Root>" + many(40000, '<Link token="User" href="https://webext.contoso.example/%d"/>') + "</Root></AutodiscoverResponse>")
    world.options = ["--auth", "ntlm"]


@case("json-as-deep", "JSON of opening brackets alone is refused.", codes=SIGNED_IN)
def _(world):
    web(world, '{"Root":' + "[" * 250000, "application/json")
    world.options = ["--auth", "ntlm"]


@case("json-of-the-other-kind", "JSON with a member where an object should be, numbers beyond all and halves of letters is refused.", codes=SIGNED_IN)
def _(world):
    web(world, '{"AccessLocation":1e999,"_links":{"user":{"href":["\\ud800"]},"\\udfff":{"href":"https://\\u0000/"},"x":{"href":' + "9" * 100000 + "}}}", "application/json")
    world.options = ["--auth", "ntlm"]
