#!/bin/bash
# paths.sh BUILD - how fast and how right sizes are found, beside tracepath,
# scamper, mtr and rdisc6 on the same practice network in the same run.
#
# The network has a delay of 50 ms and an IPv6 path that swallows packets over
# 1400 bytes without a word. A tool that takes longer than PATIENCE seconds
# (default 90) is stopped. Sizes of GRE are searched in RUNS (default 5) runs.
set -u
bounds=$(dirname "$(readlink -f "$0")")/bounds.py
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
patience=${PATIENCE:-90} runs=${RUNS:-5}
lab=bench-$$ target=2001:db8:b::80 mtu=1400
t=$(mktemp -d /tmp/v6d-bench.XXXXXX)
trap 'down; rm -rf "$t"' EXIT
echo secret >"$t/password"
chmod 600 "$t/password"
cat >"$t/c1.conf" <<P
[tunnel]
server = 203.0.113.10
user = alice
password-file = $t/password
interface = ppp7
[probe]
ipv6-target = $target
page = /big
P

tools() { # what is missing is installed, where that is possible
	missing=
	for p in iputils-tracepath scamper mtr-tiny ndisc6; do
		[ "$(dpkg-query -W -f='${db:Status-Status}' $p 2>/dev/null)" = installed ] ||
			missing="$missing $p"
	done
	[ -z "$missing" ] ||
		apt-get install -y --no-install-recommends $missing >"$t/apt" 2>&1 ||
		echo "not installed, and so not compared with:$missing"
}
host() { "$prog" lab exec $lab c1 -- "$@"; }
up() {
	"$prog" lab up $lab "$@" >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }
}
dial() { # a session that stays
	mkfifo "$t/in" "$t/out"
	host "$hold" 203.0.113.10 alice "$t/password" ppp7 <"$t/in" >"$t/out" &
	exec 3>"$t/in" 4<"$t/out"
	read -r -t 20 line <&4
	[ "$line" = up ] || { echo "the session did not come up: $line"; exit 1; }
	for _ in $(seq 200); do # until the kernel has used the advertisement
		host ip -6 route show default | grep -q ppp7 && break
		sleep 0.05
	done
}
# scamper does not know the tunnel's kind of link: it has a host on Ethernet
# behind c1, which translates its addresses.
lan() {
	host sh -c 'sysctl -qw net.ipv6.conf.ppp7.accept_ra=2
		sysctl -qw net.ipv6.conf.all.forwarding=1
		unshare -n sleep 1000 & n=$!
		while [ "$(readlink /proc/$n/ns/net)" = "$(readlink /proc/self/ns/net)" ]
		do sleep 0.01; done
		ip link add lan0 type veth peer name eth0 netns $n
		ip addr add 2001:db8:2::1/64 dev lan0 nodad
		ip link set lan0 up
		nft "add table ip6 lan"
		nft "add chain ip6 lan out { type nat hook postrouting priority 100; }"
		nft add rule ip6 lan out oifname ppp7 masquerade
		nsenter -t $n -n ip link set eth0 mtu 1444 up
		nsenter -t $n -n ip addr add 2001:db8:2::2/64 dev eth0 nodad
		nsenter -t $n -n ip -6 route add default via 2001:db8:2::1
		shift; nsenter -t $n -n "$@"; kill $n' - - "$@"
}
down() {
	exec 3>&- 4<&-
	"$prog" lab down $lab >/dev/null 2>&1
	wait
	rm -f "$t/in" "$t/out"
}
now() { date +%s.%N; }
# timed COMMAND... -> $took seconds, its output in $t/said
timed() { timed_on host "$@"; }
timed_on() { # host or lan
	where=$1
	shift
	start=$(now)
	$where timeout "$patience" "$@" >"$t/said" 2>&1
	took=$(awk -v a="$start" -v b="$(now)" 'BEGIN { printf "%.3f", b - a }')
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.0f", a / (b > 0 ? b : 0.001) }'; }
# line TOOL SECONDS ANSWER RIGHT-ANSWER OURS
line() {
	right=wrong
	[ "$3" = "$4" ] && right=right
	if [ -n "$3" ]; then
		printf '  %-10s %8.3f s  %-6s %-9s  %s times as long as v6doctor\n' \
			"$1" "$2" "$3" "$right" "$(ratio "$2" "$5")"
	else
		printf '  %-10s %8.3f s  no answer\n' "$1" "$2"
	fi
}
have() { command -v "$1" >/dev/null; }

tools
up --fault delay=50 --fault ptb-drop-out=$mtu
dial
echo "inner path MTU, $mtu bytes and nothing said, round trip 50 ms:"
timed "$prog" run pmtu route --json --profile "$t/c1.conf"
fact() { jq -r "[.facts[] | select(.name == \"$1\")][-1].$2" "$t/said"; }
began=$(jq '[.facts[] | select(.name | test("^v6.(get|put)")) | .at_ms] | max' "$t/said")
ours=$(jq -n "($(fact v6.pmtu.out at_ms) - $began) / 1000")
answer=$(fact v6.pmtu.out value)
right=wrong
[ "$answer" = $mtu ] && right=right
printf '  %-10s %8.3f s  %-6s %-9s  (%s; with transfers each way first: %s s)\n' \
	v6doctor "$ours" "$answer" "$right" \
	"$(python3 "$bounds" note "$ours" most 0.25 s \
		"the inner path MTU, round trip 50 ms")" "$took"
if have tracepath; then
	timed tracepath -6 -n -m 8 $target
	line tracepath "$took" \
		"$(sed -n 's/.*Resume: pmtu \([0-9]*\).*/\1/p' "$t/said")" $mtu "$ours"
fi
if have scamper; then
	timed_on lan scamper -c "trace -P udp-paris -M" -i $target
	line scamper "$took" \
		"$(sed -n 's/.*\[\*\{0,1\}mtu: \([0-9]*\)\].*/\1/p' "$t/said" | tail -1)" \
		$mtu "$ours"
fi
if have mtr; then # it takes one size at a time
	timed mtr -6 -n -r -c 1 -s 1444 $target
	printf '  %-10s %8.3f s  for one size of the 164, %s times as long\n' \
		mtr "$took" "$(ratio "$took" "$ours")"
fi
if have rdisc6; then
	echo "router advertisement:"
	timed rdisc6 -1 -q ppp7
	theirs=$took
	ra=$(head -1 "$t/said")
	timed "$prog" run ra --json --dial --profile "$t/c1.conf"
	printf '  %-10s %8.3f s  (a call of its own; the advertisement is known at %s ms)\n' \
		v6doctor "$took" "$(fact ra.received at_ms)"
	printf '  %-10s %8.3f s  %s\n' rdisc6 "$theirs" "$ra"
fi
down

# sizes DELAY LOSS -> milliseconds and what was said, a line each run
sizes() {
	for i in $(seq "$runs"); do
		up --fault delay=$1 --fault gre-size-in=1454 --fault seed=$i@isp \
			$([ $2 = 0 ] || echo "--fault loss=$2@isp")
		timed "$prog" run gre --json --profile "$t/c1.conf"
		began=$(jq '[.facts[] | select(.name == "ppp.ipv6cp")][-1].at_ms' "$t/said")
		echo "$(jq -n "$(fact gre.size.in at_ms) - $began")" \
			"$(fact gre.size.out value),$(fact gre.size.in value)"
		down
	done
}
echo "GRE size limits, 1454 in and 1484 out, which no other tool measures," \
	"$runs runs each:"
for delay in 0 50; do
	for loss in 0 2; do
		limit=$((5 * delay + 150))
		[ $loss = 0 ] || limit=3000
		sizes $delay $loss | sort -n | awk -v limit=$limit '
			{ right += $2 == "1484,1454"; longest = $1 }
			END { print longest / 1000, limit / 1000, right, NR }' |
		while read -r longest limit right n; do
			what="GRE sizes, round trip $delay ms, $loss % lost"
			printf '  %2d ms, %d %% lost: longest %.3f s (%s), right %d of %d\n' \
				$delay $loss "$longest" "$(python3 "$bounds" note \
				"$longest" most "$limit" s "$what")" "$right" "$n"
		done
	done
done
