#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# guests.sh BUILD - our client and server beside pptp, pppd and pptpd, in the
# same two User-Mode Linux guests, alternating in one run.
#
# How soon there is a global address, with the real server: TIMES alternations
# (default 20; 0: none); the part after IPV6CP, which the server's radvd
# decides, apart.
# What a session carries: ROUNDS (default 3) of EACH seconds (default 5), and
# the most that datagrams of 1400 bytes reach without a tunnel. Our client is
# the engine alone (tests/lab/hold): the guest's kernel lacks what the packet
# filter of connect wants.
set -u
build=$(readlink -f "$1")
here=$(dirname "$(readlink -f "$0")")
export PYTHONPATH=$here
guest=$here/../peer/real-peer.sh
times=${TIMES:-20} rounds=${ROUNDS:-3} each=${EACH:-5}
n=fg$$
t=$(mktemp -d /tmp/v6d-bench.XXXXXX)
tickers=()
finish() {
	for p in "${tickers[@]}"; do kill "$p" 2>/dev/null; done
	"$guest" down --name "${n}c" >/dev/null 2>&1
	"$guest" down --name "${n}s" >/dev/null 2>&1
	rm -rf "$t"
}
trap finish EXIT
fail() { echo "guests: $*" >&2 && exit 1; }
server() { "$guest" exec --name "${n}s" -- "$@"; }
client() { "$guest" exec --name "${n}c" -- "$@"; }

up() { # s|c ROLE [OPTION...]
	local end=$1 role=$2 && shift 2
	"$guest" up --name "$n$end" --role "$role" --netns "$n" --tap "tap$end" \
		--bridge br0 --addr none --mtu 1444 --mru 1444 "$@" \
		>"$t/up" 2>&1 || { cat "$t/up" && fail "no guest"; }
}
# Ours go along with what they need: the guest has another C library.
pack() { # s|c PROGRAM
	local d
	d=$("$guest" folder --name "$n$1")/ours
	mkdir -p "$d"
	cp "$2" $(ldd "$2" | grep -o '/[^ ]*') "$d"
	echo secret >"$d/password"
	chmod -R a+rX "$d"
	"$guest" exec --name "$n$1" -- "modprobe tun
		cp /inst/ours/password /run/password; chmod 600 /run/password"
}
up s server --guest 192.0.2.2/24
up c client --guest 192.0.2.3/24 --server 192.0.2.2
ip -n "$n" addr add 192.0.2.1/24 dev br0
ip -n "$n" link set br0 up
for a in 2 3; do # wakes a guest, which misses a wake-up now and then
	ip netns exec "$n" ping -q -i 0.01 192.0.2.$a >/dev/null 2>&1 &
	tickers+=("$!")
done
pack c "$build/tests/lab/hold"
pack s "$build/v6doctor"
client 'cat >/run/call <<"G"
# call ours|theirs [COMMAND...]: a session; when it began, and the addresses
who=$1 && shift
rm -f /run/in && mkfifo /run/in
ip -ts monitor address >/run/addresses 2>&1 &
monitor=$!
until grep -qs 192.0.2.99 /run/addresses; do # it listens
	ip addr add 192.0.2.99/32 dev lo scope host
	ip addr del 192.0.2.99/32 dev lo
	sleep 0.1
done
date +%s.%N
if [ $who = ours ]; then
	/inst/ours/ld-linux-x86-64.so.2 --library-path /inst/ours \
		/inst/ours/hold 192.0.2.2 alice /run/password ppp0 offload \
		</run/in >/dev/null 2>&1 &
	exec 4>/run/in
else
	setsid /run/dial >>/run/log/ppp 2>&1 </dev/null &
	echo $! >/run/dial.pid
fi
session=$!
for i in $(seq 120); do # seldom: it takes time of the only processor
	sleep 0.5
	grep -q "scope global" /run/addresses && break
