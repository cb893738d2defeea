#!/bin/bash
# noroot.sh PROGRAM - with less than root's rights: what can be done is done,
# the rest is skipped with its reason, nothing is made on the host.
set -u
prog=$(readlink -f "$1")
lab=noroot-$$
t=$(mktemp -d /tmp/v6d-noroot.XXXXXX)
trap '"$prog" lab down $lab >/dev/null 2>&1; rm -rf "$t"' EXIT
chmod 755 "$t"
cp "$prog" "$t/v6doctor"
passed=0 failed=0

profile() { # OWNER
	mkdir "$t/$1"
	echo secret >"$t/$1/password"
	chmod 600 "$t/$1/password"
	cat >"$t/$1/c1.conf" <<-P
	[tunnel]
	server = 203.0.113.10
	user = alice
	password-file = $t/$1/password
	[probe]
	ipv6-target = 2001:db8:b::80
	name = www.example.net
	literal = 2001:db8:b::80
	dns-server = 192.0.2.53
	P
	chown -R "$1" "$t/$1"
}
profile nobody
profile root
"$prog" lab up $lab >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }

# expect NAME NODE STATUS FILTER COMMAND...: the program under that command.
expect() {
	name=$1 node=$2 want=$3 filter=$4
	shift 4
	"$prog" lab exec $lab "$node" -- ip -o link >"$t/links"
	"$prog" lab exec $lab "$node" -- "$@" --json >"$t/json" 2>"$t/err"
	rc=$?
	"$prog" lab exec $lab "$node" -- ip -o link | cmp -s - "$t/links" ||
		rc="$rc, links changed"
	if [ "$rc" = "$want" ] && jq -e "$filter" "$t/json" >/dev/null; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: exit status $rc"
		jq -c '[.verdict, .code], (.checks[] | [.probe, .status, .summary])' "$t/json"
		cat "$t/err"
	fi
}
check() { echo "([.checks[] | select(.probe == \"$1\")][0] | .status == \"$2\" and (.summary | test(\"$3\")))"; }
nobody="setpriv --reuid nobody --regid nogroup --clear-groups --bounding-set=-all"

expect "nobody: control and DNS" c1 69 \
	"$(check control pass "takes the call") and $(check dns pass "") and $(check gre skipped "raw sockets") and $(check route skipped "raw sockets") and $(check name skipped "raw sockets")" \
	$nobody "$t/v6doctor" run-all --profile "$t/nobody/c1.conf"
# This node does not listen to advertisements: that is a finding, too.
expect "nobody, on a host with IPv6: name against literal" web 2 \
	"$(check name pass "this host's own IPv6 by name and by address")" \
	$nobody "$t/v6doctor" run-all --profile "$t/nobody/c1.conf"
expect "raw sockets only: GRE and PPP too" c1 69 \
	"$(check gre pass "both ways") and $(check ppp pass "IPV6CP") and $(check route skipped "TUN")" \
	setpriv --bounding-set=-all,+net_raw "$t/v6doctor" run-all \
	--profile "$t/root/c1.conf"
expect "no namespace allowed: no device on the host" c1 69 \
	"$(check gre pass "both ways") and $(check route skipped "TUN")" \
	setpriv --bounding-set=-all,+net_raw,+net_admin "$t/v6doctor" \
	run-all --profile "$t/root/c1.conf"
expect "no /dev/net/tun" c1 69 \
	"$(check gre pass "both ways") and $(check route skipped "/dev/net/tun")" \
	unshare -m sh -c 'mount -t tmpfs none /dev/net && exec "$@"' sh \
	"$t/v6doctor" run-all --profile "$t/root/c1.conf"
if grep -q "modprobe tun" "$t/err"; then passed=$((passed + 1)); else
	failed=$((failed + 1)) && echo "FAILED: no word of what to do"; fi
echo "no root: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
