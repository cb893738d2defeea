#!/bin/bash
# bighost.sh [PART...] - makes the network namespace that it runs in a host of
# many parts: interfaces of the kinds that this kernel has, IPv6 addresses,
# routes in several tables, policy rules, address labels, and a packet filter
# whose ruleset has more than 500 lines. For tests and measurements.
#
# PART: links addrs routes defaults rules labels filter; none named: all.
set -eu

links() {
	for i in 0 1 2 3 4 5; do
		ip link add "w$i" type veth peer name "x$i"
		ip link set "x$i" up
		ip link set "w$i" up
	done
	# Not every kernel has these.
	ip link add d0 type dummy 2>/dev/null && ip link set d0 up
	ip link add link w0 name w0.7 type vlan id 7 2>/dev/null &&
		ip link set w0.7 up
	ip link add br0 type bridge 2>/dev/null && ip link set br0 up
	ip link add link w1 name mv0 type macvlan 2>/dev/null &&
		ip link set mv0 up mtu 1400
	ip tuntap add t0 mode tun # up, and nobody at it: no carrier
	ip link set t0 up mtu 1280
	ip link set w5 down
	ip link set lo up
}

addrs() {
	for i in 0 1 2 3; do
		for j in 1 2 3 4 5 6 7 8 9 a b c d e f; do
			echo "addr add fd99:b1:$i:$j::1/64 dev w$i nodad"
		done
		echo "addr add fd99:b1:$i:ff::1/128 dev w$i nodad"
	done
	echo "addr add fd99:b1:d::1/64 dev w4 nodad preferred_lft 0 valid_lft 7000"
	echo "addr add fd99:b1:d::2/64 dev w4 nodad valid_lft 9000 preferred_lft 5000"
	echo "addr add fd99:b1:d::3 peer fd99:b1:d::4/128 dev w4 nodad"
	echo "addr add fd99:b1:e::1/64 dev w4 nodad noprefixroute"
	echo "addr add fe80::77/64 dev w4 nodad"
	echo "addr add fd00:1::1/64 dev t0 nodad"
	echo "addr add fd99:b1:f::1/128 dev lo nodad"
}

routes() {
	echo "route add fd99:b1:a000::/36 via fe80::3 dev w2 src fd99:b1:2:1::1"
	echo "route add fd99:b1:b000::/36 metric 50 nexthop via fe80::4 dev w0 weight 1 nexthop via fe80::5 dev w1 weight 3"
	echo "route add fd99:b1:c000::/36 via fd99:b1:3:1::99"
	echo "route add fd99:b1:c800::/40 via fd99:b1:dead::1 dev w3 onlink"
	echo "route add unreachable fd99:b1:d000::/36"
	echo "route add prohibit fd99:b1:d100::/40"
	echo "route add blackhole fd99:b1:d200::/40 metric 7"
	echo "route add fd99:b1:e000::/36 from fd99:b1:1::/48 via fe80::6 dev w2"
	echo "route add fd00:2::/32 dev t0 proto bird"
	for t in 100 200 300; do
		for n in $(seq 20); do
			echo "route add fd99:b1:$t:$n::/64 via fe80::$n dev w$((n % 5)) table $t metric $((n + 1))"
		done
		echo "route add default via fe80::$t dev w$((t / 100)) table $t"
	done
	echo "route add throw fd99:b1:7700::/40 table 100"
	echo "route add local fd99:b1:8888::/48 dev lo table 400"
}

# These win over a tunnel's.
defaults() {
	echo "route add default via fe80::1 dev w0 metric 100 mtu 1400"
	echo "route add default via fe80::2 dev w1 metric 200 pref low"
}

rules() {
	echo "rule add from fd99:b1:1::/48 lookup 100 pref 1000"
	echo "rule add to fd99:b1:200::/48 lookup 200 pref 1001"
	echo "rule add fwmark 0x10/0xf0 lookup 300 pref 1002"
	echo "rule add iif w2 lookup 200 pref 1003"
	echo "rule add oif w3 lookup 100 pref 1004"
	echo "rule add ipproto tcp dport 443 lookup 300 pref 1005"
	echo "rule add uidrange 5000-5999 lookup 200 pref 1006"
	echo "rule add tos 0x10 lookup 100 pref 1007"
	echo "rule add not from ::/0 lookup 300 pref 1008"
	echo "rule add from fd99:b1:3:4::/64 unreachable pref 1009"
	echo "rule add to fd99:b1:9999::/48 prohibit pref 1010"
	echo "rule add fwmark 0x77 goto 2000 pref 1011"
	echo "rule add lookup main suppress_prefixlength 0 pref 1900"
	echo "rule add to fd99:b1:8888::/48 lookup 400 pref 2000"
	for n in $(seq 20); do
		echo "rule add to fd99:b1:100:$n::/64 fwmark $((1000 + n)) lookup $((n % 3 * 100 + 100)) pref $((3000 + n))"
	done
}

