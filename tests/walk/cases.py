#!/usr/bin/env python3
# cases.py ROOT - every fixture whose truth is known, for simulate: one line
# each, FILE <tab> CAUSE <tab> PLACE <tab> IMPAIRMENT. The truth and the place
# are those of the impairment that was made, not what the program says:
# tests/lab/*.tsv with tools/lab/faults for the traces, captures/faults/
# LABELS.tsv and the .expect files of captures/real for the captures. A healthy
# one has the cause "healthy".
import csv
import os
import re
import sys

NODES = {"c1": "host", "nat1": "router", "nat2": "router", "isp": "line",
         "srv": "server", "r6": "beyond", "web": "beyond"}

# How LABELS.tsv says where, the first that fits.
HOW = [(r"behind the server", "beyond"),
       (r"listens on 1723", "server"),
       (r"^(isp|wire\.py)| isp ", "line"),
       (r"nat[12]", "router"),
       (r"[Cc]lient's own|[Cc]lient refuses", "host"),
       (r"[Cc]lient's user name", "server")]


def tables(root):
    """Impairment by trace name, with the accepted cause that is the truth."""
    rows = {}
    for name in ("faults.tsv", "variants.tsv", "traces.tsv"):
        for line in open(os.path.join(root, "tests/lab", name)):
            if line.startswith("#") or not line.strip():
                continue
            f = line.rstrip("\n").split("\t")
            key = re.sub("[^a-z0-9]+", "-", f[0] if f[0] != "-" else "healthy"
                         ).strip("-")
            truth = f[2].lstrip("?").split("|")[0]
            rows.setdefault(key, (f[0], "healthy" if truth == "-" else truth))
    return rows


def place_of_fault(root, fault):
    """Of the first that names one, else of the last."""
    words = fault.split()
    word = ([w for w in words if "@" in w] + [words[-1]])[0]
    if word == "not-pptp":  # made on the way, it stands for the server's port
        return "server"
    if "@" in word:
        return NODES.get(word.split("@")[1], "server")
    path = os.path.join(root, "tools/lab/faults", word.split("=")[0])
    if os.path.exists(path):
        m = re.search(r"^places\s*=\s*(\S+)", open(path).read(), re.M)
        if m:
            return NODES.get(m.group(1), "server")
    return "server"


def place_of_label(how):
    for pattern, place in HOW:
        if re.search(pattern, how):
            return place
    return "server"


def main(root):
    rows = tables(root)
    folder = os.path.join(root, "captures/traces")
    for f in sorted(os.listdir(folder)):
        name = f.replace(".pcapng.gz", "")
        if name == f:
            continue
        if name not in rows:
            sys.exit("%s: no row of tests/lab has made it" % f)
        fault, truth = rows[name]
        if fault == "server-silent":  # it takes the connection and is mute
            truth = "control-not-pptp"
        print("\t".join((os.path.join(folder, f), truth,
                         place_of_fault(root, fault), fault)))
    folder = os.path.join(root, "captures/faults")
    with open(os.path.join(folder, "LABELS.tsv")) as labels:
        for row in csv.DictReader(labels, delimiter="\t"):
            print("\t".join((os.path.join(folder, row["file"]), row["fault"],
                             place_of_label(row["how"]), row["how"])))
    # between two real programs on one link; what is wrong is the server's
    folder = os.path.join(root, "captures/real")
    for f in sorted(os.listdir(folder)):
        name, ext = os.path.splitext(f)
        if ext == ".expect":
            continue
        expect = open(os.path.join(folder, name + ".expect")).read()
        cause = re.search(r"^cause (\S+)", expect, re.M)
        print("\t".join((os.path.join(folder, f),
                         cause.group(1) if cause else "healthy", "server",
                         "no-nat " + expect.splitlines()[0])))


main(sys.argv[1])
