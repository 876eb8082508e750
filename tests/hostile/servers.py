"""Servers that do whatever a case wants, byte by byte. Each counts what it sent and whom it met."""
import select
import socket
import ssl
import struct
import subprocess
import threading
import os


class Gone(Exception):
    """The client hung up, or the case is over."""


class Connection:
    def __init__(self, raw, server, first=b""):
        self.raw, self._server, self._buffer, self.given = raw, server, first, 0

    def send(self, data):
        try:
            self.raw.sendall(data)
        except (OSError, ValueError):
            raise Gone from None
        self._server.count(len(data))
        self.given += len(data)

    def receive(self, size=65536):
        """What comes next; b"" at the end."""
        if self._buffer:
            data, self._buffer = self._buffer, b""
            return data
        try:
            data = self.raw.recv(size)
        except (OSError, ValueError):
            return b""
        self._server.received += len(data)
        return data

    def peek(self):
        """What receive() will give."""
        self._buffer = self.receive()
        return self._buffer

    def unread(self):
        """What peek() saw and nobody has received."""
        data, self._buffer = self._buffer, b""
        return data

    def _more(self):
        data = self.raw.recv(65536) if not self._server.closed else b""
        if not data:
            raise Gone
        self._server.received += len(data)
        self._buffer += data

    def message(self):
        """One HTTP or SIP message with a Content-Length or no body: (start line, {lower-case name: last value}, body)."""
        try:
            self._buffer = self._buffer.lstrip(b"\r\n")
            while b"\r\n\r\n" not in self._buffer:
                self._more()
                self._buffer = self._buffer.lstrip(b"\r\n")
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            start, *lines = head.decode("latin-1").split("\r\n")
            fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            size = int(fields.get("content-length", 0))
            while len(self._buffer) < size:
                self._more()
            body, self._buffer = self._buffer[:size], self._buffer[size:]
            return start, fields, body
        except (OSError, ValueError):
            raise Gone from None

    def until_gone(self, make):
        """Sends what `make` gives, for ever."""
        while True:
            self.send(make())


class Server:
    def __init__(self):
        self.sent = self.received = self.met = 0
        self.closed = False
        self._lock = threading.Lock()

    def count(self, size):
        with self._lock:
            self.sent += size


class Tcp(Server):
    """handler(connection) in a thread for each connection, inside TLS where a context is given."""

    def __init__(self, handler, tls=None):
        super().__init__()
        self._handler, self._tls, self._open = handler, tls, []
        self.failures = []                      # handshakes that did not come about
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.closed:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            raw.settimeout(30)
            self._open.append(raw)
            with self._lock:
                self.met += 1
            threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw):
        try:
            if self._tls is not None:
                raw = self._tls.wrap_socket(raw, server_side=True)
                self._open.append(raw)
            self._handler(Connection(raw, self))
        except Gone:
            pass
        except (OSError, ValueError) as e:   # the latter of a socket that the end of the case closed
            self.failures.append(str(e))
        finally:
            try:
                raw.close()
            except OSError:
                pass

    def close(self):
        self.closed = True
        for one in (self._listener, *self._open):
            try:
                one.close()
            except OSError:
                pass


def http_handler(handler):
    """handler(connection, request line, fields, body) for each request of a connection."""
    def serve(connection):
        while True:
            handler(connection, *connection.message())
    return serve


def http_answer(body=b"", status="200 OK", **fields):
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()), f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sip_answer(fields, status="200 OK", more="", body=b""):
    """An answer to the request that had these fields."""
    lines = [f"SIP/2.0 {status}", *(f"{name}: {fields[name.lower()]}" for name in ("Via", "From", "To", "Call-ID", "CSeq") if name.lower() in fields)]
    if more:
        lines.append(more.rstrip("\r\n"))
    return "\r\n".join([*lines, f"Content-Length: {len(body)}"]).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def relay_handler(there, to_client=None, to_server=None):
    """Between a client and a server at "ADDRESS:PORT" that speaks TLS. Each direction is bytes in, bytes out through
    filter(data, connection to the client); without a filter they pass."""
    address, _, port = there.rpartition(":")

    def serve(client):
        context = ssl._create_unverified_context()
        with socket.create_connection((address, int(port)), timeout=30) as plain, context.wrap_socket(plain, server_hostname="relay.invalid") as server:
            if first := client.unread():
                server.sendall(to_server(first, client) if to_server else first)
            # One thread for both directions: two of them in one TLS session at once lose bytes, or the process.
            while ready := _readable(client.raw, server):
                for one in ready:
                    data = _arrived(one)
                    if data == b"":
                        return
                    give, change = (server.sendall, to_server) if one is client.raw else (client.send, to_client)
                    changed = change(data, client) if data and change else data
                    if changed:
                        give(changed)
    return serve


def _readable(*ones):
    """Those that have something, decrypted already or still on the wire; none after 30 s of silence."""
    decrypted = [one for one in ones if isinstance(one, ssl.SSLSocket) and one.pending()]
    return decrypted or select.select(ones, (), (), 30)[0]


def _arrived(one):
    """What has come; None where that is no data of the peer's (a session ticket, half a record); b"" at the end."""
    one.setblocking(False)
    try:
        return one.recv(65536)
    except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
        return None
    finally:
        one.settimeout(30)


def by_message(change):
    """A filter for relay_handler that sees SIP messages whole: change(message, connection to the client) -> bytes."""
    waiting = bytearray()

    def take(data, client):
        waiting.extend(data)
        out = b""
        while (end := waiting.find(b"\r\n\r\n")) >= 0:
            head = bytes(waiting[:end]).lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15:].split(b"\r", 1)[0]) if at >= 0 else 0
            if len(waiting) < end + 4 + size:
                break
            out += change(bytes(waiting[:end + 4 + size]), client)
            del waiting[:end + 4 + size]
        return out
    return take


