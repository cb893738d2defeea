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


def addresses(report):
    """Those of the run, as text and as bytes; not the well-known ones."""
    found = set()
    for word in re.findall(r"[0-9a-fA-F:.]{7,}", json.dumps(report)):
        try:
            a = ipaddress.ip_address(word.strip("."))
        except ValueError:
            continue
        if not (a.is_multicast or a.is_unspecified or a.is_loopback):
            found.add(a)
    return found


def secrets_in(data, report, redacted):
    """What the file holds and must not."""
    words = [PASSWORD] + (NAMES if redacted else [])
    for a in addresses(report) if redacted else ():
        # a short link-local may be a pseudonym's beginning
        words.append(b'"%s"' % str(a).encode() if a.version == 6 and a.is_link_local
                     else str(a).encode())
        words.append(a.packed)
    return [w for w in words if w in data]


def opens(path):
    """What capinfos and tshark complain of."""
    for words in (["capinfos", path], ["tshark", "-n", "-r", path]):
        p = subprocess.run(words, capture_output=True, timeout=LIMIT_S, check=False)
        said = p.stderr.decode(errors="replace")
        said = re.sub("Running as user .*", "", said).strip()
        if p.returncode or said:
            return "%s: status %d, %s" % (words[0], p.returncode, said)
        if b"Malformed" in p.stdout:
            return "%s finds malformed packets" % words[0]
    return None


def check(doctor, path, report, status, redacted):
    """None, or what is wrong with the saved report of this run."""
    out, said, code = read(doctor, path, "--json", "--replay")
    try:
        back = json.loads(out)
    except ValueError:
        return "the saved report cannot be read (status %d): %s" % (code, said)
    how = same_for_all if redacted else whole
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
        found = secrets_in(f.read(), report, redacted)
    if found:
        return "the saved report holds %s" % found
    return opens(path)
