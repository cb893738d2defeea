#!/usr/bin/env python3
"""runs.py V6DOCTOR TABLE [--times HEALTHY FAULT] [--jobs N] [--only WORD]
                          [--skip REGEX] [--as USER] [--seed N] [--every N]
                          [--save]

Runs the doctor in the practice network once (or so many times) for each row
of the table, compares exit status, verdict and first cause with the row, and
the answers of one row among each other. Prints what differs, with the
doctor's own verbose output, and a count. A row with dice in it (CHANCE) gets
a seed, from N on another for each run; the numbers in its answers may differ.

The doctor's deadlines are of the clock on the wall, and the runs go side by
side on few processors: a row that was run once and went wrong is run twice
more, alone, at the end. It passes when both are right, and is named then.

With --every, only every Nth row is run. With --as, root builds the practice
network, and USER runs the doctor on c1. With --save, each run saves its report,
in turn with real names and without, and saved.py looks at it.
"""
import argparse
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time

import judge
import saved

LIMIT_S = 60  # a run that takes longer is killed and failed
CHANCE = {"loss", "loss-in", "loss-out", "reorder", "duplicate", "corrupt",
          "jitter", "rate", "police"}
LAB = pathlib.Path(__file__).parents[2] / "tools/lab"


def has_dice(faults):
    return any(re.split("[=@]", f)[0] in CHANCE for f in faults)


STAGES = ["-", "control", "gre", "ppp", "ra", "route", "mtu"]


def hides(a, b):
    """Fault a leaves nothing to see of fault b."""
    return a["stops"] != "-" and \
        STAGES.index(b["needs"]) >= STAGES.index(a["stops"])


def read_pairs(path):
    """Every two of the faults in the table that do not hide each other."""
    names = "fault status cause kind needs stops".split()
    singles = [dict(zip(names, line.rstrip("\n").split("\t")))
               for line in open(path, encoding="utf-8")
               if line.strip() and not line.startswith("#")]
    rows = []
    for a, b in itertools.combinations(singles, 2):
        if a["kind"] == b["kind"] or hides(a, b) or hides(b, a):
            continue
        row = judge.read_row(max(a["status"], b["status"]),
                             a["cause"] + "+" + b["cause"], "-")
        row.update(faults=a["fault"].split() + b["fault"].split(),
                   name="%s + %s" % (a["fault"], b["fault"]), dice=False,
                   causes_text="%s + %s" % (a["cause"], b["cause"]),
                   seconds=10.0)
        rows.append(row)
    return rows


def read_table(path):
    if "pairs" in os.path.basename(path):
        return read_pairs(path)
    rows = []
    for line in open(path, encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            fault, status, causes, values, seconds = line.rstrip("\n").split("\t")
            row = judge.read_row(status, causes, values)
            words = [] if fault == "-" else fault.split()
            row.update(faults=[w for w in words if not w.startswith("--")],
                       options=[w for w in words if w.startswith("--")],
                       name="healthy" if fault == "-" else fault,
                       dice=has_dice(fault.split()), causes_text=causes,
                       seconds=float(seconds))
            rows.append(row)
    return rows


def places(faults):
    """Where bad lines are, as "@PLACE"; "" for the usual place."""
    return {"".join(re.findall("@.*", f)) for f in faults if has_dice([f])}


def fault_options(row, seed):
    faults = row["faults"] + [
        "seed=%d%s" % (seed, at) for at in sorted(places(row["faults"]))]
    return [word for fault in faults for word in ("--fault", fault)]


class AsRoot:
    """The doctor builds a practice network of its own."""
    def __init__(self, doctor):
        self.doctor = doctor

    @contextlib.contextmanager
    def command(self, row, seed):
        yield ([self.doctor, "run-all", "--lab"] + row.get("options", []) +
               fault_options(row, seed))


class AsUser:
    """The same network, the same profile; but a user runs the doctor."""
    def __init__(self, doctor, user):
        self.doctor, self.user = doctor, pwd.getpwnam(user)
        self.numbers = itertools.count()

    def profile(self, row, folder):
        text = (LAB / "topology/profile").read_text()
        for fault in row["faults"]:
            name, value = re.match("([^=@]+)(?:=([^@]+))?", fault).groups()
            sheet = (LAB / "faults" / name).read_text()
            value = value or re.search("^value = (.*)", sheet, re.M).group(1) \
                if "$VALUE" in sheet else ""
            own = re.search(r"^\[profile.*\]\n((?:[^\[].*\n)*)", sheet, re.M)
            for line in own.group(1).splitlines() if own else []:
                key, new = re.split(" = ?", line, maxsplit=1)
                text = re.sub("(?m)^%s = .*" % key,
                              new and line.replace("$VALUE", value), text)
        for name, content in (
                ("password", "secret"),
                ("c1.conf", text.replace("$PASSWORD", folder + "/password"))):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8",
                      opener=lambda p, f: os.open(p, f, 0o600)) as f:
                f.write(content)
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        return path

    @contextlib.contextmanager
    def command(self, row, seed):
        lab = "runs-%d-%d" % (os.getpid(), next(self.numbers))
        folder = tempfile.mkdtemp(prefix="v6d-runs.")
        try:
            subprocess.run([self.doctor, "lab", "up", lab] + fault_options(row, seed),
                           stdout=subprocess.DEVNULL, check=True)
            yield [self.doctor, "lab", "exec", lab, "c1", "--",
                   "setpriv", "--reuid", self.user.pw_name,
                   "--regid", str(self.user.pw_gid), "--clear-groups",
                   self.doctor, "run-all", "--profile",
                   self.profile(row, folder)] + row.get("options", [])
        finally:
            subprocess.run([self.doctor, "lab", "down", lab],
                           stdout=subprocess.DEVNULL, check=False)
            shutil.rmtree(folder)


