#!/bin/sh
# life.sh V6DOCTOR - the practice network itself: it stands, it serves, it is
# gone without a trace, and it says what is wrong with what it was asked for.
set -u
v=$1
me=lt$$
tmp=$(mktemp -d)
passed=0 failed=0
trap 'for n in $me $me-a $me-b; do "$v" lab down $n >/dev/null 2>&1; done
	rm -rf "$tmp"' EXIT

check() { # check WORDS COMMAND...: passes when the command does
	words=$1
	shift
	if "$@" >"$tmp/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $words"
		sed 's/^/    /' "$tmp/out" | tail -20
	fi
}
status() { # status N PATTERN COMMAND...: exit status and a word of the message
	want=$1 pattern=$2
	shift 2
	"$@" >"$tmp/said" 2>&1
	got=$?
	cat "$tmp/said"
	echo "exit status $got, expected $want"
	[ "$got" -eq "$want" ] &&
		{ [ -z "$pattern" ] || grep -q -- "$pattern" "$tmp/said"; }
}
in_lab() { # in_lab NODE COMMAND...
	node=$1
	shift
	"$v" lab exec "$me" "$node" -- "$@"
}
world() { # what a lab could leave behind on this machine
	ip -br link | sed 's/@.*//' | sort
	grep -v ' /run/netns' /proc/self/mountinfo | sort
	grep "v6doctor-lab-$me" /proc/net/unix
	ls -a /run
	# Processes in the PID namespace of a lab that this test made.
	for p in /proc/[0-9]*/ns/pid; do
		grep -qxF "$(readlink "$p" 2>/dev/null)" "$tmp/pidns" &&
			tr '\0' ' ' <"${p%/ns/pid}/cmdline"
	done
	true
}
same_world() { # until what dies has died, for 5 s at most
	end=$(($(date +%s) + 5))
	until world >"$tmp/after"; diff "$tmp/before" "$tmp/after"; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		"$v" lab list >/dev/null
	done
}
owner() { "$v" lab status "$1" | sed -n 's/.*process \([0-9]*\) owns.*/\1/p'; }
note() { readlink "/proc/$(owner "$1")/ns/pid" >>"$tmp/pidns"; }
alive() { world | grep -q "$1"; }
dns() { # dns TYPE: one query over UDP from standard Python, exit 0 when answered
	python3 - "$1" <<-'P'
	import socket, struct, sys
	q = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + b"\3www\7example\3net\0"
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	s.settimeout(1)
	s.sendto(q + struct.pack(">HH", int(sys.argv[1]), 1), ("192.0.2.53", 53))
	sys.exit(s.recv(512)[7] != 1)
	P
}
each_up() { # each_up FAULT...: a lab with these has them all
	options=
	for f; do options="$options --fault $f"; done
	# shellcheck disable=SC2086
	"$v" lab up "$me-a" $options >/dev/null || return 1
	"$v" lab status "$me-a" >"$tmp/status" &&
		"$v" lab down "$me-a" >/dev/null || return 1
	for f; do grep -q "^$f$" "$tmp/status" || return 1; done
}
every_fault() { # each at each of its places, with its usual value
	"$v" lab faults | sed -E ':a; N; $!ba; s/\n {4,}/ /g' |
		sed -n 's/^  \([^ ]*\) .*(@\(.*\))$/\1 \2/p' >"$tmp/list"
	[ -s "$tmp/list" ] || return 1
	# Those of bad lines stand together: they are one relay at each place.
	lines=" $(cd "$(dirname "$0")/../../tools/lab/faults" &&
		grep -l '^.relay.$' -- * | tr '\n' ' ')"
	: >"$tmp/lines"
	while read -r fault places; do
		for p in $places; do
			case $lines in
			*" ${fault%%=*} "*) echo "$p $fault@$p" >>"$tmp/lines" ;;
			*) each_up "$fault@$p" || return 1 ;;
			esac
		done
	done <"$tmp/list"
	for p in $(cut -d' ' -f1 "$tmp/lines" | sort -u); do
		# shellcheck disable=SC2046
		each_up $(sed -n "s/^$p //p" "$tmp/lines") || return 1
	done
}

: >"$tmp/pidns"
world >"$tmp/before"
"$v" lab up "$me" >"$tmp/up"
check "lab up" grep -q "is up after" "$tmp/up"
check "a second one of that name is refused" \
	status 69 "up already" "$v" lab up "$me"
