#!/usr/bin/env python3
"""japanese.py V6DOCTOR ROOT - what is said in Japanese is Japanese.

Every cause, check, fact and number is explained, every list, report and walk
printed in Japanese. Left of English may be what one types, reads elsewhere or
looks up: names, quoted commands, protocol terms. Three words of it in a row
are a sentence that was forgotten.
"""
import glob
import gzip
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

PROGRAM, ROOT = sys.argv[1], sys.argv[2]
passed = 0
failed = []

# Two small words of English in a row, or one between others, make a sentence.
SMALL = set("""the a an is are was were be been of to in on at by for from with
without and or not no it its this that these which what who whose where when
than then does do did has have had can cannot may must will would there here
only after before into out up down over under between all any both more less
as but if because though while until""".split())


# A name; and what servers said in the captures, which is told as it came.
NAMES = {"DNS over HTTPS", "peer refused to authenticate",
         "tcpdump -i any -s", "lab up --fault delay",
         "hosts   router band    only   server router and a resolver",
         "MPPE required but peer refused"}
JAPANESE = "[\u3041-\u30ff\u4e00-\u9fff]"


def run(*args, env=None):
    e = dict(os.environ, LC_ALL="", LANGUAGE="", LC_MESSAGES="",
             LANG="ja_JP.UTF-8")
    e.update(env or {})
    p = subprocess.run([PROGRAM, *args], capture_output=True, text=True,
                       env=e, stdin=subprocess.DEVNULL)
    return p.stdout, p.stderr


def check(ok, what):
    global passed
    if ok:
        passed += 1
    else:
        failed.append(what)


def plain(text):
    """Without what is quoted, names and markup."""
    text = re.sub(r"<(style|code)[^>]*>.*?</\1>", " ", text, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]*>", "\n", text))
    text = re.sub(r"\n +", " ", text)
    text = re.sub(r'"[^"\n]*"', " ", text)
    text = re.sub(r"'[^'\n]*'", " ", text)
    text = re.sub(r"`[^`\n]*`", " ", text)
    return re.sub(r"https?://\S*", " ", text)


def english(text):
    """Runs of three or more English words, a small one among them."""
    found = []
    for m in re.finditer(r"(?<![\w:.-])[A-Za-z][A-Za-z'-]*"
                         r"(?:[ ,;]+[A-Za-z'-]+(?![\w.:/-])){2,}",
                         plain(text)):
        words = re.findall(r"[a-z'-]+", m.group(0))
        if any(w in SMALL for w in words) and m.group(0) not in NAMES:
            found.append(m.group(0))
    return found


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in line)


def japanese(name, text, wide=False):
    check(re.search(JAPANESE, text),
          "%s: no Japanese at all" % name)
    left = english(text)
    check(not left, "%s: English is left: %s" % (name, left[:3]))
    over = [x for x in text.split("\n") if width(x) > 80]
    check(wide or not over, "%s: over 80 columns: %s" % (name, over[:1]))


def names():
    causes = [os.path.basename(f)[:-3]
              for f in glob.glob(ROOT + "/docs/causes/*.md")]
    checks = [os.path.basename(f)[:-3]
              for f in glob.glob(ROOT + "/docs/probes/*.md")]
    facts = re.findall(r'^FACT\(\w+, "([^"]*)"',
                       open(ROOT + "/lib/diag/facts.def").read(), re.M)
    codes = re.findall(r"^  (\S+-\d+)$", run("explain", "--codes")[0], re.M)
    return sorted(causes) + sorted(checks) + facts + codes + ["OK", "U0", "U1"]


def explained():
    every = names()
    check(len(every) > 300, "few names: %d" % len(every))
    for i in range(0, len(every), 8):
        some = every[i:i + 8]
        out, err = run("explain", *some)
        japanese("explain " + " ".join(some), out + err)
        out, err = run("explain", "--lang", "en", *some)
        check(out and not re.search(JAPANESE, out + err),
              "explain --lang en %s: not English" % " ".join(some))


