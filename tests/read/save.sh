#!/bin/bash
# save.sh V6DOCTOR - read --save: the report has the capture's diagnosis and
# opens as a capture; nothing secret is in it; what cannot be saved is said.
set -u
v6doctor=$1
command=read
# shellcheck source=tests/read/check.sh
. "$(dirname "$0")/check.sh"
capture=captures/faults/gre_size_in_1300_nat2.pcap

# All that does not name its source, and without what an address stands in.
whole='del(.source, .version, .tunnels)'
named='[.verdict, .code, .started, .duration_ms, .undecided, .unexplained,
	[.diagnosis[] | [.cause, .certainty, .direction, .value]],
	[.facts[] | [.name, .state, .word, .value, .at_ms]]]'

for f in captures/real/*.pcap captures/faults/*.pcap; do
	"$v6doctor" read --json "$f" >"$tmp/read" 2>/dev/null
	status=$?
	"$v6doctor" read --json --save "$tmp/r" --mapping "$tmp/m" "$f" \
		>"$tmp/again" 2>"$tmp/said"
	[ $? = $status ] && cmp -s "$tmp/read" "$tmp/again" &&
		grep -q 'is saved' "$tmp/said" || fail "$f: $(cat "$tmp/said")"
	"$v6doctor" read --no-redact --save "$tmp/plain" "$f" >/dev/null 2>&1
	"$v6doctor" read --json "$tmp/plain" >"$tmp/from-plain"
	[ $? = $status ] && diff <(jq "$whole" "$tmp/read") \
		<(jq "$whole" "$tmp/from-plain") >"$tmp/diff" && good ||
		fail "$f: read otherwise: $(head -5 "$tmp/diff")"
	"$v6doctor" read --json "$tmp/r" >"$tmp/from-r"
	[ $? = $status ] && diff <(jq "$named" "$tmp/read") \
		<(jq "$named" "$tmp/from-r") >"$tmp/diff" && good ||
		fail "$f: redacted: $(head -5 "$tmp/diff")"
	# Who the ends are stands in the mapping, and only there.
	for name in $(jq -r '.source | .client, .server' "$tmp/read"); do
		grep -qawF "$name" "$tmp/r" && fail "$f: $name is in the report"
		grep -q " $name\$" "$tmp/m" || fail "$f: no $name in the mapping"
	done
	# The captures' names, passwords, and what was in the tunnel.
	if grep -qaE 'alice|sesame|secret|HTTP/1|Access granted|pptpd|linux' \
		"$tmp/r"; then
		fail "$f: a name or payload is in the report"
	else
		good
	fi
	packets=$(tcpdump -nr "$tmp/r" 2>"$tmp/err" | wc -l)
	[ "$packets" -gt 0 ] && good || fail "$f: tcpdump: $(cat "$tmp/err")"
done

[ "$(stat -c %a "$tmp/r") $(stat -c %a "$tmp/m")" = '600 600' ] && good ||
	fail "modes: $(stat -c %a "$tmp/r" "$tmp/m")"

# A packed capture; cut short; a report once more, twice redacted.
gzip -c "$capture" >"$tmp/c.gz"
check 'a packed one' 2 'is saved in' --save "$tmp/r" "$tmp/c.gz"
check 'its report' 2 'over 1339 bytes' "$tmp/r"
check 'a report' 2 'is saved in' --save "$tmp/r2" "$tmp/r"
check 'of a report' 2 'over 1339 bytes' "$tmp/r2"
[ "$(tcpdump -nr "$tmp/r" 2>/dev/null | wc -l)" = \
	"$(tcpdump -nr "$tmp/r2" 2>/dev/null | wc -l)" ] && good ||
	fail 'a report of a report has other packets'
check 'a report of a run' 2 'is saved in' --save "$tmp/r2" \
	captures/traces/gre-size-in-1454-nat2.pcapng.gz
check 'which replays' 2 'ask, observe and conclude as recorded' \
	--replay "$tmp/r2"
check 'of a capture there is nothing to replay' 2 'cannot be replayed' \
	--replay "$tmp/r"
head -c 4000 "$capture" >"$tmp/cut"
check 'a cut one' 65 'is saved in' --save "$tmp/r2" "$tmp/cut"

# Packets cut by the recorder: not healthy, and no more so in the report.
editcap -s 90 captures/faults/healthy_nat2.pcap "$tmp/short"
"$v6doctor" read --json "$tmp/short" >"$tmp/read"
status=$?
[ $status = 3 ] && good || fail "a short capture: status $status"
"$v6doctor" read --save "$tmp/r2" "$tmp/short" >/dev/null 2>&1
"$v6doctor" read --json "$tmp/r2" >"$tmp/from-r"
[ $? = $status ] && diff <(jq "$named" "$tmp/read") \
	<(jq "$named" "$tmp/from-r") && good || fail 'the report of a short capture'

n=$(find "$tmp" | wc -l)
head -c 24 captures/real/pap.pcap >"$tmp/none"
check 'no session' 65 'nothing to save' --save "$tmp/x" "$tmp/none"
check 'two files' 64 'one file at a time' --save "$tmp/x" "$capture" "$capture"
check 'standard input' 64 'no pipe' --save "$tmp/x" -
check 'a text' 64 'is a text' --save "$tmp/x" captures/text/curl-refused.txt
check 'no folder' 69 'cannot be saved' --save "$tmp/no/x" "$capture"
check '--mapping alone' 64 'about the report of --save' --mapping "$tmp/x" \
	"$capture"
check 'both' 64 'no --mapping' --save "$tmp/x" --no-redact --mapping "$tmp/y" \
	"$capture"
[ "$(find "$tmp" | wc -l)" = $((n + 1)) ] && good || fail "files are left"

echo "read save: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
