#!/bin/sh
# run.sh BUILD "BESIDE..." STAGE... - runs the stages of "make test" one after
# another, and those BESIDE, which only compute, one after another at the same
# time and with the lowest priority: the others mostly wait for a network.
#
# A stage is a make target whose output has lines "N passed, M failed" (a word
# and a colon may stand before them). What each prints is kept in
# BUILD/test/STAGE.log and its end shown when it fails. Once all have run, what
# failed is named again with the lines under it; ends with one line for all.
set -u
unset MAKEFLAGS MAKELEVEL MFLAGS
build=$1 beside=$2 start=$(date +%s)
shift 2
mkdir -p "$build/test"
rm -f "$build"/test/*.count "$build"/test/*.wrong

stage() { # STAGE [NICE...]
	name=$1 log=$build/test/$1.log t0=$(date +%s)
	shift
	"$@" make -j"$(nproc)" --no-print-directory "$name" >"$log" 2>&1 </dev/null
	rc=$?
	counts=$(awk '/(^|: )[0-9]+ passed, [0-9]+ failed/ {
		for (i = 2; i <= NF; i++) {
			if ($i == "passed,") p += $(i - 1)
			if ($i ~ /^failed,?$/) f += $(i - 1)
		}
	} END { print p + 0, f + 0 }' "$log")
	p=${counts% *} f=${counts#* } none=
	[ "$rc" -eq 0 ] || [ "$f" -gt 0 ] || f=1
	if [ "$rc" -eq 0 ] && [ "$p" -eq 0 ]; then
		none="$name: ran no test
"
		f=$((f + 1))
	fi
	end=
	[ "$f" -eq 0 ] || {
		end=$(tail -60 "$log" && echo .)
		end=${end%.}
		grep -E -A 8 '^(FAIL|not ok|\[  FAILED)|: (error|warning):| Error [0-9]' \
			"$log" | cut -c 1-200 | head -40 |
			sed "s/^/$name: /" >"$build/test/$name.wrong"
	}
	printf '%s%-12s %4d passed, %d failed (%d s)\n%s' "$none" "$name" "$p" \
		"$f" $(($(date +%s) - t0)) "$end"
	echo "$p $f" >"$build/test/$name.count"
}

(for s in $beside; do stage "$s" nice -n 19; done) &
for s in "$@"; do stage "$s" env; done
wait
cat "$build"/test/*.wrong 2>/dev/null
echo "total time: $(($(date +%s) - start)) s"
# A stage without a count did not come to its end.
awk -v n=$(($# + $(echo "$beside" | wc -w))) '{ p += $1; f += $2 }
	END { f += n - NR; print p + 0 " passed, " f " failed"; exit f > 0 }' \
	"$build"/test/*.count
