#!/usr/bin/env python3
"""judge.py ROW STATUS REPORT - is this the answer that the row wants?

ROW is "exit causes values" as in faults.tsv (see there), STATUS the doctor's
exit status, REPORT its --json output. Prints what is wrong, exit status 1.
"""
import json
import re
import sys

LIMIT_BYTES = 2000000  # of a run, both ways
LIMIT_SESSIONS = 128
VERDICTS = {0: "healthy", 1: "degraded", 2: "faulty", 3: "undetermined"}


def read_row(status, causes, values):
    return {
        "status": int(status),
        "all": [part for part in causes.split("+")] if "+" in causes else [],
        "undecided": causes.startswith("?"),
        "causes": [] if causes == "-" else causes.lstrip("?").split("|"),
        "values": [] if values == "-" else
                  [re.match("([a-z_.]+)([=~])(.*)", v).groups()
                   for v in values.split()]}


def answer_of(report):
    """What must not change from run to run."""
    return [report["verdict"],
            [[d["cause"], d.get("values"), d.get("where", {}).get("direction")]
             for d in report["diagnosis"]],
            sorted(sorted(u["between"]) for u in report["undecided"])]


def judge_all(row, report):
    """Of several faults at once: every one is named, and nothing else."""
    named = [d["cause"] for d in report["diagnosis"]]
    candidates = {c for u in report["undecided"] for c in u["between"]}
    wanted = set()
    for part in row["all"]:
        causes = set(part.lstrip("?").split("|"))
        wanted |= causes
        if not causes & set(named) and not (
                part.startswith("?") and causes & candidates):
            return "%s is not among %s (undecided: %s)" % (
                part, named, sorted(candidates))
    more = [n for n in named if n not in wanted]
    if more:
        return "found %s besides" % more
    for u in report["undecided"]:
        if not wanted & set(u["between"]):
            return "undecided among %s besides" % u["between"]
    return None


def impolite(report):
    """None, or how a run put too much on the line."""
    traffic = report.get("traffic", {})
    total = traffic.get("gre_sent_bytes", 0) + traffic.get("gre_came_bytes", 0)
    sessions = [f["value"] for f in report["facts"]
                if f["name"] == "napt.sessions" and f["value"] is not None]
    if total > LIMIT_BYTES:
        return "%d bytes through the tunnel, over %d" % (total, LIMIT_BYTES)
    if sessions and max(sessions) > LIMIT_SESSIONS:
        return "%d sessions, over %d" % (max(sessions), LIMIT_SESSIONS)
    return None


def observed(report, name, how, want):
    """None, or in what the newest observation of that name is another."""
    name, part, _ = name.partition(".subject")
    seen = [f for f in report["facts"] if f["name"] == name]
    if not seen:
        return "%s was not observed" % name
    got = seen[-1]["subject" if part else "word"] or ""
    if want != got if how == "=" else \
            not re.fullmatch(want.replace("_", " "), got):
        return "%s is \"%s\", expected %s" % (name, got, want)
    return None


def judge(row, status, report):
    """None, or what is wrong with the answer."""
    rude = impolite(report)
    if rude:
        return rude
    if status != row["status"]:
        return "exit status %d, not %d" % (status, row["status"])
    if report["verdict"] != VERDICTS.get(status):
        return "verdict %s with exit status %d" % (report["verdict"], status)
    if row["all"]:
        return judge_all(row, report)
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
        if "." in key:
            wrong = observed(report, key, how, want)
            if wrong:
                return wrong
            continue
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