def reports():
    traces = sorted(glob.glob(ROOT + "/captures/traces/*.pcapng*"))
    files = (traces + sorted(glob.glob(ROOT + "/captures/real/*.pcap")) +
             sorted(glob.glob(ROOT + "/captures/faults/*.pcap*")) +
             sorted(glob.glob(ROOT + "/captures/text/*.txt")))
    check(len(files) > 100, "few fixtures: %d" % len(files))
    for f in files:
        out, err = run("read", "--verbose", f)
        japanese("read " + os.path.relpath(f, ROOT), out + err)
    for f in traces[::8] + files[-3:]:
        name = os.path.relpath(f, ROOT)
        for form in ("markdown", "html"):
            out = run("read", "--format", form, f)[0]
            japanese("%s of %s" % (form, name), out, wide=True)
            check(form != "html" or '<html lang="ja">' in out,
                  "%s: the page does not say its language" % name)
        out = run("read", "--json", f)[0]
        check('"language": "en"' in out, name + ": JSON follows the locale")
        out = run("read", "--json", "--lang", "ja", f)[0]
        check('"language": "ja"' in out, name + ": JSON ignores --lang")
        for form in ("tap", "junit", "prometheus"):
            out = run("read", "--format", form, f)[0]
            check(not re.search(JAPANESE, out),
                  "%s of %s is not English" % (form, name))


def rest():
    for args in ([], ["list"], ["list", "causes"], ["explain"],
                 ["explain", "nothing"], ["read"], ["nothing"]):
        out, err = run(*args)
        japanese("v6doctor " + " ".join(args), out + err)
    check("正常" in run("explain", "host.tun", "--lang=ja",
                      env={"LANG": "C"})[0] or
          "作れる" in run("explain", "host.tun", "--lang=ja",
                       env={"LANG": "C"})[0], "--lang=ja behind the name")
    out, err = run("--lang", "de", "list")
    check("ja" in err and not out, "--lang de is not refused")
    for env in ({"LANG": "ja_JP.eucJP"}, {"LC_ALL": "C"},
                {"LC_MESSAGES": "en_US.UTF-8"}, {"LANGUAGE": "en"}):
        out = run("list", env=env)[0]
        check("Causes" in out, "%s: not English" % env)
    out = run("list", env={"LANG": "de_DE.UTF-8", "LANGUAGE": "de:ja"})[0]
    check("原因" in out, "LANGUAGE does not count")


