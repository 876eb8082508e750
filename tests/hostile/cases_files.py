"""Files that have no end, are none, or are more than anybody meant; and options that nobody can mean."""
import hashlib
import json
import os
import resource
import signal

from cases_terminal import COMMAND, example, output, report_to, says
from harness import collector

CASES, case = collector("files")


def sparse(world, name, size=10 << 30):
    path = world.file(name, "")
    os.truncate(path, size)
    return path


def fifo(world, name):
    path = os.path.join(world.folder, name)
    os.mkfifo(path)
    return path


def rendered(world, content):
    world.command = ["render", world.file("given.json", content if isinstance(content, (str, bytes)) else json.dumps(content))]


# -- reports --

@case("report-without-end", "A device is no report.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["render", "/dev/zero"]
    says(world, "stderr", "/dev/zero: is a device")


@case("report-from-an-endless-pipe", "A report on standard input has an end as well.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["mask", "-"]
    world.before_start = lambda: os.dup2(os.open("/dev/zero", os.O_RDONLY), 0)
    says(world, "stderr", "standard input: longer than")


@case("report-from-a-fifo", "A FIFO that nobody writes to is left after a while.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["render", fifo(world, "fifo")]
    says(world, "stderr", "it could not be read in the time given")


@case("report-of-10-gigabytes", "A file of 10 GB is refused unread.", codes=(65,), report=False, total=1.0)
def _(world):
    world.command = ["mask", sparse(world, "large.json")]
    says(world, "stderr", "longer than 8 MiB")


@case("report-is-a-folder", "A folder is told as one.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["mask", world.folder]
    says(world, "stderr", "Is a directory")


@case("report-of-many-values", "Millions of small values cost no memory.", codes=(65,), **COMMAND)
def _(world):
    rendered(world, '{"a": [' + "0," * 3500000 + "0]}")
    says(world, "stderr", "more than 500000 values")


@case("report-of-many-members", "An object of a hundred thousand members costs no time.", codes=(65,), report=False, total=2.0)
def _(world):
    report = example()
    report["run"]["options"] = {f"option-{i}": "x" for i in range(100000)}
    rendered(world, report)
    says(world, "stderr", "more than 1000 members")


@case("report-nested-deeply", "Nor does a report that is nested a million times.", codes=(65,), **COMMAND)
def _(world):
    rendered(world, '{"a":' * 1000000)
    says(world, "stderr", "nested deeper")


@case("report-with-a-code-of-its-own", "A code that no run ends with is no report's.", codes=(65,), **COMMAND)
def _(world):
    report = example()
    report["result"]["exit_code"] = 77
    rendered(world, report)
    says(world, "stderr", "a run cannot end with 77")


def many_spans(count, per_span, evidence):
    report = example()
    usual = next(s for s in report["trace"] if s["outcome"] == "ok")
    report["trace"], report["findings"], report["messages"], report["result"]["root_causes"] = [], [], [], []
    for i in range(count):
        span = {**usual, "span_id": f"{i + 1:016x}", "subject": f"host{i}.example", "evidence": [evidence(i * per_span + j) for j in range(per_span)]}
        report["trace"].append(span)
    return report


def text(value, kind="text"):
    return {"name": "x.text", "value": value, "kind": kind, "provenance": "server"}


@case("many-names-masked", "Twenty thousand names are masked in the time that their number takes.", codes=(0,), report=False, total=10.0)
def _(world):
    report = many_spans(1000, 20, lambda i: text(f"sip:user{i}@corp{i}.example of CORP{i}\\user{i} at fe{i}.emea{i % 7}.corp{i}.example, 10.{i >> 16}.{i >> 8 & 255}.{i & 255}, Company Number {i}"))
    world.command = ["mask", world.file("given.json", json.dumps(report))]
    world.must(lambda: len(output(world, "stdout")) > 2000000 and "corp19999" not in output(world, "stdout"), "all of it was masked")


@case("many-subjects-shown", "Ten thousand places in a stage are summed up in the time that their number takes.", codes=(40,), report=False, total=5.0)
def _(world):
    report = many_spans(10000, 0, None)
    report["result"]["exit_code"] = 40
    rendered(world, report)
    says(world, "stdout", "could not sign in")


@case("many-causes-shown", "So are a thousand root causes of a thousand steps each with its evidence.", codes=(40,), report=False, total=5.0)
def _(world):
    report = many_spans(2000, 0, None)
    finding = {"id": "x", "severity": "failure", "stage": 3, "subject": None, "certainty": "possible", "title": "t", "explanation": None, "evidence": [], "ruled_out": [], "remedy": []}
    report["findings"] = [{**finding, "id": f"x{i}", "evidence": [f"{j + 1:016x}" for j in range(i % 50)]} for i in range(1000)]
    report["result"]["root_causes"] = [{"id": f"x{i}", "subject": None, "certainty": "possible"} for i in range(1000)]
    rendered(world, report)
    says(world, "stdout", "Cause 1000 of 1000")


@case("names-within-names", "A name that says the same word over and over is no trap for the masker.", codes=(0,), report=False, total=10.0)
def _(world):
    world.command = ["mask", world.file("given.json", json.dumps(many_spans(1, 2, lambda i: text("CN=" + "a " * 150, "dn") if i == 0 else text("a " * 1000000))))]
    world.must(lambda: len(output(world, "stdout")) > 1000, "it was masked")


# -- what a run is given --

@case("scenario-from-a-fifo", "A scenario that nobody writes is left after a while.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--lab", "--scenario", fifo(world, "scenario")]
    says(world, "stderr", "it could not be read in the time given")


@case("password-without-end", "A password ends with its line, or it is none.", codes=(65,), **COMMAND)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--password-file", sparse(world, "password")]
    says(world, "stderr", "its first line is longer than 4 KiB")


@case("password-that-nobody-types", "A password that doesn't come on standard input is waited for no longer than the total.", codes=(65,), report=False, total=2.0)
def _(world):
    reading, writing = os.pipe()
    world.command = ["diagnose", "alice@contoso.example", "--password-stdin", "--timeout", "2"]
    world.before_start = lambda: os.dup2(reading, 0)
    says(world, "stderr", "it could not be read in the time given")


@case("ca-file-of-10-gigabytes", "Roots have an end.", codes=(65,), report=False, total=1.0)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--ca-file", sparse(world, "roots.pem"), "--until", "devices"]
    says(world, "stderr", "--ca-file")


@case("password-from-a-fifo", "A password that nobody writes is waited for as long as the run may take.", codes=(65,), report=False, total=2.0)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--timeout", "2", "--password-file", fifo(world, "password")]
    world.must(lambda: "password" in output(world, "stderr"), "the file is named")


@case("roots-from-a-fifo", "So are roots.", codes=(65,), report=False, total=2.0)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--timeout", "2", "--ca-file", fifo(world, "roots")]
    world.must(lambda: "roots" in output(world, "stderr"), "the file is named")


@case("keylog-to-a-fifo", "A key log that nobody reads would hold up the handshake: it is refused.", codes=(65,), report=False, total=2.0)
def _(world):
    world.command = ["diagnose", "alice@contoso.example", "--keylog", fifo(world, "keys"), "--until", "devices", "--timeout", "2"]
    says(world, "stderr", "--keylog")


@case("proxy-script-from-a-fifo", "A proxy script that can't be read holds up nothing: connections go direct.", codes=(0,), total=8.0)
def _(world):
    world.lab()
    world.options = ["--proxy", "pac+file://" + fifo(world, "proxy.pac")]
    world.expect(lambda r: any(s["node"] == "devices.proxy" and "it could not be read in the time given" in s["summary"] for s in r["trace"]), "the script was waited for")
    world.expect(lambda r: next(s for s in r["trace"] if s["node"] == "connection.tcp")["start_ms"] < 1000, "nothing else waited")


@case("cache-of-10-gigabytes", "What lies in the cache has an end.", codes=(0,))
def _(world):
    world.lab()
    folder = os.path.join(world.folder, "ucsignin", hashlib.sha256(b"sip:alice@contoso.example").hexdigest()[:32])
    os.makedirs(folder)
    with open(os.path.join(folder, "server.json"), "w"):
        pass
    os.truncate(os.path.join(folder, "server.json"), 10 << 30)
    world.environment = {"XDG_CACHE_HOME": world.folder}
    world.options = ["--cache"]
    world.expect(lambda r: any(s["node"] == "discovery.cached_server" and "longer than" in s["summary"] for s in r["trace"]), "the cache was looked at")


# -- where a report goes --

@case("report-to-a-dangling-link", "A link is written through, as any program would; it stays a link.", codes=(0,), report=False)
def _(world):
    world.lab()
    link, target = os.path.join(world.folder, "link.json"), os.path.join(world.folder, "target.json")
    os.symlink("target.json", link)
    report_to(world, link)
    world.must(lambda: os.path.islink(link) and json.load(open(target))["result"]["signed_in"], "the target has the report")


@case("report-to-a-folder", "A folder takes no report.", codes=(74,), report=False)
def _(world):
    world.lab()
    report_to(world, world.folder)
    says(world, "stderr", "Is a directory")
    says(world, "stdout", "Signed in as")


@case("report-to-a-fifo", "A FIFO that nobody reads is given up in time.", codes=(74,), report=False, total=3.0)
def _(world):
    world.lab()
    report_to(world, fifo(world, "report"))
    says(world, "stderr", "nobody reads it in time")


# -- options that nobody can mean --

def refused(name, proves, arguments, text):
    @case(name, proves, codes=(64,), report=False, total=2.0)
    def _(world):
        world.command = ["diagnose", *arguments]
        says(world, "stderr", text)


for number, name in (("nan", "no-number"), ("1e300", "a-number-with-an-exponent"), ("0x10", "a-hexadecimal-number"), ("-1", "a-negative-number"), ("inf", "no-end")):
    refused(f"timeout-of-{name}", f"A time of {number!r} is refused in a sentence.", ["alice@contoso.example", "--timeout=" + number], "is not a number of seconds from 0.05 to 3600")
refused("timeout-of-nothing", "So is a time that is left out.", ["alice@contoso.example", "--timeout="], "--timeout")
for option in ("json", "html", "log", "password-file", "server", "exchange", "trust-domain"):
    refused(f"empty-{option}", f"--{option} of a variable that is not set is refused, in place of a run that leaves it out.",
            ["alice@contoso.example", f"--{option}", ""], f"--{option}: it is empty")
refused("sips-address", "A sips: address is refused, and told what to write.", ["sips:alice@contoso.example"], "write user@domain")
refused("proxy-name-with-a-colon", "A password after an escaped colon is one on the command line all the same.",
        ["alice@contoso.example", "--proxy", "http://bob%3ASecret@127.0.0.1:9"], "goes into a file that --proxy-password-file names")
refused("address-at-a-host", "So is an address at a host's number.", ["alice@192.0.2.1"], "Name a server with --server")
refused("address-at-an-ipv6-host", "So is one at a host's number in brackets.", ["alice@[::1]"], "[::1] is the address of a host")


@case("scheme-in-capitals", "SIP: is sip:.", codes=(0,))
def _(world):
    world.lab()
    world.user = "SIP:alice@contoso.example"
    world.expect(lambda r: r["identity"]["sip_uri"] == "sip:alice@contoso.example", "the address without its scheme")


@case("a-lab-that-is-killed", "Nothing of a lab is left that was killed: its password is in no file.", codes=(-int(signal.SIGKILL),), **COMMAND)
def _(world):
    temporary = os.path.join(world.folder, "tmp")
    os.mkdir(temporary)
    world.environment = {"TMPDIR": temporary}
    world.command = ["lab"]
    files = []

    def ready():
        if "ready" not in output(world, "stdout"):
            return False
        files.extend(line.split(": ")[1] for line in output(world, "stdout").splitlines() if line.startswith(("ca:", "password-file:")))
        return all(open(f).read() for f in files)
    world.signals = [(ready, signal.SIGKILL)]
    world.must(lambda: len(files) == 2 and not any(os.path.exists(f) for f in files), "both files could be read, and are gone")
    world.must(lambda: not os.listdir(temporary), "nothing is left in the temporary folder")


# -- a PC that lacks something --

def limited(world, which, most, hard=None):
    world.before_start = lambda: resource.setrlimit(which, (most, most if hard is None else hard))


def without_ntlm(world):
    world.lab()
    world.environment["GSS_MECH_CONFIG"] = os.devnull
    world.expect(lambda r: any("this PC has no NTLM" in (s["summary"] or "") for s in r["trace"]), "NTLM was wanted, and is not there")
    world.expect(lambda r: [c["certainty"] for c in r["result"]["root_causes"]] == ["certain"], "the system itself says so")
    world.expect(lambda r: "gss-ntlmssp" in r["findings"][0]["remedy"][0]["text"], "what to install")


@case("no-ntlm-for-the-ticket", "Where NTLM is not installed here, no server is blamed that asks for it.", codes=(40,), causes=("local-no-ntlm",))
def _(world):
    without_ntlm(world)


@case("no-ntlm-for-the-registrar", "Nor the registrar.", codes=(40,), causes=("local-no-ntlm",))
def _(world):
    without_ntlm(world)
    world.options = ["--auth", "ntlm"]


@case("few-open-files", "A process that may open next to nothing says so, in place of a verdict on the network.", codes=(70,), report=False)
def _(world):
    world.lab()
    limited(world, resource.RLIMIT_NOFILE, 16)
    says(world, "stderr", "may have 16 files open at once")


@case("few-open-files-by-habit", "A limit that it may raise itself is raised.", codes=(0,))
def _(world):
    world.lab()
    limited(world, resource.RLIMIT_NOFILE, 12, 256)
    world.must(lambda: True, "the limit is set before the program starts")


@case("short-files-only", "A limit for the length of files is told as a report that can't be written, not by a signal.", codes=(74,), report=False)
def _(world):
    world.lab()
    limited(world, resource.RLIMIT_FSIZE, 2048)
    says(world, "stderr", "File too large")
    world.must(lambda: not [f for f in os.listdir(world.folder) if f.endswith(".partial")], "no half of a report is left")


@case("endless-search-domain", "A search domain longer than any name, at which glibc aborts, ends no sign-in.", codes=(0,))
def _(world):
    world.lab()
    world.environment["LOCALDOMAIN"] = "x" * 300 + " contoso.example"
    world.must(lambda: True, "the variable is set before the program starts")


@case("thousands-of-search-domains", "Nor do thousands of them take its time.", codes=(0,))
def _(world):
    world.lab()
    world.environment["LOCALDOMAIN"] = " ".join(f"a{i}.example" for i in range(9000))
    world.must(lambda: True, "the variable is set before the program starts")


@case("children-ignored", "Started where the end of children is ignored, as some daemons leave it, a proxy script is evaluated all the same.", codes=(0,))
def _(world):
    world.lab()
    script = world.file("proxy.pac", "function FindProxyForURL(url, host) { return 'DIRECT'; }")
    world.options = ["--proxy", "pac+file://" + script]
    world.before_start = lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    world.expect(lambda r: not any("did not end in time" in (s["summary"] or "") for s in r["trace"]), "the script has ended")
