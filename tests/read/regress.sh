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

echo "regress: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
