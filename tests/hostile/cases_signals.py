"""Impatient people: one interrupt ends a run in order, the second within a second, the third at once."""
import os
import signal
import socket
import termios

from cases_terminal import full_pipe, stdout_is, terminal
from harness import collector
from servers import http_answer, record, srv

CASES, case = collector("signals")
INT, TERM, HUP = signal.SIGINT, signal.SIGTERM, signal.SIGHUP
WEB_PLAIN = "192.0.2.20:80"
REGISTERED = "registered for"
LAST_ANSWER = {"sip": [{"method": "REGISTER", "if": {"header": "Expires", "equals": "0"}, "drop": True}]}   # to signing out


def sign_out(report):
    return next(s for s in report["trace"] if s["node"] == "provisioning.sign_out")


@case("one-while-staying", "One interrupt ends a stay: signed out, with the result's code.", total=20, codes=(0,), gone_within=1.0)
def _(world):
    world.lab()
    world.options = ["--stay", "15"]
    world.signals = [(world.printed("Available"), INT)]
    world.expect(lambda r: r["run"]["interrupted"] and sign_out(r)["outcome"] == "ok", "signed out, and told as interrupted")


@case("term-before-an-answer", "SIGTERM is as Ctrl-C: 130, with a report, when nothing had answered.", codes=(130,), total=8, gone_within=1.0)
def _(world):
    world.lab({"dns": {"resolvers": [{"kind": "silent"}]}})
    world.signals = [(1.0, TERM)]
    world.expect(lambda r: r["run"]["interrupted"] and not r["result"]["root_causes"], "interrupted, and nobody is blamed")


@case("hup-in-the-handshake", "SIGHUP is as Ctrl-C, while a server holds the TLS handshake.", codes=(130,), total=8, gone_within=1.0)
def _(world):
    world.lab({"tls": [{"at": "edge", "do": "stall"}]})
    world.signals = [(world.printed("TCP connection"), HUP)]
    world.expect(lambda r: any(s["node"] == "connection.tls" and s["reason"] == "interrupted" for s in r["trace"]), "the handshake is told as interrupted")


@case("hup-under-nohup", "SIGHUP that was ignored from the start stays ignored.", codes=(0,))
def _(world):
    world.lab()
    world.before_start = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    world.signals = [(world.printed("SIP domain"), HUP)]
    world.expect(lambda r: not r["run"]["interrupted"], "not interrupted")


@case("int-ignored-by-the-shell", "SIGINT works in a job that a shell started in the background.", codes=(130,), total=8, gone_within=1.0)
def _(world):
    world.lab({"dns": {"resolvers": [{"kind": "silent"}]}})
    world.before_start = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)
    world.signals = [(0.8, INT)]
    world.expect(lambda r: r["run"]["interrupted"], "interrupted")


@case("at-once", "A signal in the first milliseconds ends the program.", codes=(130, -int(INT)), report=False, gone_within=0.5)
def _(world):
    world.lab({"dns": {"resolvers": [{"kind": "silent"}]}})   # on a busy machine it may come later: no run has ended by then
    world.signals = [(0.0, INT)]
    world.must(lambda: world.last_signal_at is not None, "the signal was sent")


@case("while-the-lab-starts", "An interrupt before the sign-in begins is told in a report in which nothing ran.", codes=(130,), gone_within=0.8)
def _(world):
    world.options, world.resolver, world.password_file = ["--lab"], None, None
    world.signals = [(0.08, INT)]
    world.expect(lambda r: r["run"]["interrupted"] and not any(s["node"].startswith("connection.tcp") and s["outcome"] == "ok" for s in r["trace"]), "nothing ran")


@case("second-while-registering", "The second interrupt doesn't wait for a registrar that holds the REGISTER.", codes=(130,), total=10, gone_within=1.0)
def _(world):
    world.lab({"sip": [{"method": "REGISTER", "step": "signed", "drop": True}]})
    world.signals = [(world.printed("TLS-DSK handshake"), INT), (0.1, TERM)]
    world.expect(lambda r: sign_out(r)["branch"] != "not_needed", "nobody says that nothing was registered")


@case("one-while-registering", "A REGISTER under way at the interrupt is taken back, not denied.", codes=(130,), total=10, gone_within=1.2)
def _(world):
    world.lab({"sip": [{"method": "REGISTER", "step": "signed", "delay_ms": 2500, "times": 1}]})
    world.signals = [(world.printed("TLS-DSK handshake"), INT)]
    world.expect(lambda r: "REGISTER" in sign_out(r)["summary"], "signing out tells of the REGISTER")


