#!/bin/bash
# watch.sh PROGRAM - --watch: the first report, what changes when a router of
# the practice network begins to lose GRE and is mended, a clean end.
set -u
prog=$(readlink -f "$1")
lab=watch-$$
t=$(mktemp -d /tmp/v6d-watch.XXXXXX)
passed=0 failed=0 pid=
end() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	"$prog" lab down $lab >/dev/null 2>&1
	rm -rf "$t"
}
trap end EXIT

ok() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		tail -q -n 5 "$t/out" "$t/err"
	fi
}
# until_true COMMAND...: within half a minute.
until_true() {
	for _ in $(seq 300); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}
seen() { until_true grep -q -e "$1" "$t/out"; }
gone() { ! kill -0 "$1"; }
router() { "$prog" lab exec $lab nat2 -- "$@"; }
breaks() {
	router nft 'table ip broken { chain f {
		type filter hook forward priority 0
		ip protocol gre drop
	}; }'
}
mends() { router nft delete table ip broken; }
# start OPTION...: a watch in the background, on the host of the lab.
start() {
	: >"$t/pid"
	: >"$t/out"
	# shellcheck disable=SC2016
	"$prog" lab exec $lab c1 -- sh -c 'echo $$ >"$1"; shift; exec "$@"' \
		sh "$t/pid" "$prog" run-all --profile "$t/conf" --watch 0.2 \
		"$@" >"$t/out" 2>"$t/err" &
	job=$!
	until_true [ -s "$t/pid" ]
	pid=$(cat "$t/pid")
}
# ends SIGNAL STATUS: the watch does, with that exit status.
ends() {
	local rc
	kill "-$1" "$pid"
	until_true gone "$pid" || return 1
	pid=
	wait "$job"
	rc=$?
	[ $rc = "$2" ] || { echo "exit status $rc"; return 1; }
}

echo secret >"$t/password"
chmod 600 "$t/password"
cat >"$t/conf" <<P
[tunnel]
server = 203.0.113.10
user = alice
password-file = $t/password
[probe]
ipv6-target = 2001:db8:b::80
name = www.example.net
literal = 2001:db8:b::80
dns-server = 192.0.2.53
P
"$prog" lab up $lab >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }

start --quiet
ok "the first report" seen '^HEALTHY '
breaks
ok "it breaks" seen 'run [0-9]*: .*faulty (G1'
ok "the check" seen '^  check gre: .*-> fail: '
ok "the candidates" seen '^  cause gre-blocked: .*undecided: '
mends
ok "it is mended" seen 'run [0-9]*: .* -> healthy (OK)'
ok "the cause is gone" seen '^  cause gre-blocked: gone'
ok "SIGINT ends it, with the last run's status" ends INT 0
ok "one whole report" [ "$(grep -c '^CHECKS' "$t/out")" = 1 ]
ok "nothing on standard error" [ ! -s "$t/err" ]

# lines for a machine
breaks
start --format jsonl
ok "lines" seen '"type":"run".*"verdict":"faulty"'
mends
ok "a line of a change" seen '^{"type":"change",.*"verdict":"healthy"'
ok "SIGTERM ends it" ends TERM 0
ok "each line is as the schema says" python3 - "$t/out" <<'E'
import json, pathlib, sys
import jsonschema
schema = json.loads(pathlib.Path("docs/v6doctor.schema.json").read_text())
defs = schema["$defs"]
line = jsonschema.Draft202012Validator(dict(defs["line"], **{"$defs": defs}))
lines = [json.loads(x) for x in open(sys.argv[1])]
changes = [x for x in lines if x["type"] == "change"]
assert changes
for x in lines:
    line.validate(x)
for x in changes:
    assert set(x) == set(defs["change_line"]["properties"])
E

# a file that is always the last report
start --format prometheus --output "$t/prom"
ok "the file" until_true grep -q 'verdict="healthy"} 1' "$t/prom"
breaks
ok "the file follows" until_true grep -q 'verdict="faulty"} 1' "$t/prom"
ok "changes are told beside it" seen '-> faulty'
mends
ok "and back" until_true grep -q 'verdict="healthy"} 1' "$t/prom"
ok "its end" ends INT 0
ok "nothing is left beside it" \
	[ "$(cd "$t" && echo *)" = "conf err log out password pid prom" ]

refused() { "$prog" run-all "$@" >"$t/out" 2>"$t/err"; [ $? = 64 ]; }
ok "one report to save" refused --watch 1 --save x
ok "a document to standard output" refused --watch 1 --json
ok "no time" refused --watch 0
ok "too long" refused --watch 86401
echo "watch: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
