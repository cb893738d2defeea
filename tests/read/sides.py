#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sides.py V6DOCTOR - captures given together: of two places of one path with
clocks that differ, and of one place in several files.

Each is made of a capture of captures/lab that holds both sides of the NATs.
"""
import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile

DOCTOR = os.path.abspath(sys.argv[1])
CLIENT, SERVER = bytes([192, 168, 11, 2]), bytes([198, 51, 100, 2])
RESULTS = {True: 0, False: 0}


def ok(words, true):
    RESULTS[bool(true)] += 1
    if not true:
        print("FAILED: sides: " + words)


def packets(name):
    """(microseconds, bytes) of a pcapng file with one interface."""
    data = gzip.open("captures/lab/%s-hand-both.pcapng.gz" % name).read()
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 6:
            high, low, kept = struct.unpack_from("<III", data, at + 12)
            yield high << 32 | low, data[at + 28:at + 28 + kept]
        at += size


def side(name, address):
    return [(at, p) for at, p in packets(name) if address in p[26:34]]


def write(path, some, ahead=0):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
        for at, p in some:
            at += ahead
            f.write(struct.pack("<IIII", at // 10**6, at % 10**6, len(p),
                                len(p)) + p)
    return path


def read(*args):
    r = subprocess.run([DOCTOR, "read", *args], capture_output=True,
                       text=True, check=False)
    return r.returncode, r.stdout, r.stderr


def document(*args):
    status, out, _ = read("--json", *args)
    return status, json.loads(out)


def lost_by_size(folder):
    c = write(folder + "/c", side("gre-size-in-1454-nat2", CLIENT))
    s = write(folder + "/s", side("gre-size-in-1454-nat2", SERVER), 2500000)
    status, d = document(s, c)
    b = d["between"][0]
    ok("size: a fault", status == 2)
    ok("size: the client's capture stands first", b["near"] == c)
    ok("size: its place", [p["seen_from"] for p in d["places"]] ==
       ["client", "server"])
    ok("size: the clock", b["clock"]["far_ahead_min_us"] <= 2500000 <=
       b["clock"]["far_ahead_max_us"] <
       b["clock"]["far_ahead_min_us"] + 10000)
    ok("size: towards the client", b["gre"]["in"]["lost"] == 16 and
       b["gre"]["in"]["smallest_lost"] == 1480)
    ok("size: not towards the server", b["gre"]["out"]["lost"] == 0)
    _, out, _ = read(c, s)
    ok("size: in words", "GRE, towards the client: 16 of" in out and
       "All of 1480 bytes and" in out)
    _, out, _ = read("--format", "markdown", c, s)
    ok("size: for a ticket", "GRE, towards the client: 16 of" in out)
    _, out, _ = read("--format", "html", c, s)
    ok("size: as a page", "GRE, towards the client: 16 of" in out)


def lost_by_chance(folder):
    """Of the one side three files, in any order."""
    some = side("loss-in-15", CLIENT)
    parts = [write("%s/%d" % (folder, i), some[i * 200:][:200])
             for i in range(2)]
    parts.append(write(folder + "/2", some[400:]))
    s = write(folder + "/s", side("loss-in-15", SERVER), -7000000)
    whole = write(folder + "/whole", some)
    _, alone = document(whole)
    _, rotated = document(parts[2], parts[0], parts[1])
    ok("rotated: as if it were one", rotated["diagnosis"] ==
       alone["diagnosis"] and rotated["facts"] == alone["facts"])
    ok("rotated: one place", "places" not in rotated and
       rotated["source"]["name"] == " + ".join(parts))
    _, d = document(parts[1], s, parts[2], parts[0])
    b = d["between"][0]
    ok("rotated, and the other side: losses", b["gre"]["in"]["lost"] == 33 and
       b["gre"]["out"]["lost"] == 0 and b["gre"]["in"]["stray"] == 0)
    ok("rotated, and the other side: the clock is behind",
       -7010000 < b["clock"]["far_ahead_min_us"] <= -7000000)


def nothing_in_common(folder):
    a = write(folder + "/a", side("healthy", CLIENT))
    b = write(folder + "/b", side("loss-in-15", SERVER))
    status, out, err = read("--format", "html", a, b)
    ok("strangers: not one page", status == 64 and out == "" and
       "holds one report" in err)
    status, out, _ = read(a, b)
    ok("strangers: each by itself", status == 3 and "== %s ==" % a in out and
       "BETWEEN" not in out)


def no_helper(folder):
    c = write(folder + "/c", side("no-helper-nat2", CLIENT))
    s = write(folder + "/s", side("no-helper-nat2", SERVER))
    status, out, _ = read(c, s)
    ok("no helper: none comes in", status == 2 and
       "GRE, towards the client: none of 2 packets arrived" in out)
    with open(s, "rb") as f:
        cut = f.read()[:-7]
    with open(s, "wb") as f:
        f.write(cut)
    status, out, err = read(c, s)
    ok("damaged: told, and the rest compared", status == 65 and
       "BETWEEN THE CAPTURES" in out and "is damaged" in err)


def main():
    for check in lost_by_size, lost_by_chance, nothing_in_common, no_helper:
        with tempfile.TemporaryDirectory(prefix="v6d-sides.") as folder:
            check(folder)
    print("sides: %d passed, %d failed" % (RESULTS[True], RESULTS[False]))
    return RESULTS[False] > 0


if __name__ == "__main__":
    sys.exit(main())
