#!/usr/bin/env python3
"""The data of a world, for run_world.sh:

world.py plan WORLD WORK                        writes WORK/plan: addresses, rules, resolv.conf, options
world.py configure WORLD WORK CA                (the lab runs) writes the records, certificates and WORK/programs
world.py check WORLD WORK SCHEMA EXIT_CODE      compares WORK/report.json with what the world expects
"""
import json
import pathlib
import sys
import tomllib

import fastjsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import run_scenario  # noqa: E402
from programs import certificates, files_of  # noqa: E402

INTEROP = pathlib.Path(__file__).resolve().parent.parent / "interop"

DEFAULTS = {
    "description": None, "needs": [], "link": "", "expect": None, "certificate": [], "run": [],
    "client": {"addresses": ["192.0.2.2/24"], "gateway": "192.0.2.254", "gateway6": "", "resolvers": ["192.0.2.1"],
               "resolv_conf": "", "hosts": "127.0.0.1 localhost\n", "ip": "", "sysctl": "", "filter": [], "nft": "",
               "environment": {}, "files": {}, "address": "alice@contoso.example", "options": []},
    "server": {"addresses": ["192.0.2.1/24", "192.0.2.3/24", "192.0.2.53/24", "192.0.2.254/24"], "more": [], "ip": "",
               "sysctl": "", "filter": [], "nft": ""},
    "lab": {"sip": "192.0.2.1", "web": "192.0.2.3", "scenario": {}},
    "zone": {"server": "192.0.2.53", "move": {}, "remove": [], "add": ""},
}


def fill(given, defaults, where):
    """What the world doesn't say, from the defaults. A key that nobody reads is an error."""
    unknown = set(given) - set(defaults)
    if unknown:
        sys.exit(f"{where}: unknown: {', '.join(sorted(unknown))}")
    full = {}
    for key, default in defaults.items():
        # expect, environment, files, scenario and move hold names of their own.
        free = not isinstance(default, dict) or not default
        full[key] = given.get(key, default) if free else fill(given.get(key, {}), default, f"{where}.{key}")
    return full


