#!/usr/bin/env python3
"""saved.py - is the saved report of a run what the run itself said?

It is read in a network namespace of its own by a user without any right,
replayed, opened by capinfos and tshark, and searched for what must not be in
it. `plain` reports must be the same document; the others the same diagnosis.
"""
import ipaddress
import json
import re
import subprocess

NOBODY = ["unshare", "-n", "setpriv", "--reuid", "65534", "--regid", "65534",
          "--clear-groups", "--bounding-set", "-all", "--no-new-privs"]
PASSWORD = b"secret"
# of the practice network's profile and servers
NAMES = [b"alice", b"www.example.net", b"example.net"]
LIMIT_S = 60


def read(doctor, path, *options):
    """Standard output, standard error, exit status; "" where it is killed."""
    with open(path, "rb") as f:
        p = subprocess.run(NOBODY + [doctor, "read"] + list(options) + ["-"],
                           stdin=f, capture_output=True, timeout=LIMIT_S)
    return p.stdout, p.stderr.decode(errors="replace"), p.returncode


def same_for_all(report):
    """What pseudonyms may not change."""
    keep = ("cause", "code", "severity", "certainty", "layer", "values",
            "evidence", "consequences")
    strip = lambda findings: [
        {k: v for k, v in f.items() if k in keep} |
        {"direction": f["where"]["direction"]} for f in findings]
    return {
        "verdict": report["verdict"], "code": report["code"],
        "diagnosis": strip(report["diagnosis"]),
        "advice": strip(report["advice"]),
        "undecided": [[u["between"], u["ask"], u["evidence"]]
                      for u in report["undecided"]],
        "unexplained": report["unexplained"],
        "coverage": report["coverage"]["seen"],
        "checks": [[c["probe"], c["status"], c["ms"]] for c in report["checks"]],
        "facts": [[f["name"], f["state"], f["word"], f["value"], f["source"],
                   f["at_ms"]] for f in report["facts"]]}


def whole(report):
    return {k: v for k, v in report.items() if k not in ("source", "version")}


def first_difference(a, b):
    for key in a:
        if a[key] != b.get(key):
            if isinstance(a[key], list) and isinstance(b.get(key), list):
                for x, y in zip(a[key], b[key]):
                    if x != y:
                        return "%s: %s, saved as %s" % (key, x, y)
            return "%s: %s, saved as %s" % (key, a[key], b.get(key))
    return "more keys: %s" % (set(b) - set(a))


def as_bytes(word):
    """An address as packets hold it; None: it is none."""
    try:
        return ipaddress.ip_address(word).packed
    except ValueError:
        return None


def mapped(path):
    """Every address and name of the run that got a pseudonym."""
    with open(path, encoding="utf-8") as f:
        pairs = [line.split() for line in f]
    return [real for pseudonym, real in pairs if real != pseudonym]


def secrets_in(data, mapping):
    """What the file holds and must not."""
    found = [w for w in [PASSWORD] + (NAMES if mapping else []) if w in data]
    for real in mapped(mapping) if mapping else ():
        # not as a part of another address or name; a host may be called "vm"
        word = rb"(?<![\w:.-])%s(?![\w:.-])" % re.escape(real.encode())
        if len(real) > 2 and re.search(word, data) or (
                as_bytes(real) and as_bytes(real) in data):
            found.append(real)
    return found


def opens(path, report):
    """What capinfos and tshark complain of; bytes that changed on the way may
    make no packet."""
    changed = any(f["name"] == "gre.data" and f["state"] != "ok"
                  for f in report["facts"])
    for words in (["capinfos", path], ["tshark", "-n", "-r", path]):
        p = subprocess.run(words, capture_output=True, timeout=LIMIT_S, check=False)
        said = p.stderr.decode(errors="replace")
        said = re.sub("Running as user .*", "", said).strip()
        if p.returncode or said:
            return "%s: status %d, %s" % (words[0], p.returncode, said)
        if b"Malformed" in p.stdout and not changed:
            return "%s finds malformed packets" % words[0]
    return None


def check(doctor, path, report, status, mapping):
    """None, or what is wrong with the saved report of this run. mapping: the
    file that tells its pseudonyms; None: it has none."""
    out, said, code = read(doctor, path, "--json", "--replay")
    try:
        back = json.loads(out)
    except ValueError:
        return "the saved report cannot be read (status %d): %s" % (code, said)
    how = same_for_all if mapping else whole
    if how(report) != how(back):
        return "the saved report differs: %s" % first_difference(
            how(report), how(back))
    if code != status:
        return "read ends with %d, the run with %d" % (code, status)
    if back["source"]["kind"] != "report":
        return "the source is %s" % back["source"]
    if "conclude as recorded" not in " ".join(said.split()):
        return "the replay differs: %s" % said
    with open(path, "rb") as f:
        found = secrets_in(f.read(), mapping)
    if found:
        return "the saved report holds %s" % found
    return opens(path, report)
