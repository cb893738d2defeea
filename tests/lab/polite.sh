#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# polite.sh V6DOCTOR - what run-all puts on the line: at most 2 MB both ways and
# 128 sessions at a time, by the counters of the client's interface and the
# table of its router; and the report counts it as they do.
set -u
prog=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
lab=polite-$$
t=$(mktemp -d /tmp/v6d-polite.XXXXXX)
passed=0 failed=0
trap '"$prog" lab down $lab >/dev/null 2>&1; rm -rf "$t"' EXIT
(umask 077 && echo secret >"$t/password")
sed "s#\$PASSWORD#$t/password#" "$here/../../tools/lab/topology/profile" \
	>"$t/c1.conf"
host() { "$prog" lab exec $lab c1 -- "$@"; }

# Bytes of IP (an Ethernet header has 14) that c1 has sent, and got.
counters() {
	host ip -s -j link show eth0 | jq -r '.[0].stats64 |
		"\(.tx.bytes - 14 * .tx.packets) \(.rx.bytes - 14 * .rx.packets)"'
}
# Through nat1, not to it: what is closed makes no session any more.
sessions() {
	"$prog" lab exec $lab nat1 -- conntrack -L 2>/dev/null |
		grep -v 'TIME_WAIT\|dst=192.168.11.1 ' | wc -l
}
check() { # WORDS CONDITION VALUES
	if [ "$(jq -n "$2")" = true ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1: $3"
	fi
}

# polite WORDS FAULT-OPTION...
polite() {
	words=$1
	shift
	"$prog" lab up $lab "$@" >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }
	read -r out_before in_before < <(counters)
	host "$prog" run-all --profile "$t/c1.conf" --json >"$t/report" 2>"$t/err"
	n=$(sessions)
	read -r out in < <(counters)
	sent=$((out - out_before)) came=$((in - in_before))
	told=$(jq '.traffic | .gre_sent_bytes + .other_sent_bytes' "$t/report")
	check "$words: bytes" "$((sent + came)) <= 2000000" "$sent out, $came in"
	check "$words: sessions" "$n <= 128" "$n"
	# Neither ARP nor what libc asks is known to the doctor.
	check "$words: told" \
		"$told > 0.95 * $sent - 2000 and $told <= $sent" "$told of $sent"
	"$prog" lab down $lab >/dev/null 2>&1
}

polite "healthy"
polite "a black hole" --fault ptb-drop-in=1300
polite "losses" --fault loss=2
polite "no GRE" --fault gre-drop@isp
echo "polite: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
