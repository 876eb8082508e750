"""What may meet a TLS client: floods, half handshakes, chains and names that no authority should have made."""
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

from harness import collector

CASES, case = collector("tls")
EDGE, NAME = "192.0.2.10:443", "sip.contoso.example"
SIGNED_IN, CONNECTION, EITHER = (0,), (30,), (0, 30, 40)
ALERT, HANDSHAKE, DATA = 21, 22, 23


def tls_record(kind, body, version=0x0303):
    return struct.pack(">BHH", kind, version, len(body)) + body


def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def server_hello(cipher=0xc02f, version=0x0303):
    return handshake(2, struct.pack(">H", version) + os.urandom(32) + b"\0" + struct.pack(">HB", cipher, 0))


def plain(world, serve, at_least=1):
    """A server without TLS in place of the Edge: serve(connection) once the ClientHello is there."""
    def handler(connection):
        if connection.receive():
            serve(connection)
    server = world.lab().tcp(handler)
    world.stand_in(EDGE, server)
    world.must(lambda: server.sent >= at_least, "it was connected to, and the bytes were sent")
    return server


def with_context(world, context, serve=lambda connection: connection.receive()):
    reached = []

    def handler(connection):
        reached.append(1)
        serve(connection)
    server = world.lab().tcp(handler, context)
    world.stand_in(EDGE, server)
    return server, reached


