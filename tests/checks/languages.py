#!/usr/bin/env python3
"""languages.py ROOT - whatever people read is there in Japanese as well.

Every message of the sources has its Japanese in po/ja.po, with the same
conversions and {names|words}; nothing there is fuzzy or left over. Every page
of docs/causes and docs/probes has one under ja/ with the same sections, items,
rows and names. No character's width depends on the terminal. One English term is one
Japanese term. docs/languages.md
says how to mend what this finds.
"""
import ast
import glob
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

ROOT = sys.argv[1]
WIDTH = 78
SECTIONS = {
    "Meaning": "意味",
    "How it is recognised": "見分け方",
    "What to do": "対処",
    "Often mistaken for": "間違えやすい原因",
    "Whom to tell": "連絡先",
    "How it measures": "測り方",
    "A tunnel in place": "いまあるトンネルの場合",
    "What it sends": "送るもの",
    "What its facts mean": "観測の意味",
}
bad = []
passed = 0


def check(ok, what):
    global passed
    if ok:
        passed += 1
    else:
        bad.append(what)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


def entries(text):
    """{msgid: (msgstr, files, fuzzy)} of a catalogue."""
    found = {}
    for block in text.split("\n\n"):
        lines = [x for x in block.split("\n") if not x.startswith("#~")]
        files = [x[3:] for x in lines if x.startswith("#:")]
        fuzzy = any("fuzzy" in x for x in lines if x.startswith("#,"))
        part = {"msgid": "", "msgstr": ""}
        at = None
        for line in lines:
            m = re.match(r'(msgid|msgstr) (".*")$', line)
            if m:
                at = m.group(1)
                part[at] += ast.literal_eval(m.group(2))
            elif line.startswith('"') and at:
                part[at] += ast.literal_eval(line)
        if part["msgid"]:
            found[part["msgid"]] = (part["msgstr"], " ".join(files), fuzzy)
    return found


def names(text):
    return sorted(re.findall(r"\{(\w+)\|", text))


def ambiguous(text):
    return [c for c in text if unicodedata.east_asian_width(c) == "A"]


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def messages():
    with tempfile.NamedTemporaryFile(suffix=".pot") as pot:
        subprocess.run(["sh", "tests/build/pot.sh", pot.name], cwd=ROOT,
                       check=True)
        source = entries(open(pot.name, encoding="utf-8").read())
    japanese = entries(read("po/ja.po"))
    for english, (_, files, _) in source.items():
        own, _, fuzzy = japanese.get(english, ("", "", False))
        short = english if len(english) < 60 else english[:57] + "..."
        check(own and not fuzzy, "%s: no Japanese in po/ja.po for %r (\"make "
              "messages\" adds it, then translate it)" % (files, short))
        if not own:
            continue
        check(names(own) == names(english),
              "po/ja.po: other {names|words} than in %r" % short)
        check(not ambiguous(own), "po/ja.po: %r has characters without a "
              "certain width: %s" % (short, "".join(ambiguous(own))))
    for english in japanese:
        check(english in source, "po/ja.po: %r is used nowhere (\"make "
              "messages\" takes it out)" % english[:60])
    table = subprocess.run(["awk", "-f", "tests/build/messages.awk",
                            "po/ja.po"], cwd=ROOT, capture_output=True,
                           check=True).stdout.count(b"\001{")
    check(table == len(japanese), "tests/build/messages.awk: %d of %d messages "
          "come into the program" % (table, len(japanese)))
    run = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", "po/ja.po"],
                         cwd=ROOT, capture_output=True, text=True)
    check(run.returncode == 0, "po/ja.po: " + run.stderr.strip())


def shape(page, translate):
    """What two pages must have in common, section by section."""
    title = re.search(r"^title: (.*)$", page, re.M)
    found = [("title", names(title.group(1)) if title else None)]
    for head, body in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page,
                                 re.M | re.S):
        found.append((translate.get(head, head),
                      len(re.findall(r"^\d\. ", body, re.M)),
                      len(re.findall(r"^\|", body, re.M)), names(body)))
    return found


