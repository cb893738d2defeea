#!/bin/bash
# cycles.sh BUILD - sessions that end in every way, one behind the other, each
# way in its turn (CYCLES=6; 100 take some ten minutes): the tunnel comes back
# each time, and neither memory nor descriptors grow.
set -u
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
lab=cycles-$$
. "$(dirname "$0")/lib.sh"
cycles=${CYCLES:-6}
lab_up
profile a "${lan[@]}"
sed -i 's/^mru/echo = 1\nmru/' "$t/a.conf"
look >"$t/before"
connect a || { bad "connect"; cat "$t/a.err"; }
pid=$(cat "$t/state/run/a/pid")
control=$t/state/run/a/control
# Straight from the socket: starting the program each time takes longer.
status() { python3 -c '
import json, socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
o = json.loads(b"".join(iter(lambda: s.recv(65536), b"")))
s = o["session"]
print(s["sessions"], int(s["up"]), o["radvd_starts"], o["prefix_changes"])' "$control"; }
field() { set -- "$1" $(status) && shift "$1" && echo "$1"; }
sessions=1 radvds=3 prefixes=4 # fields
more() { [ "$(field "$1")" -gt "$2" ]; } # FIELD THAN
since() { # SESSIONS: there is a later one, and it is up
	set -- $(status) "$1"
	[ "$1" -gt "$5" ] && [ "$2" = 1 ]
}
down() { set -- $(status) && [ "$2" = 0 ]; }
rss() { sed -n 's/VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/"$pid"/status; }
fds() { ls /proc/"$pid"/fd | wc -l; }
must() { # WHAT COMMAND...: or this test is over
	what=$1 && shift
	if until_true 90 "$@"; then good; else
		bad "$what"
		tail -5 "$t/a.err"
		exit 1
	fi
}
works() { h curl -s -m 3 -o /dev/null -g 'http://[2001:db8:b::80]/hello'; }
srv=$(on srv readlink /proc/self/ns/net)
server_pid() {
	for p in /proc/[0-9]*; do
		[ "$(readlink "$p/ns/net" 2>/dev/null)" = "$srv" ] &&
			tr '\0' ' ' <"$p/cmdline" | grep -q '^[^ ]*v6doctor peer --profile' &&
			echo "${p#/proc/}"
	done
}
# Where the server lives: its parent has all but its network.
first=$(server_pid | head -1)
keeper=$(ps -o ppid= -p "$first" | tr -d ' ')
exec 5<"/proc/$first/ns/net"
nat1_drops() { # RULE...: until it is called without
	if [ $# -gt 0 ]; then on nat1 nft insert rule ip nat forward "$@" drop
	else on nat1 nft delete rule ip nat forward handle "$(
		on nat1 nft -a list chain ip nat forward |
			sed -n 's/.* drop # handle //p' | head -1)"; fi
}

server= # of ours
# Each ends with the tunnel up again.
server_killed() {
	[ -z "$server" ] || disown "$server"
	kill -9 "$(server_pid | head -1)"
	must "the session ends with its server" down
	nsenter -t "$keeper" -m -p --net=/proc/self/fd/5 \
		"$prog" peer --profile /run/srv/peer.conf >>"$t/peer" 2>&1 &
	server=$!
	ended+=("$server")
	must "back after the server was killed" since "$n"
}
server_silent() {
	silent=$(server_pid | head -1)
	kill -STOP "$silent"
	must "the session ends without its server's answers" down
	kill -CONT "$silent"
	must "back after the server was silent" since "$n"
}
gre_dropped() {
	nat1_drops meta l4proto 47
	must "the session ends without GRE" down
	nat1_drops
	must "back after GRE was dropped" since "$n"
}
# Nothing passes while it boots, and then it knows of no connection.
nat_restarted() {
	nat1_drops meta l4proto '{ 6, 47 }'
	must "the session ends without the NAT" down
	on nat1 conntrack -F >/dev/null 2>&1
	nat1_drops
	must "back after the NAT was restarted" since "$n"
}
# Another client takes the prefix while we are away; when there are six of
# them they go, and the first prefix is free again. What is too old is gone.
clients=()
mkfifo "$t/never" && exec 6<>"$t/never"
another_client() {
	rm -f "$t/hold" && mkfifo "$t/hold"
	"$prog" lab exec $lab c2 -- "$hold" 203.0.113.10 alice "$t/password" \
		"ppp${#clients[@]}" <"$t/never" >"$t/hold" &
	clients+=("$!")
	ended+=("$!")
	read -r -t 20 line <"$t/hold"
}
# A call of ours that came to nothing may have kept ours for us: once more.
prefix_changed() {
	p=$(field $prefixes)
	until more $prefixes "$p"; do
		n=$(field $sessions)
		nat1_drops ip saddr 192.168.11.2 meta l4proto 47
		must "the session ends" down
		if [ ${#clients[@]} -lt 6 ]; then another_client; else
			# Those that the server outlived.
			{ disown "${clients[@]}"; kill "${clients[@]}"; } 2>/dev/null
			clients=()
		fi
		nat1_drops
		must "back after the prefix had changed" since "$n"
		must "a page with the prefix that is given" works
	done
	left=$(host ip -6 addr show dev br0 scope global | grep -c inet6)
	if [ "$left" -le 5 ]; then good; else bad "$left prefixes are left on br0"; fi
	left=$(host ip -6 route show dev br0 | grep -c '^2001:db8:1')
	if [ "$left" -le 5 ]; then good; else bad "$left routes are left on br0"; fi
}
radvd_killed() {
	had=$(field $radvds)
	kill -9 "$(cat "$t/state/run/a/radvd.pid")"
	must "radvd is back" more $radvds "$had"
}
control_lost() {
	host ss -K dport = :1723 >/dev/null 2>&1
	must "back after TCP was destroyed" since "$n"
}
ways=(server_killed server_silent gre_dropped nat_restarted prefix_changed
	radvd_killed)
cycle() { # WAY
	n=$(field $sessions)
	$1
	must "a page after $1" works
}
# What is built once is built by then.
for _ in 1 2 3; do cycle control_lost; done
rss0=$(rss) fds0=$(fds)
for i in $(seq "$cycles"); do
	cycle "${ways[(i - 1) % ${#ways[@]}]}"
	[ $((i % 10)) != 0 ] || echo "cycles: after $i: $(rss) KiB, $(fds) descriptors"
done

# SIGUSR1 and SIGHUP.
kill -USR1 "$pid"
ok "a report" until_true 10 jq -e '.schema == "v6doctor-status/1"' "$t/state/run/a/report.json"
sed -i 's/^suffix.*/suffix = ::65/' "$t/a.conf"
kill -HUP "$pid"
renewed() { host ip -6 addr show dev br0 | grep -q '::65/64'; }
ok "the profile is read anew" until_true 60 renewed
kill -HUP "$pid"
until_true 60 sh -c "'$prog' status --state '$t/state' '$t/a.conf' >/dev/null"
echo 'nonsense' >>"$t/a.conf"
kill -HUP "$pid"
ok "a wrong profile changes nothing" until_true 20 grep -q 'a.conf:' "$t/a.err"
ok "a page after all that" until_true 30 works

rss1=$(rss) fds1=$(fds)
if [ "$fds1" -le $((fds0 + 1)) ]; then good; else bad "descriptors: $fds0, then $fds1"; fi
if [ "$rss1" -le $((rss0 + 1024)) ]; then good; else bad "memory: $rss0 KiB, then $rss1"; fi
kill -TERM "$pid"
wait "$pid_a"
rc=$?
[ $rc = 0 ] && good || bad "status $rc at the end"
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before"
	head "$t/diff"
fi
echo "cycles: $cycles, $rss0 then $rss1 KiB, $fds0 then $fds1 descriptors"
echo "cycles: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
