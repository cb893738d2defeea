#!/bin/bash
# syn.sh BUILD POLICY - from before the first step until after the last undo,
# with sessions that end and radvds that die between, somebody outside sends
# SYNs, disguised SYNs and others to every address that may be on the LAN or
# that it learns. None arrives; what comes through the tunnel is counted, so
# that "none" means something. Under "no-syn" an ACK of nothing does arrive:
# the policy has no memory. No advertisement is out without the packet filter.
set -u
here=$(dirname "$0") prog=$(readlink -f "$1/v6doctor") policy=$2
lab=syn-$$
. "$here/lib.sh"
lab_up
# An address that cannot be guessed, only learned.
h sysctl -qw net.ipv6.conf.eth0.use_tempaddr=2
# Sessions end when GRE has been silent for a few seconds.
profile a "${lan[@]}" '[firewall]' "policy = $policy"
sed -i 's/^mru/echo = 1\nmru/' "$t/a.conf"
look >"$t/before"

eui() { # of an interface, from its link-local address
	"$@" | sed -n 's/.*fe80::\([0-9a-f:]*\)\/.*/::\1/p' | head -1
}
counter() { # NAME COMMAND...: runs it with a pipe that ends it
	name=$1 && shift
	mkfifo "$t/in.$name" "$t/out.$name"
	"$@" <"$t/in.$name" >"$t/out.$name" &
	ended+=("$!")
	eval "exec {in_$name}>\"$t/in.$name\" {out_$name}<\"$t/out.$name\""
	eval "read -r line <&\$out_$name"
}
counted() { # NAME: into the file of that name
	eval "echo end >&\$in_$1"
	eval "read -r -t 20 line <&\$out_$1" || line='{}'
	echo "$line" >"$t/$1"
}
py=$here/syn.py
counter lan nsenter -t "$h" -n python3 "$py" count
counter tunnel "$prog" lab exec $lab c1 -- python3 "$py" count
counter order "$prog" lab exec $lab c1 -- python3 "$py" order br0 v6doctor_a
"$prog" lab exec $lab web -- python3 "$py" send ::1 ::2 ::64 \
	"$(eui h ip -6 addr show dev eth0)" \
	"$(eui host ip -6 addr show dev br0)" &
sender=$!
ended+=("$sender")

connect a || { bad "connect"; cat "$t/a.err"; }
has_address() { h ip -6 addr show dev eth0 scope global | grep -q 'temporary'; }
ok "the LAN host has an address" until_true 10 has_address
page() { h curl -s -m 5 -o "$t/page" -g 'http://[2001:db8:b::80]/big'; }
ok "a page" until_true 20 page
sessions() { gw status --json "$t/a.conf" | jq -r ".session.sessions, .session.up, .radvd_starts" | tr '\n' ' '; }
is_up() { # SESSIONS RADVDS
	set -- $(sessions) "$1" "$2"
	[ "$2" = true ] && [ "$1" -ge "$4" ] && [ "$3" -ge "$5" ]
}
radvds=1
for n in 2 3; do
	# GRE is dropped until the session's echoes have given up.
	on nat1 nft insert rule ip nat forward meta l4proto 47 drop
	until_true 30 sh -c "! '$prog' status --state '$t/state' '$t/a.conf' >/dev/null"
	on nat1 nft delete rule ip nat forward handle "$(on nat1 nft -a list chain ip nat forward |
		sed -n 's/.* 47 drop.*handle //p; s/.* gre drop.*handle //p' | head -1)"
	ok "session $n" until_true 60 is_up $n $radvds
	kill -9 "$(cat "$t/state/run/a/radvd.pid")"
	radvds=$((radvds + 1))
	ok "radvd $radvds" until_true 60 is_up $n $radvds
done
ok "a page after all that" until_true 20 page
enough() { gw status --json "$t/a.conf" | jq -e '.session.packets_in > 20000'; }
ok "20,000 packets through the tunnel" until_true 90 enough
ok "disconnect" gw disconnect "$t/a.conf"
until_true 1 false # SYNs go on behind the last undo
kill $sender
counted lan
counted tunnel
counted order
may='[]' # what the policy lets in
[ "$policy" = no-syn ] && may='["ack", "no-flags"]'
if jq -e "to_entries | all((.value == 0) != (.key | IN($may[])))" "$t/lan" >/dev/null; then good
else bad "not as $policy wants it, on the LAN: $(jq -c . "$t/lan")"; fi
syns='[to_entries[] | select(.key | startswith("syn")) | .value] | add'
if jq -e "($syns) >= 10000 and all(.[]; . >= 100)" "$t/tunnel" >/dev/null; then good
else bad "too few came through the tunnel: $(cat "$t/tunnel")"; fi
if jq -e '.all >= 3 and .without == 0' "$t/order" >/dev/null; then good
else bad "advertisements without the packet filter: $(cat "$t/order")"; fi
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before"
	head "$t/diff"
fi
echo "syn, $policy: of $(jq "$syns" "$t/tunnel") SYNs through the tunnel $(jq "$syns" "$t/lan") arrived; $(jq .all "$t/order") advertisements"
echo "syn, $policy: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