@case("three-at-once", "The third interrupt ends the program at once, report or not.", codes=(130, 0), total=20, report=False, gone_within=0.3)
def _(world):
    world.lab(LAST_ANSWER)
    world.options = ["--stay", "15"]
    world.signals = [(world.printed("Available"), INT), (0.0, TERM), (0.0, HUP)]
    world.must(lambda: world.last_signal_at is not None, "all three were sent")


@case("first-while-signing-out", "Signing out gets 800 ms after an interrupt, and the result stands.", codes=(0,), total=10, gone_within=1.2)
def _(world):
    world.lab(LAST_ANSWER)
    world.signals = [(world.printed("Available"), None), (0.4, INT)]
    world.expect(lambda r: r["result"]["signed_in"] and r["run"].get("cut_short") == "interrupted", "the result stands, with a note")


@case("second-while-signing-out", "The second interrupt while signing out keeps the result's code.", codes=(0,), total=10, gone_within=1.0)
def _(world):
    world.lab(LAST_ANSWER)
    world.signals = [(world.printed("Available"), None), (0.4, INT), (0.1, INT)]
    world.expect(lambda r: r["result"]["signed_in"] and sign_out(r)["reason"] == "interrupted", "signed in, and signing out was interrupted")


@case("in-the-second-round", "An interrupt in the second look keeps the verdict of the first.", codes=(30,), causes=("tls-handshake-timeout",),
      total=12, gone_within=1.2)
def _(world):
    world.lab({"dns": {"remove": [{"name": "lyncdiscover"}]}})
    held = []

    def hold(connection):
        held.append(connection)
        while connection.receive():
            pass
    world.stand_in("192.0.2.10:443", world.tcp(hold))
    world.signals = [(lambda: len(held) > 2, None), (0.3, INT)]   # two servers once, then looks at them
    world.expect(lambda r: r["run"].get("cut_short") == "interrupted", "a note")


@case("in-the-wait-for-others", "Interrupted in the wait for what others see, nobody says that the server didn't say.", codes=(0, 130), total=20, gone_within=1.0)
def _(world):
    world.lab({"sip": [{"method": "SERVICE", "step": "publish", "body": "", "status": 200}]})
    world.signals = [(world.printed("Presentity"), INT)]
    world.expect(lambda r: next(s for s in r["trace"] if s["node"] == "provisioning.available")["branch"] != "refused", "not told as refused")


@case("second-in-an-xml-storm", "The second interrupt works while documents pour in that are just small enough to be read.", codes=(0, 130), total=10, gone_within=1.0)
def _(world):
    world.lab({"tls": [{"at": "lyncdiscover.contoso.example", "do": "reset"}], "sip": [{"method": "REGISTER", "step": "signed", "drop": True}]})
    page = b"<r>" + b"<a b='c'><d/></a>" * 12000 + b"</r>"
    server = world.http(lambda connection, *_: connection.send(http_answer(page, Content_Type="text/xml")))
    world.stand_in(WEB_PLAIN, server)
    world.signals = [(lambda: server.sent > 0, INT), (0.05, INT)]
    world.must(lambda: server.sent > 0, "documents were sent")


@case("second-in-a-dns-storm", "The second interrupt works while the name server answers with hundreds of records to every question.", codes=(0, 130), total=10, gone_within=1.0)
def _(world):
    world.lab()
    asked = []

    def flood(query, reply):
        asked.append(query.name)
        if query.asks("_sip._tls.contoso.example", "SRV"):
            reply(query.answer(*[record(b"\xc0\x0c", "SRV", srv(f"s{i}.contoso.example")) for i in range(200)]))
            return True
        return query.name.startswith("s") and query.name[1:2].isdigit()   # never answered
    world.dns(flood)
    world.signals = [(lambda: len(asked) > 12, INT), (0.05, INT)]
    world.must(lambda: len(asked) > 12, "the questions came")


@case("second-while-judging", "The second interrupt works when a run has just ended and is being judged.", codes=(0, 130), total=10, gone_within=1.0)
def _(world):
    world.lab()
    world.signals = [(world.printed("Sign-out"), INT), (0.0, INT)]
    world.must(lambda: world.last_signal_at is not None, "the signals were sent")


