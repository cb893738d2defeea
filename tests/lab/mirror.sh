#!/bin/bash
# mirror.sh BUILD - the model of the host is like the host: what "ip" and "nft"
# list of both, and where the kernel would send packets in both; and what the
# model lacks is told.
#
# Each host is a namespace of its own, each model what tests/lab/mirror makes
# of it.
set -u
here=$(dirname "$(readlink -f "$0")")
mirror=$(readlink -f "$1")/tests/lab/mirror
t=$(mktemp -d /tmp/v6d-mirror.XXXXXX)
trap 'rm -rf "$t"' EXIT
passed=0 failed=0
export here mirror t

result() { # NAME STATUS [FILE: what is wrong]
	if [ "$2" = 0 ]; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "FAILED: $1"
		[ -z "${3:-}" ] || head -20 "$3"
	fi
}
same() { # NAME HOST MODEL
	diff "$2" "$3" >"$t/diff"
	result "$1" $? "$t/diff"
}

# ---- a host of many parts ----

# The families that see no IPv6 are not mirrored.
look() { # FOLDER
	mkdir -p "$1"
	# New ones count as lasting, checked, and without a route of their own.
	ip -6 -o addr | sed -E 's/ (nodad|noprefixroute)//g
		s/(valid_lft|preferred_lft) [0-9]+sec/\1/g' >"$1/addresses"
	ip -o link | sed -E 's/@[^:]*:/:/; s/ qdisc .*//
		s/,?(BROADCAST|MULTICAST|POINTOPOINT|NOARP|M-DOWN)//g
		s/<,/</' >"$1/links"
	# Ages are not mirrored, and lists are in no order.
	ip -6 -d route show table all | sed -E 's/ expires [0-9]+sec//' |
		sort >"$1/routes"
	ip -6 rule >"$1/rules"
	ip addrlabel >"$1/labels"
	{ nft list ruleset inet && nft list ruleset ip6; } >"$1/filter"
	lookups | ip -6 -force -batch - 2>&1 |
		sed -E 's/ expires [0-9]+sec//; s/^Command failed.*//' >"$1/lookups"
}
lookups() {
	for to in fd99:b1:{0..5}:{1..9}::5 fd99:b1:{a,b,c,c8,d,d1,d2,e,77}00::9 \
		fd99:b1:{100,200,300}:{1,7,20}::1 fd99:b1:8888::1 \
		fd99:b1:9999::1 2001:db8::1 fd00:2::1 fe80::9 ::1; do
		echo "route get $to"
		for how in "from fd99:b1:1:1::1" "from fd99:b1:3:4::1" \
			"mark 0x10" "mark 0x77" "mark 0x99" "mark 1007" \
			"oif w3" "oif t0" "iif w2" "uid 5500" "tos 0x10" \
			"ipproto tcp dport 443"; do
			echo "route get $to $how"
		done
	done
}
# The kernel tells of a lost carrier at most once a second, of several not
# together: until nothing has changed for longer than that.
settle() {
	local before= now same=0
	for _ in $(seq 80); do
		now=$(ip -o link | cut -d'>' -f1)
		[ "$now" = "$before" ] && same=$((same + 1)) || same=0
		[ $same -ge 13 ] && break
		before=$now
		sleep 0.1
	done
}
export -f look lookups settle

# Half-made addresses of the kernel's own would be there at one of two times.
unshare -n bash -c '
	bash "$here/bighost.sh" || exit 1
	for _ in $(seq 50); do
		ip -6 addr show tentative | grep -q . || break
		sleep 0.1
	done
	look "$t/host" && "$mirror" bash -c "settle; look $t/model" 2>"$t/said"
	look "$t/after"' >"$t/log" 2>&1
result "a host of many parts" $? "$t/log"
[ "$(wc -l <"$t/host/filter")" -ge 500 ]
result "its packet filter has 500 lines" $?
[ "$(wc -l <"$t/host/lookups")" -ge 800 ]
result "800 routes are looked up" $?
for what in links addresses routes rules labels filter lookups; do
	same "$what are those of the host" "$t/host/$what" "$t/model/$what"
	same "$what of the host stay" "$t/host/$what" "$t/after/$what"
done
! grep -q without "$t/said"
result "nothing is said to be missing" $? "$t/said"

# ---- each kind of rule ----

