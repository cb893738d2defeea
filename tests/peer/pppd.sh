#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pppd.sh V6DOCTOR - connect with "engine = pppd" and a real pppd and pptp, in
# a User-Mode Linux guest, against "v6doctor peer" on this host: the session
# with and without encryption, a page for the LAN, its end, a crash, and what
# is told where it fails. The guest's kernel has no packet filter for IPv6: one
# that only keeps the text stands in its place (nft_standin.c).
set -u
here=$(dirname "$(readlink -f "$0")")
v=$(readlink -f "$1")
peer=$here/real-peer.sh
name=fd$$
tmp=$(mktemp -d)
passed=0 failed=0 server='' web='' ticker=''

finish() {
	for p in $server $web $ticker; do kill "$p" 2>/dev/null; done
	"$peer" down --name "$name" >/dev/null 2>&1
	rm -rf "$tmp"
}
trap finish EXIT
"$peer" up --name "$name" --role client --server 192.0.2.1 >"$tmp/up" 2>&1 || {
	cat "$tmp/up"
	echo "connect by pppd: 0 passed, 1 failed"
	exit 1
}
(umask 077 && echo secret >"$tmp/password")
mkdir "$tmp/www"
head -c 300000 /dev/zero >"$tmp/www/page"
in_net="ip netns exec $name"
(cd "$tmp/www" && exec $in_net python3 -m http.server --bind :: 80) \
	>/dev/null 2>&1 &
web=$!
$in_net ping -q -i 0.01 192.0.2.2 >/dev/null 2>&1 &
ticker=$!
# Behind the server, as the server's own address is on the LAN's link.
ip -n "$name" -6 addr add 2001:db8:ffff::2/128 dev lo

serve() { # LINE...
	if [ -n "$server" ]; then
		kill "$server"
		wait "$server" 2>/dev/null
	fi
	printf '%s\n' '[peer]' 'user = alice' "password-file = $tmp/password" \
		"$@" >"$tmp/peer.conf"
	mkfifo "$tmp/ready"
	$in_net "$v" peer --profile "$tmp/peer.conf" --verbose --ready-fd 3 \
		3>"$tmp/ready" >"$tmp/server" 2>&1 &
	server=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}

# The doctor goes along with what it needs: the guest has another C library.
d=$("$peer" folder --name "$name")/doctor
mkdir -p "$d"
cp "$v" $(ldd "$v" | grep -o '/[^ ]*') "$d"
printf 'LIBNFTABLES_1 { global: nft_*; local: *; };\n' >"$tmp/map"
${CC:-cc} -D_GNU_SOURCE -O2 -shared -fPIC -Wl,-soname,libnftables.so.1 \
	-Wl,--version-script="$tmp/map" -o "$d/libnftables.so.1" \
	"$here/nft_standin.c" || exit 1
