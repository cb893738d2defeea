#!/bin/bash
# pppd.sh BUILD - connect with "engine = pppd": what it refuses; pppd (here a
# script that stands for it, see there) started, followed, made anew, ended,
# and undone. tests/peer/pppd.sh has a real pppd.
set -u
here=$(dirname "$(readlink -f "$0")")
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
lab=pppd-$$
. "$here/lib.sh"
lab_up
profile a "${lan[@]}"
sed -i 's/^mru/engine = pppd\nmru/' "$t/a.conf"

export STANDIN=$t/standin
mkdir -p "$STANDIN/bin" "$t/dev"
ln -s "$hold" "$STANDIN/hold"
for p in pppd pptp; do ln -s "$here/standin-pppd.sh" "$STANDIN/bin/$p"; done

# A mount namespace in which there is no pppd but ours, and /dev/ppp or not.
place="for f in /usr/sbin/pppd /usr/sbin/pptp; do
	[ ! -e \$f ] || mount --bind /dev/null \$f; done
	mount --rbind /dev '$t/dev' && mount -t tmpfs none /dev && mkdir /dev/net &&
	for n in null zero random urandom tty net/tun; do
		: >/dev/\$n; mount --bind '$t/dev/'\$n /dev/\$n; done"
place() { # COMMANDS
	"$prog" lab exec "$lab" c1 -- unshare -m bash -c \
		"$place; export PATH='$STANDIN/bin':\$PATH; $1"
}
command="exec '$prog' connect --state '$t/state'"
look >"$t/before"
unchanged() {
	look >"$t/after"
	if diff "$t/before" "$t/after" >"$t/diff"; then good; else
		bad "$1: the host is not as before"
		head -5 "$t/diff"
	fi
}
refused() { # STATUS WORDS WHAT [COMMANDS]
	place "${4:-:}; $command '$t/a.conf'" >"$t/out" 2>&1 </dev/null
	rc=$?
	tr '\n' ' ' <"$t/out" | tr -s ' ' >"$t/line"
	if [ $rc = "$1" ] && grep -q "$2" "$t/line"; then good; else
		bad "$3: status $rc, wanted $1 and '$2'"
		cat "$t/out"
	fi
}
ppp='ln -s null /dev/ppp'
refused 69 'pppd is not installed' 'no pppd' "rm '$STANDIN/bin/pppd'"
ln -s "$here/standin-pppd.sh" "$STANDIN/bin/pppd"
refused 69 'pptp is not installed' 'no pptp' "rm '$STANDIN/bin/pptp'; $ppp"
ln -s "$here/standin-pppd.sh" "$STANDIN/bin/pptp"
refused 69 'this kernel has no PPP' 'no /dev/ppp'
echo options >"$STANDIN/mode"
refused 2 "pppd ended with status 2: pppd: unrecognized option" 'an old pppd' "$ppp"
rm "$STANDIN/mode"
sed 's/^user.*/user = mallory/' "$t/a.conf" >"$t/b.conf"
mv "$t/a.conf" "$t/good.conf" && mv "$t/b.conf" "$t/a.conf"
refused 2 'user name or password rejected (while authenticating)' 'a refused login' "$ppp"
mv "$t/good.conf" "$t/a.conf"
unchanged "after refusals"

up() { # starts connect and waits until all stands
	rm -f "$t/ready" && mkfifo "$t/ready"
	place "$ppp; $command --ready-fd 9 '$t/a.conf'" 9>"$t/ready" \
		>"$t/a.out" 2>"$t/a.err" &
	job=$!
	ended+=("$job")
	read -r -t 60 line <"$t/ready"
	[ "$line" = up ] || { bad "connect: $line"; cat "$t/a.err"; }
}
status() { gw status --json "$t/a.conf" | jq -c "$1"; }
page() { h curl -sf -m 20 -o /dev/null -g 'http://[2001:db8:b::80]/big'; }
gone() { ! kill -0 "$(cat "$STANDIN/pid")" 2>/dev/null; }
up
[ "$(cat "$STANDIN/rights")" = "600 root" ] && good || bad "the options are for others: $(cat "$STANDIN/rights")"
[ ! -e "$t/state/run/a/pppd.options" ] && good || bad "the password stays on disk"
[ "$(status '[.state, .session.sessions, .session.encrypted]')" = '["up",1,false]' ] && good ||
	bad "status: $(status .)"
ok "a page" until_true 20 page
[ "$(status '.session.packets_in > 3')" = true ] && good || bad "packets are not counted: $(status .session)"
ok "the interface is one of the filter's group" host sh -c 'ip link show dev v6tun0 | grep "group 118"'
[ "$(host sysctl -n net.ipv6.conf.v6tun0.accept_ra_pinfo)" = 0 ] && good || bad "settings of the interface"
[ "$(host ip -6 addr show dev v6tun0 scope global | grep -c inet6)" = 1 ] && good || bad "addresses: $(host ip -6 addr show dev v6tun0)"
# pppd dies: another session, by one that does not hear when it is to end.
echo stubborn >"$STANDIN/mode"
kill -9 "$(cat "$STANDIN/pid")"
ok "another session" until_true 20 sh -c \
	"'$prog' status --json --state '$t/state' '$t/a.conf' | jq -e '.session.sessions == 2 and .state == \"up\"'"
ok "a page through it" until_true 20 page
ok "disconnect" gw disconnect "$t/a.conf"
ok "no pppd is left" gone
unchanged "after disconnect"
rm "$STANDIN/mode"
# connect dies: pppd with it, and restore does the rest.
up
kill -9 "$(cat "$t/state/run/a/pid")"
wait $job 2>/dev/null
ok "pppd dies with connect" until_true 10 gone
until_true 10 sh -c "! '$prog' lab exec $lab c1 -- ip link show v6tun0"
ok "restore" gw restore "$t/a.conf"
unchanged "after restore"
echo "pppd: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