# "hook priority|rule": as the kernel tells it, it must take it back.
while IFS='|' read -r base rule; do
	BASE=$base RULE=$rule unshare -n sh -c '
		nft -f - <<-N 2>"$t/nft" || exit 99
		table inet t {
			counter cn { packets 3 bytes 4 }
			quota qn { over 5 mbytes }
			limit ln { rate 10/second }
			ct helper ftp { type "ftp" protocol tcp; }
			ct timeout tt { protocol tcp; policy = { established: 100 }; }
			ct expectation ee { protocol tcp; dport 99; timeout 1m; size 3; l3proto ip6; }
			synproxy sp { mss 1460; wscale 7; timestamp; }
			set s1 { type ipv6_addr; size 100; flags dynamic, timeout; timeout 1m; }
			set s2 { typeof ip6 saddr . tcp dport; flags interval; elements = { 2001:db8::/32 . 1-5 } }
			set s3 { type ipv6_addr; counter; elements = { 2001:db8::1 counter packets 5 bytes 6 } }
			map m1 { type inet_service : verdict; elements = { 1 : accept, 2 : drop } }
			map m2 { type ipv6_addr : ipv6_addr; elements = { 2001:db8::1 : 2001:db8::2 } }
			map m3 { type inet_service : counter; elements = { 1 : "cn" } }
			chain c { type $BASE; policy accept; $RULE; }
		}
		N
		nft list ruleset >"$t/host.nft"
		"$mirror" nft list ruleset >"$t/model.nft" 2>"$t/said"'
	case $? in
	0) same "rule: $rule" "$t/host.nft" "$t/model.nft" ;;
	99) echo "this kernel or nft has no \"$rule\"" ;;
	*) result "rule: $rule" 1 "$t/said" ;;
	esac
