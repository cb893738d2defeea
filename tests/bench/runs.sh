#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# runs.sh BUILD - how long run-all takes in the practice network, healthy and
# with faults, and how soon the check concerned has its answer.
#
# Each figure is the longest of RUNS (default 5) runs, beside the time that it
# must not exceed. PATIENCE of a fault is the whole run's; of what "known" says,
# from the run's start to the fact.
set -u
bounds=$(dirname "$(readlink -f "$0")")/bounds.py
prog=$(readlink -f "$1/v6doctor")
times=${RUNS:-5}
t=$(mktemp -d /tmp/v6d-bench.XXXXXX)
trap 'rm -rf "$t"' EXIT

# longest FILTER FAULT... -> milliseconds, of the value that jq finds
longest() {
	filter=$1
	shift
	for i in $(seq "$times"); do
		"$prog" run-all --lab --json "$@" 2>"$t/err" </dev/null |
			jq "$filter" || cat "$t/err" >&2
	done | sort -n | tail -1
}
# line WORDS LIMIT-MS FILTER FAULT-OPTION...
line() {
	words=$1 limit=$2
	shift 2
	ms=$(longest "$@")
	[ -n "$ms" ] || ms=1000000 # no answer: what was said stands above
	s=$(seconds "$ms")
	printf '  %-38s %7.3f s  (%s)\n' "$words" "$s" "$(python3 "$bounds" note \
		"$s" most "$(seconds "$limit")" s "run-all, $words")"
}
seconds() { awk -v n="$1" 'BEGIN { print n / 1000 }'; }
whole=.duration_ms
fact() { echo "[.facts[] | select(.name == \"$1\" and .state == \"bad\") | .at_ms] | min"; }

echo "run-all, longest of $times runs:"
line "healthy" 2000 $whole
line "healthy, round trip 50 ms" 4000 $whole --fault delay=50
line "GRE blocked: known" 5000 "$(fact gre.in)" --fault gre-drop@isp
line "GRE blocked: the run" 10000 $whole --fault gre-drop@isp
line "no router advertisement: known" 6000 "$(fact ra.received)" \
	--fault ra-absent
line "no router advertisement: the run" 10000 $whole --fault ra-absent
line "GRE over 1454 bytes lost inwards" 10000 $whole --fault gre-size-in=1454
line "IPv6 over 1300 bytes vanishes inwards" 10000 $whole \
	--fault ptb-drop-in=1300
line "full session table" 10000 $whole --fault napt-full@nat2
line "AAAA queries dropped" 10000 $whole --fault dns-aaaa-drop
line "15 % of GRE lost outwards" 10000 $whole --fault loss-out=15
