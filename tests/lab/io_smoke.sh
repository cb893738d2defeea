#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# io_smoke.sh - client and server drivers against each other: a client, a
# router and "v6doctor peer" in three namespaces. Usage: io_smoke.sh BUILDDIR
set -u
B=${1:-build}
A=v6d-io-a$$ M=v6d-io-m$$ Z=v6d-io-z$$
D=$(mktemp -d /tmp/v6d-io.XXXXXX)
pass=0 fail=0 peer=

cleanup()
{
	[ -n "$peer" ] && kill "$peer" 2>/dev/null && wait "$peer" 2>/dev/null
	ip netns del $A 2>/dev/null
	ip netns del $M 2>/dev/null
	ip netns del $Z 2>/dev/null
	rm -rf "$D"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# check NAME COMMAND...
check()
{
	name=$1
	shift
	if "$@" >"$D/check" 2>&1; then
		pass=$((pass + 1))
	else
		fail=$((fail + 1))
		echo "FAILED: $name"
		cat "$D/check" "$D/dial" "$D/peer" 2>/dev/null
	fi
}

# What a namespace shows to the outside.
state()
{
	ip netns exec $A sh -c 'ip addr; ip route; ip -6 route; ip rule; nft list ruleset
	    cat /proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv6/conf/*/accept_ra' |
	    sed 's/valid_lft.*//; s/expires.*//'
}

# start_peer LINE...: the [peer] section beyond the usual
start_peer()
{
	{
		printf '[peer]\nuser = alice\npassword-file = pw\n'
		printf 'prefix = 2001:db8:1::/48\n'
		for l; do echo "$l"; done
	} >"$D/peer.conf"
	mkfifo "$D/ready"
	ip netns exec $Z "$B/v6doctor" peer --profile "$D/peer.conf" \
	    --verbose --ready-fd 3 >"$D/peer" 2>&1 3>"$D/ready" &
	peer=$!
	read -r _ <"$D/ready"
	rm "$D/ready"
}

stop_peer()
{
	kill "$peer"
	wait "$peer"
	rc=$?
	peer=
	return $rc
}

dial()
{
	ip netns exec $A "$B/tests/lab/dial" 10.9.9.2 alice "$D/pw" "$1" \
	    >"$D/dial" 2>&1
}

# rule CHAIN TEXT...: the router's firewall; rule flush: none
rule()
{
	ip netns exec "$1" nft flush ruleset
	[ $# -eq 1 ] && return
	ip netns exec "$1" nft "add table ip t; add chain ip t c { type filter hook $2 priority 0; }; add rule ip t c $3"
}

ip netns add $A && ip netns add $M && ip netns add $Z || exit 1
for n in $A $M $Z; do
	ip netns exec $n sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad'
	ip -n $n link set lo up
done
ip -n $A link add v0 type veth peer name near netns $M
ip -n $Z link add v0 type veth peer name far netns $M
ip -n $A addr add 10.9.8.1/24 dev v0
ip -n $M addr add 10.9.8.3/24 dev near
ip -n $M addr add 10.9.9.3/24 dev far
ip -n $Z addr add 10.9.9.2/24 dev v0
ip -n $A link set v0 up
ip -n $M link set near up
ip -n $M link set far up
ip -n $Z link set v0 up
ip -n $A route add default via 10.9.8.3
ip -n $Z route add default via 10.9.9.3
ip netns exec $M sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
ip netns exec $Z sh -c 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
echo secret >"$D/pw"
chmod 600 "$D/pw"

for auth in pap mschapv2; do
	start_peer "auth = $auth"
	before=$(state)
	check "$auth: connected, advertisement, ping" dial $auth
	check "$auth: address" grep -q \
	    '^address v6tun0 2001:db8:1::2/64 tunnel' "$D/dial"
	check "$auth: default route" grep -q '^route ::/0 dev v6tun0 ra' "$D/dial"
	check "$auth: all echoes" grep -q '^echoes 16 of 16' "$D/dial"
	check "$auth: host untouched" test "$before" = "$(state)"
	check "$auth: server ends" stop_peer
	check "$auth: server leaves nothing" sh -c \
	    "! ip -n $Z link show pptp0; ! ip netns pids $Z | grep ."
done

start_peer 'auth = any' 'lcp = silent'
check "silent server" dial any
check "silent server ends" stop_peer

start_peer 'wrong-password = yes' 'auth = pap'
dial pap
check "wrong password" grep -q '^ended in .*auth' "$D/dial"
stop_peer
start_peer 'refuse-call = 4'
dial any
check "call refused" grep -q 'refused the call (4)' "$D/dial"
stop_peer
start_peer 'ipv6 = no'
dial any
check "no IPv6" grep -q '^ended in .*IPV6CP' "$D/dial"
stop_peer
dial any
check "nobody listens" grep -q '(111)' "$D/dial"

# Without any right: as far as TCP goes, and no further.
start_peer 'auth = any'
cp "$D/pw" "$D/pw-nobody"
chown 65534 "$D/pw-nobody"
chmod 755 "$D"
ip netns exec $A setpriv --reuid 65534 --clear-groups "$B/tests/lab/dial" \
    10.9.9.2 alice "$D/pw-nobody" any control >"$D/dial" 2>&1
check "no rights: the call is answered" grep -q '^ended in .*LCP.*stopped by us' \
    "$D/dial"
check "no rights: no GRE" grep -q '^gre in 0 out 0 .*unsent 0' "$D/dial"
ip netns exec $A setpriv --reuid 65534 --clear-groups "$B/tests/lab/dial" \
    10.9.9.2 alice "$D/pw-nobody" any >"$D/dial" 2>&1
check "no rights: no session" grep -q 'Operation not permitted' "$D/dial"
stop_peer

# What routers and this host say about it.
rule $M forward 'tcp dport 1723 reject with icmp type admin-prohibited'
dial any
check "SYN prohibited" grep -q '^icmp tcp 3/13 mtu 0 from 10.9.8.3' "$D/dial"
start_peer 'auth = any'
rule $M forward 'iifname "near" meta l4proto 47 reject with icmp type host-prohibited'
dial any
check "GRE prohibited" grep -q \
    '^icmp gre 3/10 mtu 0 from 10.9.8.3 about [1-9][0-9]* bytes' "$D/dial"
rule $M
rule $A output 'meta l4proto 47 drop'
dial any
check "GRE denied by this host" grep -q 'unsent [1-9]' "$D/dial"
rule $A
rule $M forward 'iifname "far" meta l4proto 47 reject with icmp type prot-unreachable'
dial any
check "server hangs up on protocol unreachable" grep -q \
    'ICMP type 3 code 2' "$D/peer"
check "client sees it" grep -q '^ended in' "$D/dial"
rule $M
ip -n $M link set far mtu 1400
ip -n $Z link set v0 mtu 1400
dial any
check "narrow path: survives" grep -q '^ping ok' "$D/dial"
check "narrow path: told" grep -q \
    '^icmp gre 3/4 mtu 1400 from 10.9.8.3 about 14[0-9]* bytes' "$D/dial"
ip -n $M link set far mtu 1500
ip -n $Z link set v0 mtu 1500
stop_peer

# Several at a time, and one too many.
start_peer 'auth = any' 'max-sessions = 4'
for i in 1 2 3 4 5; do
	ip netns exec $A "$B/tests/lab/dial" 10.9.9.2 alice "$D/pw" any \
	    >"$D/dial$i" 2>&1 &
	eval "c$i=\$!"
done
wait $c1 $c2 $c3 $c4 $c5
check "four sessions, four prefixes" test 4 = "$(cat "$D"/dial[1-5] |
    grep '^address v6tun0 2001:db8:1:' | sort -u | wc -l)"
check "four pings" test 4 = "$(cat "$D"/dial[1-5] | grep -c '^ping ok')"
check "the fifth is turned away" grep -q 'turned away: no session is free' \
    "$D/peer"
dial any
check "a free session is used again" grep -q '^ping ok' "$D/dial"
stop_peer

# A client that does not answer any more does not keep the server.
start_peer 'auth = any'
ip netns exec $A "$B/tests/lab/dial" 10.9.9.2 alice "$D/pw" any hold \
    >"$D/dial" 2>&1 &
client=$!
for _ in $(seq 100); do
	grep -q holding "$D/dial" && break
	sleep 0.1
done
rule $M forward 'drop'
check "unreachable client: server ends" stop_peer
check "unreachable client: nothing left" sh -c "! ip -n $Z link show pptp0"
kill -9 $client
wait $client 2>/dev/null
rule $M

# Killed at once, in the middle of it: nothing may be left on either side.
start_peer 'auth = any'
before=$(state)
ip netns exec $A "$B/tests/lab/dial" 10.9.9.2 alice "$D/pw" any hold \
    >"$D/dial" 2>&1 &
client=$!
for _ in $(seq 100); do
	grep -q holding "$D/dial" && break
	sleep 0.1
done
check "held" grep -q holding "$D/dial"
kill -9 $client
wait $client 2>/dev/null
check "killed client: host untouched" test "$before" = "$(state)"
for _ in $(seq 50); do
	ip -n $Z link show pptp0 >/dev/null 2>&1 || break
	sleep 0.1
done
check "killed client: session gone" sh -c "! ip -n $Z link show pptp0"
ip netns exec $A "$B/tests/lab/dial" 10.9.9.2 alice "$D/pw" any hold \
    >"$D/dial" 2>&1 &
client=$!
for _ in $(seq 100); do
	grep -q holding "$D/dial" && break
	sleep 0.1
done
kill -9 $peer
wait $peer 2>/dev/null
peer=
for _ in $(seq 50); do
	[ -z "$(ip netns pids $Z)" ] && break
	sleep 0.1
done
check "killed server: no process" test -z "$(ip netns pids $Z)"
check "killed server: no interface" sh -c "! ip -n $Z link show pptp0"
wait $client
check "killed server: client noticed" grep -q '^ended in' "$D/dial"

# Every way to be started wrongly: status, and words that help.
# wrong NAME STATUS WORDS ARGUMENT...
wrong()
{
	name=$1 want=$2 words=$3
	shift 3
	ip netns exec $Z ${as:-} "$B/v6doctor" peer "$@" >"$D/raw" 2>&1
	rc=$?
	# Its lines may break between any two words.
	{ tr -s ' \n' ' ' <"$D/raw" && echo && echo "status $rc"; } >"$D/out"
	check "$name: status $want" grep -q "^status $want\$" "$D/out"
	check "$name: says so" grep -q -- "$words" "$D/out"
}

wrong "unknown option" 64 'help' --bogus
wrong "stray argument" 64 "'extra'" extra
wrong "no number" 64 'ready-fd takes a number' --ready-fd x
wrong "missing profile" 66 'cannot be opened' --profile "$D/none.conf"
wrong "unknown name" 66 'looked for .*v6d-none.conf' --profile v6d-none
echo '[tunnel]' >"$D/a.conf"
wrong "no [peer]" 78 'no \[peer\] section' --profile "$D/a.conf"
printf '[peer]\nusr = x\n' >"$D/a.conf"
wrong "unknown key" 78 "a.conf:2: unknown key 'usr'" --profile "$D/a.conf"
printf '[peer]\nuser = x\n' >"$D/a.conf"
wrong "no password" 78 'needs user and password-file' --profile "$D/a.conf"
printf '[peer]\nuser = x\npassword-file = pw2\n' >"$D/a.conf"
echo hush >"$D/pw2"
chmod 644 "$D/pw2"
wrong "open password" 78 'chmod 600' --profile "$D/a.conf"
check "password not shown" sh -c "! grep hush '$D/out'"
printf '[peer]\nauth = none\nlisten = 192.0.2.99\n' >"$D/a.conf"
wrong "address not ours" 69 'cannot listen' --profile "$D/a.conf"
printf '[peer]\nauth = none\n' >"$D/a.conf"
start_peer 'auth = any'
wrong "port taken" 69 'in use (end the other server' --profile "$D/a.conf"
stop_peer
chmod 755 "$D"
as='setpriv --reuid 65534 --clear-groups'
wrong "no rights" 69 'sudo' --profile "$D/a.conf"
cat >"$D/no-tun" <<-END
	mount -t tmpfs none /dev/net && exec "\$@"
END
as="unshare -m sh $D/no-tun"
wrong "no TUN" 69 '/dev/net/tun is missing (sudo modprobe tun)' --profile "$D/a.conf"
as=

echo "io: $pass passed, $fail failed"
[ $fail -eq 0 ]
