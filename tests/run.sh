#!/bin/sh
# run.sh BUILD STAGE... - runs the stages of "make test" one after another.
#
# A stage is a make target whose output has lines "N passed, M failed" (a word
# and a colon may stand before them). What each prints is kept in
# BUILD/test/STAGE.log and its end shown when it fails. Once all have run, what
# failed is named again with the lines under it; ends with one line for all.
set -u
unset MAKEFLAGS MAKELEVEL MFLAGS
build=$1
shift
mkdir -p "$build/test"
passed=0 failed=0 start=$(date +%s)
wrong=$build/test/failed
: >"$wrong"
for stage in "$@"; do
	log=$build/test/$stage.log t0=$(date +%s)
	make -j"$(nproc)" --no-print-directory "$stage" >"$log" 2>&1 </dev/null
	rc=$?
	counts=$(awk '/(^|: )[0-9]+ passed, [0-9]+ failed/ {
		for (i = 2; i <= NF; i++) {
			if ($i == "passed,") p += $(i - 1)
			if ($i ~ /^failed,?$/) f += $(i - 1)
		}
	} END { print p + 0, f + 0 }' "$log")
	p=${counts% *} f=${counts#* }
	[ "$rc" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	if [ "$rc" -eq 0 ] && [ "$p" -eq 0 ]; then
		echo "$stage: ran no test"
		f=$((f + 1))
	fi
	printf '%-12s %4d passed, %d failed (%d s)\n' "$stage" "$p" "$f" \
		$(($(date +%s) - t0))
	[ "$f" -eq 0 ] || {
		tail -60 "$log"
		grep -E -A 8 '^(FAIL|not ok|\[  FAILED)|: (error|warning):| Error [0-9]' \
			"$log" | cut -c 1-200 | head -40 | sed "s/^/$stage: /" >>"$wrong"
	}
	passed=$((passed + p)) failed=$((failed + f))
done
cat "$wrong"
echo "total time: $(($(date +%s) - start)) s"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
