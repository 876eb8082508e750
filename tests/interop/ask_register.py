#!/usr/bin/env python3
"""Sends one plain REGISTER over TLS and prints the answer: ask_register.py PORT NAME CA-FILE

The control of the Kamailio test: it shows what the server says to a client that isn't ours.
"""
import socket
import ssl
import sys

REGISTER = (
    "REGISTER sip:contoso.example SIP/2.0\r\n"
    "Via: SIP/2.0/TLS 127.0.0.1:50000;branch=z9hG4bK1\r\n"
    "Max-Forwards: 70\r\n"
    "From: <sip:alice@contoso.example>;tag=1;epid=0123456789ab\r\n"
    "To: <sip:alice@contoso.example>\r\n"
    "Call-ID: control\r\n"
    "CSeq: 1 REGISTER\r\n"
    "Contact: <sip:127.0.0.1:50000;transport=tls>\r\n"
    "Content-Length: 0\r\n\r\n"
)


def main():
    port, name, ca_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    context = ssl.create_default_context(cafile=ca_file)
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as tcp:
        with context.wrap_socket(tcp, server_hostname=name) as stream:
            stream.sendall(REGISTER.encode())
            while b"\r\n\r\n" not in answer:
                part = stream.recv(4096)
                if not part:
                    break
                answer += part
    print(answer.decode(errors="replace"))


if __name__ == "__main__":
    main()
