#!/bin/bash
# refuse.sh BUILD - connect says what is in its way, with the right exit
# status, and has changed nothing then; restore leaves what is not ours.
set -u
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
lab=refuse-$$
. "$(dirname "$0")/lib.sh"
lab_up
profile a "${lan[@]}"
look >"$t/before"

unchanged() {
	look >"$t/after"
	diff "$t/before" "$t/after" >"$t/diff" && return 0
	bad "$1: the host is not as before"
	head -5 "$t/diff"
	return 1
}
# refused STATUS WORDS WHAT [COMMAND...]: connect, in a mount namespace of its
# own behind those commands
refused() {
	status=$1 words=$2 what=$3 before=${4:-true}
	timeout 60 "$prog" lab exec "$lab" c1 -- unshare -m sh -c \
		"$before; exec '$prog' connect --state '$t/state' '$t/${conf:-a}.conf'" \
		>"$t/out" 2>&1 </dev/null
	rc=$?
	tr '\n' ' ' <"$t/out" | tr -s ' ' >"$t/line"
	if [ $rc = "$status" ] && grep -q "$words" "$t/line"; then
		unchanged "$what" && good
	else
		bad "$what: status $rc, wanted $status and '$words'"
		cat "$t/out"
	fi
}
refused 69 'No space left.*Nothing was changed' 'a full disk' \
	"mount -t tmpfs -o size=4k none '$t/state'; head -c 4096 /dev/zero >'$t/state/x'"
refused 69 'Read-only.*Nothing was changed' 'a disk that is read-only' \
	"mount -t tmpfs -o ro none '$t/state'"
refused 69 'radvd is not installed' 'no radvd' \
	'mount --bind /dev/null /usr/sbin/radvd'
refused 69 'cap_net_raw' 'no rights' \
	"exec setpriv --bounding-set=-all '$prog' connect --state '$t/state' '$t/a.conf'"
refused 69 '/dev/net/tun is missing' 'no TUN device' 'mount -t tmpfs none /dev/net'
profile nolan '[lan]' 'interface = br7'
conf=nolan refused 69 'no interface br7' 'a LAN that is not there'
profile twice '[lan]' 'interface = br0 br0'
conf=twice refused 78 'twice' 'an interface named twice'
profile self '[lan]' 'interface = v6tun0'
conf=self refused 78 "tunnel's own" 'the tunnel as its own LAN'
profile one '[lan]' 'interface = br0' 'suffix = ::1'
conf=one refused 69 "server's own address" "the server's own address"
profile two '[lan]' 'interface = br0 br1' 'suffix = ::64'
host ip link add br1 type veth peer name br1p
host ip link set br1 up
look >"$t/before"
conf=two refused 78 'none for br1' 'two LANs and one prefix'
host ip link del br1
look >"$t/before"
profile upd "${lan[@]}" '[dns-update]' 'name = a.example.net'
conf=upd refused 78 'no server' 'an update without a server'
profile upd2 "${lan[@]}" '[dns-update]' 'name = a.example.net' \
	'server = 192.0.2.53'
conf=upd2 refused 69 'nsupdate is not installed' 'no nsupdate' \
	'mount --bind /dev/null /usr/bin/nsupdate'
printf '[tunnel]\nserver = 203.0.113.10\nuser = alice\nmtu = 12\n' >"$t/wrong.conf"
conf=wrong refused 78 'wrong.conf:4' 'a wrong profile'
profile nouser
sed -i 's/^user.*//' "$t/nouser.conf"
conf=nouser refused 78 'no user' 'no user'
conf=none refused 66 'cannot be opened' 'no profile'
# wrong LINE WORDS WHAT: a profile with this behind [tunnel]
wrong() {
	profile wrong
	printf "$1\n" >>"$t/wrong.conf"
	conf=wrong refused 78 "$2" "$3"
}
wrong '[lan]\ncolour = red' "wrong.conf:9: unknown key 'colour'" 'an unknown key'
wrong '[wan]\ninterface = eth0' 'wrong.conf:8: unknown section .wan.' 'an unknown section'
wrong '[firewall]\npolicy = open' 'policy must be stateful or no-syn' 'an unknown policy'
wrong '[firewall]\nallow = tcp/99999' 'allow must be services' 'a port that cannot be'
wrong 'interface = much-too-long-a-name' 'must be an interface name' 'a long name'
wrong 'engine = pptp' 'engine must be one of' 'an unknown engine'
wrong '[lan]\ninterface = br0\nsuffix = 2001:db8::1' 'suffix .* last 64 bits' 'a suffix that is an address'
wrong '[lan]\ninterface = br0\nsuffix = ::' "suffix .* anycast" "a suffix of nothing"
wrong '[dns-update]\nserver = 192.0.2.53' 'no name to update' 'an update of nothing'
wrong '[dns-update]\nserver = 192.0.2.53\nname = a.example.net\nkey-file = /nowhere.key' \
	'key-file /nowhere.key cannot be read' 'no key'
