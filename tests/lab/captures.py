#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""captures.py V6DOCTOR HOLD FOLDER TABLE [--jobs N] [--only WORD] [--missing]

Records the captures of captures/lab anew: for each row of the table it builds
the practice network with that fault, records at the place named, uses a tunnel
there, and keeps NAME.pcapng.gz beside NAME.expect, which says what the row
wants. A capture that `read` judges otherwise is told and not kept.

What the columns mean stands at the head of tests/lab/captures.tsv.
"""
import argparse
import contextlib
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import judge
import record
import runs

PLACES = {  # node and interface of the practice network
    "client": [("c1", "eth0")], "any": [("c1", "any")],
    "between": [("nat2", "lan")], "provider": [("isp", "lan")],
    "server": [("srv", "lan")],
    "both": [("c1", "eth0"), ("srv", "lan")],
}
FILTER = "tcp port 1723 or proto 47 or icmp"  # what "read --help" advises
WEB = "http://[2001:db8:b::80]"
UP_S, ROUTE_S, TRANSFER_S = 15, 8, 8
UPLOAD = 200000  # bytes


def read_table(path):
    names = "fault status causes values how place".split()
    rows = []
    for line in open(path, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        row = dict(zip(names, line.rstrip("\n").split("\t")))
        words = [] if row["fault"] == "-" else row["fault"].split()
        row.update(judge.read_row(row["status"], row["causes"], row["values"]),
                   faults=[w for w in words if not w.startswith("--")],
                   options=[w for w in words if w.startswith("--")],
                   slug=record.slug("%s %s %s" % (
                       "healthy" if row["fault"] == "-" else row["fault"],
                       row["how"], row["place"])))
        rows.append(row)
    return rows


class Lab:
    numbers = itertools.count()

    def __init__(self, doctor, hold, row, seed):
        self.doctor, self.hold, self.row = doctor, hold, row
        self.name = "captures-%d-%d" % (os.getpid(), next(self.numbers))
        subprocess.run([doctor, "lab", "up", self.name] +
                       runs.fault_options(row, seed),
                       stdout=subprocess.DEVNULL, check=True)

    def down(self):
        subprocess.run([self.doctor, "lab", "down", self.name],
                       stdout=subprocess.DEVNULL, check=False)

    def words(self, node, *command):
        return [self.doctor, "lab", "exec", self.name, node, "--"] + list(command)

    def run(self, node, *command):
        return subprocess.run(self.words(node, *command), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=120, check=False)

    @contextlib.contextmanager
    def recording(self, place, folder):
        """Writes what passes there to files, from before to after."""
        taps, files = [], []
        for node, interface in PLACES[place]:
            files.append(os.path.join(folder, node + ".pcap"))
            tap = subprocess.Popen(
                self.words(node, "tcpdump", "--immediate-mode", "-U", "-n",
                           "-s", "0", "-Z", "root", "-i", interface,
                           "-w", files[-1], FILTER),
                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
            taps.append(tap)
            line = b" "
            while line and b"listening on" not in line:
                line = tap.stderr.readline()
        try:
            yield files
        finally:
            settle(files)
            for tap in taps:
                tap.send_signal(signal.SIGINT)
                tap.communicate(timeout=20)


def settle(files):
    """What tcpdump still has to write is written."""
    before = None
    while before != (before := [os.path.getsize(f) for f in files]):
        time.sleep(0.5)


def wait_for(check, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return False


def transfer(lab):
    """What a person does: looks whether it answers, loads pages, sends one."""
    curl = ["curl", "-6", "-s", "-o", "/dev/null", "-m", str(TRANSFER_S)]
    lab.run("c1", "ping", "-6", "-n", "-c", "3", "-i", "0.3", "-W", "2",
            "2001:db8:b::80")
    lab.run("c1", *curl, WEB + "/hello")
    lab.run("c1", *curl, WEB + "/big")
    with tempfile.NamedTemporaryFile() as f:
        f.truncate(UPLOAD)
        lab.run("c1", *curl, "-T", f.name, WEB + "/")


def look_up(lab):
    """Asks the resolver inside for two names, as often as a person would."""
    for _ in range(2):
        for name in ("www.example.net", "v6.example.net"):
            for kind in ("A", "AAAA"):
                lab.run("c1", "dig", "+tries=3", "+time=1",
                        "@2001:db8:b::53", name, kind)
    time.sleep(6)  # a silence as long as "read" wants it


def use(lab, folder, how):
    """A client of its own dials, and somebody uses the tunnel."""
    secret = os.path.join(folder, "password")
    with open(secret, "w", encoding="ascii",
              opener=lambda p, f: os.open(p, f, 0o600)) as f:
        f.write("secret\n")
    client = subprocess.Popen(
        lab.words("c1", lab.hold, "203.0.113.10", "alice", secret, "v6tun0"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    timer = threading.Timer(UP_S, client.stdin.close)
    timer.start()
    line = client.stdout.readline()
    timer.cancel()
    if line.strip() == b"up":
        wait_for(lambda: b"v6tun0" in lab.run(
            "c1", "ip", "-6", "route", "show", "default").stdout, ROUTE_S)
        transfer(lab)
        idle = int(how.partition("=")[2] or 0)
        if how == "names":
            look_up(lab)
        if idle:
            time.sleep(idle)
            lab.run("web", "ping", "-6", "-n", "-c", "3", "-i", "0.3",
                    "-W", "1", address_of(lab))
            lab.run("c1", "ping", "-6", "-n", "-c", "3", "-i", "0.3",
                    "-W", "1", "2001:db8:b::80")
    with contextlib.suppress(OSError, ValueError):
        client.stdin.close()
    client.wait(timeout=60)


def address_of(lab):
    out = lab.run("c1", "ip", "-6", "-o", "addr", "show", "dev", "v6tun0",
                  "scope", "global").stdout.decode()
    found = re.search(r"inet6 ([0-9a-f:]+)", out)
    return found.group(1) if found else "2001:db8:1::1"


def check(lab, row, folder):
    """The doctor itself makes every check."""
    as_root = runs.AsUser(lab.doctor, "root")
    lab.run("c1", lab.doctor, "run-all", "--quiet", "--profile",
            as_root.profile(row, folder), *row["options"])


def traffic(lab, row, folder):
    if row["how"] == "checks":
        check(lab, row, folder)
    else:
        use(lab, folder, row["how"])


def as_pcapng(files, path):
    """One pcapng file of all, without anything of this machine."""
    whole = path + ".whole"
    subprocess.run(["mergecap", "-F", "pcapng", "-w", whole] + files, check=True)
    subprocess.run(["editcap", "-F", "pcapng", "--discard-capture-comment",
                    whole, path], check=True)


def judge_file(doctor, row, path):
    p = subprocess.run([doctor, "read", "--json", path], capture_output=True,
                       timeout=60, check=False)
    report = json.loads(p.stdout)
    return report, judge.judge(row, p.returncode, report)


def expectation(row, report):
    text = record.expectation(dict(row, name=row["fault"]), report)
    return text.replace(
        "run-all in the practice network",
        "the practice network, recorded at: %s; %s" % (
            row["place"], "every check" if row["how"] == "checks"
            else "used by hand"), 1)


def record_one(a, row):
    """None, or why there is no capture of this row."""
    with tempfile.TemporaryDirectory(prefix="v6d-captures.") as tmp:
        path = os.path.join(tmp, "capture.pcapng")
        try:
            lab = Lab(a.doctor, a.hold, row, a.seed)
            try:
                with lab.recording(row["place"], tmp) as files:
                    traffic(lab, row, tmp)
            finally:
                lab.down()
            as_pcapng(files, path)
            report, wrong = judge_file(a.doctor, row, path)
        except (ValueError, KeyError, TypeError, OSError,
                subprocess.SubprocessError) as e:
            return "no capture: %r" % e
        with open(path, "rb") as f:
            data = record.packed(f.read())
    if wrong and a.others:
        with open(os.path.join(a.others, row["slug"] + ".pcapng.gz"), "wb") as f:
            f.write(data)
    if wrong:
        return wrong
    base = os.path.join(a.folder, row["slug"])
    with open(base + ".pcapng.gz", "wb") as f:
        f.write(data)
    with open(base + ".expect", "w", encoding="utf-8") as f:
        f.write(expectation(row, report))
    return None


def main():
    p = argparse.ArgumentParser()
    p.add_argument("doctor", type=os.path.abspath)
    p.add_argument("hold", type=os.path.abspath)
    p.add_argument("folder")
    p.add_argument("table")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="")
    p.add_argument("--missing", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--others", help="folder for those that are judged otherwise")
    a = p.parse_args()
    rows = {r["slug"]: r for r in read_table(a.table)}
    return record.record_rows(a, rows, lambda row: record_one(a, row))


if __name__ == "__main__":
    sys.exit(main())
