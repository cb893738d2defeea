#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""program.py BUILD - the program itself: its size, how soon it has started
(CPU milliseconds, user and system, the median of 20 alternating runs) beside
other programs, and the memory of a run (the largest of its processes)."""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

PROGRAM = f"{sys.argv[1]}/v6doctor"
TIMES = 20
STARTS = ("v6doctor --version", "v6doctor explain gre-size-limit",
          "curl --version",
          "tcpdump --version", "tshark --version")


def size():
    with tempfile.TemporaryDirectory() as d:
        stripped = f"{d}/v6doctor"
        subprocess.run(["strip", "-o", stripped, PROGRAM], check=True)
        bytes_ = os.path.getsize(stripped)
    libraries = subprocess.run(["ldd", PROGRAM], check=True,
                               capture_output=True).stdout.count(b"=> /")
    print(f"  {bytes_ / 1e6:.1f} MB without symbols, {libraries} libraries")


def cpu_ms(command):
    def used():
        r = resource.getrusage(resource.RUSAGE_CHILDREN)
        return r.ru_utime + r.ru_stime
    before = used()
    subprocess.run(command, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True)
    return 1000 * (used() - before)


def starts():
    commands = [c.split() for c in STARTS if shutil.which(c.split()[0]) or
                c.startswith("v6doctor")]
    took = {tuple(c): [] for c in commands}
    for _ in range(TIMES):
        for c in commands:
            path = PROGRAM if c[0] == "v6doctor" else c[0]
            took[tuple(c)].append(cpu_ms([path] + c[1:]))
    for c, times in took.items():
        print(f"  {' '.join(c)}: {statistics.median(times):.1f} ms")


def memory(*command):
    child = os.fork()
    if child == 0:
        null = os.open("/dev/null", os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.execv(PROGRAM, [PROGRAM, *command])
    used = os.wait4(child, 0)[2]
    print(f"  v6doctor {' '.join(command)}: {used.ru_maxrss / 1024:.0f} MB of "
          "memory")


print("the program:")
size()
starts()
if os.getuid() == 0:
    memory("run-all", "--lab")
memory("read", "captures/faults/gre_size_in_1300_nat2.pcap")
