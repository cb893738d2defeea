#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tunnels.sh V6DOCTOR - a capture of several tunnels: the table, one of them,
# JSON.
set -u
prog=$(readlink -f "$1")
gencap=$(dirname "$prog")/tests/bench/gencap
t=$(mktemp -d /tmp/v6d-tunnels.XXXXXX)
trap 'rm -rf "$t"' EXIT
passed=0 failed=0

ok() { # WORDS COMMAND...
	words=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: tunnels: $words"
	fi
}
says() { # TEXT FILE
	grep -qF -- "$1" "$2"
}
silent() { # TEXT FILE
	! says "$1" "$2"
}

"$gencap" "$t/few" 1 3 && "$gencap" "$t/many" 3 200 &&
	"$gencap" "$t/most" 50 10000 || exit 1

"$prog" read "$t/few" >"$t/out"
ok "few: status 0" [ $? = 0 ]
ok "few: how many" says "HEALTHY  All 3 tunnels work." "$t/out"
ok "few: a table" says "       3     0.0" "$t/out"
ok "few: the worst follows" says "TUNNEL 1" "$t/out"
ok "few: no timeline yet" silent "TIMELINE" "$t/out"

"$prog" read --tunnel 2 "$t/few" >"$t/out"
ok "one: status 0" [ $? = 0 ]
ok "one: its client" says "198.18.0.1" "$t/out"
ok "one: where it was captured" says "CAPTURED" "$t/out"
ok "one: its timeline" says "|<----------|  Outgoing-Call-Reply" "$t/out"
ok "one: no table" silent "TUNNELS" "$t/out"

"$prog" read --tunnel 4 "$t/few" >"$t/out" 2>"$t/err"
ok "no such tunnel: status 64" [ $? = 64 ]
ok "no such tunnel: how many there are" \
	says "--tunnel 4: tunnels in $t/few: 3" "$t/err"
"$prog" read --tunnel 0 "$t/few" >"$t/out" 2>"$t/err"
ok "tunnel 0: status 64" [ $? = 64 ]

"$prog" read "$t/many" >"$t/out"
ok "many: counted by diagnosis" grep -q "^ *[0-9]*  healthy       OK$" "$t/out"
ok "many: how to see the rest" says "and 180 more: --json lists them all" \
	"$t/out"
ok "many: no report of one" silent "STAGES" "$t/out"

"$prog" read --format markdown "$t/few" >"$t/out"
ok "few, for a ticket: a table" grep -q "^| 3 | 0.* | healthy | OK |$" "$t/out"
"$prog" read --format html "$t/few" >"$t/out"
ok "few, a page: a table" \
	says '<th scope="col">tunnel</th>' "$t/out"
ok "few, a page: which one follows" \
	says "What follows is of tunnel 1, the worst." "$t/out"

"$prog" read --json "$t/few" >"$t/out"
ok "few, JSON: whole" jq -e '.tunnels | length == 3 and
	all(has("facts") and has("diagnosis"))' "$t/out" >/dev/null
"$prog" read --json "$t/many" >"$t/out"
ok "many, JSON: each in short" jq -e '.source.tunnels == 200 and
	(.tunnels | length == 200 and (map(.id) | unique | length) == 200 and
	 all(.seen_from == "both" and (has("facts") | not)))' "$t/out" >/dev/null
"$prog" read --json --tunnel 7 "$t/many" >"$t/out"
ok "one of many, JSON" jq -e '.source.tunnel == 7 and .tunnels == [] and
	.source.client == "198.18.0.6"' "$t/out" >/dev/null

"$prog" read --format jsonl "$t/most" >"$t/out"
ok "ten thousand: each has its line" \
	[ "$(grep -c '^{"type":"tunnel"' "$t/out")" = 10000 ]

echo "read tunnels: $passed passed, $failed failed"
[ "$failed" = 0 ]
