#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# topology.sh up|down PREFIX - a network that v6doctor's own lab did not make:
# namespaces of "ip netns" with other names, addresses and rules; the PPTP
# server is not in it: it is put behind PREFIXisp on the interface "up0".
#
#   c1 --+
#        +--[br0 nat1 wan0]--[lan0 nat2 wan0]--[dn0 isp up0]-- the server
#   c2 --+   192.168.11/24    192.168.24/24   198.51.100/24   203.0.113/24
#
# Both NATs masquerade with a PPTP helper (nft "table ip nat"). "table inet
# fault" is empty, for rules of a test's own.
set -eu
P=$2
NODES="c1 c2 nat1 nat2 isp"

down() {
	for n in $NODES; do
		[ ! -e "/run/netns/$P$n" ] || ip netns del "$P$n"
	done
}
ns() { # ns NODE COMMAND...
	n=$1
	shift
	ip netns exec "$P$n" "$@"
}
links() {
	ip -batch - <<-B
	link add eth0 netns ${P}c1 type veth peer name p1 netns ${P}nat1
	link add eth0 netns ${P}c2 type veth peer name p2 netns ${P}nat1
	link add wan0 netns ${P}nat1 type veth peer name lan0 netns ${P}nat2
	link add wan0 netns ${P}nat2 type veth peer name dn0 netns ${P}isp
	B
}
router() { # router NODE: forwards IPv4, knows no IPv6
	ns "$1" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward
		echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
		echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
}
nat() { # nat NODE
	ns "$1" nft -f - <<-N
	table ip nat {
		ct helper pptp { type "pptp" protocol tcp; l3proto ip; }
		chain pre {
			type filter hook prerouting priority -150;
			tcp dport 1723 ct helper set "pptp"
		}
		chain post {
			type nat hook postrouting priority srcnat;
			oifname "wan0" masquerade
		}
		chain fw {
			type filter hook forward priority 0; policy accept;
			iifname "wan0" ct state established,related accept
			iifname "wan0" drop
		}
	}
	N
}
up() {
	down
	for n in $NODES; do
		ip netns add "$P$n"
		ip -n "$P$n" link set lo up
	done
	for n in nat1 nat2 isp; do router $n; done
	links
	ip -n "${P}nat1" -batch - <<-B
	link add br0 type bridge forward_delay 0 mcast_snooping 0
	link set p1 master br0 up
	link set p2 master br0 up
	link set br0 up
	link set wan0 up
	addr add 192.168.11.1/24 dev br0
	addr add 192.168.24.2/24 dev wan0
	route add default via 192.168.24.1
	B
	for i in 1 2; do
		ip -n "${P}c$i" -batch - <<-B
		link set eth0 up
		addr add 192.168.11.$((i + 1))/24 dev eth0
		route add default via 192.168.11.1
		B
	done
	ip -n "${P}nat2" -batch - <<-B
	link set lan0 up
	link set wan0 up
	addr add 192.168.24.1/24 dev lan0
	addr add 198.51.100.2/24 dev wan0
	route add default via 198.51.100.1
	B
	ip -n "${P}isp" -batch - <<-B
	link set dn0 up
	addr add 198.51.100.1/24 dev dn0
	B
	nat nat1
	nat nat2
	for n in $NODES; do ns $n nft add table inet fault; done
	# The bridge is deaf until its ports are known to be up.
	ns c1 ping -q -c 1 -w 10 198.51.100.1 >/dev/null
}

case $1 in
up) up ;;
down) down ;;
*) exit 64 ;;
esac
