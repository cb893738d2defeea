#!/usr/bin/python3
# syn.py send IID...  packets that must not arrive, from this namespace (of the
#                     web server) to every address that could be on the LAN
#                     and to all that it learns from what it hears, until killed
# syn.py count        counts them by shape where they arrive in this namespace
# syn.py order IF TABLE
#                     advertisements sent on IF while the packet filter's TABLE
#                     did not stand (their kernel's time), and all of them
# The last two print their JSON when there is something on standard input.
import ipaddress
import json
import os
import re
import select
import socket
import struct
import subprocess
import sys
import time

WEB = ipaddress.ip_address("2001:db8:b::80")
CUSTOMERS = ipaddress.ip_network("2001:db8:1::/48")
PREFIXES = [ipaddress.ip_address(f"2001:db8:1:{n:x}::") for n in range(3)]
PORTS = (22, 80, 443, 8080, 50000)
LABEL = 0x56D00  # of the flow: with the shape's number it tells who sent it
SYN, ACK = 0x02, 0x10
TCP, UDP, ICMP6, ROUTING, FRAGMENT, OPTIONS = 6, 17, 58, 43, 44, 60


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def with_sum(segment, proto, at, to):
    pseudo = WEB.packed + to.packed + struct.pack("!II", len(segment), proto)
    total = struct.pack("!H", checksum(pseudo + segment))
    return segment[:at] + total + segment[at + 2 :]


def tcp(flags):
    def make(to, port):
        head = struct.pack("!HHIIBBHHH", 40000, port, 1, 1, 0x50, flags, 1000, 0, 0)
        return TCP, with_sum(head, TCP, 16, to)

    return make


def udp(to, port):
    return UDP, with_sum(struct.pack("!HHHH4s", 40000, port, 12, 0, b"test"), UDP, 6, to)


def whole(inner):
    return lambda to, port: [inner(to, port)]


# An extension header of 8 bytes before it, of no meaning (RFC 8200 4).
def behind(header, inner, body=b"\x01\x04\0\0\0\0"):
    def make(to, port):
        proto, data = inner(to, port)
        return [(header, bytes([proto, 0]) + body + data)]

    return make


# Cut after so many bytes, none: an "atomic" one (RFC 6946).
def in_fragments(inner, cut):
    def make(to, port):
        proto, data = inner(to, port)
        ident = int.from_bytes(os.urandom(4), "big")

        def piece(at, more, part):
            return FRAGMENT, struct.pack("!BBHI", proto, 0, at | more, ident) + part

        if cut == 0:
            return [piece(0, 0, data)]
        return [piece(0, 1, data[:cut]), piece(cut, 0, data[cut:])]

    return make


SHAPES = {
    "syn": whole(tcp(SYN)),
    "syn-ecn": whole(tcp(SYN | 0xC0)),
    "syn-fin": whole(tcp(SYN | 0x01)),
    "syn-rst": whole(tcp(SYN | 0x04)),
    "syn-psh-urg": whole(tcp(SYN | 0x28)),
    "no-flags": whole(tcp(0)),
    "syn-behind-options": behind(OPTIONS, tcp(SYN)),
    "syn-behind-routing": behind(ROUTING, tcp(SYN), b"\xfd\0\0\0\0\0"),
    "syn-tiny-fragments": in_fragments(tcp(SYN), 8),
    "syn-atomic-fragment": in_fragments(tcp(SYN), 0),
    "udp": whole(udp),
    "udp-behind-options": behind(OPTIONS, udp),
    "udp-fragments": in_fragments(udp, 8),
    "ipv6-in-ipv6": whole(lambda to, port: (41, bytes(40))),
    "sctp": whole(lambda to, port: (132, struct.pack("!HHII", 40000, port, 0, 0))),
    "ack": whole(tcp(ACK)),
}


def packets(shape, make, to, port):
    for proto, data in make(to, port):
        first = 6 << 28 | LABEL | shape
        head = struct.pack("!IHBB", first, len(data), proto, 60)
        yield head + WEB.packed + to.packed + data