def refused(tmp):
    """What each command says of words, files and values that are wrong."""
    def put(name, text):
        with open(tmp + "/" + name, "w") as f:
            f.write(text)
        return tmp + "/" + name
    trace = tmp + "/healthy.pcapng.gz"
    shutil.copy(ROOT + "/captures/traces/healthy.pcapng.gz", tmp)
    put("healthy.expect", "verdict faulty\ncause none\nnonsense 1\n"
        "undecided gre-loss gre-blocked\n")
    put("story-1-symptom.expect", "claim none\n")
    whole = gzip.open(trace, "rb").read()
    cut = tmp + "/cut.pcapng"
    with open(cut, "wb") as f:
        f.write(whole[:len(whole) // 2])
    junk = put("junk", "hello\n")
    unknown = put("unknown.conf", "[tunnel]\nserver = 192.0.2.1\nbogus = 1\n")
    none = put("none.conf", "[nothing]\na = b\n")
    half = put("half.conf", "[tunnel]\nserver = 192.0.2.1\nuser = alice\n")
    gone = tmp + "/gone"
    state = ["--state", tmp + "/state"]
    rows = [["regress", tmp], ["regress", "--format", "xml", tmp],
            ["regress", gone], ["regress", junk],
            ["adopt"], ["adopt", gone, tmp], ["adopt", junk, tmp],
            ["adopt", trace, gone], ["adopt", trace, tmp],
            ["adopt", cut, tmp], ["adopt", "--name", "a/b", trace, tmp],
            ["adopt", "--note", "a\nb", trace, tmp],
            ["peer", "x"], ["peer", "--profile", gone],
            ["peer", "--profile", unknown], ["peer", "--profile", half],
            ["peer", "--ready-fd", "x"],
            ["lab"], ["lab", "x"], ["lab", "faults"], ["lab", "list", "x"],
            ["lab", "up", "--fault", "x"], ["lab", "up", "--fault", "loss=x"],
            ["lab", "up", "--fault", "loss@x"],
            ["lab", "up", "--fault", "gre-drop=4"], ["lab", "up", "a/b"],
            ["lab", "exec"], ["lab", "down", "none"], ["lab", "status", "none"],
            ["lab", "relay", "x"], ["lab", "resolver", "x"],
            ["run"], ["run", "x"], ["run", "gre", "--profile", gone],
            ["run-all", "x"], ["run-all", "--profile", unknown],
            ["run-all", "--profile", none], ["run-all", "--profile", half],
            ["run-all", "--deadline", "x"], ["run-all", "--format", "x"],
            ["run-all", "--watch", "x"], ["run-all", "--color", "x"],
            ["run-all", "--lab", "--fault", "x"],
            ["connect", *state, unknown], ["connect", *state, none],
            ["connect", *state, gone], ["rehearse", unknown],
            ["rehearse", "--break", "x", half],
            ["disconnect", *state, "none"], ["restore", *state, "none"],
            ["status", *state, "none"], ["status", *state, "--x"],
            ["read", gone], ["read", junk], ["read", tmp], ["read", cut],
            ["read", "--save", gone + "/x", trace],
            ["read", "--format", "x", trace],
            ["compare"], ["compare", gone, trace], ["compare", junk, trace],
            ["compare", cut, trace], ["compare", trace],
            ["walk", "--x"], ["walk", "--state", tmp + "/w", gone],
            ["list", "x"], ["explain", "x"], ["explain", "xyz", "vwx"],
            ["explain", "動かない"], ["explain", "99999"],
            ["explain", "737"], ["list", "--lang"], ["--lang", "x", "list"]]
    for args in rows:
        out, err = run(*args)
        japanese(" ".join(args).replace(tmp, "TMP"), out + err)


def commands():
    """What each command prints that needs no right and changes nothing."""
    every = re.findall(r"^  ([a-z][a-z-]+) ", run("--help")[0], re.M)
    check(len(set(every)) > 12, "few commands: %s" % every)
    for c in sorted(set(every)):
        out, err = run(c, "--help")
        japanese("%s --help" % c, out + err)
    traces = ROOT + "/captures/traces/"
    was = traces + "gre-size-in-1454-nat2.pcapng.gz"
    for other in ("healthy", "gre-size-in-1454-nat2", "ra-absent"):
        out, err = run("compare", was, traces + other + ".pcapng.gz")
        japanese("compare with " + other, out + err)
        out, err = run("compare", "--lang", "en", was,
                       traces + other + ".pcapng.gz")
        check(out and not re.search(JAPANESE, out + err),
              "compare --lang en with %s: not English" % other)
    with tempfile.TemporaryDirectory() as tmp:
        for c in ("status", "disconnect", "restore"):
            out, err = run(c, "--state", tmp)
            japanese("%s where nothing runs" % c, out + err)
        shutil.copy(ROOT + "/captures/text/story-1-symptom.txt", tmp)
        shutil.copy(ROOT + "/captures/text/story-1-symptom.expect", tmp)
        out, err = run("regress", tmp)
        japanese("regress", out + err)
        refused(tmp)
        out, err = run("walk", "--state", tmp + "/walk", "--save",
                       tmp + "/end", was)
        japanese("walk", out + err)


explained()
reports()
commands()
rest()
for f in failed:
    print("japanese: " + f)
print("japanese: %d passed, %d failed" % (passed, len(failed)))
sys.exit(bool(failed))