@case("at-a-silent-kdc", "The second interrupt doesn't wait for a Kerberos library that waits for its KDC.", codes=(130,), total=20, gone_within=1.0)
def _(world):
    world.lab({"pool": {"schemes": ["Kerberos"]}})
    kdc = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    kdc.bind(("127.0.0.1", 0))
    kdc.setblocking(False)
    port = kdc.getsockname()[1]
    world.environment["KRB5_CONFIG"] = world.file("krb5.conf", "[libdefaults]\n default_realm = CONTOSO.EXAMPLE\n dns_lookup_kdc = false\n"
                                                  f"[realms]\n CONTOSO.EXAMPLE = {{\n  kdc = 127.0.0.1:{port}\n }}\n")
    world.options = ["--auth", "kerberos"]
    heard = []

    def asked():
        try:
            heard.append(kdc.recv(65536))
        except BlockingIOError:
            pass
        return bool(heard)
    world.signals = [(asked, INT), (0.1, INT)]
    world.must(lambda: bool(heard), "the KDC was asked")


@case("second-at-a-stopped-terminal", "The second interrupt doesn't wait for a terminal that Ctrl-S stopped: the report is written, the text given up.",
      codes=(74,), total=20, gone_within=1.0)
def _(world):
    world.lab()
    world.options = ["--stay", "15"]
    _, slave = terminal(80)
    termios.tcflow(slave, termios.TCOOFF)
    world.before_start = stdout_is(lambda: slave)
    world.signals = [(2.0, INT), (0.1, INT)]
    world.expect(lambda r: r["run"]["interrupted"] or r["result"]["signed_in"], "the report is there")


@case("second-at-a-full-pipe", "Nor for a pipe that nobody reads.", codes=(74,), total=20, gone_within=1.0)
def _(world):
    world.lab(LAST_ANSWER)
    _, writing = full_pipe()
    world.before_start = stdout_is(lambda: writing)
    world.options = ["--stay", "15"]
    world.signals = [(2.0, TERM), (0.1, TERM)]
    world.expect(lambda r: r["run"]["interrupted"] or r["result"]["signed_in"], "the report is there")


@case("at-the-password-prompt", "An interrupt at the prompt ends the program with a report, and what is typed can be seen again.", codes=(130,), total=20, gone_within=0.5)
def _(world):
    world.lab()
    world.password_file = None
    _, slave = terminal(80)
    world.before_start = lambda: (os.dup2(slave, 0), os.dup2(slave, 2))

    def is_silent():
        return not termios.tcgetattr(slave)[3] & termios.ECHO
    world.signals = [(is_silent, INT), (0.0, INT)]
    world.must(lambda: not is_silent(), "echo is on again")
    world.expect(lambda r: r["run"]["interrupted"] and not any(s["outcome"] == "ok" for s in r["trace"]), "a report in which nothing ran")


@case("mask-at-work", "An interrupt ends `mask` at once, and leaves no part of a file.", codes=(130, 65), report=False, total=6, gone_within=0.5)
def _(world):
    big = world.file("big.json", "[" + ",".join('"h%d.contoso.example"' % i for i in range(200000)) + "]")
    world.command = ["mask", big]
    world.signals = [(0.03, INT)]
    world.must(lambda: world.last_signal_at is not None, "the signal was sent")


@case("stopped-for-long", "A program that was stopped (Ctrl-Z) beyond its total and goes on ends in order, and calls it no fault of its own.",
      codes=(20,), total=2)
def _(world):
    world.lab({"dns": {"resolvers": [{"kind": "silent"}]}})
    world.on_top = 9
    world.signals = [(0.3, signal.SIGSTOP), (9.0, signal.SIGCONT)]
    world.expect(lambda r: not r["run"].get("fault"), "no fault is told")


@case("lab-by-hup", "`lab` ends in order on SIGHUP.", codes=(0,), report=False, total=8, gone_within=1.0)
def _(world):
    world.command = ["lab"]
    world.signals = [(world.printed("ready"), HUP)]
    world.must(lambda: world.last_signal_at is not None, "the lab was ready")


@case("stay-beyond-the-total", "--stay comes on top of the total, and the endpoint is signed out after it.", codes=(0,), total=3)
def _(world):
    world.lab()
    world.options = ["--stay", "4"]
    world.on_top = 4
    world.expect(lambda r: r["run"]["duration_ms"] > 4000 and sign_out(r)["branch"] == "confirmed", "stayed for all of it, then signed out")


@case("no-answer-to-signing-out", "A server that never confirms gets 2 s, inside the run's total and a second.", codes=(0,), total=3)
def _(world):
    world.lab(LAST_ANSWER)
    world.expect(lambda r: sign_out(r)["branch"] == "sent" and sign_out(r)["duration_ms"] < 2300, "sent, and given up in time")
