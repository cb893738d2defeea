#!/bin/sh
# third-party.sh V6DOCTOR [DIR] - other projects' captures: each ends with a
# verdict or a clear message, in time, and none without PPTP is a PPTP fault;
# those in third-party.tsv are judged as it says.
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

# Sessions, verdict, and what is named or among the candidates, of a capture.
judged() {
	"$v6doctor" read --json "$1" 2>/dev/null | jq -r '(.tunnels | length) as $n
		| [$n, if $n == 0 then "none" else .verdict end,
		([.diagnosis[].cause, .undecided[].between[]] | join(" ")
			| if . == "" then "-" else . end)] | @tsv'
}

# as_checked: true where the table has the file, and it is judged so
as_checked() {
	sum=$(sha256sum "$file" | cut -c1-16)
	want=$(sed -n "s/^$sum\t//p" tests/read/third-party.tsv | cut -f1-3)
	[ -n "$want" ] || return 0
	checked=$((checked + 1))
	got=$(judged "$file")
	[ "$got" = "$want" ] || {
		fail "checked by hand: $want; now: $got"
		return 1
	}
}

checked=0
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
	as_checked && ok=$((ok + 1))
done
echo "third-party captures: $checked of them in the table"
echo "third-party captures: $ok passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$ok" -gt 0 ]
