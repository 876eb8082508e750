#!/usr/bin/env python3
"""A VPN that leads nowhere: a TUN device that is up and swallows what it is given: tunnel.py NAME ADDRESS/LENGTH"""
import fcntl
import os
import signal
import struct
import subprocess
import sys

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def main():
    name, address = sys.argv[1:]
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    tunnel = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(tunnel, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    subprocess.run(["ip", "addr", "add", address, "dev", name], check=True)
    subprocess.run(["ip", "link", "set", name, "up"], check=True)
    print("ready", flush=True)
    while os.read(tunnel, 65536):
        pass


if __name__ == "__main__":
    main()
