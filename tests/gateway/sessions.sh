#!/bin/bash
# sessions.sh BUILD - two profiles at once, to one server through one NAPT,
# each with a LAN and a table of its own; each goes by its own tunnel, and one
# that ends leaves the other alone.
set -u
prog=$(readlink -f "$1/v6doctor")
lab=sessions-$$
. "$(dirname "$0")/lib.sh"
lab_up
unshare -n sleep infinity &
h2=$!
ended+=("$h2")
until_true 5 sh -c "[ \$(readlink /proc/$h2/ns/net) != \$(readlink /proc/self/ns/net) ]"
host ip link add br1 type veth peer name eth0 netns "$h2"
second() { nsenter -t "$h2" -n "$@"; }
second sysctl -qw net.ipv6.conf.eth0.accept_dad=0 \
	net.ipv6.conf.eth0.router_solicitation_delay=0
second ip link set lo up
second ip link set eth0 up
host ip link set br1 up
until_true 5 sh -c "'$prog' lab exec $lab c1 -- ip -6 addr show dev br1 | grep fe80 | grep -vq tentative"
profile a "${lan[@]}"
sed -i 's/^mru/table = 101\ninterface = v6a\nmru/' "$t/a.conf"
profile b '[lan]' 'interface = br1' 'suffix = ::64' '[firewall]' 'policy = no-syn'
sed -i 's/^mru/table = 102\ninterface = v6b\nmru/' "$t/b.conf"
mkdir -p "$t/state/run"
uplink_up
ok "the uplink's own default route" until_true 20 native
until_true 5 sh -c "! '$prog' lab exec $lab c1 -- ip -6 addr show tentative | grep -q ."
look >"$t/before"
connect a || { bad "connect a"; cat "$t/a.err"; }
ok "the uplink keeps its default route" native
until_true 5 sh -c "! '$prog' lab exec $lab c1 -- ip -6 addr show tentative | grep -q ."
look >"$t/with-a"
connect b || { bad "connect b"; cat "$t/b.err"; }
page() { "$@" curl -s -m 5 -o /dev/null -w '%{size_download}' -g 'http://[2001:db8:b::80]/big' | grep -q 262144; }
ok "a page from the first LAN" until_true 20 page h
ok "a page from the second LAN" until_true 20 page second
in_of() { gw status --json "$t/$1.conf" | jq .session.packets_in; }
a0=$(in_of a) b0=$(in_of b)
page second
a1=$(in_of a) b1=$(in_of b)
if [ $((b1 - b0)) -gt 100 ] && [ $((a1 - a0)) -lt 50 ]; then good
else bad "the second LAN's page came by the wrong tunnel: $((a1 - a0)), $((b1 - b0))"; fi
ok "the two LANs have two prefixes" sh -c \
	"[ \$(nsenter -t $h -n ip -6 addr show scope global | grep -o '2001:db8:1:[0-9a-f]*:' | sort -u) != \
	\$(nsenter -t $h2 -n ip -6 addr show scope global | grep -o '2001:db8:1:[0-9a-f]*:' | sort -u) ]"
ok "disconnect b" gw disconnect "$t/b.conf"
look >"$t/after-b"
if diff "$t/with-a" "$t/after-b" >"$t/diff"; then good; else
	bad "what b undid is not as before b"
	head "$t/diff"
fi
ok "the first LAN goes on" page h
# A tunnel that is down does not let its LAN out by another way.
ok "disconnect a" gw disconnect "$t/a.conf"
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before"
	head "$t/diff"
fi

# The one that switched forwarding on ends first: the other takes it over.
connect a || { bad "connect a again"; cat "$t/a.err"; }
connect b || { bad "connect b again"; cat "$t/b.err"; }
ok "disconnect a before b" gw disconnect "$t/a.conf"
ok "the second LAN goes on" until_true 20 page second
ok "disconnect b at last" gw disconnect "$t/b.conf"
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before both"
	head "$t/diff"
fi
# Rules that somebody flushes come back.
connect a || { bad "connect a"; cat "$t/a.err"; }
host nft flush ruleset
ok "the packet filter is made again" until_true 15 sh -c \
	"'$prog' lab exec $lab c1 -- nft list chain ip6 v6doctor_a forward | grep -q drop"
ok "disconnect" gw disconnect "$t/a.conf"
echo "sessions: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
