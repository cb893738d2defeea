#!/bin/bash
# examine.sh BUILD - run-all on the tunnel of a gateway that is at work: it
# lends its session, so that LCP echoes find the exact size limits, while
# pages are fetched and none is lost; a limit that comes while the session
# lives is found, each way, and so is its end. The session is the same after.
set -u
prog=$(readlink -f "$1/v6doctor")
lab=examine-$$
. "$(dirname "$0")/lib.sh"
lab_up
profile a "${lan[@]}" '[probe]' 'ipv6-target = 2001:db8:b::80' 'page = /big'
connect a || { bad "connect"; cat "$t/a.err"; exit 1; }
page() { h curl -sf -m 10 -o /dev/null -g 'http://[2001:db8:b::80]/big'; }
ok "a page" until_true 20 page

# As a user of this host would, who finds the socket below /run.
doctor() {
	"$prog" lab exec "$lab" c1 -- unshare -m sh -c "mount -t tmpfs none /run &&
		mkdir /run/v6doctor && mount --bind '$t/state/run' /run/v6doctor &&
		exec \"\$@\"" sh "$prog" "$@"
}
examine() { # FILE [OPTION...]
	to=$t/$1 && shift
	doctor run-all --json --interface v6tun0 "$@" >"$to" 2>"$to.err"
}
shows() { # WHAT FILE FILTER
	if jq -e "$3" "$t/$2" >/dev/null; then good; else
		bad "$1"
		jq -c '.verdict, (.diagnosis[] | [.cause, .certainty, .values]),
			(.checks[] | [.probe, .status, .summary])' "$t/$2"
		head -3 "$t/$2.err"
	fi
}
fact='def fact(n): [.facts[] | select(.name == n)] | last;'
# Pages, one behind the other, until it is told to stop.
fetch() {
	rm -f "$t/stop"
	pages=0 lost=0
	while [ ! -e "$t/stop" ]; do
		if page; then pages=$((pages + 1)); else lost=$((lost + 1)); fi
	done
	echo "$pages $lost" >"$t/pages"
}
status() { gw status --json "$t/a.conf" | jq "$1"; }

fetch &
fetching=$!
ended+=("$fetching")
examine well --profile "$t/a.conf"
rc=$?
touch "$t/stop"
wait "$fetching"
read -r pages lost <"$t/pages"
if [ "$pages" -gt 0 ] && [ "$lost" = 0 ]; then good; else bad "$lost of $((pages + lost)) pages were lost"; fi
[ $rc = 0 ] && good || bad "status $rc where all is well"
shows "sizes where all is well" well "$fact
	(fact(\"gre.size.out\").state == \"ok\" and fact(\"gre.size.in\").state == \"ok\" or
	fact(\"gre.size\").state == \"ok\") and fact(\"gre.data\").state == \"ok\""
shows "the gateway's own settings are no complaint" well '[.checks[] |
	select(.probe == "host") | .status] == ["pass"]'
shows "the control connection and PPP" well '[.checks[] |
	select(.probe == "gre" or .probe == "ppp" or .probe == "keepalive") |
	.status] == ["pass", "pass", "pass"]'

limit() { # DIRECTION BYTES: packets of the tunnel above that are lost
	case $1 in in) side=saddr ;; out) side=daddr ;; esac
	on nat2 nft insert rule ip nat forward ip $side 203.0.113.10 \
		meta l4proto gre ip length \> "$2" drop
}
no_limit() {
	on nat2 nft delete rule ip nat forward handle "$(
		on nat2 nft -a list chain ip nat forward |
			sed -n 's/.* drop # handle //p' | head -1)"
}
for way in in out; do
	limit $way 1351
	fetch &
	fetching=$!
	ended+=("$fetching")
	examine $way --profile "$t/a.conf"
	rc=$?
	touch "$t/stop"
	wait "$fetching"
	[ $rc = 2 ] && good || bad "status $rc with a limit $way"
	shows "the limit $way, exactly" $way "$fact
		(fact(\"gre.size.$way\") | .state == \"bad\" and .value == 1351) and
		([.diagnosis[] | select(.cause == \"gre-size-limit\") | .values.limit_bytes] == [1351])"
	no_limit
done

# Two at a time: the second looks at the line only, and says why.
examine one --profile "$t/a.conf" &
one=$!
until_true 10 sh -c "ss -xH src '$t/state/run/a/session' | grep -q ESTAB"
examine two
wait $one
shows "the one" one '[.checks[] | select(.probe == "ppp") | .status] == ["pass"]'
if [ "$(status .session.sessions)" = 1 ]; then good; else bad "the session was made anew"; fi
ok "a page after all that" until_true 20 page
# Nonsense at the socket is the end of the guest, not of the host.
for line in nonsense '{"id":1,"ask":{"kind":"http"}}' '{"id":1,"ask":{"kind":"burst","frames":[{"outer_len":1}]}}' '{"id":0}'; do
	host python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.settimeout(10)
s.sendall(sys.argv[2].encode() + b"\n"); s.shutdown(socket.SHUT_WR)
while s.recv(65536): pass' "$t/state/run/a/session" "$line"
done
if [ "$(status .session.sessions)" = 1 ]; then good; else bad "nonsense ended the session"; fi
ok "disconnect" gw disconnect "$t/a.conf"
echo "examine: $pages pages meanwhile, $(jq -c "$fact"' [fact("gre.size.out").value, fact("gre.size.in").value]' "$t/well") bytes"
echo "examine: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