note "$me"
check "nginx runs in it" alive nginx
check "lab list" sh -c "'$v' lab list | grep -qx $me"
check "lab status" status 0 "lan 2001:db8:b::80$" "$v" lab status "$me"
check "c1 reaches the PPTP server" in_lab c1 ping -c 1 -W 2 203.0.113.10
check "c2 reaches c1" in_lab c2 ping -c 1 -W 2 192.168.11.2
check "c1 gets a page over IPv4" \
	in_lab c1 curl -sf -m 3 http://192.0.2.80/hello
check "srv gets a page over IPv6" \
	in_lab srv curl -sf -m 3 'http://[2001:db8:b::80]/hello'
check "srv gets 256 KiB" sh -c "'$v' lab exec $me srv -- curl -sf -m 5 \
	-o '$tmp/big' 'http://[2001:db8:b::80]/big' &&
	[ \$(wc -c <'$tmp/big') -eq 262144 ]"
check "srv uploads 256 KiB" in_lab srv curl -sf -m 5 -T "$tmp/big" \
	'http://[2001:db8:b::80]/upload'
check "the resolver knows A" in_lab c1 sh -c "$(sed -n '/^dns()/,/^}/p' "$0")
	dns 1"
check "the resolver knows AAAA" in_lab c1 sh -c \
	"$(sed -n '/^dns()/,/^}/p' "$0")
	dns 28"
check "exec passes the exit status" status 7 "" in_lab r6 sh -c 'exit 7'
check "exec wants a node" status 64 "no node" in_lab nowhere true
check "lab down" "$v" lab down "$me"
check "nothing is left after lab down" same_world

"$v" lab up "$me" >/dev/null
note "$me"
check "the owner is killed" kill -9 "$(owner "$me")"
check "nothing is left after kill -9 of the owner" same_world
check "the name is free again" "$v" lab up "$me"
note "$me"
check "the owner is asked to end" kill -TERM "$(owner "$me")"
check "nothing is left after SIGTERM" same_world

check "one lab" "$v" lab up "$me-a" --fault control-drop@isp
check "another beside it" "$v" lab up "$me-b"
note "$me-a"
note "$me-b"
check "the fault is in the first" \
	status 28 "" "$v" lab exec "$me-a" c1 -- curl -s -m 1 telnet://203.0.113.10:1723
check "not in the other" \
	"$v" lab exec "$me-b" c1 -- curl -sf -m 2 http://192.0.2.80/hello
check "the first goes" "$v" lab down "$me-a"
check "the other stays" \
	"$v" lab exec "$me-b" c1 -- curl -sf -m 2 http://192.0.2.80/hello
check "the other goes" "$v" lab down "$me-b"
check "nothing is left of both" same_world

# run-all's own lab goes with run-all. The fault keeps it busy for seconds.
"$v" run-all --lab --fault gre-drop --quiet >"$tmp/run" 2>&1 &
doctor=$!
own=
while [ -z "$own" ] && kill -0 "$doctor"; do
	own=$(pgrep -P "$doctor" -x v6doctor-lab)
done
readlink "/proc/$own/ns/pid" >>"$tmp/pidns"
check "run-all has a lab of its own" alive v6doctor
check "run-all is killed" kill -9 "$doctor"
wait "$doctor" 2>/dev/null
check "nothing is left of its lab" same_world

# Bad lines: what a relay does to pings of c1, by its effect.
pings() { # pings FAULTS PING-OPTIONS: ping's output, in a lab of its own
	faults=
	for f in $1; do faults="$faults --fault $f"; done
	shift
	# shellcheck disable=SC2086
	"$v" lab up "$me" $faults >/dev/null || return 1
	"$v" lab exec "$me" c1 -- ping -q -c 1 -W 2 203.0.113.10 >/dev/null
	"$v" lab exec "$me" c1 -- ping "$@" 203.0.113.10
	"$v" lab down "$me" >/dev/null
}
rtt() { sed -n 's,^rtt .* = \([0-9]*\).*/\([0-9]*\)\..*/.* ms.*,\1 \2,p'; }
received() { sed -n 's/.* \([0-9]*\) received.*/\1/p'; }
sequence() { sed -n 's/.*icmp_seq=\([0-9]*\).*/\1/p'; }
within() { # within LOW HIGH NUMBER
	echo "${3:-nothing} between $1 and $2?"
	[ -n "$3" ] && [ "$3" -ge "$1" ] && [ "$3" -le "$2" ]
}
# Bounds that a busy machine cannot break.
check "delay" within 200 100000 \
	"$(pings delay=200 -c 3 -i 0.2 | rtt | cut -d' ' -f1)"
