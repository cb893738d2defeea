#!/bin/bash
# run.sh BUILD - the tests of the gateway, three at a time (each has a
# practice network of its own and mostly waits); what they say, one by one.
set -u
here=$(dirname "$0")
out=$(mktemp -d /tmp/v6d-gateway-run.XXXXXX)
trap 'rm -rf "$out"' EXIT
one() { # SCRIPT [ARGUMENT]
	bash "$here/$1.sh" "$build" ${2:+"$2"} >"$out/$1${2:-}" 2>&1 ||
		touch "$out/failed"
	cat "$out/$1${2:-}"
}
build=$1 running=0
for s in crash refuse cycles "syn stateful" sessions examine "syn no-syn" dns rehearse service pppd; do
	[ $running -lt 3 ] || wait -n
	running=$((running + 1))
	# shellcheck disable=SC2086
	one $s &
done
wait
[ ! -e "$out/failed" ]