labels() {
	echo "addrlabel add prefix fd99:b1:2::/48 label 77"
	echo "addrlabel add prefix fd99:b1:3::/48 dev w3 label 78"
	echo "addrlabel del prefix 2001::/32 label 6"
}

filter() {
	cat <<-N
	table inet fw {
		counter dropped { packets 0 bytes 0 }
		quota much { over 500 mbytes }
		limit slow { rate 10/second burst 5 packets }
		set bad4 { type ipv4_addr; flags interval; elements = { 198.51.100.0/24, 203.0.113.66 } }
		set bad6 {
			type ipv6_addr; flags interval; auto-merge
			elements = { $(for i in $(seq 40); do printf 'fd99:b1:bad:%x::/64, ' "$i"; done) fd99:b1:ffff::/48 }
		}
		set seen { type ipv6_addr . inet_service; flags dynamic, timeout; size 4096; timeout 5m; }
		set ports { type inet_proto . inet_service; elements = { tcp . 22, tcp . 80, udp . 53 } }
		map marks { type ipv6_addr : mark; flags interval; elements = { fd99:b1:1::/48 : 1, fd99:b1:2::/48 : 2 } }
		map verdicts { type inet_service : verdict; elements = { 2201 : jump c1, 2202 : goto c2, 2203 : drop } }
	$(for i in $(seq 20); do
		echo "chain c$i {"
		for j in $(seq 18); do
			echo "ip6 daddr fd99:b1:$i:$j::/64 tcp dport $((1000 + i * 20 + j)) counter packets 0 bytes 0 accept comment \"rule $i.$j\""
		done
		echo "}"
	done)
		chain input {
			type filter hook input priority filter; policy drop;
			ct state established,related accept
			meta l4proto gre accept
			iif lo accept
			ip6 saddr @bad6 counter name dropped drop
			meta l4proto ipv6-icmp icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert, packet-too-big, echo-request, echo-reply, time-exceeded, destination-unreachable } accept
			meta l4proto . th dport @ports accept
			tcp dport vmap @verdicts
			tcp flags & (fin | syn | rst | ack) == syn update @seen { ip6 saddr . tcp dport limit rate over 3/second } drop
			quota name "much" drop
			limit name "slow" log prefix "slow: " accept
			meta mark set ip6 saddr map @marks
			udp dport { 500, 4500 } accept
			iifname { "w0", "w1" } tcp dport { 8000-8099, 9000 } accept
			reject with icmpv6 type admin-prohibited
		}
		chain forward {
			type filter hook forward priority filter; policy accept;
			oifname "v6tun0" tcp flags syn tcp option maxseg size set rt mtu
			fib daddr . iif type { blackhole, unreachable } drop
		}
		chain output { type route hook output priority mangle; policy accept; ip6 daddr fd99:b1:7::/48 meta mark set 0x10; ip6 dscp set cs1; }
		chain raw { type filter hook prerouting priority raw; policy accept; udp dport 9 notrack; }
	}
	table ip6 nat {
		chain post { type nat hook postrouting priority srcnat; policy accept; oifname "w0" masquerade; ip6 saddr fd99:b1:1::/48 snat to fd99:b1:0:1::1; }
		chain pre { type nat hook prerouting priority dstnat; policy accept; tcp dport 8080 dnat to [fd99:b1:1:1::1]:80; }
	}
	table ip old {
		chain in { type filter hook input priority 0; policy accept; ip saddr 198.18.0.0/15 drop; }
	}
	N
}

make() {
	case $1 in
	links) links ;;
	filter) filter | nft -f - ;;
	*) "$1" | ip -6 -batch - ;;
	esac
}

[ $# -gt 0 ] || set -- links addrs routes defaults rules labels filter
for part; do
	make "$part"
done