done
[ $# = 0 ] || "$@"
if [ $who = ours ]; then exec 4>&-; else /run/hangup; fi
wait $session
kill $monitor
grep ppp0 /run/addresses | grep -v -e Deleted -e tentative
sleep 1
G
'

# What is left of the last session takes time of the server's only processor,
# and who is up soonest would pay most.
idle() {
	server 'for i in $(seq 300); do
		pgrep -f "/pppd |/etc/ppp/|radvd -C" || exit 0
		sleep 0.1
	done >/dev/null; exit 1' || fail "the server is not idle"
}
bring_up() { # WHO -> a line in $t/times
	idle
	client "bash /run/call $1" >"$t/call" 2>&1
	python3 - "$1" "$t/call" >>"$t/times" <<-'P' || { cat "$t/call" && fail "$1: no address"; }
		import datetime
		import re
		import sys
		text = open(sys.argv[2]).read()
		start = float(re.search(r"^\d+\.\d+$", text, re.M)[0])
		def at(scope):
		    m = re.search(r"^\[(\S+)\].*scope " + scope, text, re.M)
		    return datetime.datetime.fromisoformat(
		        m[1] + "+00:00").timestamp() - start
		print(sys.argv[1], at("link"), at("global"))
	P
}
for _ in $(seq "$times"); do
	bring_up theirs
	bring_up ours
done
[ "$times" = 0 ] || python3 - "$t/times" <<'P'
import statistics
import sys

from bounds import note

rows = [line.split() for line in open(sys.argv[1])]
def middle(who, f):
    return statistics.median(
        1000 * f(float(a), float(b)) for w, a, b in rows if w == who)
def say(what, f):
    ours, theirs = middle("ours", f), middle("theirs", f)
    print("  %s: %.0f ms; pptp and pppd %.0f ms (%.2f of it)" %
          (what, ours, theirs, ours / theirs))
    return ours / theirs
print("from the start, with a real server, medians of %d:" % (len(rows) // 2))
whole = say("to a global address", lambda link, address: address)
print("    " + note(whole, "most", 0.4, "", "to a global address, of pptp and "
                    "pppd's time"))
say("to IPV6CP", lambda link, address: link)
say("from there to the address", lambda link, address: address - link)
P

# ---- what a session carries ----

flow() { # WHO COMMAND -> Mbit/s up and down
	client "bash /run/call $1 bash /run/flow" >"$t/flow" 2>&1
	grep -a '^carried ' "$t/flow" | tail -1 | cut -d' ' -f2- |
		grep . || { cat "$t/flow" >&2 && fail "$1 carries nothing"; }
}
client "cat >/run/flow <<'G'
m() { iperf3 \"\$@\" -t $each -f m | sed -n 's/.* \\([0-9.]*\\) Mbits.*receiver.*/\\1/p'; }
to=2001:db8:118::1
echo carried \$(m -c \$to) \$(m -R -c \$to)
G"
server 'cat >/run/peer.conf <<G
[peer]
user = alice
password-file = /run/password
auth = mschapv2
mppe = allow
prefix = 2001:db8:118::/48
mtu = 1444
mru = 1444
G
cat >/run/serve <<"G"
listens() { grep -q ":06BB .* 0A " /proc/net/tcp; }
if [ $1 = ours ]; then
	kill $(cat /run/pptpd.pid)
	while listens; do sleep 0.2; done
	cd /inst/ours
	setsid ./ld-linux-x86-64.so.2 --library-path . ./v6doctor peer \
		--profile /run/peer.conf >/run/peer.log 2>&1 </dev/null &
	echo $! >/run/peer.pid
else
	kill $(cat /run/peer.pid)
	while listens; do sleep 0.2; done
	pptpd -c /run/pptpd.conf -p /run/pptpd.pid
fi
for i in $(seq 100); do listens && exit; sleep 0.2; done
exit 1
G'
echo "what a session carries, medians of $rounds times $each s:"
for _ in $(seq "$rounds"); do
	echo "theirs $(flow theirs)" >>"$t/flows" || exit 1
	server "bash /run/serve ours" || fail "our server does not start"
	echo "ours $(flow ours)" >>"$t/flows" || exit 1
	server "bash /run/serve theirs" || fail "pptpd does not start"
	for rate in 50 100 200 400; do # too many at once, and few arrive
		echo "bare $(client "iperf3 -u -l 1400 -b ${rate}M -c 192.0.2.2 \
			-t $each -f m" | sed -n 's/.* \([0-9.]*\) Mbits.*receiver.*/\1/p')"
	done | sort -k2n | tail -1 >>"$t/flows"
done
python3 - "$t/flows" <<'P'
import statistics
import sys

from bounds import note

rows = [line.split() for line in open(sys.argv[1])]
def middle(who, i):
    return statistics.median(float(r[i]) for r in rows if r[0] == who)
for i, way in ((1, "up"), (2, "down")):
    ours, theirs = middle("ours", i), middle("theirs", i)
    bare = middle("bare", 1)
    print("  %s: %.0f Mbit/s; pptp and pptpd %.0f (%.1f times, %s); datagrams"
          " of 1400 bytes without a tunnel %.0f (%.1f times, %s)" %
          (way, ours, theirs, ours / theirs,
           note(ours / theirs, "least", 2.5, "", f"{way} between guests, of "
                "pptp and pptpd"),
           bare, ours / bare,
           note(ours / bare, "least", 0.7, "", f"{way} between guests, of bare "
                "datagrams")))
P