class Saving:
    """The options that save a run's report, and a look at what was saved."""
    turns = itertools.count()

    def __init__(self, doctor, folder):
        turn = next(self.turns)
        self.doctor, self.redacted = doctor, turn % 2 == 0
        self.path = os.path.join(folder, "%d.pcapng" % turn) if folder else None

    def options(self):
        if not self.path:
            return []
        return ["--save", self.path] + (
            ["--mapping", self.path + ".map"] if self.redacted else ["--no-redact"])

    def wrong(self, report, status):
        if not self.path:
            return None
        wrong = saved.check(self.doctor, self.path, report, status,
                            self.path + ".map" if self.redacted else None)
        if not wrong:
            os.unlink(self.path)
        return wrong


def run_once(who, row, seed, folder):
    start = time.monotonic()
    saving = Saving(who.doctor, folder)
    try:
        with who.command(row, seed) as words:
            p = subprocess.run(words + ["--json"] + saving.options(),
                               stdin=subprocess.DEVNULL, capture_output=True,
                               timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"wrong": "killed after %d s" % LIMIT_S, "s": LIMIT_S, "answer": None,
                "said": "", "seed": seed}
    took = time.monotonic() - start
    try:
        report = json.loads(p.stdout)
        wrong = judge.judge(row, p.returncode, report) or \
            saving.wrong(report, p.returncode)
        answer = judge.answer_of(report)
        if row["dice"]:
            answer = [[cause for cause, _, _ in answer[1]][:1]]
    except (ValueError, KeyError, TypeError) as e:
        wrong, answer = "no report (exit status %d): %r" % (p.returncode, e), None
    return {"wrong": wrong, "s": took, "answer": answer, "seed": seed,
            "said": p.stderr.decode(errors="replace") +
            (p.stdout.decode(errors="replace") if wrong else "")}


def verbose(who, row, seed):
    try:
        with who.command(row, seed) as words:
            p = subprocess.run(words + ["--verbose"],
                               stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, timeout=LIMIT_S)
        return p.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return "(killed after %d s)" % LIMIT_S


def indent(text):
    return "".join("    %s\n" % line for line in text.splitlines())


def report_row(who, row, results):
    """Prints a row's line; returns how many runs failed."""
    wrong = [r for r in results if r["wrong"]]
    answers = []
    for r in results:
        if r["answer"] is not None and r["answer"] not in answers:
            answers.append(r["answer"])
    times = sorted(r["s"] for r in results)
    slow = "  (over %g s)" % row["seconds"] if times[-1] > row["seconds"] else ""
    print("%-4s %-28s %5.1f s%s%s" % (
        "FAIL" if wrong or len(answers) > 1 else "ok", row["name"],
        times[len(times) // 2],
        "" if len(times) == 1 else " median, %.1f s longest, %d runs" % (
            times[-1], len(times)), slow))
    for r in wrong[:2]:
        print("  " + r["wrong"] + (", seed %d" % r["seed"] if row["dice"] else ""))
        print(indent(r["said"]), end="")
    if wrong:
        print("  the same once more, verbose:")
        print(indent(verbose(who, row, wrong[0]["seed"])), end="")
    for a in answers if len(answers) > 1 else []:
        print("  answer: %s" % json.dumps(a))
    sys.stdout.flush()
    return max(len(wrong), len(answers) - 1)


def again(who, rows, seed, folder):
    """Runs these rows alone, twice; returns how many are wrong."""
    failed = 0
    for row in rows:
        print("alone, twice: ", end="")
        failed += report_row(who, row, [run_once(who, row, seed, folder)
                                        for _ in range(2)]) > 0
    return failed


def main():
    p = argparse.ArgumentParser()
    p.add_argument("doctor")
    p.add_argument("table")
    p.add_argument("--times", nargs=2, type=int, default=[1, 1])
    p.add_argument("--jobs", type=int, default=6)
    p.add_argument("--only", default="")
    p.add_argument("--skip")
    p.add_argument("--as", dest="user")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--every", type=int, default=1)
    p.add_argument("--save", action="store_true")
    a = p.parse_args()
    who = AsUser(a.doctor, a.user) if a.user else AsRoot(a.doctor)
    rows = [r for r in read_table(a.table) if a.only in r["name"] and
            not (a.skip and re.search(a.skip, r["name"]))][::a.every]
    total = failed = 0
    doubtful = []
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool, \
            tempfile.TemporaryDirectory(prefix="v6d-saved.") as folder:
        runs = [[pool.submit(run_once, who, row, a.seed + i,
                             folder if a.save else None)
                 for i in range(a.times[1 if row["faults"] else 0])]
                for row in rows]
        for row, futures in zip(rows, runs):
            results = [f.result() for f in futures]
            total += len(results)
            wrong = report_row(who, row, results)
            if wrong and len(results) == 1:
                doubtful.append(row)
            else:
                failed += wrong
        failed += again(who, doubtful, a.seed, folder if a.save else None)
    print("run-all in the practice network: %d passed, %d failed" %
          (total - failed, failed))
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main())
