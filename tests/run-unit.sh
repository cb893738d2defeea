#!/bin/sh
# run-unit.sh PROGRAM... - runs cmocka programs, as many at once as there are
# processors, prints what fails and a count.
set -u

# One program; RESULTS/NAME gets how many tests passed, and what was said of
# those that did not.
one() { # RESULTS PROGRAM
	result=$1/$(basename "$2")
	if out=$("$2" 2>&1); then
		n=$(printf '%s\n' "$out" | sed -n 's/.*PASSED  \] \([0-9]*\) test.*/\1/p' | tail -1)
		echo "passed ${n:-0}" >"$result"
		[ "${n:-0}" -gt 0 ] || echo "FAILED: $2: ran no test" >>"$result"
	else
		printf '%s\n' "$out" | grep -v '\[ *RUN\|\[ *OK' | tail -40 >"$result"
		echo "FAILED: $2" >>"$result"
	fi
}

if [ "$1" = --one ]; then
	one "$2" "$3"
	exit
fi
results=$(mktemp -d /tmp/v6d-unit.XXXXXX)
trap 'rm -rf "$results"' EXIT
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" --one "$results"
cat "$results"/* | grep -v '^passed [0-9]'
ok=$(cat "$results"/* | awk '$1 == "passed" && NF == 2 { n += $2 } END { print n + 0 }')
bad=$(grep -l '^FAILED: ' "$results"/* | wc -l)
[ "$(ls "$results" | wc -l)" -eq $# ] || bad=$((bad + 1))
echo "unit: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
