#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""labels.py V6DOCTOR - what is said of each recorded fault against its label.

captures/faults/LABELS.tsv holds what was done to the network, written down
when it was recorded. The label must be the first cause or, where packets
cannot tell, among the candidates; nothing else may be certain; direction and
numbers must be right or honestly wide. What regress expects is held to it too.
"""
import csv
import json
import re
import subprocess
import sys

FOLDER = "captures/faults/"
# Numbers in the label's words, and what must be true of the finding's values.
WITHIN = 0.25  # of a rate: the recording's machines had clocks of their own


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


def between(values, truth):
    """The true limit is no larger than the one named, nor below what passed."""
    low = values.get("passed_bytes", 0)
    return low <= truth <= max(values["limit_bytes"], low)


def value_wrong(row, finding):
    cause, values = finding["cause"], finding["values"]
    n = numbers(row["value"])
    if cause == "gre-size-limit" and "limit_bytes" in values:
        return not between(values, n[0])
    if cause.startswith("path-mtu-blackhole") and "mtu_bytes" in values:
        return values["mtu_bytes"] != n[0]
    if cause == "outer-mtu" and "mtu_bytes" in values:
        return not between({"limit_bytes": values["mtu_bytes"], **values},
                           n[0])
    if cause == "ra-bad-prefix-length":
        return values.get("prefix_bits") != n[0]
    if cause == "ra-solicited-only":
        return values.get("lifetime_s") != n[0]
    if cause.startswith("napt-") and n and "sessions" in values:
        return abs(values["sessions"] - n[0]) > max(1, n[0] / 10)
    if cause == "policer":
        rate = n[0] * (8 if "kB" in row["value"] else 1)
        return abs(values["rate_kbit"] - rate) > rate * WITHIN
    return False


def read(v6doctor, path):
    out = subprocess.run([v6doctor, "read", "--json", path],
                         capture_output=True, text=True, timeout=60)
    return json.loads(out.stdout)


def complaints(row, doc):
    label = row["fault"]
    found = doc["diagnosis"]
    between_ = {c for u in doc["undecided"] for c in u["between"]}
    if label == "healthy":
        if doc["verdict"] != "healthy" or found or between_:
            yield f"is {doc['verdict']}, {[f['cause'] for f in found]}"
        return
    first = found[0] if found else None
    if not (first and first["cause"] == label) and label not in between_:
        yield f"names {[f['cause'] for f in found]} or {sorted(between_)}"
    for f in found:
        if f["cause"] != label and f["certainty"] == "certain":
            yield f"is certain of {f['cause']}"
        if f["cause"] != label:
            continue
        direction = f["where"]["direction"]
        if row["direction"] in ("in", "out", "both") and direction not in (
                None, "unknown", row["direction"]) and not (
                    row["direction"] == "both"):
            yield f"direction {direction}, not {row['direction']}"
        if value_wrong(row, f):
            yield f"values {f['values']}, not {row['value']}"


def expected(row):
    """What regress holds the file to names the label as well."""
    name = FOLDER + row["file"].replace(".pcap", ".expect")
    words = set()
    with open(name, encoding="ascii") as f:
        for line in f:
            if line.startswith(("cause ", "undecided ", "verdict ")):
                words.update(line.split()[1:])
    return row["fault"] in words


def main():
    with open(FOLDER + "LABELS.tsv", encoding="ascii", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    bad = 0
    for row in rows:
        wrong = list(complaints(row, read(sys.argv[1], FOLDER + row["file"])))
        if not expected(row):
            wrong.append("regress expects another cause")
        for w in wrong:
            print(f"FAILED: {row['file']} ({row['fault']}): {w}")
        bad += bool(wrong)
    print(f"labels: {len(rows) - bad} passed, {bad} failed")
    return bad > 0 or not rows


sys.exit(main())
