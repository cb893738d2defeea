#!/bin/bash
# rehearse.sh BUILD - a rehearsal passes; and each of its checks fails when
# the step that it is for is broken on purpose. Four at a time.
set -u
prog=$(readlink -f "$1/v6doctor")
t=$(mktemp -d /tmp/v6d-rehearse.XXXXXX)
trap 'rm -rf "$t"' EXIT
rows=0
# judge STATUS FILTER OPTION...: what is wrong with it, if anything
judge() {
	want=$1 filter=$2 d=$(mktemp -d "$t/row.XXXXXX")
	shift 2
	mkdir "$d/tmp"
	TMPDIR=$d/tmp "$prog" rehearse --lab --json "$@" >"$d/json" 2>"$d/err"
	rc=$?
	if [ $rc != "$want" ] || ! jq -e "$filter" "$d/json" >/dev/null; then
		echo "FAILED: rehearse $*: status $rc, wanted $want: $filter"
		jq -c '.trouble, (.checks[] | select(.state != "pass") |
			[.check, .state, .text])' "$d/json"
		head -3 "$d/err"
		return 1
	fi
	if [ -n "$(ls -A "$d/tmp")" ]; then
		echo "FAILED: rehearse $* left a folder behind"
		return 1
	fi
}
expect() {
	rows=$((rows + 1))
	[ $rows -le 4 ] || wait -n
	{ judge "$@" >"$t/$rows.out" && echo pass >"$t/$rows.passed"; } &
}
expect 0 '.failed == 0 and .unknown == 0 and (.checks | length) >= 18 and .duration_ms < 30000'
fails() { # STEP CHECK...: exactly these fail
	step=$1 && shift
	expect 2 "([.checks[] | select(.state == \"fail\") | .check] | sort) == $(
		printf '%s\n' "$@" | jq -Rnc '[inputs] | sort')" --break "$step"
}
some() { # STEP CHECK...: these fail, and what follows from them
	step=$1 && shift
	expect 2 "[.checks[] | select(.state == \"fail\") | .check] as \$f |
		[$(printf '"%s",' "$@" | sed 's/,$//')] | all(. as \$c | \$f | index(\$c))" \
		--break "$step"
}
# A network that does not let it come up (that takes longest); one that stops
# large packets.
expect 2 '.trouble | contains("no router advertisement")' --fault ra-absent
expect 2 '.trouble | contains("no session")' --fault auth-reject
expect 2 '[.checks[] | select(.state == "fail") | .check] | index("page-by-literal") != null' --fault gre-size-in=1300@nat2
# A table that somebody changed is left, and that shows.
fails firewall inbound-syn inbound-udp stale-ack host-input undone
fails host-firewall host-input undone
fails udp inbound-udp undone
fails stale-ack stale-ack undone
fails packet-too-big packet-too-big undone
fails mss mss undone
fails undo undone
some radvd-prefix advertisement
some icmp echo packet-too-big
some forwarding lan-dns page-by-literal upload
some accept-ra tunnel-ra
wait
cat "$t"/*.out
passed=$(cat "$t"/*.passed | wc -l)
failed=$((rows - passed))
rc=0
"$prog" rehearse --lab --break nonsense >"$t/out" 2>&1 || rc=$?
if [ $rc = 64 ]; then passed=$((passed + 1)); else
	failed=$((failed + 1))
	echo "FAILED: --break nonsense: $rc"
fi
echo "rehearse: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
