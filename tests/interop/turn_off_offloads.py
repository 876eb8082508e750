#!/usr/bin/env python3
"""Turns off what a veth end leaves undone (checksums, segmentation): turn_off_offloads.py INTERFACE

What `ethtool -K INTERFACE tx off tso off gso off gro off` does, without the program.
"""
import array
import fcntl
import socket
import struct
import sys

SIOCETHTOOL = 0x8946
# linux/ethtool.h: ETHTOOL_STXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO
COMMANDS = (0x17, 0x1F, 0x24, 0x2C)


def main():
    interface = sys.argv[1].encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for command in COMMANDS:
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP16x", interface, value.buffer_info()[0])
            fcntl.ioctl(any_socket.fileno(), SIOCETHTOOL, request)


if __name__ == "__main__":
    main()
