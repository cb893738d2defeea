#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# run.sh V6DOCTOR - run-all against a real pptpd, pppd and radvd, as they come
# with Debian, in a User-Mode Linux guest; each case with a guest of its own.
set -u
here=$(dirname "$(readlink -f "$0")")
v=$(readlink -f "$1")
only=${2:-}
peer=$here/real-peer.sh
tmp=$(mktemp -d)
passed=0 failed=0 ticker= again=()

finish() {
	[ -z "$ticker" ] || kill "$ticker" 2>/dev/null
	[ ! -s "$tmp/dnsmasq" ] || kill "$(cat "$tmp/dnsmasq")" 2>/dev/null
	"$peer" down --name "fp$$" >/dev/null 2>&1
	rm -rf "$tmp"
}
trap finish EXIT

(umask 077 && echo secret >"$tmp/password")
cat >"$tmp/profile.conf" <<C
[tunnel]
server = 192.0.2.2
user = alice
password-file = $tmp/password
mtu = 1444
[probe]
ipv6-target = 2001:db8:ffff::2
page = /big
name = www.example.net
literal = 2001:db8:ffff::2
dns-server = 192.0.2.1
C

resolver() { # in the background when it returns, its sockets open
	ip netns exec "fp$$" dnsmasq --conf-file=/dev/null --user=root \
		--pid-file="$tmp/dnsmasq" --no-resolv --no-hosts \
		--bind-interfaces --listen-address=192.0.2.1 \
		--local=/example.net/ \
		--host-record=www.example.net,192.0.2.2,2001:db8:ffff::2
}

# try WORDS "STATUS CAUSES VALUES" OPTIONS-OF-THE-PEER...
try() {
	words=$1 row=$2 rc=0
	shift 2
	"$peer" up --name "fp$$" "$@" >"$tmp/up" 2>&1 || {
		echo "FAIL $words: no server"
		sed 's/^/    /' "$tmp/up"
		return 1
	}
	"$peer" exec --name "fp$$" -- \
		'for i in 1 2 3; do cat /run/www/100k; done >/run/www/big'
	resolver
	# User-Mode Linux misses a wake-up now and then; the next packet brings
	# it back. Without these, single packets seem lost.
	ip netns exec "fp$$" ping -q -i 0.01 192.0.2.2 >/dev/null 2>&1 &
	ticker=$!
	ip netns exec "fp$$" "$v" run-all --profile "$tmp/profile.conf" \
		--json >"$tmp/report" 2>"$tmp/errors" </dev/null
	if python3 "$here/../lab/judge.py" "$row" $? "$tmp/report" >"$tmp/wrong"
	then
		echo "ok   $words"
	else
		echo "FAIL $words: $(cat "$tmp/wrong")"
		sed 's/^/    /' "$tmp/errors" "$tmp/report"
		"$peer" log --name "fp$$" ppp | tail -40 | sed 's/^/    ppp: /'
		rc=1
	fi
	kill "$ticker" "$(cat "$tmp/dnsmasq")"
	wait "$ticker" 2>/dev/null
	ticker=
	rm -f "$tmp/dnsmasq"
	"$peer" down --name "fp$$" >/dev/null
	return $rc
}

# case_, with what try takes: when it went wrong, it has to go right twice at
# the end, when nothing runs beside it any more.
case_() {
	case $1 in *"$only"*) ;; *) return ;; esac
	if try "$@" >"$tmp/said"; then
		cat "$tmp/said"
		passed=$((passed + 1))
	else
		sed 's/^FAIL/once more at the end:/' "$tmp/said"
		again+=("$(printf '%q ' "$@")")
	fi
}

once_more() {
	for c in "${again[@]}"; do
		if eval "try $c" && eval "try $c"; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done
}

case_ "PAP" "0 - -" --auth pap
case_ "MS-CHAPv2" "0 - -" --auth mschapv2
case_ "CHAP" "0 - -" --auth chap
case_ "EAP" "0 - -" --auth eap
case_ "MPPE" "0 - -" --auth mschapv2 --mppe
case_ "compression offered" "0 - -" --auth mschapv2 --ccp
case_ "other identifiers" "0 - -" --ifid ::a:b:c:d,::e
case_ "wrong password, PAP" "2 auth-rejected -" --auth pap --wrong-secret
case_ "wrong password, MS-CHAPv2" "2 auth-rejected -" --auth mschapv2 \
	--wrong-secret
case_ "no IPv6" "2 ipv6cp-refused -" --no-ipv6 --ipcp
case_ "no router advertisement" "2 ra-absent -" --no-ra
case_ "IPCP offered too" "0 - -" --ipcp
case_ "MTU 1400" "0 - -" --mtu 1400
case_ "path MTU 1300" "0 - -" --path-mtu 1300
once_more

echo "a real server: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
