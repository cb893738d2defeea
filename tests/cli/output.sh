#!/bin/bash
# output.sh PROGRAM - --output: the file is there whole or as it was, can be
# read by others, and nothing is left beside it.
set -u
prog=$1
passed=0 failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

ok() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" >"$tmp.ok" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		head -5 "$tmp.ok"
	fi
	rm -f "$tmp.ok"
}
is() { [ "$1" = "$2" ] || { echo "$1, wanted $2"; return 1; }; }
# Alone in a network namespace, where there is nothing to call.
run() { unshare -n "$prog" run host --quiet "$@" </dev/null; }

printf '[probe]\nname = www.example.net\n' >"$tmp/none.conf"
set -- --profile "$tmp/none.conf"
run "$@" --format prometheus >"$tmp/plain"
want=$?
umask 022
run "$@" --format prometheus --output "$tmp/metrics" >"$tmp/out" 2>"$tmp/err"
ok "the same exit status" is $? $want
ok "nothing on standard output" is "$(cat "$tmp/out" "$tmp/err")" ""
names() { sed 's/[ {].*//' "$1" | sort -u; }
ok "the same metrics" is "$(names "$tmp/metrics")" "$(names "$tmp/plain")"
ok "others may read it" is "$(stat -c %a "$tmp/metrics")" 644

run "$@" --color auto --output "$tmp/text" >"$tmp/out" 2>&1
ok "text" grep -q '^CHECKS' "$tmp/text"
ok "no colors in a file" sh -c '! grep -q "$(printf "\\033")" "$1"' sh "$tmp/text"

echo before >"$tmp/kept"
run "$@" --output "$tmp/kept" --fault gre-drop 2>"$tmp/err"
ok "a usage error" is $? 64
ok "leaves the file" is "$(cat "$tmp/kept")" before
run "$@" --output "$tmp/none/x" 2>"$tmp/err"
ok "no folder" is $? 69
ok "and says so" grep -q 'none/x cannot be written: No such file' "$tmp/err"
run "$@" --output /dev/null 2>"$tmp/err"
ok "no plain file" is $? 69
run "$@" --output "$tmp/one" --save "$tmp/one" 2>"$tmp/err"
ok "one file for both" is $? 64
ok "nothing is left" is "$(ls "$tmp" | tr '\n' ' ')" \
	"err kept metrics none.conf out plain text "

echo "output: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
