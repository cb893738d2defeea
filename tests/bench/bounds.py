#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures beside the bounds that they must keep.

bounds.py note FIGURE most|least BOUND UNIT WHAT...
    says the bound and whether it holds, and keeps it for the table
bounds.py table
    says all that were kept; exit status 1 when one does not hold

Kept in the file that BOUNDS names; without BOUNDS nowhere."""
import os
import sys


def keeps(figure, sense, bound):
    return figure <= bound if sense == "most" else figure >= bound


def note(figure, sense, bound, unit, what):
    """-> the words "at most 2 s: holds"."""
    if os.environ.get("BOUNDS"):
        with open(os.environ["BOUNDS"], "a", encoding="utf-8") as f:
            print(figure, sense, bound, unit, what, sep="\t", file=f)
    verdict = "holds" if keeps(figure, sense, bound) else "DOES NOT HOLD"
    return f"at {sense} {bound:g} {unit}".rstrip() + f": {verdict}"


def table():
    with open(os.environ["BOUNDS"], encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    held = 0
    print("bounds:")
    for figure, sense, bound, unit, what in rows:
        ok = keeps(float(figure), sense, float(bound))
        held += ok
        print("  %-5s %9.4g  at %-5s %5s %-5s %s" % (
            "holds" if ok else "OVER" if sense == "most" else "UNDER",
            float(figure), sense, "%g" % float(bound), unit, what))
    print(f"{held} of {len(rows)} hold")
    return 0 if held == len(rows) > 0 else 1


def main():
    if sys.argv[1:] == ["table"]:
        return table()
    figure, sense, bound, unit = sys.argv[2:6]
    print(note(float(figure), sense, float(bound), unit,
               " ".join(sys.argv[6:])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
