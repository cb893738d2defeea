#!/usr/bin/env python3
# drive.py BUILD - the program itself, walked over every fixture: each is given
# to "v6doctor walk --plain", the answers of the simulated person are typed,
# and the cause that it names at the end must be the truth.
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile


def simulated(build):
    cases = subprocess.run([sys.executable, "tests/walk/cases.py", "."],
                           capture_output=True, text=True, check=True).stdout
    paths = {os.path.basename(l.split("\t")[0]): l.split("\t")[0]
             for l in cases.splitlines()}
    out = subprocess.run([build + "/tests/walk/simulate"], input=cases,
                         capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        mode, name, truth, _, _, _, _, steps = line.split("\t")
        if mode == "report":
            yield paths[name], truth, [s.split("=")[1] for s in steps.split()]


def walk(build, path, truth, keys):
    with tempfile.TemporaryDirectory() as tmp:
        r = subprocess.run(
            [build + "/v6doctor", "walk", "--plain", "--state", tmp + "/walk",
             "--save", tmp + "/end", path],
            input="".join(k + "\n" for k in keys), capture_output=True,
            text=True)
        end = open(tmp + "/end").read() if os.path.exists(tmp + "/end") else ""
    named = re.search(r"\(([a-z0-9-]+),\s+code\s+[A-Z]", end)
    if truth == "healthy":
        good = named is None and r.returncode in (0, 3)
    else:
        good = named is not None and named.group(1) == truth and \
            r.returncode in (1, 2)
    # no cursor is moved and no colour is used
    if "\033" in r.stdout or "\r" in r.stdout:
        good = False
    return None if good else "%s: exit %d, %s instead of %s" % (
        path, r.returncode, named and named.group(1), truth)


def main(build):
    todo = list(simulated(build))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bad = [b for b in pool.map(
            lambda t: walk(build, *t), todo) if b]
    for b in bad:
        print("walk: " + b)
    print("driven walks: %d passed, %d failed" % (
        len(todo) - len(bad), len(bad)))
    return 1 if bad or not todo else 0


sys.exit(main(sys.argv[1]))
