#!/bin/sh
# run-unit.sh PROGRAM... - runs cmocka programs, prints what fails and a count.
set -u
ok=0 bad=0
for t in "$@"; do
	if out=$("$t" 2>&1); then
		n=$(printf '%s\n' "$out" | sed -n 's/.*PASSED  \] \([0-9]*\) test.*/\1/p' | tail -1)
		ok=$((ok + ${n:-0}))
		[ "${n:-0}" -gt 0 ] || { echo "$t: ran no test"; bad=$((bad + 1)); }
	else
		printf '%s\n' "$out" | grep -v '\[ *RUN\|\[ *OK' | tail -40
		echo "FAILED: $t"
		bad=$((bad + 1))
	fi
done
echo "unit: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
