#!/bin/bash
# save.sh PROGRAM - --save: the file, its mode, what stands in it, and what is
# said where it cannot be written. Each run is alone in a network namespace.
set -u
prog=$1
passed=0 failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

good() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAILED: $*"
}

run() { unshare -n "$prog" run "$@"; }

# says NAME STATUS REGEX ARGUMENT...: `run host ARGUMENT...` ends so
says() {
	local name=$1 want=$2 re=$3 text status
	shift 3
	text=$(run host --quiet "$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" = "$want" ] &&
		tr -s ' \n' ' ' <<<"$text" | grep -qE -- "$re"; then
		good
	else
		fail "$name: status $status, wanted $want and /$re/: $text"
	fi
}

n_files() { find "$tmp" -mindepth 1 | wc -l; }

# A profile without a server: nothing is dialled.
cat >"$tmp/none.conf" <<'P'
[probe]
name = hidden.example.net
P
set -- --profile "$tmp/none.conf"

says "no folder" 69 'cannot be saved in .*/none/r: No such file' "$@" \
	--save "$tmp/none/r"
says "a folder" 69 'Is a directory' "$@" --save "$tmp"
says "a device" 69 'no plain file' "$@" --save /dev/null
says "no value" 64 'wants a value' --save
says "--mapping alone" 64 'about the report of --save' --mapping "$tmp/m"
says "--no-redact alone" 64 'about the report of --save' --no-redact
says "both" 64 'no --mapping' --save "$tmp/r" --no-redact --mapping "$tmp/m"
[ "$(n_files)" = 1 ] && good || fail "files are left: $(ls "$tmp")"

umask 0
run host "$@" --quiet --json --no-redact --save "$tmp/r" \
	>"$tmp/live" 2>"$tmp/said"
status=$?
[ -s "$tmp/said" ] && fail "--quiet says: $(cat "$tmp/said")" || good
[ "$(stat -c %a "$tmp/r")" = 600 ] && good || fail "mode $(stat -c %a "$tmp/r")"
"$prog" read --json "$tmp/r" >"$tmp/read"
[ $? = $status ] && good || fail "read ends otherwise than the run ($status)"
same='del(.source, .version)'
diff <(jq "$same" "$tmp/live") <(jq "$same" "$tmp/read") >"$tmp/diff" &&
	good || fail "read differs: $(head -5 "$tmp/diff")"
grep -q 'hidden.example.net' "$tmp/r" && good || fail "--no-redact hides"

run host "$@" --save "$tmp/r" --mapping "$tmp/m" >/dev/null \
	2>"$tmp/said"
grep -q 'with pseudonyms' "$tmp/said" && good || fail "$(cat "$tmp/said")"
grep -qa 'hidden\|example\|none.conf' "$tmp/r" && fail "a name is in it" || good
grep -q ' hidden.example.net$' "$tmp/m" && good || fail "mapping lacks the name"
[ "$(stat -c %a "$tmp/m")" = 600 ] && good || fail "mode of the mapping"

# No room: the old file stays, nothing else is left, the diagnosis is printed.
cp "$tmp/r" "$tmp/before"
before=$(n_files)
out=$(ulimit -f 1; trap '' XFSZ
	run host "$@" --save "$tmp/r" 2>&1 </dev/null)
status=$?
[ $status = 69 ] && [[ $out == *"cannot be saved"* && $out == *CHECKS* ]] &&
	good || fail "no room: status $status: $out"
cmp -s "$tmp/r" "$tmp/before" && [ "$(n_files)" = "$before" ] &&
	good || fail "no room: $(ls "$tmp")"

echo "save: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
