#!/bin/bash
# real.sh BUILD [SECONDS] - the gateway against a real server (Debian's pptpd
# and pppd in a User-Mode Linux guest) behind both NATs of the practice
# network, with MS-CHAPv2 and MPPE: SECONDS (600) of pages both ways, then an
# orderly end; then two profiles at once. Not part of "make test".
set -u
here=$(dirname "$(readlink -f "$0")")
prog=$(readlink -f "$1/v6doctor") seconds=${2:-600}
peer=$here/../peer/real-peer.sh
lab=real-$$
. "$here/lib.sh"
end_of_all() { "$peer" down --name "$lab" >/dev/null 2>&1; finish; }
trap end_of_all EXIT
lab_up
"$peer" up --name "$lab" --auth mschapv2 --mppe --addr 198.18.0.1/24 \
	--guest 198.18.0.2/24 >"$t/up" 2>&1 || { cat "$t/up"; exit 1; }
# The guest's network behind the practice network's provider.
out() { ip netns exec "$lab" "$@"; }
on isp ip link add guest type veth peer name isp netns "/run/netns/$lab"
on isp ip addr add 198.18.1.1/30 dev guest
on isp ip link set guest up
on isp ip route add 198.18.0.0/24 via 198.18.1.2
out ip addr add 198.18.1.2/30 dev isp
out ip link set isp up
out ip route add 198.51.100.0/24 via 198.18.1.1
out sysctl -qw net.ipv4.ip_forward=1
ok "the real server is reached through both NATs" until_true 20 \
	host ping -c 1 -W 1 198.18.0.2
# User-Mode Linux misses a wake-up now and then; the next packet brings it back.
out ping -q -i 0.01 198.18.0.2 >/dev/null 2>&1 &
ended+=("$!")

profile a "${lan[@]}"
sed -i 's/^server.*/server = 198.18.0.2/; s/^mru/auth = mschapv2\nmppe = require\nmru/' \
	"$t/a.conf"
look >"$t/before"
connect a || { bad "connect"; cat "$t/a.err"; exit 1; }
status() { gw status --json "$t/$1.conf" | jq "$2"; }
if [ "$(status a .session.encrypted)" = true ]; then good; else bad "no MPPE"; fi
get() { "$@" curl -sf -m 20 -o /dev/null -w '%{size_download}' -g 'http://[2001:db8:ffff::2]/1M'; }
head -c 1048576 /dev/zero >"$t/1M"
ok "a page" until_true 30 get h
end_at=$((SECONDS + seconds)) pages=0 lost=0 bytes=0
while [ $SECONDS -lt $end_at ]; do
	if [ "$(get h)" = 1048576 ]; then
		pages=$((pages + 1)) bytes=$((bytes + 1048576))
	else lost=$((lost + 1)); fi
done
if [ "$pages" -gt 0 ] && [ "$lost" = 0 ]; then good; else bad "$lost pages of $((pages + lost)) did not come"; fi
if [ "$(status a .session.sessions)" = 1 ]; then good; else bad "$(status a .session.sessions) sessions, where one was to last"; fi
echo "real: $pages pages, $((bytes >> 20)) MiB in $seconds s; $(status a '.session | "\(.packets_in) packets in, \(.packets_out) out, \(.packets_dropped) dropped"')"

# A second profile beside it, through the same NATs.
unshare -n sleep infinity &
h2=$!
ended+=("$h2")
until_true 5 sh -c "[ \$(readlink /proc/$h2/ns/net) != \$(readlink /proc/self/ns/net) ]"
ok "disconnect" gw disconnect "$t/a.conf"
"$peer" log --name "$lab" ppp >"$t/ppp"
if grep -q 'LCP terminated by peer\|rcvd \[LCP TermReq' "$t/ppp"; then good; else
	bad "the server was not told"
	tail -5 "$t/ppp"
fi
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before"
	head "$t/diff"
fi
host ip link add br1 type veth peer name eth0 netns "$h2"
second() { nsenter -t "$h2" -n "$@"; }
second sysctl -qw net.ipv6.conf.eth0.accept_dad=0 \
	net.ipv6.conf.eth0.router_solicitation_delay=0
second ip link set lo up
second ip link set eth0 up
host ip link set br1 up
until_true 5 sh -c "'$prog' lab exec $lab c1 -- ip -6 addr show dev br1 | grep fe80 | grep -vq tentative"
sed 's/^mru/table = 102\ninterface = v6b\nmru/; s/br0/br1/' "$t/a.conf" >"$t/b.conf"
sed -i 's/^mru/table = 101\ninterface = v6a\nmru/' "$t/a.conf"
look >"$t/before"
connect a || { bad "connect a"; cat "$t/a.err"; }
connect b || { bad "connect b"; cat "$t/b.err"; }
ok "a page from the first LAN" until_true 30 get h
ok "a page from the second LAN" until_true 30 get second
in_of() { status "$1" .session.packets_in; }
a0=$(in_of a) b0=$(in_of b)
get second >/dev/null
a1=$(in_of a) b1=$(in_of b)
if [ $((b1 - b0)) -gt 500 ] && [ $((a1 - a0)) -lt 50 ]; then good
else bad "the second LAN's page came by the wrong tunnel: $((a1 - a0)), $((b1 - b0))"; fi
ok "disconnect b" gw disconnect "$t/b.conf"
ok "the first LAN goes on" until_true 20 get h
ok "disconnect a" gw disconnect "$t/a.conf"
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before both"
	head "$t/diff"
fi
echo "real: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