done <<'R'
filter hook forward priority 0|accept
filter hook forward priority 0|tcp option maxseg size set rt mtu
filter hook forward priority 0|tcp option maxseg size set 1400
filter hook forward priority 0|reset tcp option fastopen
filter hook forward priority 0|tcp option sack-perm exists drop
filter hook forward priority 0|exthdr frag exists drop
filter hook forward priority 0|rt type 0 drop
filter hook forward priority 0|frag more-fragments 1 drop
filter hook forward priority 0|ip6 hoplimit set 64
filter hook forward priority 0|ip6 dscp set cs3
filter hook forward priority 0|ip6 daddr set 2001:db8::9
filter hook forward priority 0|meta mark set 5
filter hook forward priority 0|ct mark set meta mark
filter hook forward priority 0|ct mark set 7
filter hook prerouting priority -300|ct zone set 5
filter hook prerouting priority -300|notrack
filter hook prerouting priority 0|fib daddr type local accept
filter hook prerouting priority 0|fib saddr . iif oif missing drop
filter hook prerouting priority 0|socket transparent 1 accept
filter hook prerouting priority 0|socket mark 5 accept
filter hook prerouting priority 0|meta l4proto tcp tproxy ip6 to [::1]:5000
filter hook input priority 0|ct count over 5 drop
filter hook input priority 0|ct helper set "ftp"
filter hook input priority 0|ct timeout set "tt"
filter hook input priority 0|ct expectation set "ee"
filter hook input priority 0|ct state invalid drop
filter hook input priority 0|ct status dnat accept
filter hook input priority 0|ct original ip6 saddr 2001:db8::1 accept
filter hook input priority 0|ct label 3 accept
filter hook input priority 0|limit rate 5/second burst 7 packets accept
filter hook input priority 0|limit rate over 10 mbytes/second drop
filter hook input priority 0|limit name "ln" accept
filter hook input priority 0|quota over 10 mbytes drop
filter hook input priority 0|quota name "qn" drop
filter hook input priority 0|counter name "cn"
filter hook input priority 0|counter name tcp dport map @m3
filter hook input priority 0|counter packets 4 bytes 9 accept
filter hook input priority 0|log prefix "x" level warn flags all
filter hook input priority 0|log group 3 snaplen 90
filter hook input priority 0|reject
filter hook input priority 0|meta l4proto tcp reject with tcp reset
filter hook input priority 0|queue num 3 bypass
filter hook input priority 0|tcp dport vmap @m1
filter hook input priority 0|tcp dport vmap { 1 : accept, 2 : drop }
filter hook input priority 0|ip6 saddr . tcp dport @s2 accept
filter hook input priority 0|ip6 saddr @s3 accept
filter hook input priority 0|update @s1 { ip6 saddr limit rate 3/second } accept
filter hook input priority 0|add @s1 { ip6 saddr timeout 5s } accept
filter hook input priority 0|meter mm size 100 { ip6 saddr limit rate 3/second } accept
filter hook input priority 0|meta skuid 1000 accept
filter hook input priority 0|meta cgroup 5 accept
filter hook input priority 0|meta day "Monday" drop
filter hook input priority 0|meta hour "10:00"-"11:00" drop
filter hook input priority 0|meta time < "2030-01-01 00:00:00" accept
filter hook input priority 0|meta pkttype multicast accept
filter hook input priority 0|numgen inc mod 3 0 accept
filter hook input priority 0|jhash ip6 saddr mod 5 1 accept
filter hook input priority 0|symhash mod 2 0 accept
filter hook input priority 0|osf name "Linux" accept
filter hook input priority 0|ipsec in reqid 1 accept
filter hook input priority 0|meta secpath exists accept
filter hook input priority 0|synproxy mss 1460 wscale 7 timestamp
filter hook input priority 0|synproxy name "sp"
filter hook input priority 0|@th,16,16 22 accept
filter hook input priority 0|@ih,0,8 1 accept
filter hook input priority 0|udp length 8-100 accept
filter hook input priority 0|ip6 saddr & ffff:: == 2001:: accept
filter hook input priority 0|ip6 saddr != { 2001:db8::1, 2001:db8::5-2001:db8::9 } drop
filter hook input priority 0|iifname "w*" accept
filter hook input priority 0|iif lo accept
filter hook input priority 0|ip6 nexthdr tcp accept
filter hook input priority 0|meta nftrace set 1
filter hook output priority 0|oifgroup 0 accept
filter hook output priority 0|meta priority set 1:2
route hook output priority mangle|meta mark set ct mark
nat hook postrouting priority 100|masquerade
nat hook postrouting priority 100|masquerade random,persistent
nat hook postrouting priority 100|meta l4proto tcp masquerade to :1024-2048
nat hook postrouting priority 100|snat ip6 to 2001:db8::5-2001:db8::9 fully-random
nat hook postrouting priority 100|snat ip6 prefix to 2001:db8:5::/64
nat hook postrouting priority 100|snat ip6 to ip6 saddr map @m2
nat hook prerouting priority -100|tcp dport 80 dnat ip6 to [2001:db8::5]:90
nat hook prerouting priority -100|tcp dport 80 redirect to :8080
nat hook output priority -100|tcp dport 80 redirect
nat hook prerouting priority -100|dnat ip6 to numgen random mod 2 map { 0 : 2001:db8::1, 1 : 2001:db8::2 }
filter hook output priority 0|rt nexthop 2001:db8::1
R

# ---- what the model lacks ----

lacks() { # NAME WORDS COMMANDS: a host made by the commands
	unshare -n sh -c "$3; exec \"$mirror\" true" >"$t/said" 2>&1 &&
		grep -q "^without .*$2" "$t/said"
	result "told: $1" $? "$t/said"
}
lacks "an ip6tables rule of the old kind" "1 rule of ip6tables-legacy (mangle)" \
	"ip6tables-legacy -t filter -L >/dev/null &&
	ip6tables-legacy -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"
lacks "an ip6tables policy of the old kind" "1 rule of ip6tables-legacy (filter)" \
	"ip6tables-legacy -P FORWARD DROP"
unshare -n sh -c '
	ip6tables-legacy -t nat -L >/dev/null; "$mirror" true;
	cat /proc/net/ip6_tables_names' >"$t/said" 2>&1
[ "$(cat "$t/said" | grep -c without)" = 0 ] && grep -qx nat "$t/said" &&
	! grep -qx filter "$t/said"
result "no table is made, none without rules told" $? "$t/said"
lacks "more interfaces than there is room for" "of the interfaces" \
	'for i in $(seq 66); do ip tuntap add "t$i" mode tun; done'
lacks "temporary addresses" "temporary address" \
	'ip link add a0 type veth peer name b0; ip link set b0 up
	sysctl -qw net.ipv6.conf.a0.use_tempaddr=2; ip link set a0 up
	ip addr add 2001:db8::1/64 dev a0 mngtmpaddr nodad'

echo "model of the host: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