check "jitter" within 30 100000 \
	"$(pings jitter=100 -c 20 -i 0.01 | rtt | cut -d' ' -f2)"
check "loss both ways" within 1 59 \
	"$(pings loss=50 -c 60 -i 0.005 -W 1 | received)"
check "loss towards c1" within 1 59 \
	"$(pings loss-in=50@isp -c 60 -i 0.005 -W 1 | received)"
check "loss away from c1" within 1 59 \
	"$(pings loss-out=50@nat1 -c 60 -i 0.005 -W 1 | received)"
check "duplicates" within 10 90 \
	"$(pings duplicate=50@c1 -c 60 -i 0.005 | grep -c DUP!)"
check "corruption" within 1 59 \
	"$(pings corrupt=50 -c 60 -s 400 -i 0.005 -W 1 | received)"
pings reorder=20 -c 40 -l 40 | sequence >"$tmp/order"
check "reordering" sh -c "[ -s '$tmp/order' ] && ! sort -nc '$tmp/order'"
# Twenty packets of 1428 bytes take 11 ms each.
check "a rate" within 150 100000 \
	"$(pings rate=1000 -c 20 -l 20 -s 1400 | rtt | cut -d' ' -f2)"
check "a policer" within 5 15 \
	"$(pings police=64 -c 40 -l 40 -s 1400 -W 1 | received)"
check "a line without a fault" within 40 40 \
	"$(pings "seed=5 seed=5@c1 seed=6@isp" -c 40 -i 0.002 | received)"
pings "loss=30 seed=5" -c 60 -i 0.005 -W 1 | sequence >"$tmp/once"
pings "loss=30 seed=5" -c 60 -i 0.005 -W 1 | sequence >"$tmp/again"
pings "loss=30 seed=6" -c 60 -i 0.005 -W 1 | sequence >"$tmp/other"
check "a seed repeats the dice" cmp "$tmp/once" "$tmp/again"
check "another seed throws others" \
	sh -c "! cmp -s '$tmp/once' '$tmp/other'"
check "nothing is left of bad lines" same_world
check "resolver: no such code" status 64 "neither" \
	"$v" lab resolver maybe 127.0.0.1
check "resolver: no address" status 64 "no address" \
	"$v" lab resolver refused localhost
check "resolver: not ours" status 69 "192.0.2.1" \
	"$v" lab resolver refused 192.0.2.1
check "resolver: nothing" status 64 "HOW" "$v" lab resolver
check "relay: no such key" status 64 "key" "$v" lab relay lo lo speed=1
check "relay: no number" status 64 "no number" "$v" lab relay lo lo delay=x
check "relay: no interface" status 69 "nolink" "$v" lab relay nolink lo
check "relay: one interface" status 64 "two interfaces" "$v" lab relay lo

check "unknown fault" status 64 "gre-size-in" "$v" lab up "$me" --fault nonsense
check "wrong place" status 64 "nat2 nat1" "$v" lab up "$me" --fault no-helper@web
check "wrong value" status 64 "64..65535" \
	"$v" lab up "$me" --fault gre-size-in=potato
check "value not taken" status 64 "no value" "$v" lab up "$me" --fault gre-drop=1
check "wrong name" status 64 "cannot name" "$v" lab up "a/b"
check "unknown option" status 64 "--frobnicate" "$v" lab up --frobnicate
check "unknown command" status 64 "swim" "$v" lab swim
check "down of none" status 66 "no lab named" "$v" lab down "$me"
cp "$v" "$tmp/v6doctor" && chmod 755 "$tmp" "$tmp/v6doctor"
check "without root" status 69 "needs root" \
	setpriv --reuid 65534 --regid 65534 --clear-groups "$tmp/v6doctor" lab up "$me"
check "every fault at each of its places" every_fault
check "nothing is left of all that" same_world

sed -n '1s/.*is up after/lab: up after/p' "$tmp/up"
echo "lab: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
