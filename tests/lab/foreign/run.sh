#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh V6DOCTOR - the same verdicts where somebody else made the network: the
# namespaces of topology.sh, rules put in by hand, a real pptpd behind them.
set -u
here=$(dirname "$(readlink -f "$0")")
v=$(readlink -f "$1")
peer=$here/../../peer/real-peer.sh
me=ff$$
P=$me-
tmp=$(mktemp -d)
passed=0 failed=0
pids=

finish() {
	[ -z "$pids" ] || kill $pids 2>/dev/null
	"$peer" down --name "$me" >/dev/null 2>&1
	sh "$here/topology.sh" down "$P"
	rm -rf "$tmp"
}
trap finish EXIT

isp() { ip netns exec "${P}isp" "$@"; }

services() { # a resolver and an IPv4 web server at the provider's
	mkdir "$tmp/www"
	echo hello >"$tmp/www/hello"
	# Goes into the background when its sockets are open.
	isp dnsmasq --conf-file=/dev/null --pid-file="$tmp/dnsmasq" \
		--user=root --no-resolv --no-hosts --bind-interfaces \
		--listen-address=198.51.100.1 --local=/example.net/ \
		--host-record=www.example.net,198.51.100.1,2001:db8:ffff::2
	pids="$pids $(cat "$tmp/dnsmasq")"
	ip netns exec "${P}isp" python3 -m http.server -b 198.51.100.1 -d "$tmp/www" 80 \
		>"$tmp/http.log" 2>&1 &
	pids="$pids $!"
	isp curl -s -o /dev/null --retry 9 --retry-connrefused http://198.51.100.1/
	# User-Mode Linux misses a wake-up now and then; the next packet brings
	# it back. Without these, single packets seem lost.
	ip netns exec "${P}isp" ping -q -i 0.01 203.0.113.10 >/dev/null 2>&1 &
	pids="$pids $!"
}

profile() {
	(umask 077 && echo secret >"$tmp/password")
	cat >"$tmp/profile.conf" <<-C
	[tunnel]
	server = 203.0.113.10
	user = alice
	password-file = $tmp/password
	mtu = 1444
	[probe]
	ipv6-target = 2001:db8:ffff::2
	ipv4-target = 198.51.100.1
	name = www.example.net
	literal = 2001:db8:ffff::2
	page = /big
	dns-server = 198.51.100.1
	C
}

# try WORDS "STATUS CAUSES VALUES": run-all in c1, judged.
try() {
	ip netns exec "${P}c1" "$v" run-all --profile "$tmp/profile.conf" \
		--json >"$tmp/report" 2>"$tmp/errors" </dev/null
	if python3 "$here/../judge.py" "$2" $? "$tmp/report" >"$tmp/wrong"; then
		echo "ok   $1"
		return 0
	fi
	echo "FAIL $1: $(cat "$tmp/wrong")"
	sed 's/^/    /' "$tmp/errors" "$tmp/report"
	return 1
}

# case_, with what try takes: when it went wrong, it has to go right twice.
case_() {
	if try "$@" >"$tmp/said"; then
		cat "$tmp/said"
		passed=$((passed + 1))
		return
	fi
	sed 's/^FAIL/twice more:/' "$tmp/said"
	if try "$@" && try "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
	fi
}

rule() { # rule NODE "HOOK" "RULE"
	ip netns exec "$P$1" nft -f - <<-N
	table inet fault {
		chain c { type filter hook $2 priority -10; policy accept;
			$3
		}
	}
	N
}
mend() { ip netns exec "$P$1" nft flush table inet fault; }

sh "$here/topology.sh" up "$P" || exit 1
"$peer" up --name "$me" --netns "${P}isp" --tap up0 --addr 203.0.113.1/24 \
	--guest 203.0.113.10/24 --auth mschapv2 --mtu 1444 || exit 1
"$peer" exec --name "$me" -- \
	'for i in 1 2 3; do cat /run/www/100k; done >/run/www/big' || exit 1
services
profile

case_ "healthy" "0 - -"
rule isp forward "meta l4proto 47 drop"
case_ "GRE dropped" "2 ?gre-blocked -"
mend isp
rule nat2 forward 'iifname "wan0" meta l4proto 47 ip length > 1454 drop'
case_ "GRE over 1454 bytes dropped, inwards" \
	"2 gre-size-limit limit_bytes=1454 direction=in"
mend nat2
rule isp forward 'iifname "dn0" meta l4proto 47 ip length > 1400 drop'
case_ "GRE over 1400 bytes dropped, outwards" \
	"2 gre-size-limit limit_bytes=1400 direction=out"
mend isp
rule isp forward "tcp dport 1723 drop"
case_ "port 1723 dropped" "2 ?control-blocked|server-unreachable -"
mend isp
rule nat1 forward \
	'iifname "br0" meta l4proto 47 reject with icmp type admin-prohibited'
case_ "GRE refused by the first router" "2 gre-blocked-first-hop -"
mend nat1
ip netns exec "${P}nat2" nft flush chain ip nat pre
case_ "no PPTP helper" "2 ?napt-no-helper|gre-blocked -"

echo "a network and a server of others: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
