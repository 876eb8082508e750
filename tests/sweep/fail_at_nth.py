#!/usr/bin/env python3
"""Fails the N-th operation on the wire, for every seventh N: fail_at_nth.py UCSIGNIN SCHEMA cut|stall|garble [--first N] [--only N]

Between the program and the lab stands a relay for each of the lab's ports, UDP and TCP. It counts all that
passes, in the order of arrival: a connection, a piece of a stream in either direction, a datagram. The N-th is cut (its
connection reset, its datagram lost), stalled (nothing more passes there) or garbled (its bytes changed), the rest passes.
The program signs in until stage 3 with 300 ms in all. Each run has to end by itself, with a valid report that
names a stage and a node where it stopped, or that says that the stages went well; the sweep ends with the first N that
is more than a run has operations.
"""
import argparse
import asyncio
import json
import pathlib
import socket
import struct
import sys
import tempfile

import fastjsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import run_scenario  # noqa: E402

TOTAL_SECONDS = 0.3
FAR_TOO_LONG = 20     # seconds, on a machine under load; the program's own clock is asked as well
MOST_OPERATIONS = 400
STEP = 7              # every one is harmed in one process, by tests/signin/whole
UNTOUCHED_RUNS = 3    # runs differ by an operation or two: that many in a row with less than N end the sweep


class Harm:
    """What happens to the N-th operation of one run."""

    def __init__(self, kind, nth):
        self.kind, self.nth, self.seen, self.hit = kind, nth, 0, ""

    def falls_on(self, what):
        self.seen += 1
        if self.seen != self.nth:
            return False
        self.hit = what
        return True


def garbled(data):
    """As a broken box does it: all bits of the middle."""
    third = len(data) // 3
    return data[:third] + bytes(byte ^ 0xFF for byte in data[third:len(data) - third]) + data[len(data) - third:]


def reset(writer):
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Relay:
    """All ports of the lab, each with a port of its own here. `harm` is changed between runs."""

    def __init__(self):
        self.harm = Harm("", 0)
        self.tasks = set()

    async def tcp(self, host, port, at=0):
        async def serve(reader, writer):
            await self.connection(reader, writer, host, port)
        server = await asyncio.start_server(serve, "127.0.0.1", at)
        return server.sockets[0].getsockname()[1]

    async def connection(self, reader, writer, host, port):
        harm, stalled = self.harm, asyncio.Event()
        hit = harm.falls_on(f"connection to {port}")
        if hit and harm.kind == "cut":
            return reset(writer)
        if hit:   # nothing can be garbled yet: it stalls
            stalled.set()
        try:
            there, back = await asyncio.open_connection(host, port)
        except OSError:
            return reset(writer)
        both = (writer, back)
        ways = [asyncio.ensure_future(self.pump(harm, reader, back, both, stalled, f"to {port}")),
                asyncio.ensure_future(self.pump(harm, there, writer, both, stalled, f"from {port}"))]
        self.tasks.update(ways)
        await asyncio.wait(ways)
        for one in both:
            one.close()

    async def pump(self, harm, source, sink, both, stalled, way):
        try:
            while data := await source.read(65536):
                if harm.falls_on(f"{len(data)} bytes {way}"):
                    if harm.kind == "cut":
                        for one in both:
                            reset(one)
                        return
                    if harm.kind == "stall":
                        stalled.set()
                    data = garbled(data)
                if stalled.is_set():
                    continue
                sink.write(data)
                await sink.drain()
            if not stalled.is_set():
                sink.write_eof()
        except (ConnectionError, OSError):
            for one in both:
                reset(one)

    async def end_run(self):
        for task in list(self.tasks):
            task.cancel()
        self.tasks.clear()


class Datagrams(asyncio.DatagramProtocol):
    """Each client gets a socket of its own to the lab, so that answers find the way back."""

    def __init__(self, relay, lab):
        self.relay, self.lab, self.ways = relay, lab, {}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, client):
        data = self.harmed(data, "question")
        if data is None:
            return
        if client not in self.ways:
            self.ways[client] = self.open_way(client)
        self.ways[client].send(data)

    def open_way(self, client):
        way = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        way.setblocking(False)
        way.connect(self.lab)
        asyncio.get_running_loop().add_reader(way, self.answer, way, client)
        return way

    def answer(self, way, client):
        try:
            data = self.harmed(way.recv(65536), "answer")
        except OSError:
            return
        if data is not None:
            self.transport.sendto(data, client)

    def harmed(self, data, what):
        harm = self.relay.harm
        if not harm.falls_on(f"datagram, {what}"):
            return data
        return garbled(data) if harm.kind == "garble" else None


async def open_both(relay, lab):
    """One port number for UDP and TCP: a resolver has both, a media relay needs both."""
    for _ in range(50):
        port = await relay.tcp(*lab)
        try:
            await asyncio.get_running_loop().create_datagram_endpoint(lambda: Datagrams(relay, lab), ("127.0.0.1", port))
            return port
        except OSError:
            continue
    sys.exit("no port is free for UDP and TCP")


