#!/usr/bin/env python3
"""record.py V6DOCTOR FOLDER TABLE... [--jobs N] [--only WORD] [--missing]

Records the traces of captures/traces anew: runs the doctor in the practice
network for each row of the tables, and keeps what the run asked, was answered
and observed as NAME.pcapng.gz, without packets, beside NAME.expect, which says
what the row wants. A row whose answer is not what it wants, or whose replay
is not the same, is told and not recorded. With --missing, only rows that have
no trace yet. A folder's traces without a row are told at the end.
"""
import argparse
import concurrent.futures
import gzip
import io
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

import judge
import runs


def slug(text):
    return re.sub("[^a-z0-9]+", "-", text).strip("-")


def name_of(row):
    return slug(row["name"])


def without_packets(data):
    """The section and its one interface; every block tells its length."""
    section = struct.unpack("<I", data[4:8])[0]
    interface = struct.unpack("<I", data[section + 4:section + 8])[0]
    return data[:section + interface]


def packed(data):
    """The same bytes for the same data: no name, no time."""
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0,
                       compresslevel=9) as f:
        f.write(data)
    return out.getvalue()


def expectation(row, report):
    """What the row wants, which the report was judged to be."""
    lines = ["# run-all in the practice network, fault: %s" % row["name"],
             "verdict %s" % judge.VERDICTS[row["status"]]]
    first = report["diagnosis"][0] if report["diagnosis"] else None
    if row["causes"] and first:
        lines.append("cause %s" % first["cause"])
    elif row["causes"]:
        lines.append("undecided %s" % row["causes"][0])
    for key, how, want in row["values"] if first else []:
        if key == "direction":
            lines.append("direction %s" % want)
        elif how == "=" and list(first["values"])[:1] == [key]:
            lines.append("value %s %s" % (key, want))
    return "\n".join(lines) + "\n"


def run(doctor, row, path, seed):
    words = [doctor, "run-all", "--lab", "--json", "--quiet", "--no-redact",
             "--save", path] + row.get("options", []) + runs.fault_options(row, seed)
    p = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True,
                       timeout=runs.LIMIT_S, check=False)
    report = json.loads(p.stdout)
    return report, judge.judge(row, p.returncode, report)


def replay_of(doctor, path):
    p = subprocess.run([doctor, "read", "--replay", path],
                       capture_output=True, timeout=runs.LIMIT_S, check=False)
    said = " ".join(p.stderr.decode(errors="replace").split())
    return None if "conclude as recorded" in said else said


def record(doctor, row, folder, seed):
    """None, or why there is no trace of this row."""
    with tempfile.TemporaryDirectory(prefix="v6d-record.") as tmp:
        path = os.path.join(tmp, "report.pcapng")
        try:
            report, wrong = run(doctor, row, path, seed)
            wrong = wrong or replay_of(doctor, path)
        except (ValueError, KeyError, TypeError, OSError,
                subprocess.TimeoutExpired) as e:
            wrong = "no report: %r" % e
        if wrong:
            return wrong
        with open(path, "rb") as f:
            data = packed(without_packets(f.read()))
    base = os.path.join(folder, name_of(row))
    with open(base + ".pcapng.gz", "wb") as f:
        f.write(data)
    with open(base + ".expect", "w", encoding="utf-8") as f:
        f.write(expectation(row, report))
    return None


def record_rows(a, rows, one):
    """Calls one(row), which tells what is wrong, for the rows (by name) that
    are asked for; returns an exit status."""
    os.makedirs(a.folder, exist_ok=True)
    have = {f[:-len(".pcapng.gz")] for f in os.listdir(a.folder)
            if f.endswith(".pcapng.gz")}
    for name in sorted(have - set(rows)):
        print("no row of the tables: %s" % name)
    todo = {name: row for name, row in rows.items()
            if slug(a.only) in name and not (a.missing and name in have)}
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        futures = {name: pool.submit(one, row) for name, row in todo.items()}
        for name, future in futures.items():
            wrong = future.result()
            bad += wrong is not None
            if wrong:
                print("%s: %s" % (name, wrong))
                sys.stdout.flush()
    print("recorded: %d of %d rows" % (len(todo) - bad, len(todo)))
    return 1 if bad else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("doctor")
    p.add_argument("folder")
    p.add_argument("tables", nargs="+")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="")
    p.add_argument("--missing", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    rows = {}
    for table in a.tables:
        for row in runs.read_table(table):
            rows.setdefault(name_of(row), row)
    return record_rows(
        a, rows, lambda row: record(a.doctor, row, a.folder, a.seed))


if __name__ == "__main__":
    sys.exit(main())
