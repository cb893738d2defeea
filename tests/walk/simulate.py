#!/usr/bin/env python3
# simulate.py BUILD [--times N] [--docs PAGE] - guided walks over every fixture whose truth
# is known (simulate.c), and what is promised of them: each walk that can see
# what the fixture holds ends at the right cause, with 3 questions on the
# average and 8 at most; where one answer of ten is "don't know" it is right
# or undecided with the truth named. --docs writes the section of PAGE.
import argparse
import collections
import subprocess
import sys

MEAN, MOST = 3.0, 8

MODES = [
    ("report", "begins with the report or capture"),
    ("checks", "begins with nothing; the checks run here"),
    ("helper", "at a distance; the user sends a report when asked"),
    ("pastes", "at a distance; the user pastes what commands print"),
    ("questions", "at a distance; nothing but answers can be had"),
    ("patient", "the same, and the user agrees to go on where it is undecided"),
]
GRADES = ("right", "alike", "open", "WRONG")
SEES = ("report", "checks", "helper")
BLIND = ("pastes", "questions", "patient")
MENDED = 0.85  # of the blind ones, with the right cause or remedy

Walk = collections.namedtuple(
    "Walk", "mode file truth end questions first grade steps")


def walks(build, cases, times):
    out = subprocess.run([build + "/tests/walk/simulate"] + times, input=cases,
                         capture_output=True, text=True, check=True).stdout
    rows = [Walk(*line.split("\t")) for line in out.splitlines()]
    return [w._replace(questions=int(w.questions)) for w in rows]


def faults(rows):
    return [w for w in rows if w.truth != "healthy"]


def count(rows, grade):
    return sum(w.grade == grade for w in rows)


def mean(rows):
    return sum(w.questions for w in rows) / max(len(rows), 1)


def most(rows):
    return max([w.questions for w in rows] or [0])


def judge(sure, missing):
    """What is not as promised, in words."""
    bad = []
    for w in sure:
        if w.mode in SEES and w.grade != "right":
            bad.append("%s %s: %s, %s (%s)" % (
                w.mode, w.file, w.end, w.first, w.steps.strip()))
    for w in sure + missing:
        if w.questions > MOST:
            bad.append("%s %s: %d questions" % (w.mode, w.file, w.questions))
    for w in missing:
        if w.mode in SEES and w.grade == "WRONG":
            bad.append("%s %s with missing answers: %s (%s)" % (
                w.mode, w.file, w.first, w.steps.strip()))
    for mode, _ in MODES:
        m = mean(faults([w for w in sure if w.mode == mode]))
        if m > MEAN and mode != "patient":
            bad.append("%s: %.2f questions on the average" % (mode, m))
    # asked blindly, it may not know; it is never sure and wrong
    for mode in BLIND:
        for rows in sure, missing:
            named = [w for w in rows if w.mode == mode and
                     w.grade == "WRONG" and w.end in ("likely", "alike")]
            if named:
                bad.append("%s: %d of %d name a wrong cause: %s" % (
                    mode, len(named), len(rows), named[0]))
        blind = [w for w in sure if w.mode == mode]
        mended = count(blind, "right") + count(blind, "alike")
        if mended < MENDED * len(blind):
            bad.append("%s: the right cause or remedy in %d of %d only" % (
                mode, mended, len(blind)))
    return bad


def summary(sure, missing):
    yield "| walk | walks | right | the remedy is right | undecided, the truth" \
        " among them | wrong | questions: mean, most | one of ten missing:" \
        " right, remedy, undecided, wrong |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for mode, words in MODES:
        rows = [w for w in sure if w.mode == mode]
        less = [w for w in missing if w.mode == mode]
        yield "| %s | %d | %d | %d | %d | %d | %.2f, %d | %d, %d, %d, %d |" % (
            words, len(rows), *[count(rows, g) for g in GRADES],
            mean(faults(rows)), most(rows),
            *[count(less, g) for g in GRADES])


def by_truth(sure, missing):
    yield "| truth | fixtures | questions after a report: mean, most |" \
        " asked | with answers missing | pastes: right, remedy, undecided," \
        " wrong | nothing but answers: the same | its questions: mean," \
        " most |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for truth in sorted({w.truth for w in sure}):
        rows = [w for w in sure if w.truth == truth]
        report = [w for w in rows if w.mode == "report"]
        blind = [w for w in rows if w.mode == "questions"]
        pasted = [w for w in rows if w.mode == "pastes"]
        less = [w for w in missing
                if w.truth == truth and w.mode == "report"]
        asked = sorted({s.split("=")[0] for w in report
                        for s in w.steps.split()})
        yield "| %s | %d | %.1f, %d | %s | %s | %s | %s | %s |" % (
            truth, len(report), mean(report), most(report), ", ".join(asked),
            "%d of %d right" % (count(less, "right"), len(less)),
            *["%d, %d, %d, %d" % tuple(count(rows, g) for g in GRADES)
              if rows else "" for rows in (pasted, blind)],
            "%.1f, %d" % (mean(blind), most(blind)) if blind else "")


INTRO = """
## Guided walks

Measured by `make walks`: `v6doctor walk` over all %d fixtures whose truth is
known (captures/traces and captures/faults), with a person who answers as
somebody would before that fault (tests/walk/simulate.c). A question is
whatever a person has to answer, try or send; checks that the program runs
itself are none; whoever has an error's number before them types that when asked
what the trouble is; a paste is what Linux and pppd print before that fault
(tests/walk/pasted.c), and counts as a question. "Missing": one answer of ten, drawn by %d seeds, is "I
don't know". Where nothing but answers can be had, the walk ends as soon as what
to do first is the same for all that is left ("the remedy is right": it helps
against the truth, and where it is tried in a moment, it was), or when the next
question would tell too little for what it costs; it then offers to go on, and
says which causes are left, and what would tell more.
"""


def page(sure, missing, path, times):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    at = text.find("\n## Guided walks\n")
    end = text.find("\n## ", at + 4) if at >= 0 else -1
    n = len({w.file for w in sure})
    new = "\n".join([INTRO.rstrip("\n") % (n, times), "",
                     *summary(sure, missing), "", *by_truth(sure, missing),
                     ""])
    if at < 0:
        text += new
    else:
        text = text[:at] + new + (text[end:] if end > 0 else "")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--docs")
    p.add_argument("--times", type=int, default=2,
                   help="walks of each fixture with missing answers")
    a = p.parse_args()
    cases = subprocess.run([sys.executable, "tests/walk/cases.py", "."],
                           capture_output=True, text=True, check=True).stdout
    sure = walks(a.build, cases, [])
    missing = walks(a.build, cases, [str(a.times)])
    bad = judge(sure, missing)
    for line in bad:
        print("walk: " + line)
    if a.docs:
        page(sure, missing, a.docs, a.times)
    total = len(sure) + len(missing)
    print("walks: %d passed, %d failed" % (total - len(bad), len(bad)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
