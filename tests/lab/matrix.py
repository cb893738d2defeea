#!/usr/bin/env python3
"""matrix.py V6DOCTOR PAGE [--times N] [--pairs N] [--healthy N] [--jobs N]
                           [--only WORD]

Runs the doctor in the practice network for every row of faults.tsv,
matrix.tsv, open.tsv, variants.tsv and pairs.tsv, and writes what came of it
as a page: how often the truth was named, after what time, for how many
packets, and what cannot be told apart.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time

import judge
import runs

HERE = os.path.dirname(os.path.abspath(__file__))
Result = collections.namedtuple("Result", "row wrong named undecided ms wall")


def table(name):
    return runs.read_table(os.path.join(HERE, name))


def run_one(doctor, row, seed):
    who = runs.AsRoot(doctor)
    start = time.monotonic()
    try:
        with who.command(row, seed) as words:
            p = subprocess.run(words + ["--json"], stdin=subprocess.DEVNULL,
                               capture_output=True, timeout=runs.LIMIT_S)
        report = json.loads(p.stdout)
    except subprocess.TimeoutExpired:
        return Result(row, "no end after %d s" % runs.LIMIT_S, [], [],
                      runs.LIMIT_S * 1000, runs.LIMIT_S)
    except ValueError:
        return Result(row, "no report: " + p.stderr.decode(errors="replace"),
                      [], [], 0, 0)
    return Result(row, judge.judge(row, p.returncode, report),
                  [d["cause"] for d in report["diagnosis"]],
                  report["undecided"], report["duration_ms"],
                  time.monotonic() - start)


def traffic(who, row, seed):
    """What c1 sent in one run: packets, bytes, by its own interface."""
    try:
        with who.command(row, seed) as words:
            subprocess.run(words + ["--quiet"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=runs.LIMIT_S)
            p = subprocess.run(words[:5] + ["ip", "-s", "-j", "link", "show",
                                            "eth0"], capture_output=True,
                               check=True)
        tx = json.loads(p.stdout)[0]["stats64"]["tx"]
        return tx["packets"], tx["bytes"]
    except (subprocess.SubprocessError, ValueError, KeyError, IndexError):
        return None


# ---- the page ----

def cell(text):
    return text.replace("|", " or ").replace("?", "")


def said(result):
    if result.named:
        return " + ".join(result.named)
    if result.undecided:
        return "undecided: " + ", ".join(result.undecided[0]["between"])
    return "no cause" if not result.wrong else "nothing"


def seconds(results):
    ms = [r.ms for r in results]
    return "%.1f, %.1f" % (statistics.median(ms) / 1000, max(ms) / 1000)


def wrong_word(result):
    """What was said where that differs from the truth, else what judged."""
    first = result.named[0] if result.named else None
    if result.row["all"] or first in result.row["causes"] or not (first or result.undecided):
        return result.wrong.split("\n")[0][:90]
    return said(result)


def wrong_words(results):
    words = collections.Counter(wrong_word(r) for r in results if r.wrong)
    return "; ".join("%d: %s" % (n, w) for w, n in words.most_common(3))


def rows_of(results):
    """Results by row, in the order of the tables, those with dice last."""
    by = {}
    for r in results:
        by.setdefault(r.row["name"], []).append(r)
    return sorted(by.values(), key=lambda rs: rs[0].row["dice"])


def count(results):
    return "%d of %d" % (sum(not r.wrong for r in results), len(results))


def single_table(out, results, sent):
    out.append("| fault | truth | right | seconds: median, longest | sent: "
               "packets, KiB | else |")
    out.append("| --- | --- | --- | --- | --- | --- |")
    for rs in rows_of(results):
        name = rs[0].row["name"]
        s = sent.get(name)
        out.append("| `%s` | %s | %s | %s | %s | %s |" % (
            name, cell(rs[0].row["causes_text"]).replace("-", "none", 1)
            if rs[0].row["causes_text"] == "-"
            else cell(rs[0].row["causes_text"]),
            count(rs), seconds(rs),
            "%d, %d" % (s[0], s[1] // 1024) if s else "",
            cell(wrong_words(rs))))


def healthy_table(out, results):
    out.append("| variant | healthy | seconds: median, longest | else |")
    out.append("| --- | --- | --- | --- |")
    for rs in rows_of(results):
        out.append("| `%s` | %s | %s | %s |" % (
            rs[0].row["name"], count(rs), seconds(rs),
            cell(wrong_words(rs))))


def confusion(out, results):
    """Truth against what was named first, only where the two differ."""
    seen = collections.Counter()
    for r in results:
        truth = r.row["causes"][0] if r.row["causes"] else "healthy"
        if r.wrong:
            first = r.named[0] if r.named else said(r)
            if first == truth:
                first += ", but " + r.wrong.split("\n")[0][:70]
            seen[truth, first] += 1
    total = collections.Counter(
        r.row["causes"][0] if r.row["causes"] else "healthy" for r in results)
    right = collections.Counter(
        r.row["causes"][0] if r.row["causes"] else "healthy"
        for r in results if not r.wrong)
    out.append("| truth | runs | right | named instead |")
    out.append("| --- | --- | --- | --- |")
    for truth in sorted(total):
        out.append("| %s | %d | %d | %s |" % (
            truth, total[truth], right[truth],
            "; ".join("%d: %s" % (n, cell(first))
                      for (t, first), n in seen.most_common() if t == truth)))


def pair_table(out, results):
    bad = [rs for rs in rows_of(results) if any(r.wrong for r in rs)]
    out.append("Both named and nothing else: %s runs, %d of %d pairs." % (
        count(results), len(rows_of(results)) - len(bad),
        len(rows_of(results))))
    out.append("")
    if bad:
        out.append("| pair | right | else |")
        out.append("| --- | --- | --- |")
    for rs in bad:
        out.append("| `%s` | %s | %s |" % (
            rs[0].row["name"], count(rs), cell(wrong_words(rs))))


def alike_table(out, results):
    """Which causes were left undecided, with which faults, what decides."""
    sets = {}
    for r in results:
        for u in r.undecided:
            e = sets.setdefault(tuple(sorted(u["between"])), (u, set()))
            e[1].add(r.row["name"])
    out.append("| look alike | with | why | what decides |")
    out.append("| --- | --- | --- | --- |")
    for between in sorted(sets):
        u, names = sets[between]
        shown = sorted(names)[:6]
        why = u["why"] if isinstance(u["why"], str) else "; ".join(u["why"])
        out.append("| %s | %s | %s | %s |" % (
            ", ".join(between), ", ".join("`%s`" % n for n in shown) +
            (" and %d more" % (len(names) - 6) if len(names) > 6 else ""),
            cell(why), cell(str(u["ask"]))))


HOW = """# How right the diagnosis is

