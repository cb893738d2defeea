#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# io_smoke.sh - client and server drivers against each other: two namespaces,
# one cable, "v6doctor peer" and a client. Usage: io_smoke.sh BUILDDIR
set -u
B=${1:-build}
A=v6d-io-a$$ Z=v6d-io-z$$
D=$(mktemp -d /tmp/v6d-io.XXXXXX)
pass=0 fail=0 peer=

cleanup()
{
	[ -n "$peer" ] && kill "$peer" 2>/dev/null && wait "$peer" 2>/dev/null
	ip netns del $A 2>/dev/null
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

ip netns add $A && ip netns add $Z || exit 1
ip -n $A link add v0 type veth peer name v0 netns $Z
for n in $A $Z; do ip -n $n link set lo up; done
ip -n $A addr add 10.9.9.1/24 dev v0
ip -n $Z addr add 10.9.9.2/24 dev v0
ip -n $A link set v0 up
ip -n $Z link set v0 up
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
check "nobody listens" grep -q 'refused\|(111)' "$D/dial"

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

echo "io: $pass passed, $fail failed"
[ $fail -eq 0 ]