def openssl_server(world, certificate, key, commands, *options):
    """`openssl s_server` in place of the Edge, which is told `commands` again and again once somebody is connected."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(os.path.join(world.folder, "s_server"), "wb")
    program = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate, "-key", key, "-state", *options],
                               stdin=subprocess.PIPE, stdout=log, stderr=log)

    class Running:
        def close(self):
            program.kill()
            program.wait()
            log.close()
    running = world._keep(Running())
    running.port = port
    while "ACCEPT" not in world.left("s_server") and program.poll() is None:
        time.sleep(0.02)

    def tell():
        try:
            while "CIPHER is" not in world.left("s_server"):   # before the handshake it would break off
                time.sleep(0.01)
            while True:
                program.stdin.write(commands)
                program.stdin.flush()
                time.sleep(0.001)
        except (OSError, ValueError):
            pass
    threading.Thread(target=tell, daemon=True).start()
    world.lab()
    world.places[EDGE] = f"127.0.0.1:{port}"


@case("warnings-without-end", "Warning alerts one after another end the handshake.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: connection.until_gone(lambda: tls_record(ALERT, b"\x01\x5a") * 1000), 7000)


@case("requests-to-begin-without-end", "HelloRequests that are never followed by a hello do not outrun the deadline.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: connection.until_gone(lambda: tls_record(HANDSHAKE, handshake(0, b"") * 4000)), 100000)


@case("empty-records-without-end", "Records of no byte are not read for ever.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: (connection.send(tls_record(HANDSHAKE, server_hello())), connection.until_gone(lambda: tls_record(HANDSHAKE, b"") * 3000)), 15000)


@case("message-of-sixteen-megabytes", "A certificate message that announces 16 MB is refused before it comes.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: (connection.send(tls_record(HANDSHAKE, server_hello()) + tls_record(HANDSHAKE, b"\x0b\xff\xff\xff")), connection.until_gone(lambda: tls_record(HANDSHAKE, b"\0" * 16000))), 10)


@case("record-longer-than-any", "A record of 65535 bytes is refused.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: connection.send(tls_record(HANDSHAKE, b"\x02" * 65535)), 65540)


@case("half-a-hello", "A ServerHello that stops in the middle is silence, and the deadline ends it.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: (connection.send(tls_record(HANDSHAKE, server_hello())[:40]), time.sleep(20)), 40)


@case("hello-in-drips", "A ServerHello that comes byte by byte is waited for no longer than another.", codes=CONNECTION)
def _(world):
    hello = tls_record(HANDSHAKE, server_hello() + handshake(11, b"\0\xff\xff" + b"\0" * 60000)[:10000])
    plain(world, lambda connection: [(connection.send(hello[i:i + 1]), time.sleep(0.01)) for i in range(len(hello))], 20)


@case("banner-that-steers", "The banner of another service reaches no terminal and no report raw.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: connection.send("SSH-2.0-\x1b[2J\x1b]0;owned\x07\u202egnp\u200b\x9b31m\u2028\r\n".encode() * 3), 60)


@case("alert-of-no-name", "A fatal alert with a number that nobody assigned is told by its number.", codes=CONNECTION)
def _(world):
    plain(world, lambda connection: connection.send(tls_record(ALERT, b"\x02\xff")), 7)


@case("curve-of-no-name", "Key exchange on a curve that was not offered, signed by nobody, ends the handshake.", codes=CONNECTION)
def _(world):
    certificate, _ = world.authority.issue(world.folder, [NAME])
    der = ssl.PEM_cert_to_DER_cert(open(certificate).read())
    chain = len(der).to_bytes(3, "big") + der
    exchange = handshake(12, b"\x03\xfe\xff\xff" + b"\x04" * 255 + b"\x08\x04\x01\0" + b"s" * 256)
    plain(world, lambda connection: connection.send(tls_record(HANDSHAKE, server_hello() + handshake(11, len(chain).to_bytes(3, "big") + chain) + exchange + handshake(14, b""))), 500)


@case("chain-of-a-hundred-kilobytes", "A chain beyond what a client takes ends the handshake, and is told.", codes=CONNECTION)
def _(world):
    certificate, key = world.authority.issue(world.folder, [NAME])
    with open(certificate, "ab") as f:
        f.write(open(certificate, "rb").read() * 300)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server, _ = with_context(world, context)
    world.must(lambda: server.met > 0 and server.failures, "it was connected to, and left")


@case("chain-of-two-hundred", "A chain of two hundred certificates in any order is built, or not, in time.", codes=EITHER)
def _(world):
    certificate, key = world.authority.issue(world.folder, [NAME])
    others = b"".join(open(world.authority.issue(world.folder, [f"x{i}.example"])[0], "rb").read() for i in range(8))
    with open(certificate, "ab") as f:
        f.write(others * 20)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server, reached = with_context(world, context)
    world.must(lambda: server.met > 0 and (reached or server.failures), "it was connected to")


@case("thousands-of-names", "A certificate of three thousand names is matched and reported within bounds.", codes=EITHER)
def _(world):
    server, reached = with_context(world, world.tls(*(f"n{i}.contoso.example" for i in range(3000)), NAME))
    world.must(lambda: reached, "the handshake came up")


@case("names-that-steer", "Control characters and marks in the names of a certificate reach no terminal and no report raw.", codes=EITHER)
def _(world):
    words = "\x1b[2J\x07\u202egnp\u200b\x9b31m\u2028"
    server, _ = with_context(world, world.tls(NAME, subject=f"/O={words}/CN={words}", extensions="1.3.6.1.4.1.99999.1=ASN1:UTF8String:x\n"))
    world.must(lambda: server.met > 0, "it was connected to")


@case("name-with-a-nul", "A name that a NUL cuts short proves nothing beyond the NUL.", codes=CONNECTION)
def _(world):
    name = b"sip.contoso.example\0.evil.example"
    names = bytes([0x82, len(name)]) + name
    sequence = bytes([0x30, len(names)]) + names
    server, reached = with_context(world, world.tls("unused", san="DER:" + ":".join(f"{b:02x}" for b in sequence), subject="/CN=x"))
    world.must(lambda: server.met > 0, "it was connected to")


@case("key-exchange-of-8192-bits", "A Diffie-Hellman group of 8192 bits costs its second and no more.", codes=EITHER, total=6)
def _(world):
    parameters = os.path.join(world.folder, "dh.pem")
    subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe8192", "-out", parameters], check=True, capture_output=True)
    context = world.tls(NAME, new_key=("rsa:2048",))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES128-GCM-SHA256")
    context.load_dh_params(parameters)
    server, _ = with_context(world, context)
    world.must(lambda: server.met > 0, "it was connected to")


@case("tickets-by-the-thousand", "Session tickets without number end the connection that brings them.", codes=EITHER)
def _(world):
    context = world.tls(NAME)
    context.num_tickets = 20000
    server, _ = with_context(world, context)
    world.must(lambda: server.met > 0, "it was connected to")


@case("new-keys-without-end", "A peer that asks for new keys again and again is left.", codes=EITHER)
def _(world):
    openssl_server(world, *world.authority.issue(world.folder, [NAME]), b"K\n" * 20, "-tls1_3")
    world.must(lambda: world.left("s_server").count("write server key update") > 10, "new keys were asked for")


@case("new-handshakes-without-end", "A peer that renegotiates again and again is left.", codes=EITHER)
def _(world):
    openssl_server(world, *world.authority.issue(world.folder, [NAME]), b"r\n", "-tls1_2")
    world.must(lambda: world.left("s_server").count("write hello request") > 1, "another handshake was asked for")
