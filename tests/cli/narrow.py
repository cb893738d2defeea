#!/usr/bin/env python3
"""narrow.py V6DOCTOR ROOT - what people read on a narrow terminal.

Reports, explanations, walks, comparisons and helps at 60 and 40 columns, in
both languages: no line is longer, but for a single word (an address, a path)
and for commands to copy; and nothing that the usual width shows is lost.
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata

PROGRAM, ROOT = sys.argv[1], sys.argv[2]
TRACES = ROOT + "/captures/traces/"
passed = 0
failed = []


def check(ok, what):
    global passed
    if ok:
        passed += 1
    else:
        failed.append(what)


def run(columns, args):
    env = dict(os.environ)
    env.pop("COLUMNS", None)
    if columns:
        env["COLUMNS"] = str(columns)
    p = subprocess.run([PROGRAM, *args], capture_output=True, text=True,
                       env=env, stdin=subprocess.DEVNULL)
    return p.stdout + p.stderr


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def letters(text):
    """Without what lines text up: blanks, rules and bars, the picture."""
    return re.sub(r"[\s|=<>^X:-]", "", text)


def too_long(text, columns):
    return [x for x in text.split("\n")
            if width(x) > columns and " " in x.strip() and
            not re.match(r" +(sudo )?v6doctor ", x)]


def narrow(args, same):
    for lang in ("en", "ja"):
        usual = run(0, ["--lang", lang, *args])
        for columns in (60, 40):
            out = run(columns, ["--lang", lang, *args])
            where = "%d columns, %s, %s" % (columns, lang, " ".join(args))
            long = too_long(out, columns)
            check(out and not long, "%s: %s" % (where, long[:2]))
            check(not same or letters(out) == letters(usual),
                  where + ": other words than at the usual width")
        check(not too_long(usual, 80), "%s: over 80 columns" % args)


def on_terminal(columns):
    """The width of the terminal itself."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, columns, 0, 0))
    env = dict(os.environ, LC_ALL="C")
    env.pop("COLUMNS", None)
    p = subprocess.Popen([PROGRAM, "explain", "lan-down"], stdout=slave,
                         env=env, stdin=subprocess.DEVNULL)
    os.close(slave)
    out = b""
    try:
        while True:
            some = os.read(master, 65536)
            if not some:
                break
            out += some
    except OSError:
        pass  # the last one has closed it
    p.wait()
    lines = out.decode().replace("\r", "").split("\n")
    longest = max(map(width, lines))
    check(columns - 12 <= longest <= columns,
          "a terminal of %d columns: lines of %d" % (columns, longest))


with tempfile.TemporaryDirectory() as tmp:
    for name in ("healthy", "gre-size-in-1454-nat2", "ra-absent"):
        narrow(["read", TRACES + name + ".pcapng.gz"], False)
    for what in ("gre-size-limit", "gre", "619", "gre.size.in"):
        narrow(["explain", what], True)
    narrow(["explain", "pages", "hang"], True)
    narrow(["walk", "--state", tmp + "/walk", "--save", tmp + "/end",
            TRACES + "gre-size-in-1454-nat2.pcapng.gz"], False)
    narrow(["compare", TRACES + "healthy.pcapng.gz",
            TRACES + "ra-absent.pcapng.gz"], True)
    narrow(["status", "--state", tmp + "/none"], True)
    narrow(["run-all", "--help"], True)
    narrow(["run-all", "--deadline", "x"], True)
for n in (40, 60):
    on_terminal(n)
for f in failed:
    print("narrow: " + f)
print("narrow: %d passed, %d failed" % (passed, len(failed)))
sys.exit(bool(failed))
