#!/bin/sh
# bench.sh BUILD - how fast, as ratios against other tools in the same run,
# and at the end a table of the bounds; exit status 1 when one does not hold.
#
# Each figure is the best of RUNS (default 5) runs. Captures are written anew,
# always the same: MEGABYTES (default 1000).
set -eu
build=$1
runs=${RUNS:-5}
export BOUNDS
BOUNDS=$(mktemp)
trap 'rm -f "$BOUNDS"' EXIT

# A part that fails is named; the others are measured all the same.
failed=
part() { "$@" || failed="$failed ${2##*/}"; }

best() { # best CMD... -> seconds of the fastest run
	python3 - "$runs" "$@" <<'P'
import subprocess, sys, time
best = None
for _ in range(int(sys.argv[1])):
    t = time.perf_counter()
    subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    t = time.perf_counter() - t
    best = t if best is None else min(best, t)
print("%.3f" % best)
P
}

part python3 tests/bench/captures.py "$build"
part python3 tests/bench/program.py "$build"
"$build/tests/bench/diagnose"
# Peer 0 answers as pptpd does, 1 as kernel drivers, 2 as the practice server.
echo "size searches in virtual time, random limits:"
"$build/tests/sim/sim_gre" "${SEARCHES:-10000}" 2>/dev/null | grep ' wrong ' | sed 's/^/  GRE: /'
"$build/tests/sim/sim_pmtu" "${SEARCHES:-10000}" 2>/dev/null | grep ' wrong ' | sed 's/^/  IPv6: /'
if [ "$(id -u)" = 0 ]; then
	lab=$(best sh -c "'$build/v6doctor' lab up bench && '$build/v6doctor' lab down bench")
	echo "practice network, up and down: $lab s"
	all=$(best "$build/v6doctor" run-all --lab --quiet)
	echo "run-all, healthy, practice network included: $all s"
	model=$(unshare -n sh -c 'bash tests/lab/bighost.sh || exit 1
		for i in $(seq "$1"); do "$0" true 2>&1; done' \
		"$build/tests/lab/mirror" "$runs" |
		sed -n 's/^\(links .*\) us [0-9]*+\([0-9]*\)$/\2 \1/p' | sort -n | head -1)
	echo "model of a host with a ruleset of 500 lines (${model#* }):" \
		"$((${model%% *} / 1000)) ms"
	for p in runs paths datapath guests; do
		part bash tests/bench/$p.sh "$build"
	done
fi
rc=0
python3 tests/bench/bounds.py table || rc=1
[ -z "$failed" ] || { echo "could not be measured:$failed" && rc=1; }
exit $rc
