#!/usr/bin/env python3
"""runs.py V6DOCTOR TABLE [--times HEALTHY FAULT] [--jobs N] [--only WORD]

Runs the doctor in the practice network once (or so many times) for each row
of the table, compares exit status, verdict and first cause with the row, and
the answers of one row among each other. Prints what differs, with the
doctor's own verbose output, and a count.
"""
import argparse
import concurrent.futures
import json
import subprocess
import sys
import time

import judge

LIMIT_S = 60  # a run that takes longer is killed and failed


def read_table(path):
    rows = []
    for line in open(path, encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            fault, status, causes, values, seconds = line.rstrip("\n").split("\t")
            row = judge.read_row(status, causes, values)
            row.update(faults=[] if fault == "-" else fault.split(),
                       name="healthy" if fault == "-" else fault,
                       seconds=float(seconds))
            rows.append(row)
    return rows


def command(doctor, row):
    words = [doctor, "run-all", "--lab"]
    for fault in row["faults"]:
        words += ["--fault", fault]
    return words


def run_once(doctor, row):
    start = time.monotonic()
    try:
        p = subprocess.run(command(doctor, row) + ["--json"],
                           stdin=subprocess.DEVNULL, capture_output=True,
                           timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        return {"wrong": "killed after %d s" % LIMIT_S, "s": LIMIT_S, "answer": None,
                "said": ""}
    took = time.monotonic() - start
    try:
        report = json.loads(p.stdout)
        wrong = judge.judge(row, p.returncode, report)
        answer = judge.answer_of(report)
    except (ValueError, KeyError, TypeError) as e:
        wrong, answer = "no report (exit status %d): %r" % (p.returncode, e), None
    return {"wrong": wrong, "s": took, "answer": answer,
            "said": p.stderr.decode(errors="replace") +
            (p.stdout.decode(errors="replace") if wrong else "")}


def verbose(doctor, row):
    try:
        p = subprocess.run(command(doctor, row) + ["--verbose"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=LIMIT_S)
        return p.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        return "(killed after %d s)" % LIMIT_S


def indent(text):
    return "".join("    %s\n" % line for line in text.splitlines())


def report_row(doctor, row, results):
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
        print("  " + r["wrong"])
        print(indent(r["said"]), end="")
    if wrong:
        print("  the same once more, verbose:")
        print(indent(verbose(doctor, row)), end="")
    for a in answers if len(answers) > 1 else []:
        print("  answer: %s" % json.dumps(a))
    sys.stdout.flush()
    return max(len(wrong), len(answers) - 1)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("doctor")
    p.add_argument("table")
    p.add_argument("--times", nargs=2, type=int, default=[1, 1])
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="")
    a = p.parse_args()
    rows = [r for r in read_table(a.table) if a.only in r["name"]]
    total = failed = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        runs = [[pool.submit(run_once, a.doctor, row)
                 for _ in range(a.times[1 if row["faults"] else 0])]
                for row in rows]
        for row, futures in zip(rows, runs):
            results = [f.result() for f in futures]
            total += len(results)
            failed += report_row(a.doctor, row, results)
    print("run-all in the practice network: %d passed, %d failed" %
          (total - failed, failed))
    return 1 if failed or not total else 0


sys.exit(main())
