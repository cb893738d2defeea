#!/usr/bin/env python3
# remedies.py ROOT - what a reader who knows no networking is told to do.
#
# The front matter of each page: "plain" is one or two sentences without any
# abbreviation, in both languages; "said" is what such readers say themselves.
# Each page of docs/causes: the first item of "What to do" begins with one
# sentence that names a thing to do, says it in words (it is no bare command,
# and it is not long), and every abbreviation of the page is explained under
# it, by lib/report/glossary.def or on the page itself ("ABC (words)"). The
# Japanese page asks for it just so: its first sentence ends with a request.
# In both no section is empty, no item says "else" what another one said, and
# no command opens a firewall without saying for whom or for what.
import glob
import os
import re
import sys

root = sys.argv[1]
LONGEST = 230  # characters of the first sentence, its quotes left out
# Names that stand for something else in a command, and byte values.
STANDS_FOR = set("""TUNNEL NAME IF TARGET SERVER GATEWAY FILE PREFIX RANDOM
RATE RESOLVER ADDRESS DOMAIN OUTPUT ACCEPT FE FF""".split())
WORDS_JA = {"ID"}  # is no abbreviation to a Japanese reader
LONGEST_JA = 100  # the same in Japanese, what is in brackets left out, too
# What a rule that lets something pass has to name.
FOR_WHOM = re.compile(r"[sd]addr|[io]ifname| -[sd] |address=|\bct state|type ")
CAMEL = re.compile(r"([A-Z][a-z]+){2,}$")  # a setting's name


bad = []


def section(page, name):
    m = re.search(r"^## %s\n(.*?)(?=^## |\Z)" % name, page, re.S | re.M)
    return m.group(1) if m else ""


def first_sentence(text):
    """Up to the first end of a sentence that is not inside quotes."""
    text = re.sub(r'"[^"]*"', lambda m: "\"" + "q" * len(m.group(0)[2:]) +
                  "\"", text)
    m = re.search(r"[.!?](?=\s+[A-Z]|\s*$)", text)
    return len(text) if not m else m.end()


def abbreviations(text):
    """Words with two capitals, those with a hyphen or apostrophe whole."""
    text = re.sub(r'"[^"]*"', " ", text)  # commands and what is on screens
    for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9'-]*", text):
        word = re.sub(r"('s)?[-']*$", "", word)
        word = re.sub(r"(?<=[A-Z]{2})\d+$", "", word)  # "PC1台"
        if len(re.findall("[A-Z]", word)) < 2 or CAMEL.match(word):
            continue
        if re.match(r"Adv[A-Z]|Max[A-Z]", word):
            continue  # a setting of radvd.conf
        yield word


def front(path):
    """What stands for people who do not know the cause's name."""
    name = os.path.relpath(path, os.path.join(root, "docs/causes"))
    head = open(path).read().split("\n---\n")[0] + "\n"
    found = dict(re.findall(r"^(\w+): (.*)$", head, re.M))
    plain = found.get("plain", "")
    if not re.search("[.。]$", plain) or len(plain) > 200:
        bad.append("%s: no short sentence as 'plain'" % name)
    for word in re.findall("[A-Za-z0-9]*[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*",
                           plain):
        if word not in ("IPv4", "IPv6"):
            bad.append("%s: 'plain' says %s" % (name, word))
    if not found.get("said", ""):
        bad.append("%s: nothing that people say of it as 'said'" % name)


def the_page(path):
    """Its text, {names|words} as the words."""
    page = re.sub(r"\A---\n.*?\n---\n", "", open(path).read(), flags=re.S)
    return re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", page)


def items_of(name, page, section_name):
    items = re.split(r"^\d+\. ", section(page, section_name), flags=re.M)[1:]
    if not items:
        bad.append("%s: nothing to do" % name)
    return items


def explained(name, page, glossary):
    for word in sorted(set(abbreviations(page))):
        parts = [word] if word in glossary else word.split("-")
        if all(len(w) < 2 or w in glossary or w in STANDS_FOR or
               len(re.findall("[A-Z]", w)) < 2 for w in parts):
            continue
        if re.search(re.escape(word) + r" ?\([^A-Z]", page):
            continue
        bad.append("%s: %s is not explained" % (name, word))


def whole(name, page, items):
    """What holds for a page in either language."""
    for head in re.findall(r"^## (.*)\n+(?=## |\Z)", page, re.M):
        bad.append("%s: nothing under '%s'" % (name, head))
    for item in items:
        item = " ".join(item.split())
        if re.match(r"Else\b|そうでなければ|自分のサーバーでなければ", item):
            bad.append("%s: says again: %s" % (name, item))
        for command in re.findall(r'"([^"]*)"', item):
            if re.search(r"\baccept\b|\bACCEPT\b|--add-(protocol|port)",
                         command) and not FOR_WHOM.search(command):
                bad.append("%s: opens the firewall to all: %s" %
                           (name, command))
    for word in re.findall(r"([^\W\d]{2,})\(\1\)", page):
        bad.append("%s: explains %s by itself" % (name, word))


def check(path, glossary):
    name = os.path.basename(path)[:-3]
    page = the_page(path)
    items = items_of(name, page, "What to do")
    if not items:
        return
    first = " ".join(items[0].split())
    sentence = first[:first_sentence(first)]
    words = re.sub(r'"[^"]*"|\([^)]*\)', "", sentence)
    if not re.match(r"[A-Z][a-z]+ ", first):
        bad.append("%s: does not begin with what to do: %s" % (name, first))
    if re.match(r"(What|Which|Who|How|Where|Is|Does|The|It|This|If|With|On)\b",
                first):
        bad.append("%s: begins with no thing to do: %s" % (name, first))
    if len(words) > LONGEST:
        bad.append("%s: %d characters: %s" % (name, len(words), sentence))
    if len(words.split()) < 2:
        bad.append("%s: not in words: %s" % (name, sentence))
    explained(name, page, glossary)
    whole(name, page, items)


def check_ja(path, glossary):
    name = "ja/" + os.path.basename(path)[:-3]
    page = the_page(path)
    items = items_of(name, page, "対処")
    if not items:
        return
    first = re.sub(r"\n *", "", items[0])
    first = re.sub(r'"[^"]*"|「[^」]*」|\([^)]*\)', "", first)
    sentence = re.split("。|(?<!:):(?!:)", first)[0]
    if not sentence.endswith("ください"):
        bad.append("%s: asks for nothing: %s" % (name, sentence))
    if len(sentence) > LONGEST_JA:
        bad.append("%s: %d characters: %s" % (name, len(sentence), sentence))
    explained(name, page, glossary | WORDS_JA)
    whole(name, page, items)


terms = set(re.findall(r'^TERM\("([^"]+)"', open(os.path.join(
    root, "lib/report/glossary.def")).read(), re.M))
pages = sorted(glob.glob(os.path.join(root, "docs/causes/*.md")))
for p in pages:
    check(p, terms)
    front(p)
    ja = os.path.join(root, "docs/causes/ja", os.path.basename(p))
    front(ja)
    check_ja(ja, terms)
text = "".join(open(p).read() for p in pages)
for t in sorted(terms):
    if not re.search(r"(?<![A-Za-z0-9])%s(?![A-Za-z0-9])" % re.escape(t),
                     text):
        bad.append("glossary: no page says %s" % t)
for b in bad:
    print("remedies: " + b)
print("remedies: %d passed, %d failed" % (
    max(len(pages) + len(terms) - len(bad), 0), len(bad)))
sys.exit(1 if bad or not pages else 0)