profile noserver
sed -i 's/^server.*//' "$t/noserver.conf"
conf=noserver refused 78 'no server' 'no server'
chmod 644 "$t/password"
refused 78 'can be read by others' 'a password for everybody'
chmod 600 "$t/password"
profile nopw
sed -i "s|^password-file.*|password-file = $t/nothing|" "$t/nopw.conf"
conf=nopw refused 66 'password file cannot be opened' 'no password file'
profile badpw "${lan[@]}"
sed -i 's/^user.*/user = mallory/' "$t/badpw.conf"
conf=badpw refused 2 'no session' 'a refused login'
profile nobody "${lan[@]}"
sed -i 's/^server.*/server = 203.0.113.99/' "$t/nobody.conf"
conf=nobody refused 2 'no session' 'a server that is not there'

changed() { # sets up what is in the way, and what is "before" then
	host sh -c "$1"
	look >"$t/before"
}
changed 'ip link set br0 down'
refused 69 'br0 is down' 'a LAN that is down'
changed 'ip link set br0 up; sysctl -qw net.ipv6.conf.br0.disable_ipv6=1'
refused 69 'IPv6 is switched off on br0' 'a LAN without IPv6'
host sysctl -qw net.ipv6.conf.br0.disable_ipv6=0
until_true 5 sh -c "'$prog' lab exec $lab c1 -- ip -6 addr show dev br0 | grep fe80 | grep -vq tentative"
changed 'ip tuntap add v6tun0 mode tun'
refused 69 'an interface v6tun0 already' 'an interface of that name'
host ip tuntap del v6tun0 mode tun
changed 'ip -6 addr add 2001:db8:1::64/64 dev br0 nodad'
# The n-th call gets the n-th prefix: whichever is next is in the way.
for n in $(seq 0 40); do
	host ip -6 addr add "$(printf '2001:db8:1:%x::64/64' "$n")" dev br0 nodad 2>/dev/null
done
look >"$t/before"
refused 69 'has the address .* already' 'an address that is there already'
host ip -6 addr flush dev br0 scope global
changed 'ip -6 route add default dev br0'
refused 69 'a default route for IPv6 already' 'a default route'
host ip -6 route del default dev br0
changed 'nft add table ip6 v6doctor_a'
refused 69 'a table ip6 v6doctor_a already' 'a table of that name'
host nft delete table ip6 v6doctor_a

printf 'interface br0 { AdvSendAdvert off; };\n' >"$t/other-radvd.conf"
chmod 600 "$t/other-radvd.conf"
"$prog" lab exec "$lab" c1 -- radvd -n -m none -C "$t/other-radvd.conf" \
	-p "$t/other.pid" &
other=$!
until_true 5 test -e "$t/other.pid"
look >"$t/before"
refused 69 'a radvd runs already' "somebody's radvd"
kill $other
wait $other 2>/dev/null

mkfifo "$t/in" "$t/hold"
"$prog" lab exec "$lab" c1 -- "$hold" 203.0.113.10 alice "$t/password" ppp7 \
	<"$t/in" >"$t/hold" &
exec 3>"$t/in" 4<"$t/hold"
read -r -t 10 line <&4
until_true 5 sh -c "'$prog' lab exec $lab c1 -- ip -6 route show default | grep -q ppp7"
profile tab "${lan[@]}"
sed -i 's/^mru/table = 100\nmru/' "$t/tab.conf"
# Its lifetimes pass by themselves; everything else must not.
look >"$t/before"
conf=tab refused 69 'a PPTP session to .* is up already' "another program's session"
exec 3>&- 4<&-
until_true 10 sh -c "! '$prog' lab exec $lab c1 -- ip link show ppp7"

