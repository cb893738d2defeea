#!/bin/bash
# cycles.sh BUILD - sessions that end in every way, one behind the other
# (CYCLES=5 of the short kind, and each long kind once): the tunnel comes
# back each time, and neither memory nor descriptors grow.
set -u
prog=$(readlink -f "$1/v6doctor")
lab=cycles-$$
. "$(dirname "$0")/lib.sh"
cycles=${CYCLES:-5}
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
print(s["sessions"], int(s["up"]), o["radvd_starts"], s["packets_in"])' "$control"; }
since() { # SESSIONS: there is a later one, and it is up
	set -- $(status) "$1"
	[ "$1" -gt "$5" ] && [ "$2" = 1 ]
}
now() { set -- $(status) && echo "$1"; }
rss() { sed -n 's/VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/"$pid"/status; }
fds() { ls /proc/"$pid"/fd | wc -l; }
back() { # WHAT SESSIONS
	if until_true 60 since "$2"; then good; else
		bad "$1: no new session"
		tail -3 "$t/a.err"
		exit 1
	fi
}
reset() {
	n=$(now)
	host ss -K dport = :1723 >/dev/null 2>&1
	back "TCP destroyed" "$n"
}
reset && reset && reset
rss0=$(rss) fds0=$(fds)
for _ in $(seq "$cycles"); do reset; done

n=$(now)
on nat1 nft insert rule ip nat forward meta l4proto 47 drop
until_true 60 sh -c "! '$prog' status --state '$t/state' '$t/a.conf' >/dev/null"
on nat1 nft delete rule ip nat forward handle "$(on nat1 nft -a list chain ip nat forward |
	sed -n 's/.*l4proto.*drop.*handle //p' | head -1)"
back "GRE dropped" "$n"

n=$(now)
on nat1 conntrack -F >/dev/null 2>&1
on nat2 conntrack -F >/dev/null 2>&1
# What the NAT forgot may come back by itself; then nothing ended.
works() { h curl -s -m 3 -o /dev/null -g 'http://[2001:db8:b::80]/hello'; }
ok "the NATs forget everything" until_true 60 works

srv=$(on srv readlink /proc/self/ns/net)
for p in /proc/[0-9]*; do
	[ "$(readlink "$p/ns/net" 2>/dev/null)" = "$srv" ] &&
		tr '\0' ' ' <"$p/cmdline" | grep -q ' peer ' && peer=${p#/proc/}
done
n=$(now)
kill -STOP "$peer"
until_true 60 sh -c "! '$prog' status --state '$t/state' '$t/a.conf' >/dev/null"
kill -CONT "$peer"
back "the server silent" "$n"

had=$(set -- $(status) && echo "$3")
kill -9 "$(cat "$t/state/run/a/radvd.pid")"
radvd_back() { set -- $(status) "$had" && [ "$3" -gt "$5" ]; }
ok "radvd killed" until_true 60 radvd_back
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
echo "cycles: $rss0 then $rss1 KiB, $fds0 then $fds1 descriptors"
echo "cycles: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
