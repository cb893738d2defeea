#!/bin/sh
# third-party.sh V6DOCTOR [DIR] - other projects' captures: each ends with a
# verdict or a clear message, in time, and none without PPTP is a PPTP fault.
# Only run where the folder exists (V6D_THIRD_PARTY names it).
set -u
v6doctor=$1
dir=${2:-${V6D_THIRD_PARTY:-}}
ok=0 bad=0

if [ -z "$dir" ] || [ ! -d "$dir" ]; then
	echo "third-party captures: skipped, no folder" \
		"(V6D_THIRD_PARTY=DIR names one)"
	exit 0
fi

fail() { echo "FAILED: $(basename "$file"): $*"; bad=$((bad + 1)); }

for file in "$dir"/*.pcap "$dir"/*.pcapng "$dir"/*.cap; do
	[ -f "$file" ] || continue
	out=$(timeout 30 "$v6doctor" read "$file" 2>&1)
	status=$?
	case $status in
	0 | 1 | 2 | 3 | 65) ;;
	*)
		fail "ended with $status"
		continue
		;;
	esac
	[ -n "$out" ] || {
		fail "no word"
		continue
	}
	case $(basename "$file"):$status in
	pptp__*) ;;
	*:0 | *:1 | *:2)
		fail "a verdict on PPTP ($status) where there is none"
		continue
		;;
	esac
	ok=$((ok + 1))
done
echo "third-party captures: $ok passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$ok" -gt 0 ]