cat >"$d/a.conf" <<C
[tunnel]
server = 192.0.2.1
user = alice
password-file = /run/password
engine = pppd
mtu = 1444
mru = 1444
[lan]
interface = br0
suffix = ::64
C
sed 's/^user.*/user = mallory/' "$d/a.conf" >"$d/wrong.conf"
cat >"$d/lib.sh" <<'G'
cd /inst/doctor
doctor() {
	c=$1 && shift
	./ld-linux-x86-64.so.2 --library-path . ./v6doctor "$c" --state /run/st "$@"
}
until_true() {
	local end=$((SECONDS + 60))
	while [ $SECONDS -lt $end ]; do "$@" >/dev/null 2>&1 && return; sleep 0.1; done
	return 1
}
look() { # all that connect may touch, without lifetimes
	ip -6 -o addr | sed 's/ *\\.*//' | grep -v tentative
	ip -6 route | sed 's/ expires.*//'
	ip link | grep -o '^[0-9]*: [^:]*'
	sysctl -a -r 'ipv6.conf.(all|br0).(forwarding|accept_ra|mtu|hop_limit)' 2>/dev/null
	# pptp keeps its folder, pppd its database.
	ls -A /run /run/ppp /run/st | grep -v -e '^out\.' -e '^cmd\.' -e '^nft\.' \
		-e pppd2.tdb -e '^pptp$'
	pgrep -r R,S,D -l "pppd|pptp|radvd"
	true
}
as_before() { look >/run/log/after; diff /run/log/before /run/log/after >/run/log/diff; }
up() { # PROFILE
	mkfifo /run/ready
	doctor connect --ready-fd 9 ./$1.conf 9>/run/ready >/run/log/out 2>&1 &
	job=$!
	read -r -t 120 line </run/ready
	rm /run/ready
	[ "$line" = up ] || { cat /run/log/out; exit 1; }
}
page() {
	n=$(ip netns exec h timeout 20 bash -c 'exec 5<>/dev/tcp/2001:db8:ffff::2/80
		printf "GET /page HTTP/1.0\r\n\r\n" >&5; cat <&5' | tr -cd '\0' | wc -c)
	[ "$n" = 300000 ]
}
pid() { cat /run/st/run/a/pid; }
state() { doctor status --json ./a.conf; }
G
chmod -R a+rX "$d"

# Its last line of output says what went wrong.
case_() { # WORDS SCRIPT
	if "$peer" exec --name "$name" -- ". /inst/doctor/lib.sh; $2" >"$tmp/out" 2>&1
	then
		echo "ok   $1"
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		sed 's/^/    /' "$tmp/out" "$tmp/server"
		"$peer" exec --name "$name" -- 'cat /run/log/out; tail -30 /run/log/messages' | sed 's/^/    /'
		failed=$((failed + 1))
	fi
}
serve 'auth = mschapv2' 'mppe = require'
case_ "a LAN behind the guest" '
	cp password /run/password 2>/dev/null || (umask 077; echo secret >/run/password)
	ip netns add h
	ip link add br0 type veth peer name eth0 netns h
	ip -n h link set eth0 up; ip link set br0 up
	mkdir -p /run/st
	until_true sh -c "ip -6 addr show dev br0 | grep -q fe80"
	# its own first look at the link, too, takes a second
	until_true sh -c "ip -6 addr show dev eth0 | grep -q fe80"
	until_true sh -c "! ip -6 addr | grep -q tentative"
	look >/run/log/before'
case_ "encryption that the server demands, and a page" '
	up a; state >/run/log/json
	grep -q "\"encrypted\": true" /run/log/json || { cat /run/log/json; exit 1; }
	[ ! -e /run/st/run/a/pppd.options ] || exit 1
	[ "$(ip -6 -o addr show dev v6tun0 scope global | wc -l)" = 1 ] || { ip -6 addr; exit 1; }
	until_true sh -c "ip -n h -6 addr show dev eth0 | grep 2001:db8:"
	until_true page'
case_ "pppd dies, and there is another session" '
	kill -9 $(pgrep -x pppd)
	until_true sh -c ". /inst/doctor/lib.sh; state | grep -q \"\\\"sessions\\\": 2\"" || { state; exit 1; }
	until_true page'
case_ "its end leaves nothing" '
	doctor disconnect ./a.conf || exit 1
	as_before || { cat /run/log/diff; exit 1; }'
serve 'auth = mschapv2' 'mppe = refuse'
case_ "a crash, without encryption" '
	up a
	state | grep -q "\"encrypted\": false" || { state; exit 1; }
	kill -9 $(pid); wait $job
	until_true sh -c "! pgrep -r R,S,D \"pppd|pptp|radvd\""
	[ -e /run/v6tun0.pid ] || exit 1
	doctor restore ./a.conf || exit 1
	as_before || { cat /run/log/diff; exit 1; }'
case_ "a wrong user name" '
	doctor connect ./wrong.conf >/run/log/out 2>&1
	[ $? = 2 ] && tr "\n" " " </run/log/out | tr -s " " | grep -q "rejected (while authenticating)" || exit 1
	as_before || { cat /run/log/diff; exit 1; }'
serve 'ipv6 = no'
case_ "a server without IPv6" '
	doctor connect ./a.conf >/run/log/out 2>&1
	[ $? = 2 ] && tr "\n" " " </run/log/out | tr -s " " | grep -q "rejected IPV6CP" || exit 1
	as_before || { cat /run/log/diff; exit 1; }'
echo "connect by pppd: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
