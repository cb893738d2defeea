#!/bin/bash
# adopt.sh V6DOCTOR - a report to a fixture that regress agrees with, without
# anything that tells whose it is; what cannot be adopted leaves no file.
set -u
v6doctor=$1
command=adopt
# shellcheck source=tests/read/check.sh
. "$(dirname "$0")/check.sh"
dir=$tmp/dir
mkdir "$dir"
capture=captures/faults/gre_size_in_1300_nat2.pcap

umask 022
check 'a capture' 0 'cause gre-size-limit certainty certain' \
	--note 'a router, 1300' --mapping "$tmp/map" "$capture" "$dir"
base=$dir/gre_size_in_1300_nat2
head -1 "$base.expect" | grep -qx '# a router, 1300' && good || fail 'the note'
grep -qx 'direction in' "$base.expect" && good || fail "$(cat "$base.expect")"
[ "$(stat -c %a "$base.pcapng" "$base.expect" "$tmp/map" | xargs)" = \
	'644 644 600' ] && good || fail "modes: $(ls -l "$dir" "$tmp/map")"
if grep -qawE '192\.168\.11\.2|203\.0\.113\.10|alice' "$base.pcapng"; then
	fail 'whose report it is'
else
	good
fi
grep -q ' 203.0.113.10$' "$tmp/map" && good || fail 'the mapping'
for f in captures/real/*.pcap captures/faults/*.pcap; do
	"$v6doctor" adopt --name "of.$(basename "$f" .pcap)" "$f" "$dir" \
		>"$tmp/out" 2>&1 && good || fail "$f: $(cat "$tmp/out")"
done
for f in captures/traces/{gre-size-in-1454-nat2,ra-absent,dns-aaaa-drop}*.gz; do
	check "$f" 0 'verdict faulty' "$f" "$dir"
done
"$v6doctor" regress --strict "$dir" >"$tmp/out" && good ||
	fail "regress: $(cat "$tmp/out")"

n=$(find "$tmp" | wc -l)
check 'twice' 69 'is there already' "$capture" "$dir"
check 'another name' 0 "$dir/again.pcapng" --name again "$capture" "$dir"
rm "$dir"/again.*
for name in ../x a/b '' .x -x 'a b' "$(printf 'x%.0s' {1..90})"; do
	check "the name '$name'" 64 'no name for a fixture' --name "$name" \
		"$capture" "$dir"
done
check 'a note of two lines' 64 'one line' --note $'a\nverdict healthy' \
	--name x "$capture" "$dir"
check 'a text' 64 'is a text' captures/text/curl-refused.txt "$dir"
check 'standard input' 64 'no pipe' --name x - "$dir"
check 'one argument' 64 'a report and a folder' "$capture"
check 'no folder' 69 'cannot be saved' "$capture" "$tmp/none"
check 'no report' 66 'cannot open' "$tmp/none.pcap" "$dir"
head -c 24 "$capture" >"$tmp/none.pcap"
check 'no session' 65 'no PPTP session' "$tmp/none.pcap" "$dir"
gzip -dc captures/traces/ra-absent.pcapng.gz | head -c 20000 >"$tmp/cut.pcapng"
check 'a damaged one' 65 'is damaged' "$tmp/cut.pcapng" "$dir"
[ "$(find "$tmp" | wc -l)" = $((n + 2)) ] && good || fail 'files are left'

echo "adopt: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
