#!/bin/sh
# demo.sh V6DOCTOR - run-all in the practice network: first healthy, then with
# a router that loses large tunnel packets (pages hang, ping works).
set -u
doctor=$1

say() {
	printf '\n$ %s\n\n' "$*"
}
expect() {
	[ "$1" -eq "$2" ] && return
	echo "demo: exit status $1, expected $2" >&2
	exit 1
}

say v6doctor run-all --lab
"$doctor" run-all --lab
expect $? 0
say v6doctor run-all --lab --fault gre-size-in=1454@nat2
"$doctor" run-all --lab --fault gre-size-in=1454@nat2
expect $? 2