def load(path):
    world = fill(tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8")), DEFAULTS, pathlib.Path(path).stem)
    if not world["expect"] or not world["description"]:
        sys.exit("a world needs a description and has to expect something")
    return world


def write(path, text):
    path.write_text(text, encoding="utf-8")


def lines(items):
    return "".join(f"{item}\n" for item in items)


def scenario(world, path):
    """The lab's, in its own format; it has to expect something, so it says what the world does."""
    told = {"format": "ucsignin-scenario/1", "name": pathlib.Path(path).stem, "description": world["description"]}
    return json.dumps({**told, **world["lab"]["scenario"]})


def routes(client):
    told = [f"route replace default via {client['gateway']}"] if client["gateway"] else []
    told += [f"route replace ::/0 via {client['gateway6']}"] if client["gateway6"] else []
    return lines(told)


def resolv_conf(client):
    return client["resolv_conf"] or lines(f"nameserver {address}" for address in client["resolvers"])


def firewall(rules, hook):
    """`filter` in words of nft: what arrives at the other side, what leaves the PC."""
    if not rules:
        return ""
    return f"table inet world {{\nchain filter {{\ntype filter hook {hook} priority 0\n{lines(rules)}}}\n}}\n"


def plan(world, work, path):
    client, server, folder = world["client"], world["server"], work / "plan"
    needs = {*world["needs"], *(run["program"] for run in world["run"])} - {"tunnel", "sign-zone"}
    firewalls = {"client": client["nft"] + firewall(client["filter"], "output"),
                 "server": server["nft"] + firewall(server["filter"], "input")}
    needs |= {"nft"} if any(firewalls.values()) else set()
    needs |= {"openssl"} if world["certificate"] else set()
    write(folder / "needs", lines(sorted(needs)) or "ip\n")
    write(folder / "link", world["link"])
    write(folder / "client.addresses", lines(client["addresses"]))
    write(folder / "server.addresses", lines([*server["addresses"], *server["more"]]))
    write(folder / "client.ip", routes(client) + client["ip"])
    write(folder / "server.ip", server["ip"])
    for place in ("client", "server"):
        write(folder / f"{place}.nft", firewalls[place])
        write(folder / f"{place}.sysctl", world[place]["sysctl"])
    write(folder / "resolv.conf", resolv_conf(client))
    write(folder / "hosts", client["hosts"])
    write(folder / "lab.addresses", lines([world["lab"]["sip"], world["lab"]["web"]]))
    write(folder / "lab.json", scenario(world, path))
    write(folder / "name-server", world["zone"]["server"])
    for name, text in client["files"].items():
        write(work / name, text)
    environment = {key: value.replace("@work@", str(work)) for key, value in client["environment"].items()}
    write(folder / "environment", lines(f"{key}={value}" for key, value in environment.items()))


def absolute(name):
    return name if name.endswith(".") else (f"{name}." if "contoso" in name else f"{name}.contoso.example.")


def zone_records(world, told):
    """The lab's records as the world's name servers have them: some gone, some elsewhere, some more."""
    zone = world["zone"]
    gone = {absolute(name).lower() for name in zone["remove"]}
    kept = []
    for record in told:
        owner, rest = record.split(" ", 1)
        if owner.lower() in gone:
            continue
        head, data = rest.rsplit(" ", 1)
        kept.append(f"{owner} {head} {zone['move'].get(data, data)}")
    return kept + [line.strip() for line in zone["add"].splitlines() if line.strip()]


def configure(world, work, ca):
    write(work / "records.txt", lines(zone_records(world, (work / "lab-records.txt").read_text().splitlines())))
    words = {"work": str(work), "ca": ca, "zones": str(work / "zones"), "interop": str(INTEROP)}
    work.chmod(0o711)   # squid's helpers are not root
    roots = certificates(world["certificate"], work)
    for number, run in enumerate(world["run"]):
        folder = work / "programs" / f"{number:02}"
        folder.mkdir(parents=True)
        for name, text in files_of(run, number, words, folder).items():
            write(folder / name, text)
    options = [word for root in roots for word in ("--ca-file", root)]
    own = [word.replace("@work@", str(work)) for word in world["client"]["options"]]
    write(work / "plan" / "options", lines([world["client"]["address"], *own, *options]))


def check(world, work, schema, exit_code):
    said = (work / "diagnose.txt").read_text(encoding="utf-8", errors="replace")
    if "Sanitizer" in said or "runtime error" in said:
        sys.exit(said)
    try:
        report = json.loads((work / "report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as e:
        sys.exit(f"no report ({e}); exit code {exit_code}\n{said}")
    fastjsonschema.compile(json.loads(pathlib.Path(schema).read_text(encoding="utf-8")))(report)
    expect = dict(world["expect"])
    if expect.get("stopped_at") == "":   # TOML knows no null
        expect["stopped_at"] = None
    problems = list(run_scenario.check(report, expect, exit_code))
    problems += who_and_how_sure(report, expect)
    problems += no_failures(report) if expect.get("signed_in") and not expect.get("root_causes") else []
    if problems:
        sys.exit("\n".join(["NOT AS EXPECTED:", *problems]))
    print(f"{len(report['trace'])} spans in {report['run']['duration_ms']:.0f} ms, as expected")


def who_and_how_sure(report, expect):
    """`repairers` and `certainty`: of each finding of that name, who is to act and how sure the diagnosis is."""
    for finding in report["findings"]:
        who = ", ".join(remedy["who"] for remedy in finding["remedy"])
        wanted, sure = (expect.get(key, {}).get(finding["id"]) for key in ("repairers", "certainty"))
        if wanted not in (None, who):
            yield f"{finding['id']} is for {who}, expected {wanted}"
        if sure not in (None, finding["certainty"]):
            yield f"{finding['id']} is {finding['certainty']}, expected {sure}"


def no_failures(report):
    """All is well: then nothing may be called lost."""
    for finding in report["findings"]:
        if finding["severity"] == "failure":
            yield f"{finding['id']} ({finding['subject']}) is called a failure though all is well"


def main():
    what, path, work = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    world = load(path)
    if what == "plan":
        plan(world, work, path)
    elif what == "configure":
        configure(world, work, sys.argv[4])
    elif what == "check":
        check(world, work, sys.argv[4], int(sys.argv[5]))
    else:
        sys.exit(f"unknown: {what}")


if __name__ == "__main__":
    main()
