#!/usr/bin/env python3
"""schema.py PROGRAM - docs/v6doctor.schema.json against what the program
writes: run-all, run, read and regress, json and jsonl. Every key that is
written has to be in the schema, every key of the schema has a description, is
written by some run, and stands in docs/json.md."""
import copy
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/read"))
import sides  # noqa: E402
CAPTURES = ROOT / "captures"
SCHEMA = json.loads((ROOT / "docs/v6doctor.schema.json").read_text())

passed = failed = 0
written = set()


def ok(what, good, told=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}: {told}"[:600])


def objects(schema):
    """Every part of the schema that describes an object's keys."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from objects(part)


def closed(schema):
    """The schema of this version alone: no key that it does not name. What
    is put together of parts (a line) is closed as a whole."""
    schema = copy.deepcopy(schema)
    for part in objects(schema):
        if list(part["properties"]) != ["type"]:
            part["additionalProperties"] = False
    line = schema["$defs"]["line"]["oneOf"]
    for i, one in enumerate(line):
        if "allOf" in one:
            of = schema["$defs"][one["allOf"][0]["$ref"].split("/")[-1]]
            own = one["allOf"][1]
            line[i] = dict(of, required=of["required"] + own["required"],
                           properties=of["properties"] | own["properties"])
    return schema


STRICT = closed(SCHEMA)


def validator(schema, at):
    part = dict(schema["$defs"][at], **{"$defs": schema["$defs"]}) if at \
        else schema
    return jsonschema.Draft202012Validator(part)


def keys(value):
    if isinstance(value, dict):
        written.update(value)
        for part in value.values():
            keys(part)
    elif isinstance(value, list):
        for part in value:
            keys(part)


def takes(what, value, at=None):
    keys(value)
    for schema, kind in ((SCHEMA, "schema"), (STRICT, "closed schema")):
        errors = list(validator(schema, at).iter_errors(value))
        told = "; ".join(f"{e.json_path}: {e.message}" for e in errors[:3])
        ok(f"{what}: {kind}", not errors, told)


def program(arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, check=False)
    ok(f"{arguments}: exit status", done.returncode in range(4),
       f"{done.returncode}, {done.stderr}")
    return done.stdout


def document(*arguments, at=None):
    takes(" ".join(arguments),
          json.loads(program([*arguments, "--format", "json"])), at)


def lines(*arguments):
    text = program([*arguments, "--format", "jsonl"]).splitlines()
    ok(f"{arguments}: lines", len(text) > 1, text)
    # One validator for the whole: oneOf tells a line's kind.
    one = validator(STRICT, "line")
    for line in text:
        value = json.loads(line)
        keys(value)
        if not one.is_valid(value):
            errors = [e.message for e in one.iter_errors(value)]
            ok(f"{arguments}: line {line[:80]}", False, errors)
            return
    ok(f"{arguments}: every line", True)


def runs(folder):
    for fault in ([], ["gre-size-in=1454@nat2"], ["no-helper@nat2"],
                  ["rate=500"], ["call-refuse=4", "dns-aaaa-drop"]):
        document("run-all", "--lab", "--last-good", f"{folder}/good",
                 *[f"--fault={f}" for f in fault])
    document("run", "--lab", "host", "control")
    lines("run-all", "--lab", "--fault", "ra-absent")
    saved = f"{folder}/saved.pcapng"
    subprocess.run([PROGRAM, "run-all", "--lab", "--save", saved],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   check=False)
    document("read", saved)


def is_judged(path):
    """False: a text that is nothing known; then nothing is written."""
    done = subprocess.run([PROGRAM, "read", "--json", str(path)],
                          capture_output=True, text=True, check=False)
    if done.returncode < 64:
        return True
    ok(f"{path.name}: nothing but a message", not done.stdout and done.stderr,
       done.stdout)
    return False


def reads():
    for path in sorted(CAPTURES.glob("faults/*.pcap"))[::3]:
        document("read", str(path))
    for path in sorted(CAPTURES.glob("real/*.pcap"))[::3]:
        document("read", str(path))
    texts = sorted(CAPTURES.glob("text/*.txt"))
    judged = [path for path in texts[::9] if is_judged(path)]
    ok("most texts are judged", len(judged) > 10, judged)
    for path in judged:
        document("read", str(path))
    lines("read", str(CAPTURES / "faults/no_ra.pcap"))
    lines("read", str(sorted(CAPTURES.glob("text/*.txt"))[0]))


def two_places(folder):
    """Captures of both ends of a path on which large packets are lost."""
    document("read", *(
        sides.write(f"{folder}/{end.hex()}",
                    sides.side("gre-size-in-1454-nat2", end))
        for end in (sides.CLIENT, sides.SERVER)))


def regresses(folder):
    (pathlib.Path(folder) / "one.txt").write_text("not what is expected\n")
    (pathlib.Path(folder) / "one.expect").write_text("verdict faulty\n")
    for path in (CAPTURES / "faults", pathlib.Path(folder)):
        document("regress", str(path), at="regress")
        lines("regress", str(path))


def refuses():
    """The schema can say no."""
    good = json.loads(program(["read", str(CAPTURES / "faults/no_ra.pcap"),
                               "--json"]))
    bad = {
        "no verdict": lambda d: d.pop("verdict"),
        "another verdict": lambda d: d.update(verdict="broken"),
        "unknown as a number": lambda d: d["facts"][0].update(value="x"),
        "another state": lambda d: d["facts"][0].update(state="good"),
        "a cause without a remedy": lambda d: d["diagnosis"][0].pop("remedy"),
        "another direction":
            lambda d: d["diagnosis"][0]["where"].update(direction="up"),
    }
    for what, spoil in bad.items():
        worse = copy.deepcopy(good)
        spoil(worse)
        ok(f"refuses {what}", not validator(SCHEMA, None).is_valid(worse))
    worse = dict(good, more=1)
    ok("takes a key that comes later", validator(SCHEMA, None).is_valid(worse))
    ok("this version has none", not validator(STRICT, None).is_valid(worse))


def describes():
    page = (ROOT / "docs/json.md").read_text()
    for part in objects(SCHEMA):
        for key, of in part["properties"].items():
            ok(f"key {key}: described", of.get("description"))
            ok(f"key {key}: in docs/json.md", f"`{key}`" in page)


def everything():
    """Every key was seen; those of `values` are the program's own."""
    values = SCHEMA["$defs"]["finding"]["properties"]["values"]["properties"]
    source = (ROOT / "lib/diag/findings.c").read_text()
    named = set(re.findall(r'V6D_CAUSE_\w+, "(\w+)"', source))
    named |= set(re.findall(r'"((?:limit|passed|queue)_\w+)"', source))
    ok("the values", set(values) == named | {"text"},
       set(values) ^ (named | {"text"}))
    of_schema = {k for part in objects(SCHEMA) for k in part["properties"]}
    # a line of --watch: tests/lab/watch.sh
    watch = {"run", "changes", "what", "before", "after"}
    unseen = of_schema - written - set(values) - watch
    ok("every key was written", not unseen, unseen)


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with tempfile.TemporaryDirectory() as folder:
        runs(folder)
        regresses(folder)
        two_places(folder)
    reads()
    refuses()
    describes()
    everything()


main()
print(f"schema: {passed} passed, {failed} failed")
sys.exit(failed > 0)