# A second instance; and what "disconnect" says when nothing runs.
look >"$t/before"
if connect a; then good; else bad "connect"; cat "$t/a.err"; fi
rc=0
gw connect "$t/a.conf" >"$t/out" 2>&1 || rc=$?
if [ $rc = 69 ] && tr '\n' ' ' <"$t/out" | grep -q 'runs already'; then good
else bad "second instance: $rc"; cat "$t/out"; fi
rc=0
gw restore "$t/a.conf" >"$t/out" 2>&1 || rc=$?
[ $rc = 69 ] && good || bad "restore of one that runs: $rc"
profile b "${lan[@]}"
sed -i 's/^mru/interface = v6tun1\nmru/' "$t/b.conf"
rc=0
gw connect "$t/b.conf" >"$t/out" 2>&1 || rc=$?
if [ $rc = 69 ] && tr '\n' ' ' <"$t/out" | grep -q "in use by 'a'"; then good
else bad "a LAN that another instance serves: $rc"; cat "$t/out"; fi
ok "disconnect" gw disconnect "$t/a.conf"
unchanged "after disconnect" && good
rc=0
gw disconnect "$t/a.conf" >"$t/out" 2>&1 || rc=$?
[ $rc = 69 ] && good || bad "disconnect of nothing: $rc"

# Killed; then somebody changes some of it: that is theirs, and is named.
connect a || bad "connect"
kill -9 "$(cat "$t/state/run/a/pid")"
wait "$pid_a" 2>/dev/null
rc=0
gw status "$t/a.conf" >"$t/out" 2>&1 || rc=$?
if [ $rc = 2 ] && grep -q 'table ip6 v6doctor_a' "$t/out" &&
	grep -q 'forwarding' "$t/out"; then good
else bad "status names what is left: $rc"; cat "$t/out"; fi
gw status --json "$t/a.conf" >"$t/out" 2>&1
if jq -e '.state == "residue" and (.residue | length) > 5' "$t/out" >/dev/null
then good; else bad "status --json of residue"; cat "$t/out"; fi
# The doctor finds it too: by the journal, which is looked for below /var/lib.
"$prog" lab exec "$lab" c1 -- unshare -m sh -c "mount -t tmpfs none /var/lib &&
	mkdir /var/lib/v6doctor && mount --bind '$t/state' /var/lib/v6doctor &&
	exec '$prog' run-all --json --deadline 20" >"$t/out" 2>"$t/err"
if jq -e '[.diagnosis[].cause] | index("residue") != null' "$t/out" >/dev/null &&
	jq -e '[.facts[] | select(.name == "host.residue") | .subject] | index("a: the forwarding of IPv6 packets") != null' "$t/out" >/dev/null
then good; else bad "the doctor names what is left"; head -50 "$t/out"; fi
host sysctl -qw net.ipv6.conf.br0.accept_ra=2
host nft add rule ip6 v6doctor_a host tcp dport 99 accept
gw restore "$t/a.conf" >"$t/out" 2>&1 || bad "restore: $?"
tr '\n' ' ' <"$t/out" | tr -s ' ' >"$t/line"
if grep -q 'accept_ra is 2 now, not the 0' "$t/line" &&
	grep -q 'somebody has changed the table' "$t/line"; then good
else bad "what is left is not named"; cat "$t/out"; fi
[ "$(host sysctl -n net.ipv6.conf.br0.accept_ra)" = 2 ] && good || bad "accept_ra"
host nft list table ip6 v6doctor_a >/dev/null && good || bad "the table is gone"
host sysctl -qw net.ipv6.conf.br0.accept_ra=1
host nft delete table ip6 v6doctor_a
unchanged "after restore" && good
# A second connect after a crash restores first.
connect a || bad "connect"
kill -9 "$(cat "$t/state/run/a/pid")"
wait "$pid_a" 2>/dev/null
if connect a && grep -q 'restoring' "$t/a.err"; then good
else bad "connect after a crash"; cat "$t/a.err"; fi
ok "disconnect" gw disconnect "$t/a.conf"
unchanged "after connect, crash, connect, disconnect" && good
# Somebody's own rules: they stay, and what they will do is said.
other() { # POLICY LAST-RULE
	host nft "table inet other { chain to_lan {
		type filter hook forward priority 10; policy $1;
		ct state established accept; $2; };
		chain to_us { type filter hook input priority 0; policy $1;
		meta nfproto ipv4 accept; icmpv6 type { 134, 135, 136 } accept; $2; }; }"
}
for rules in 'drop counter' 'accept counter drop'; do
	other ${rules%% *} "${rules#* }"
	look >"$t/before"
	connect a || { bad "connect beside rules of others"; cat "$t/a.err"; }
	tr '\n' ' ' <"$t/a.err" | tr -s ' ' >"$t/line"
	if grep -q '"inet other" of its own that drops forwarded packets by default (chain to_lan)' "$t/line" &&
		grep -q 'drops incoming packets by default (chain to_us)' "$t/line"
	then good; else bad "$rules: what others' rules do is not said"; cat "$t/a.err"; fi
	ok "disconnect" gw disconnect "$t/a.conf"
	unchanged "beside $rules" && good
	host nft delete table inet other
done
echo "refuse: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