def all_to(to):
    for shape, (name, make) in enumerate(SHAPES.items()):
        for port in PORTS if name == "syn" else PORTS[:1]:
            for packet in packets(shape, make, to, port):
                yield packet, (str(to), 0)


# Whoever asks us for a page tells where it lives.
def learn(ear, known):
    try:
        while True:
            packet = ear.recv(2048)
            source = ipaddress.ip_address(packet[8:24])
            if packet[24:40] == WEB.packed and source in CUSTOMERS:
                known.add(source)
    except BlockingIOError:
        pass


def send(iids):
    s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW)
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x86DD))
    ear.setblocking(False)
    known = {
        ipaddress.ip_address(int(prefix) | int(ipaddress.ip_address(iid)))
        for prefix in PREFIXES
        for iid in iids
    }
    made = {}
    while os.getppid() != 1:
        learn(ear, known)
        for to in known:
            for packet, at in made.setdefault(to, list(all_to(to))):
                try:
                    s.sendto(packet, at)
                except OSError:
                    pass
        time.sleep(0.004)


def until_asked(fds, on_ready):
    while True:
        ready, _, _ = select.select([*fds, sys.stdin], [], [])
        for fd in ready:
            if fd is not sys.stdin:
                on_ready(fd)
        if sys.stdin in ready:
            return


def listen(ifname=None):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    s.setsockopt(socket.SOL_SOCKET, 33, 32 << 20)  # SO_RCVBUFFORCE
    s.setblocking(False)
    if ifname:
        s.bind((ifname, 3))
    return s


def count():
    seen = dict.fromkeys(SHAPES, 0)
    names = list(SHAPES)

    def on_packets(s):
        try:
            while True:
                packet, at = s.recvfrom(2048)
                # Sent by this host itself: another's to count.
                if at[2] == socket.PACKET_OUTGOING or len(packet) < 40:
                    continue
                label = int.from_bytes(packet[:4], "big") & 0xFFFFF
                if packet[8:24] == WEB.packed and label - LABEL in range(len(names)):
                    seen[names[label - LABEL]] += 1
        except BlockingIOError:
            pass

    s = listen()
    print("ready", flush=True)
    until_asked([s], on_packets)
    print(json.dumps(seen), flush=True)


# A transaction ends with "# new generation"; what stands is what it left.
def order(ifname, table):
    nft = subprocess.Popen(
        ["stdbuf", "-oL", "nft", "monitor"], stdout=subprocess.PIPE, bufsize=0
    )
    s = listen(ifname)
    s.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    stands = False
    changes, adverts, rest = [], [], b""
    guard = re.compile(rf"add rule ip6 {table} forward (handle \d+ )?iifname .* drop")

    def on_ready(fd):
        nonlocal stands, rest
        if fd is nft.stdout:
            *lines, rest = (rest + os.read(nft.stdout.fileno(), 65536)).split(b"\n")
            for line in map(bytes.decode, lines):
                if line == f"delete table ip6 {table}":
                    stands = False
                elif guard.match(line):
                    stands = True
                elif line.startswith("# new generation"):
                    changes.append((time.time(), stands))
            return
        try:
            while True:
                packet, control, _, _ = s.recvmsg(2048, 256)
                if len(packet) > 40 and packet[6] == ICMP6 and packet[40] == 134:
                    seconds, ns = struct.unpack("qq", control[0][2][:16])
                    adverts.append(seconds + ns / 1e9)
        except BlockingIOError:
            pass

    print("ready", flush=True)
    until_asked([nft.stdout, s], on_ready)
    nft.terminate()
    without = 0
    for at in adverts:
        before = [stood for when, stood in changes if when <= at]
        without += not (before and before[-1])
    print(json.dumps({"all": len(adverts), "without": without}), flush=True)


if sys.argv[1] == "send":
    send(sys.argv[2:])
elif sys.argv[1] == "count":
    count()
else:
    order(*sys.argv[2:])