async def start_lab(program):
    lab = await asyncio.create_subprocess_exec(program, "lab", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
    told = []
    while (line := (await lab.stdout.readline()).decode().strip()) != "ready":
        if not line:
            sys.exit("the lab did not start")
        told.append(line.split(": ", 1))
    return lab, told


async def client_options(relay, told):
    """The lab's own words, with the relay's ports for the lab's."""
    values, relayed, options = dict(told), {}, []
    for key, value in told:
        if key == "connect-to":
            meant, host, port = value.rsplit(":", 2)
            if not host.startswith("127.") and host != "localhost":
                continue
            if (host, port) not in relayed:
                relayed[host, port] = await open_both(relay, (host, int(port)))
            options += ["--connect-to", f"{meant}:127.0.0.1:{relayed[host, port]}"]
    host, port = values["resolver"].rsplit(":", 1)
    options += ["--resolver", f"127.0.0.1:{await open_both(relay, (host, int(port)))}"]
    return options + ["--ca-file", values["ca"], "--password-file", values["password-file"]]


class Judge:
    def __init__(self, program, schema):
        self.validate = fastjsonschema.compile(json.loads(pathlib.Path(schema).read_text(encoding="utf-8")))
        self.program, self.nodes = program, {}

    async def load_chart(self):
        chart = await asyncio.create_subprocess_exec(self.program, "chart", "--format", "json", stdout=asyncio.subprocess.PIPE)
        told, _ = await chart.communicate()
        self.nodes = {node["id"]: {branch["name"] for branch in node["branches"]} for node in json.loads(told)["nodes"]}

    def problems(self, path, exit_code, said):
        if "Sanitizer" in said or "runtime error" in said:
            return [said]
        try:
            report = json.loads(path.read_text(encoding="utf-8"))
            self.validate(report)
        except (OSError, ValueError, fastjsonschema.JsonSchemaException) as e:
            return [f"no valid report: {e}; exit code {exit_code}\n{said}"]
        result, found = report["result"], list(run_scenario.check_trace(report, self.nodes))
        if result["exit_code"] != exit_code:
            found.append(f"the report says exit code {result['exit_code']}, the program ended with {exit_code}")
        if exit_code not in (0, 10, 20, 30):
            found.append(f"exit code {exit_code}")
        # A machine under load may take all the time there is: then nothing explains the stop, and that is said.
        unexplained = report["run"]["duration_ms"] >= TOTAL_SECONDS * 1000 and "no rule explains it" in " ".join(said.split())
        if exit_code and (result["stopped_at"] not in self.nodes or not (result["root_causes"] or unexplained)):
            found.append(f"it stopped at {result['stopped_at']} for {result['root_causes']}")
        if {stage["stage"] for stage in report["stages"]} != {1, 2, 3, 4, 5}:
            found.append("a stage is missing")
        return found


async def run_once(arguments, options, report):
    report.unlink(missing_ok=True)
    run = await asyncio.create_subprocess_exec(
        arguments.program, "diagnose", "alice@contoso.example", "--until", "connection", "--timeout", str(TOTAL_SECONDS),
        "--json", str(report), *options, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        said, _ = await asyncio.wait_for(run.communicate(), FAR_TOO_LONG)
    except asyncio.TimeoutError:
        run.kill()
        await run.wait()
        return None, "it did not end"
    return run.returncode, said.decode(errors="replace")


async def sweep(arguments, folder):
    relay, judge = Relay(), Judge(arguments.program, arguments.schema)
    await judge.load_chart()
    lab, told = await start_lab(arguments.program)
    report, nth, untouched, failed, ended = folder / "report.json", arguments.first, 0, 0, {}
    try:
        options = await client_options(relay, told)
        while untouched < UNTOUCHED_RUNS and nth < MOST_OPERATIONS:
            relay.harm = harm = Harm(arguments.harm, nth)
            code, said = await run_once(arguments, options, report)
            await relay.end_run()
            if nth == 1 and not harm.hit:
                sys.exit("nothing went through the relay")
            ended[code] = ended.get(code, 0) + 1
            problems = [said] if code is None else judge.problems(report, code, said)
            if problems:
                failed += 1
                print(f"FAIL: {arguments.harm} at {nth} ({harm.hit or 'not reached'}):", *problems, sep="\n  ")
            # A run that had no time for so many operations, on a machine under load, ends nothing.
            untouched = 0 if harm.hit else untouched + (code == 0)
            nth += STEP
    finally:
        lab.terminate()
        await lab.wait()
    print(f"{arguments.harm}: {nth - 1} runs, {failed} failed; exit codes {ended}")
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("schema")
    parser.add_argument("harm", choices=["cut", "stall", "garble"])
    parser.add_argument("--first", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ucsignin-sweep.") as folder:
        return asyncio.run(sweep(arguments, pathlib.Path(folder)))


if __name__ == "__main__":
    sys.exit(main())
