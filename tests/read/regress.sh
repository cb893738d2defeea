#!/bin/sh
# regress.sh V6DOCTOR - every capture of captures/ gets its diagnosis, and a
# wrong expectation is noticed.
set -u
v6doctor=$1
ok=0 bad=0

good() { ok=$((ok + 1)); }
fail() { echo "FAILED: $*"; bad=$((bad + 1)); }

for dir in captures/*/; do
	out=$("$v6doctor" regress "${dir%/}")
	status=$?
	n=$(printf '%s\n' "$out" | sed -n 's/.* \([0-9]*\) as expected.*/\1/p')
	if [ $status -eq 0 ] && [ "${n:-0}" -gt 0 ]; then
		ok=$((ok + n))
		printf '%s\n' "$out" | grep 'reports were recorded'
	else
		printf '%s\n' "$out"
		fail "regress $dir: status $status"
	fi
done

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cp captures/real/no-ra.pcap "$tmp/a.pcap"

# expect STATUS TEXT: what regress says of $tmp
expect() {
	out=$("$v6doctor" regress "$tmp" 2>&1)
	status=$?
	case $status:$out in
	"$1":*"$2"*) good ;;
	*) fail "expected $1 and '$2', got $status and: $out" ;;
	esac
}

expect 2 "cannot open $tmp/a.expect"
echo 'cause ra-zero-lifetime' >"$tmp/a.expect"
expect 2 'cause: expected ra-zero-lifetime, got ra-absent'
echo 'undecided ra-absent' >"$tmp/a.expect"
expect 2 'undecided: expected ra-absent among them, got none'
echo 'verdict healthy' >"$tmp/a.expect"
expect 2 'verdict: expected healthy, got faulty'
echo 'verdikt healthy' >"$tmp/a.expect"
expect 2 'not understood'
: >"$tmp/a.expect"
expect 2 'expects nothing'
echo 'cause ra-absent' >"$tmp/a.expect"
expect 0 '1 files, 1 as expected'
head -c 2000 captures/real/no-ra.pcap >"$tmp/a.pcap"
expect 2 'cannot be read: after packet'
printf 'inet6 fe80::1%%ppp0 prefixlen 64\n' >"$tmp/b.txt"
printf 'format ifconfig\nhuh 1\n' >"$tmp/b.expect"
expect 2 'line 2 of the .expect file is not understood: huh 1'
printf 'fact v6.small ok\n' >"$tmp/b.expect"
expect 2 'v6.small: expected ok, got none'
rm "$tmp/b.txt" "$tmp/b.expect"
tap=$("$v6doctor" regress --format tap "$tmp")
case $tap in
"TAP version 13
1..1
not ok 1 - a.pcap"*) good ;;
*) fail "TAP: $tap" ;;
esac
"$v6doctor" regress --format junit "$tmp" >"$tmp/junit.xml"
status=$?
if [ $status -eq 2 ] && grep -q '<failure' "$tmp/junit.xml" &&
	xmllint --noout --schema tests/cli/junit.xsd "$tmp/junit.xml" 2>"$tmp/err"
then good; else fail "JUnit: status $status, $(cat "$tmp/err")"; fi
"$v6doctor" regress --format xml "$tmp" >"$tmp/out" 2>&1
status=$?
[ $status -eq 64 ] && good || fail "no such format: status $status"

# ---- --update ----

# shows STATUS TEXT OPTION...: what regress --update says of $tmp/u
u=$tmp/u
mkdir "$u"
cp captures/real/no-ra.pcap "$u/a.pcap"
shows() {
	want=$1 text=$2
	shift 2
	out=$("$v6doctor" regress --update "$@" "$u" 2>&1 </dev/null)
	status=$?
	case $status:$(printf '%s' "$out" | tr -s ' \n' ' ') in
	"$want":*"$text"*) good ;;
	*) fail "--update: expected $want and '$text', got $status: $out" ;;
	esac
}
# holds LINE...: a.expect has these and no others
holds() {
	printf '%s\n' "$@" | cmp -s - "$u/a.expect" && good ||
		fail "a.expect: $(cat "$u/a.expect")"
}

printf '# why\n\ncause lan-down\nverdict faulty\ncertainty likely\n' \
	>"$u/a.expect"
cp "$u/a.expect" "$tmp/before"
chmod 640 "$u/a.expect"
shows 2 '- cause lan-down + cause ra-absent - certainty likely + certainty certain'
shows 2 'nothing is written'
cmp -s "$u/a.expect" "$tmp/before" && good || fail '--update writes unasked'
shows 0 '1 of 1 written' --yes
holds '# why' '' 'cause ra-absent' 'verdict faulty' 'certainty certain'
[ "$(stat -c %a "$u/a.expect")" = 640 ] && good || fail 'mode of a.expect'
shows 0 '1 as expected'
# what a finding took the place of is said once
printf 'undecided lan-down\ncause ra-absent\n' >"$u/a.expect"
shows 0 '1 of 1 written' --yes
holds 'cause ra-absent'
# what nothing is to be said of now, and what only a person can say
printf 'cause ra-absent\nvalue bytes 1300\nhuh 1\n' >"$u/a.expect"
shows 2 '- value bytes 1300 ? huh 1' --yes
holds 'cause ra-absent' 'huh 1'
# none, and an empty one: all
all='verdict faulty
cause ra-absent
certainty certain
sessions 1'
: >"$u/a.expect"
shows 0 '+ verdict faulty + cause ra-absent' --yes
holds "$all"
rm "$u/a.expect"
shows 0 '1 of 1 written' --yes
holds "$all"
# candidates instead of a cause
cp captures/faults/frag_drop_in.pcap "$u/a.pcap"
shows 0 '- cause ra-absent + undecided' --yes
grep -q '^undecided .*gre' "$u/a.expect" && good || fail "$(cat "$u/a.expect")"
shows 0 '1 as expected'
# a text's picture is its writer's
rm "$u"/*
cp captures/text/curl-refused.txt "$u/a.txt"
printf 'verdict healthy\nleft-out 7\n' >"$u/a.expect"
shows 2 '- verdict healthy + verdict undetermined ? left-out 7' --yes
holds 'verdict undetermined' 'left-out 7'
# no terminal but an answer is none; a file that cannot be written
echo y | "$v6doctor" regress --update "$u" >"$tmp/out" 2>&1
[ $? -eq 2 ] && good || fail 'an answer from a pipe'
head -c 20000 /dev/zero | tr '\0' '#' >"$u/a.expect"
shows 2 'too long' --yes
shows 64 'is for people' --format tap
"$v6doctor" regress --yes "$u" >"$tmp/out" 2>&1
[ $? -eq 64 ] && grep -q 'about --update' "$tmp/out" && good ||
	fail '--yes alone'

echo "regress: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
