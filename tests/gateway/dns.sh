#!/bin/bash
# dns.sh BUILD - the name's AAAA record at a real authoritative server (BIND),
# by TSIG: added, replaced when the prefix changes, removed at the end; one
# that is not ours is named and left; a refused update does not stop the rest.
set -u
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
lab=dns-$$
. "$(dirname "$0")/lib.sh"
lab_up
name_server_up
ask() { on web dig +short +tries=1 +time=2 @192.0.2.54 gw.dyn.example AAAA | sort; }
answers() { [ "$(ask | tr '\n' ' ')" = "$1" ]; }
ok "the server answers" until_true 20 answers '2001:db8:dead::1 '

for k in good bad; do
	[ $k = bad ] && secret=$(head -c 32 /dev/urandom | base64)
	printf 'key "update" { algorithm hmac-sha256; secret "%s"; };\n' \
		"$secret" >"$t/$k.key"
	chmod 600 "$t/$k.key"
done
update=('[dns-update]' 'server = 192.0.2.54' 'zone = dyn.example'
	'name = gw.dyn.example' 'ttl = 30')
profile a "${lan[@]}" "${update[@]}" "key-file = $t/good.key"
sed -i 's/^mru/echo = 1\nmru/' "$t/a.conf"
profile b "${lan[@]}" "${update[@]}" "key-file = $t/bad.key"
look >"$t/before"

# A rehearsal publishes the name too, for its few seconds.
rehearse() { host "$prog" rehearse --json "$t/$1.conf" >"$t/json" 2>"$t/err"; }
state_of() { jq -r ".checks[] | select(.check == \"$1\") | .state" "$t/json"; }
rehearse a
if [ "$(state_of dns-update) $(state_of dns-removed)" = "pass pass" ]; then good
else bad "rehearsal"; jq -c '.trouble, .checks[]' "$t/json"; head -3 "$t/err"; fi
ok "the record of the rehearsal is gone" answers '2001:db8:dead::1 '
rehearse b
if [ "$(state_of dns-update) $(state_of dns-removed)" = "fail pass" ]; then good
else bad "rehearsal of a refused update"; jq -c '.trouble, .checks[]' "$t/json"; fi

connect a || { bad "connect"; cat "$t/a.err"; }
ok "the record is there" answers '2001:db8:1::64 2001:db8:dead::1 '
tr '\n' ' ' <"$t/a.err" | tr -s ' ' >"$t/line"
ok "one that is not ours is named" grep -q \
	"address that is not this host's: 2001:db8:dead::1" "$t/line"
ok "and in the status" sh -c "'$prog' status --json --state '$t/state' '$t/a.conf' |
	jq -e '.foreign_records == \"2001:db8:dead::1\"'"

# Another prefix: somebody else takes the first one while GRE is dropped, and
# while no new call of ours reaches the server, which would take it again.
cat >"$t/away" <<'N'
table ip away {
	chain f {
		type filter hook forward priority -10
		ip saddr 192.168.11.2 meta l4proto 47 drop
		ip saddr 192.168.11.2 tcp dport 1723 tcp flags & (syn | ack) == syn drop
	}
}
N
ok "new calls are kept away" on nat1 nft -f "$t/away"
ok "the session ends" until_true 60 sh -c \
	"'$prog' status --json --state '$t/state' '$t/a.conf' | jq -e '.session.up | not'"
mkfifo "$t/in" "$t/hold"
# The server may be a moment behind, and still count the old call.
take_prefix() {
	exec 3>&- 4<&-
	"$prog" lab exec $lab c2 -- "$hold" \
		203.0.113.10 alice "$t/password" ppp7 <"$t/in" >"$t/hold" &
	exec 3>"$t/in" 4<"$t/hold"
	read -r -t 20 line <&4
	until_true 10 sh -c "'$prog' lab exec $lab c2 -- ip -6 addr show dev ppp7 | grep 2001:db8:"
	on c2 ip -6 addr show dev ppp7 | grep 2001:db8:1::
}
ok "somebody else has the first prefix" until_true 40 take_prefix
on nat1 nft delete table ip away
renewed() { ask | grep -v dead | grep -qv '2001:db8:1::64'; }
ok "the record of the new prefix" until_true 60 renewed
ok "and not the old one" sh -c "! '$prog' lab exec $lab web -- dig +short @192.0.2.54 gw.dyn.example AAAA | grep -q '^2001:db8:1::64'"
ok "the LAN is told of both prefixes" grep -c '^	prefix' "$t/state/run/a/radvd.conf"
[ "$(grep -c '^	prefix' "$t/state/run/a/radvd.conf")" = 2 ] && good || bad "old prefix is not taken back"
old_deprecated() { h ip -6 addr show dev eth0 | grep 'inet6 2001:db8:1:0:' | grep -q deprecated; }
new_preferred() { h ip -6 addr show dev eth0 | grep 'inet6 2001:db8:1' | grep -v deprecated | grep -qv '2001:db8:1:0:'; }
ok "the LAN host's old address is deprecated" until_true 20 old_deprecated
ok "and it has a new one" until_true 20 new_preferred
ok "disconnect" gw disconnect "$t/a.conf"
ok "the record is gone, the other is left" answers '2001:db8:dead::1 '
exec 3>&- 4<&-

connect b || { bad "connect with a refused update"; cat "$t/b.err"; }
tr '\n' ' ' <"$t/b.err" | tr -s ' ' >"$t/line"
ok "a refused update is told" grep -q 'dns-update: the name server .* refuses' "$t/line"
rc=0
gw status --json "$t/b.conf" >"$t/json" || rc=$?
if [ $rc = 1 ] && jq -e '.state == "degraded" and
	([.steps[] | select(.state == "bad") | .step] == ["dns-update"])' "$t/json" >/dev/null
then good; else bad "status after a refused update: $rc"; cat "$t/json"; fi
ok "disconnect" gw disconnect "$t/b.conf"

# A crash: the record outlives us, and restore removes it.
connect a || bad "connect"
kill -9 "$(cat "$t/state/run/a/pid")"
wait "$pid_a" 2>/dev/null
[ "$(ask | wc -l)" = 2 ] && good || bad "no record to restore"
ok "restore" gw restore "$t/a.conf"
ok "the record is gone after restore" answers '2001:db8:dead::1 '
# A crash, and a name server that is away: connect goes on, keeps the record
# in its journal, and removes it in the end.
connect a || bad "connect"
kill -9 "$(cat "$t/state/run/a/pid")"
wait "$pid_a" 2>/dev/null
on nat1 nft insert rule ip nat forward ip daddr 192.0.2.54 drop
rc=0
gw restore "$t/a.conf" >"$t/out" 2>&1 || rc=$?
[ $rc = 2 ] && good || bad "restore without the name server: $rc"
if connect a; then good; else bad "connect without the name server"; cat "$t/a.err"; fi
on nat1 nft delete rule ip nat forward handle "$(on nat1 nft -a list chain ip nat forward |
	sed -n 's/.*192.0.2.54 drop.*handle //p' | head -1)"
ok "disconnect" gw disconnect "$t/a.conf"
ok "the record is gone at last" answers '2001:db8:dead::1 '
look >"$t/after"
if diff "$t/before" "$t/after" >"$t/diff"; then good; else
	bad "the host is not as before"
	head "$t/diff"
fi
echo "dns: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