# -- DNS --

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "TXT": 16, "AAAA": 28, "SRV": 33, "OPT": 41}


def dns_name(text):
    """Of a name with dots; labels may hold any byte when given as a list of bytes."""
    labels = text if isinstance(text, list) else [label.encode() for label in text.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner, kind, data, ttl=60):
    """owner: wire form; b"\\xc0\\x0c" is the question's name."""
    return owner + struct.pack(">HHIH", TYPES.get(kind, kind), 1, ttl, len(data)) + data


def srv(target, port=443, priority=0, weight=0):
    return struct.pack(">HHH", priority, weight, port) + (target if isinstance(target, bytes) else dns_name(target))


def address(text):
    return socket.inet_aton(text)


class Query:
    def __init__(self, wire, over):
        self.wire, self.over = wire, over
        self.id = struct.unpack(">H", wire[:2])[0]
        at, labels = 12, []
        while wire[at]:
            labels.append(wire[at + 1:at + 1 + wire[at]].decode("latin-1"))
            at += 1 + wire[at]
        self.name = ".".join(labels).lower()
        self.type = struct.unpack(">H", wire[at + 1:at + 3])[0]
        self.question = wire[12:at + 5]

    def asks(self, name, kind=None):
        return self.name == name and (kind is None or self.type == TYPES[kind])

    def answer(self, *records, rcode=0, flags=0x8180, id=None, authority=(), question=None, count=None):
        counts = struct.pack(">HHHH", 1, len(records) if count is None else count, len(authority), 0)
        head = struct.pack(">HH", self.id if id is None else id, flags | rcode) + counts
        return head + (self.question if question is None else question) + b"".join(records) + b"".join(authority)


class Dns(Server):
    """UDP and TCP on one port. handler(query, reply) returns whether it dealt with it; the rest is asked of `behind`.
    reply(bytes) sends a datagram, over TCP with its length before it; reply(bytes, raw=True) sends just these."""

    def __init__(self, handler, behind=None):
        super().__init__()
        self._handler, self._behind = handler, behind
        self.asked = []
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while True:
            self._udp.bind(("127.0.0.1", 0))
            self.port = self._udp.getsockname()[1]
            try:
                self._tcp = socket.create_server(("127.0.0.1", self.port), backlog=64)
                break
            except OSError:   # taken by somebody's TCP
                self._udp.close()
                self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        threading.Thread(target=self._datagrams, daemon=True).start()
        threading.Thread(target=self._connections, daemon=True).start()

    def _datagrams(self):
        while not self.closed:
            try:
                wire, peer = self._udp.recvfrom(65536)
            except OSError:
                return
            threading.Thread(target=self._one_datagram, args=(wire, peer), daemon=True).start()

    def _one_datagram(self, wire, peer):
        def reply(data, raw=False):
            if self.closed:
                raise Gone
            self._udp.sendto(data, peer)
            self.count(len(data))
        self._deal(Query(wire, "udp"), reply)

    def _connections(self):
        while not self.closed:
            try:
                raw, _ = self._tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._one_connection, args=(raw,), daemon=True).start()

    def _one_connection(self, raw):
        def give(data):
            raw.sendall(data)
            self.count(len(data))

        with raw:
            raw.settimeout(30)
            try:
                while True:
                    length = raw.recv(2, socket.MSG_WAITALL)
                    if len(length) < 2:
                        return
                    wire = raw.recv(struct.unpack(">H", length)[0], socket.MSG_WAITALL)

                    self._deal(Query(wire, "tcp"), lambda data, raw=False: give(data if raw else struct.pack(">H", len(data)) + data))
            except OSError:
                return

    def _deal(self, query, reply):
        self.asked.append((query.name, query.type, query.over))
        try:
            if self._handler(query, reply) or self._behind is None:
                return
            host, _, port = self._behind.rpartition(":")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forward:
                forward.settimeout(5)
                forward.sendto(query.wire, (host, int(port)))
                reply(forward.recv(65536))
        except (Gone, OSError):
            pass

    def close(self):
        self.closed = True
        self._udp.close()
        self._tcp.close()


# -- certificates, by the openssl command --

class Authority:
    """A root of this run. Keys are on an elliptic curve unless a case wants others: they cost nothing to make."""

    def __init__(self, folder):
        self._folder = folder
        self.root, self._key = os.path.join(folder, "root.pem"), os.path.join(folder, "root.key")
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self._key, "-out", self.root,
                      "-subj", "/CN=Hostile Root", "-days", "30", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def issue(self, folder, names, new_key=("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"), extensions="", subject=None, san=None):
        """(certificate, key) as PEM files."""
        stem = os.path.join(folder, f"server-{len(os.listdir(folder))}")
        key, request, certificate, more = (f"{stem}.{ending}" for ending in ("key", "csr", "pem", "ext"))
        with open(more, "w") as f:
            f.write("subjectAltName=" + (san or ",".join(f"DNS:{name}" for name in names)) + "\nextendedKeyUsage=serverAuth,clientAuth\n" + extensions)
        self._openssl("req", "-newkey", *new_key, "-nodes", "-keyout", key, "-out", request, "-subj", subject or f"/CN={names[0]}", "-utf8")
        self._openssl("x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self._key, "-set_serial", str(int.from_bytes(os.urandom(8), "big")),
                      "-days", "20", "-extfile", more, "-out", certificate)
        return certificate, key

    def context(self, folder, names, chain=b"", **more):
        certificate, key = self.issue(folder, names, **more)
        if chain:
            with open(certificate, "ab") as f:
                f.write(chain)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context
