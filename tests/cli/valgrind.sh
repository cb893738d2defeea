#!/bin/sh
# valgrind.sh V6DOCTOR - the short commands under valgrind: no bad access, no
# use of what was never set, nothing lost. What needs namespaces is left to
# the sanitizers.
set -u
doctor=$1
passed=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

check() { # check STATUS ARGUMENT...
	want=$1
	shift
	valgrind -q --error-exitcode=99 --leak-check=full \
		--errors-for-leak-kinds=definite "$doctor" "$@" >"$log" 2>&1
	rc=$?
	if [ "$rc" -eq "$want" ]; then
		passed=$((passed + 1))
	else
		echo "FAILED: v6doctor $*: status $rc, not $want"
		tail -30 "$log"
		failed=$((failed + 1))
	fi
}

command -v valgrind >/dev/null || {
	echo "valgrind: not installed; \"make deps\" installs it"
	echo "valgrind: 0 passed, 1 failed"
	exit 1
}
check 0 --help
check 0 list
check 0 explain gre-size-limit
check 0 explain G3-1454
check 64 explain no-such-thing
check 0 lab faults
check 0 read --json captures/real/pap.pcap
check 2 read captures/real/no-ra.pcap
check 2 read --json captures/faults/gre_size_in_1300_nat2.pcap
check 65 read LICENSE
check 66 read no-such-file
check 64 run-all --no-such-option
check 78 peer --profile ./README.md
echo "valgrind: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
