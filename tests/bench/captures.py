#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""captures.py BUILD - how fast captures are read, beside a bare libpcap loop,
tcpdump and tshark on the same files in the same run, and with how much memory.

CPU seconds, user and system. MEGABYTES (default 1000) of the large files, and
RUNS (default 3) of ours and the loop, which alternate; the least counts. With
GENCAP another generator writes the files: GENCAP FILE MEGABYTES TUNNELS."""
import os
import subprocess
import sys
import tempfile
import time

from bounds import note

BUILD = sys.argv[1]
MB = int(os.environ.get("MEGABYTES", "1000"))
RUNS = int(os.environ.get("RUNS", "3"))
GENCAP = os.environ.get("GENCAP", f"{BUILD}/tests/bench/gencap")
READ = [f"{BUILD}/v6doctor", "read"]
LOOP = [f"{BUILD}/tests/bench/pcaploop"]
TCPDUMP = ["tcpdump", "-nn", "-r"]
TSHARK = ["tshark", "-n", "-T", "fields", "-e", "frame.time_relative",
          "-e", "ip.src", "-e", "ip.dst", "-e", "gre.key.call_id", "-r"]


def run(command, path):
    """CPU seconds, elapsed seconds and kB of one run."""
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execvp(command[0], command + [path])
    used = os.wait4(child, 0)[2]
    return (used.ru_utime + used.ru_stime, time.perf_counter() - began,
            used.ru_maxrss)


def least(commands, path, runs):
    """Of each command the least of several alternating runs, in each thing."""
    got = [[] for _ in commands]
    for _ in range(runs):
        for i, command in enumerate(commands):
            got[i].append(run(command, path))
    return [tuple(map(min, zip(*g))) for g in got]


def generate(path, megabytes, tunnels):
    subprocess.run([GENCAP, path, str(megabytes), str(tunnels)],
                   stdout=subprocess.DEVNULL, check=True)
    said = subprocess.run(LOOP + [path], check=True, capture_output=True)
    return int(said.stdout.split()[0])


def large(path, tunnels, times, others):
    """times: the most of the loop's time; others: name, command, and how many
    times as long each must take at least."""
    packets = generate(path, MB, tunnels)
    (ours, _, kb), (loop, _, _) = least([READ, LOOP], path, RUNS)
    print(f"  {MB} MB, {packets} packets, {tunnels} tunnels: {ours:.2f} s, "
          f"{kb // 1024} MB of memory; libpcap loop {loop:.2f} s: "
          f"{ours / loop:.1f} times,",
          note(ours / loop, "most", times, "",
               f"read, {tunnels} tunnels, of the libpcap loop's time"),
          flush=True)
    note(kb / 1024, "most", 64, "MB", f"read, {tunnels} tunnels, memory")
    for name, command, least_times in others:
        theirs = run(command, path)[0]
        print(f"    {name} {theirs:.1f} s: {theirs / ours:.0f} times as long,",
              note(theirs / ours, "least", least_times, "",
                   f"{name}'s time, {tunnels} tunnels, of read's"),
              flush=True)


def flat(path):
    """Microseconds a packet, by size and by tunnels."""
    for megabytes, tunnels in ((100, 1), (200, 1), (400, 1), (400, 100),
                               (400, 10000), (400, 100000)):
        packets = generate(path, megabytes, tunnels)
        ours, _, kb = least([READ], path, RUNS)[0]
        print(f"  {megabytes} MB, {packets} packets, {tunnels} tunnels: "
              f"{ours / packets * 1e6:.2f} us a packet, {kb // 1024} MB",
              flush=True)


def small():
    path = "captures/faults/gre_size_in_1300_nat2.pcap"
    (_, ours, _), (_, theirs, _) = least([READ, TSHARK], path, 5)
    print(f"  a small capture, start to verdict: {ours * 1000:.0f} ms; tshark "
          f"{theirs * 1000:.0f} ms: {theirs / ours:.0f} times as long,",
          note(theirs / ours, "least", 10, "", "tshark's time, a small capture, "
               "of read's"))


def main():
    print("captures, CPU seconds:", flush=True)
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) \
            as folder:
        path = f"{folder}/big.pcap"
        small()
        flat(path)
        for tunnels, loop, dump, shark in ((1, 2, 7, 40), (10000, 4, 80, 30)):
            large(path, tunnels, loop, (("tcpdump -nn", TCPDUMP, dump),
                                        ("tshark -T fields", TSHARK, shark)))


if __name__ == "__main__":
    main()
