#!/bin/sh
# fuzz.sh BUILD SECONDS PROGRAM... - runs each libFuzzer program for SECONDS.
#
# Starts from what was a finding once (tests/fuzz/regress/X), the seeds in
# tests/fuzz/corpus/X, for packets and files the captures, for text the texts,
# and what earlier runs found worth keeping (BUILD/fuzz/corpus/X). A finding
# is left as BUILD/fuzz/found-X-*.
set -u
build=$1 seconds=$2
shift 2
ok=0 bad=0
for program in "$@"; do
	name=$(basename "$program" | sed 's/^fuzz_//')
	longest=4096
	set_of=
	case $name in
	packet | capture) longest=16384 set_of='captures/real captures/faults' ;;
	text) set_of=captures/text ;;
	esac
	seeds=
	for dir in "tests/fuzz/regress/$name" "tests/fuzz/corpus/$name" $set_of; do
		[ ! -d "$dir" ] || seeds="$seeds $dir"
	done
	work=$build/fuzz/corpus/$name log=$build/fuzz/$name.log
	mkdir -p "$work"
	# shellcheck disable=SC2086  # seeds is a list
	if "$program" -artifact_prefix="$build/fuzz/found-$name-" \
		-max_len=$longest -timeout=10 -rss_limit_mb=1024 \
		-max_total_time="$seconds" -print_final_stats=1 \
		"$work" $seeds >"$log" 2>&1; then
		ok=$((ok + 1))
		awk -v name="$name" '
			/^#[0-9]+.*cov:/ { cov = $4; runs = $1 }
			/number_of_executed_units/ { runs = $2 }
			END { print "fuzz " name ": " runs " inputs, " cov \
			    " edges, no finding" }' "$log"
	else
		bad=$((bad + 1))
		tail -40 "$log"
		echo "fuzz $name: a finding, see $log and $build/fuzz/found-$name-*"
	fi
done
echo "fuzz: $ok passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$ok" -gt 0 ]