Measured in the practice network by `make matrix` on {date}:
{command};
{machine}; {minutes} minutes.

Every fault is put in, and the doctor, which is told nothing of it, is run. A
run is right when the first cause named is the truth with the right numbers
and direction, and the exit status fits; where several causes look alike from
the client, also when all of them are left undecided and the truth is among
them. Seconds are those of the run itself. What was sent is counted at the
client's interface, once, and holds everything: GRE, TCP, DNS, pings. The
tables are `tests/lab/*.tsv`; what is in `open.tsv` is not named yet.

| | rows | runs right |
| --- | --- | --- |
| each fault alone, several values and places | {n_singles} | {singles} |
| healthy variants | {n_healthy} | {healthy} |
| pairs of faults | {n_pairs} | {pairs} |
"""


def page(results, sent, a, minutes):
    singles, healthy, pairs = results
    doctor = subprocess.run([a.doctor, "--version"], capture_output=True,
                            check=True).stdout.decode().strip()
    out = [HOW.format(
        date=time.strftime("%Y-%m-%d"), minutes=minutes,
        command="%s, %d runs of each fault, %d of each variant, %d of each "
        "pair, %d at a time" % (doctor, a.times, a.healthy, a.pairs, a.jobs),
        machine="%s %s, %d processors" % (
            platform.system(), re.match(r"[0-9.]*[0-9]", platform.release())[0],
            os.cpu_count()),
        n_singles=len(rows_of(singles)), singles=count(singles),
        n_healthy=len(rows_of(healthy)), healthy=count(healthy),
        n_pairs=len(rows_of(pairs)), pairs=count(pairs))]
    out.append("## Truth and what was named\n")
    confusion(out, singles)
    out.append("\n## Each fault alone\n\nThose without dice first.\n")
    single_table(out, singles, sent)
    out.append("\n## Healthy variants\n")
    healthy_table(out, healthy)
    out.append("\n## Two faults at once\n")
    pair_table(out, pairs)
    out.append("\n## What cannot be told apart from the client\n")
    alike_table(out, singles + healthy + pairs)
    return "\n".join(out) + "\n"


def progress(futures):
    for i, f in enumerate(concurrent.futures.as_completed(futures)):
        r = f.result()
        if r.wrong:
            print("%s: %s: %s" % (r.row["name"], said(r),
                                  r.wrong.split("\n")[0][:100]))
        if i % 100 == 99:
            print("%d of %d runs" % (i + 1, len(futures)))
        sys.stdout.flush()


def section(path, title):
    """A section of the page that another target writes ("make walks")."""
    try:
        with open(path, encoding="utf-8") as f:
            text = f.read()
    except FileNotFoundError:
        return ""
    at = text.find("\n## %s\n" % title)
    end = text.find("\n## ", at + 4)
    return "" if at < 0 else text[at:end] if end > 0 else text[at:]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("doctor")
    p.add_argument("page")
    p.add_argument("--times", type=int, default=10)
    p.add_argument("--healthy", type=int, default=10)
    p.add_argument("--pairs", type=int, default=1)
    p.add_argument("--jobs", type=int, default=3)
    p.add_argument("--only", default="")
    a = p.parse_args()
    start = time.monotonic()
    groups = [
        (table("faults.tsv") + table("matrix.tsv") + table("open.tsv"), a.times),
        (table("variants.tsv"), a.healthy), (table("pairs.tsv"), a.pairs)]
    groups = [([r for r in rows if a.only in r["name"]], n)
              for rows, n in groups]
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        futures = [[pool.submit(run_one, a.doctor, row, seed + 1)
                    for row in rows for seed in range(n)]
                   for rows, n in groups]
        root = runs.AsUser(a.doctor, "root")
        sent = {row["name"]: pool.submit(traffic, root, row, 1)
                for row in groups[0][0]}
        progress([f for fs in futures for f in fs])
        results = [[f.result() for f in fs] for fs in futures]
        sent = {name: f.result() for name, f in sent.items()}
    walks = section(a.page, "Guided walks")
    text = page(results, sent, a, round((time.monotonic() - start) / 60) or 1)
    with open(a.page, "w", encoding="utf-8") as f:
        f.write(text + walks)
    wrong = sum(bool(r.wrong) for rs in results for r in rs)
    total = sum(len(rs) for rs in results)
    print("matrix: %d passed, %d failed; see %s" % (total - wrong, wrong, a.page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
