#!/usr/bin/env python3
"""judge.py ROW STATUS REPORT - is this the answer that the row wants?

ROW is "exit causes values" as in faults.tsv (see there), STATUS the doctor's
exit status, REPORT its --json output. Prints what is wrong, exit status 1.
"""
import json
import re
import sys

VERDICTS = {0: "healthy", 1: "degraded", 2: "faulty", 3: "undetermined"}


def read_row(status, causes, values):
    return {
        "status": int(status),
        "undecided": causes.startswith("?"),
        "causes": [] if causes == "-" else causes.lstrip("?").split("|"),
        "values": [] if values == "-" else
                  [re.match("([a-z_]+)([=~])(.*)", v).groups()
                   for v in values.split()]}


def answer_of(report):
    """What must not change from run to run."""
    return [report["verdict"],
            [[d["cause"], d.get("values"), d.get("where", {}).get("direction")]
             for d in report["diagnosis"]],
            sorted(sorted(u["between"]) for u in report["undecided"])]


def judge(row, status, report):
    """None, or what is wrong with the answer."""
    if status != row["status"]:
        return "exit status %d, not %d" % (status, row["status"])
    if report["verdict"] != VERDICTS.get(status):
        return "verdict %s with exit status %d" % (report["verdict"], status)
    diagnosis = report["diagnosis"]
    candidates = {c for u in report["undecided"] for c in u["between"]}
    if not row["causes"]:
        bad = [d["cause"] for d in diagnosis] or sorted(candidates)
        return "found %s where nothing is wrong" % bad if bad else None
    if not diagnosis:
        if row["undecided"] and row["causes"][0] in candidates:
            return None
        return "undecided among %s, expected %s" % (
            sorted(candidates), "|".join(row["causes"]))
    first = diagnosis[0]
    if first["cause"] not in row["causes"]:
        return "first cause %s, expected %s" % (
            first["cause"], "|".join(row["causes"]))
    for key, how, want in row["values"]:
        got = first.get("where", {}).get("direction") if key == "direction" \
            else first.get("values", {}).get(key)
        near = how == "~" and got is not None and \
            abs(float(got) - float(want)) <= float(want) / 10
        if str(got) != want and not near:
            return "%s is %s, expected %s" % (key, got, want)
    return None


def main():
    row = read_row(*sys.argv[1].split(" ", 2))
    try:
        with open(sys.argv[3], encoding="utf-8") as f:
            wrong = judge(row, int(sys.argv[2]), json.load(f))
    except (ValueError, KeyError, TypeError) as e:
        wrong = "no report (exit status %s): %r" % (sys.argv[2], e)
    if wrong:
        print(wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