def pages(folder):
    for path in sorted(glob.glob(os.path.join(ROOT, folder, "*.md"))):
        name = os.path.basename(path)
        ours = os.path.join(folder, "ja", name)
        if not os.path.exists(os.path.join(ROOT, ours)):
            check(False, "%s: is missing; write it as %s/%s says it in "
                  "English" % (ours, folder, name))
            continue
        page = read(ours)
        want = shape(read(os.path.join(folder, name)), SECTIONS)
        have = shape(page, {})
        check(have == want, "%s: other sections, items, rows or {names|words} "
              "than in English: %s" %
              (ours, [x for x in have if x not in want] or
               [x for x in want if x not in have]))
        check(not ambiguous(page), "%s: characters without a certain width: "
              "%s" % (ours, "".join(ambiguous(page))))
        plain = re.sub(r"\{\w+\|([^}]*)\}", r"\1", page)
        plain = re.sub(r"\A---\n.*?\n---\n", "", plain, flags=re.S)
        long = [x for x in plain.split("\n") if width(x) > WIDTH]
        check(not long, "%s: a line of more than %d columns: %s" %
              (ours, WIDTH, long[:1]))
    for path in glob.glob(os.path.join(ROOT, folder, "ja", "*.md")):
        check(os.path.exists(os.path.join(ROOT, folder,
                                          os.path.basename(path))),
              "%s: there is no such page in English" % path)


# Without the long vowel at their end.
SHORT = re.compile("(?:サーバ|ルータ|ユーザ|コンピュータ|フォルダ|フィルタ|"
                   "プロバイダ|ヘッダ|モニタ)(?!ー|リン)")


def glossary():
    """(English terms, Japanese ones, refused ones) of docs/languages.md."""
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ?([^|]*?) ?\|$",
                      read("docs/languages.md"), re.M)
    return [(en, ja.split(", "), [x for x in never.split(", ") if x])
            for en, ja, never in rows if en not in ("English", "---")]


def untyped(text):
    """Without what one types: quoted, options, sections of a file, names."""
    text = re.sub(r'"[^"]*"|`[^`]*`', " ", text)
    return re.sub(r"\[[^]]*\]|--?[\w-]+|[\w.]+[-/_=.:][\w-]+", " ", text)


def same_terms(rows, where, english, japanese):
    english = untyped(english)
    japanese = re.sub(r"\n *", "", japanese)
    for terms, words, never in rows:
        for x in never:
            check(x not in japanese, "%s: %s; it is %s (docs/languages.md)" %
                  (where, x, words[0]))
        if "(" in terms:
            continue
        for term in terms.split(", "):
            if re.search(r"\b%ss?\b" % term, english, re.I):
                check(any(w in japanese.lower() for w in
                          [x.lower() for x in words] + [term.lower()]), "%s: '%s' is not %s "
                      "(docs/languages.md)" % (where, term, words[0]))
    for m in SHORT.findall(japanese):
        check(False, "%s: %s without its long vowel" % (where, m))


def terms():
    rows = glossary()
    check(len(rows) > 15, "docs/languages.md: few terms")
    for english, (own, _, _) in entries(read("po/ja.po")).items():
        same_terms(rows, "po/ja.po: %r" % english[:60], english, own)
    for path in glob.glob(os.path.join(ROOT, "docs/*/ja/*.md")):
        said = re.compile("^said: .*$", re.M)
        name = os.path.relpath(path, ROOT)
        same_terms(rows, name, said.sub("", read(name.replace("/ja/", "/"))),
                   said.sub("", read(name)))


messages()
pages("docs/causes")
pages("docs/probes")
terms()
for b in bad:
    print("languages: " + b)
print("languages: %d passed, %d failed" % (passed, len(bad)))
sys.exit(bool(bad))
