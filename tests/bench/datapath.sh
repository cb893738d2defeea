#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# datapath.sh BUILD - what a session carries and how soon it stands, between
# namespaces of this host: connect and peer as they are ("batches"), the same
# with "offload = no"
# ("single": one packet a system call), both with MPPE, and a relay that knows
# nothing but GRE (relay.c).
#
# Each has two namespaces of its own; all stand at the same time and are
# measured in turn, ROUNDS times (default 10), EACH seconds (default 2) and
# both ways. Said is the median of each, and of the ratios within the rounds.
# Then, how soon a session stands.
set -u
build=$(readlink -f "$1")
export PYTHONPATH=$(dirname "$(readlink -f "$0")")
prog=$build/v6doctor stream=$build/tests/bench/stream
rounds=${ROUNDS:-10} each=${EACH:-2}
t=$(mktemp -d /tmp/v6d-bench.XXXXXX)
ended=()
declare -A server client target
finish() {
	for p in "${ended[@]}"; do kill "$p" 2>/dev/null; done
	wait 2>/dev/null
	rm -rf "$t"
}
trap finish EXIT
fail() { echo "datapath: $*" >&2 && exit 1; }
(umask 077 && echo secret >"$t/password")

until_true() { # SECONDS COMMAND...
	local end=$((SECONDS + $1)) && shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -le $end ] || return 1
		sleep 0.02
	done
}
in_own_net() {
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}
new_ns() { # -> $made
	unshare -n sleep infinity &
	made=$!
	ended+=("$made")
	until_true 5 in_own_net "$made" || fail "no namespace"
}
s() { nsenter -t "${server[$name]}" -n "$@"; }
c() { nsenter -t "${client[$name]}" -n "$@"; }
pair() { # two namespaces for $name, 192.0.2.1 and .2
	new_ns && server[$name]=$made
	new_ns && client[$name]=$made
	s ip link add eth0 type veth peer name eth0 netns "${client[$name]}"
	s ip addr add 192.0.2.1/24 dev eth0
	c ip addr add 192.0.2.2/24 dev eth0
	for n in s c; do
		$n ip link set lo up
		$n ip link set eth0 up
	done
}
start() { # FILE s|c COMMAND...: until it says that it is ready
	local out=$t/$1 ns=${server[$name]}
	[ "$2" = s ] || ns=${client[$name]}
	shift 2
	rm -f "$out"
	nsenter -t "$ns" -n "$@" >"$out" 2>&1 &
	ended+=("$!")
	until_true 20 grep -qE '^(ready|everything stands)' "$out" ||
		{ cat "$out" >&2 && fail "$name does not start"; }
}
session() { # NAME OFFLOAD MPPE
	name=$1
	pair
	cat >"$t/$name.peer" <<-P
		[peer]
		listen = 192.0.2.1
		user = alice
		password-file = $t/password
		auth = mschapv2
		mppe = allow
		prefix = 2001:db8:1::/48
		mtu = 1456
		mru = 1456
		offload = $2
	P
	cat >"$t/$name.conf" <<-P
		[tunnel]
		server = 192.0.2.1
		user = alice
		password-file = $t/password
		mtu = 1456
		mru = 1456
		mppe = $3
		offload = $2
	P
	start "$name.s" s "$prog" peer --profile "$t/$name.peer"
	start "$name.c" c "$prog" connect --state "$t/state" "$t/$name.conf"
	target[$name]=2001:db8:1::1
}
end_of_relay() { # s|c PEER ADDRESS
	$1 ip tuntap add dev tun0 mode tun vnet_hdr
	$1 ip link set tun0 mtu 1456 up
	$1 ip addr add "$3/64" dev tun0 nodad
	start "relay.$1" "$1" "$build/tests/bench/relay" tun0 "$2"
}
bare_relay() {
	name=relay
	pair
	end_of_relay s 192.0.2.2 2001:db8:1::1
	end_of_relay c 192.0.2.1 2001:db8:1::2
	target[$name]=2001:db8:1::1
}
over() { # what was started last ends by itself
	wait "${ended[-1]}"
	unset 'ended[-1]'
}
measure() { # NAME: a line "NAME WAY MBIT/S" for each way
	local up down
	name=$1
	start "$name.stream" s "$stream" -l 5001
	c "$stream" "${target[$name]}" 5001 "$each" || fail "$name carries nothing"
	over
	up=$(tail -1 "$t/$name.stream")
	start "$name.stream" s "$stream" -l 5001 "$each"
	down=$(c "$stream" "${target[$name]}" 5001) || fail "$name carries nothing"
	over
	printf '%s up %s\n%s down %s\n' "$name" "$up" "$name" "$down" >>"$t/figures"
}

session batches yes refuse
session single no refuse
session batches-mppe yes require
session single-mppe no require
bare_relay
for _ in $(seq "$rounds"); do
	for name in batches single relay batches-mppe single-mppe; do
		measure "$name"
	done
done
name=batches
for _ in $(seq 20); do
	c "$build/tests/lab/hold" 192.0.2.1 alice "$t/password" up0 offload \
		< <(sleep 0.3) | grep '^tcp' >>"$t/ups" || fail "no session"
done
python3 - "$t/figures" "$rounds" "$each" <<'P'
import collections
import statistics
import sys

from bounds import note

of = collections.defaultdict(list)
for line in open(sys.argv[1]):
    name, way, mbits = line.split()
    of[name, way].append(float(mbits))
print("what a session carries, medians of %s rounds of %s s, Mbit/s:" %
      tuple(sys.argv[2:]))
for way in ("up", "down"):
    def ratio(a, b):
        return statistics.median(
            x / y for x, y in zip(of[a, way], of[b, way]))
    def middle(name):
        return statistics.median(of[name, way])
    single, relay = ratio("batches", "single"), ratio("batches", "relay")
    print("  %s: %.0f; one packet a system call %.0f (%.2f times, %s); bare"
          " relay %.0f (%.2f of it, %s)" % (
          way, middle("batches"), middle("single"), single,
          note(single, "least", 1.8, "", f"connect {way}, of one packet a "
               "system call"),
          middle("relay"), relay,
          note(relay, "least", 0.9, "", f"connect {way}, of a bare relay")))
    print("  %s with MPPE: %.0f; one packet a system call %.0f (%.2f times)" %
          (way, middle("batches-mppe"), middle("single-mppe"),
           ratio("batches-mppe", "single-mppe")))
P
python3 - "$t/ups" <<'P'
import statistics
import sys

from bounds import note

rows = [dict(zip(w[::2], map(float, w[1::2])))
        for w in map(str.split, open(sys.argv[1]))]
def middle(part):
    return statistics.median(row[part] for row in rows)
print("a session with peer, medians of %d: call after %.1f ms, LCP %.1f, "
      "login %.1f, IPV6CP %.1f (%s); %.1f ms of it the client's own work (%s)" %
      (len(rows), *map(middle, ("ocrp", "lcp", "auth", "ipv6cp")),
       note(middle("ipv6cp"), "most", 60, "ms", "a session with peer"),
       middle("own"),
       note(middle("own"), "most", 5, "ms", "the client's own work in it")))
P
