#!/bin/sh
# reports.sh V6DOCTOR - what `read`, `compare` and `regress` say of saved
# reports: whole, damaged, cut anywhere, of another format.
set -u
v6doctor=$1
ok=0 bad=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
packed=captures/traces/gre-size-in-1454-nat2.pcapng.gz
gunzip -c "$packed" >"$tmp/whole" || exit 1
whole=$tmp/whole size=$(wc -c <"$tmp/whole")

good() { ok=$((ok + 1)); }
fail() {
	echo "FAILED: $*"
	bad=$((bad + 1))
}

# check NAME STATUS TEXT ARGUMENT...: the command ends so, and says so
check() {
	name=$1 want=$2 text=$3
	shift 3
	out=$("$v6doctor" "$@" 2>&1 <"${stdin:-/dev/null}")
	status=$?
	flat=$(printf '%s' "$out" | tr -s ' \n' ' ')
	case $status:$flat in
	"$want":*"$text"*) good ;;
	*) fail "$name: expected $want and '$text', got $status: $out" ;;
	esac
}

# The verdict and the causes of a report's JSON, with their certainty.
answer() { jq -c '[.verdict, [.diagnosis[] | [.cause, .certainty]]]'; }

check 'a report' 2 'over 1454 bytes' read "$whole"
check 'a packed one' 2 'over 1454 bytes' read "$packed"
check 'its source' 2 '"kind": "report"' read --json "$whole"
stdin=$packed
check 'standard input' 2 'over 1454 bytes' read -
stdin=
check 'another format of output' 2 'not ok' read --format tap "$whole"

# Cut anywhere: judged up to there, told, 65; never a cause that is certain
# and not the report's own.
whole_answer=$("$v6doctor" read --json "$whole" | answer)
at=100
while [ "$at" -lt "$size" ]; do
	head -c "$at" "$whole" >"$tmp/cut"
	"$v6doctor" read --json "$tmp/cut" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq 65 ] || fail "cut at $at: status $status"
	if [ -s "$tmp/out" ]; then
		certain=$(jq -r '.diagnosis[] | select(.certainty == "certain")
			| .cause' "$tmp/out") || fail "cut at $at: no document"
		for c in $certain; do
			case $whole_answer in
			*"\"$c\""*) ;;
			*) fail "cut at $at: certain of $c" ;;
			esac
		done
	fi
	good
	at=$((at + size / 60))
done

# A byte changed anywhere: the same answer, or word of the damage.
at=50
while [ "$at" -lt "$size" ]; do
	{
		head -c "$at" "$whole"
		printf '\377'
		tail -c +$((at + 2)) "$whole"
	} >"$tmp/changed"
	"$v6doctor" read --json "$tmp/changed" >"$tmp/out" 2>"$tmp/err"
	status=$?
	case $status in
	65) [ -s "$tmp/err" ] && good || fail "changed at $at: no word" ;;
	2)
		[ "$(answer <"$tmp/out")" = "$whole_answer" ] && good ||
			fail "changed at $at: $(answer <"$tmp/out")"
		;;
	*) fail "changed at $at: status $status" ;;
	esac
	at=$((at + size / 97))
done

# Of a format to come.
sed 's|"schema":"v6doctor-report/1"|"schema":"v6doctor-report/9"|' "$whole" \
	>"$tmp/newer"
check 'a newer format: its sum is wrong' 65 'was changed' read "$tmp/newer"

check 'compare' 0 'gone gre-size-limit' compare "$packed" \
	captures/traces/no-nat.pcapng.gz
check 'compare: narrowed' 0 'not proven' compare "$packed" \
	captures/traces/no-nat.pcapng.gz
check 'compare: JSON' 0 '"schema": "v6doctor-compare/1"' compare --json \
	"$whole" "$packed"
check 'compare: with itself' 0 'does not lie in what changed' compare \
	"$whole" "$packed"
check 'compare: with a capture' 0 'CAUSES' compare "$whole" \
	captures/real/no-ra.pcap
check 'compare: one only' 64 'which two' compare "$whole"
check 'compare: missing' 66 'cannot open' compare "$whole" "$tmp/none"
echo hello >"$tmp/text"
check 'compare: no report' 65 'pcap or pcapng' compare "$whole" "$tmp/text"
check 'compare: a damaged one' 65 'is damaged' compare "$whole" "$tmp/cut"

check 'replay' 2 'replayed' read --replay "$whole"
mkdir "$tmp/r"
cp "$packed" "$tmp/r/a.pcapng.gz"
echo 'cause gre-size-limit' >"$tmp/r/a.expect"
check 'regress of a report' 0 '1 as expected' regress "$tmp/r"
echo 'cause gre-loss' >"$tmp/r/a.expect"
check 'regress: another cause' 2 'expected gre-loss' regress "$tmp/r"
cp "$tmp/cut" "$tmp/r/b.pcapng"
echo 'verdict faulty' >"$tmp/r/b.expect"
check 'regress of a cut one' 2 'cannot be read' regress "$tmp/r"

echo "read reports: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
