#!/usr/bin/python3
# syn.py send IID...      SYNs from this namespace (of the web server) to every
#                         address that could be on the LAN, until killed
# syn.py count WHAT       counts SYNs from the web server that this namespace
#                         hears ("in") or router advertisements ("ra"); prints
#                         the number when there is something on standard input
import ipaddress
import os
import select
import socket
import struct
import sys
import time

WEB = ipaddress.ip_address("2001:db8:b::80")
PREFIXES = [ipaddress.ip_address(f"2001:db8:1:{n:x}::") for n in range(3)]
PORTS = (22, 80, 443, 8080, 50000)


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def syn(to, port):
    tcp = struct.pack("!HHIIBBHHH", 40000, port, 1, 0, 0x50, 2, 1000, 0, 0)
    pseudo = WEB.packed + to.packed + struct.pack("!II", len(tcp), 6)
    tcp = tcp[:16] + struct.pack("!H", checksum(pseudo + tcp)) + tcp[18:]
    head = struct.pack("!IHBB", 6 << 28, len(tcp), 6, 60)
    return head + WEB.packed + to.packed + tcp


def send(iids):
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    all_packets = []
    for prefix in PREFIXES:
        for iid in iids:
            to = ipaddress.ip_address(int(prefix) | int(ipaddress.ip_address(iid)))
            all_packets += [(syn(to, p), (str(to), 0)) for p in PORTS]
    while os.getppid() != 1:
        for packet, to in all_packets:
            try:
                s.sendto(packet, to)
            except OSError:
                pass
        time.sleep(0.002)


def is_wanted(packet, what):
    if len(packet) < 54 or packet[0] >> 4 != 6:
        return False
    if what == "ra":
        return packet[6] == 58 and packet[40] == 134
    return (
        packet[8:24] == WEB.packed
        and packet[6] == 6
        and packet[53] & 0x12 == 2
    )


def count(what):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    s.setsockopt(socket.SOL_SOCKET, 33, 8 << 20)  # SO_RCVBUFFORCE
    s.setblocking(False)
    n = 0
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([s, sys.stdin], [], [])
        try:
            while s in ready:
                packet, at = s.recvfrom(2048)
                # Sent by this host itself: another's to count.
                if at[2] != socket.PACKET_OUTGOING and is_wanted(packet, what):
                    n += 1
        except BlockingIOError:
            pass
        if sys.stdin in ready:
            print(n, flush=True)
            return


if sys.argv[1] == "send":
    send(sys.argv[2:])
else:
    count(sys.argv[2])
