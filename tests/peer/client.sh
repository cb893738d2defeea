#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# client.sh V6DOCTOR [WORDS] - a real client (pptp-linux and pppd, as they come
# with Debian, in a User-Mode Linux guest) against "v6doctor peer": each way to
# log in, with and without encryption. It must get an address and a page. Then
# the doctor judges such a tunnel in the guest, as one that others made.
set -u
here=$(dirname "$(readlink -f "$0")")
v=$(readlink -f "$1")
only=${2:-}
peer=$here/real-peer.sh
name=fc$$
tmp=$(mktemp -d)
passed=0 failed=0 server='' web='' ticker=''

finish() {
	for p in $server $web $ticker; do kill "$p" 2>/dev/null; done
	"$peer" down --name "$name" >/dev/null 2>&1
	rm -rf "$tmp"
}
trap finish EXIT

"$peer" up --name "$name" --role client --server 192.0.2.1 >"$tmp/up" 2>&1 || {
	cat "$tmp/up"
	echo "a real client: 0 passed, 1 failed"
	exit 1
}
(umask 077 && echo secret >"$tmp/password")
mkdir "$tmp/www"
head -c 300000 /dev/zero >"$tmp/www/page"
in_net="ip netns exec $name"
(cd "$tmp/www" && exec $in_net python3 -m http.server --bind :: 80) \
	>/dev/null 2>&1 &
web=$!
# Wakes the guest, which misses a wake-up of its own now and then.
$in_net ping -q -i 0.01 192.0.2.2 >/dev/null 2>&1 &
ticker=$!

start_server() { # AUTH MPPE
	cat >"$tmp/peer.conf" <<-C
	[peer]
	user = alice
	password-file = $tmp/password
	auth = $1
	mppe = $2
	C
	mkfifo "$tmp/ready"
	$in_net "$v" peer --profile "$tmp/peer.conf" --verbose --ready-fd 3 \
		3>"$tmp/ready" >"$tmp/server" 2>&1 &
	server=$!
	read -r _ <"$tmp/ready"
	rm "$tmp/ready"
}

set_mppe() { # allow, refuse or require, of the client
	if [ "$1" = require ]; then
		opt='s/^nomppe$/require-mppe-128/'
	else
		opt='s/^require-mppe-128$/nomppe/'
	fi
	"$peer" exec --name "$name" -- "sed -i '$opt' /etc/ppp/rp-options"
}

# A script for the guest, as are the next two: dials, waits for an address of
# the tunnel (in $a).
call() {
	cat <<-'G'
	setsid /run/dial >>/run/log/ppp 2>&1 </dev/null &
	echo $! >/run/dial.pid
	for i in $(seq 200); do
		a=$(ip -6 -o addr show dev ppp0 scope global 2>/dev/null)
		case $a in *inet6*tentative*) ;; *inet6*) break ;; esac
		sleep 0.05
	done
	G
}

# Dials, fetches the page.
dial() {
	call
	cat <<-'G'
	echo "$a"
	exec 5<>/dev/tcp/2001:db8:118::1/80
	printf 'GET /page HTTP/1.0\r\n\r\n' >&5
	n=$(timeout 10 cat <&5 | tr -cd '\0' | wc -c)
	echo "$n bytes"
	/run/hangup
	[ "$n" = 300000 ]
	G
}

# The doctor goes along with what it needs: the guest has another C library.
pack_doctor() {
	doctor=$("$peer" folder --name "$name")/doctor
	mkdir -p "$doctor"
	cp "$v" $(ldd "$v" | grep -o '/[^ ]*') "$doctor"
	cat >"$doctor/guest.conf" <<-C
	[probe]
	ipv6-target = 2001:db8:118::1
	page = /page
	C
	chmod -R a+rX "$doctor"
}
# Dials, and judges pppd's tunnel by the interface's name alone.
judge() {
	call
	cat <<-'G'
	cd /inst/doctor
	./ld-linux-x86-64.so.2 --library-path . ./v6doctor run-all \
		--interface ppp0 --profile ./guest.conf --json
	/run/hangup >&2
	G
}

# in_place WORDS MPPE: its GRE is watched, and found to carry full packets.
in_place() {
	case $1 in *"$only"*) ;; *) return ;; esac
	start_server mschapv2 "$2"
	set_mppe "$2"
	pack_doctor
	"$peer" exec --name "$name" -- "$(judge)" >"$tmp/report" 2>"$tmp/errors"
	if jq -e '([.checks[] | select(.probe == "gre")][0].status == "pass") and
		([.facts[] | select(.name == "gre.size.out")][0] |
			.state == "ok" and .value >= 1320) and
		([.facts[] | select(.name == "gre.loss.in")][0].state == "ok")
		and .verdict == "healthy"' "$tmp/report" >/dev/null
	then
		echo "ok   $1"
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		sed 's/^/    /' "$tmp/report" "$tmp/errors" | tail -60
		failed=$((failed + 1))
	fi
	kill "$server"
	wait "$server" 2>/dev/null
	server=
}

# case_ WORDS AUTH MPPE [WORD-OF-THE-LOG]
case_() {
	case $1 in *"$only"*) ;; *) return ;; esac
	start_server "$2" "$3"
	set_mppe "$3"
	if "$peer" exec --name "$name" -- "$(dial)" >"$tmp/out" 2>&1 &&
		grep -q "inet6 2001:db8:118:" "$tmp/out" && { [ -z "${4:-}" ] ||
		"$peer" log --name "$name" ppp | grep -q "$4"; }
	then
		echo "ok   $1"
		passed=$((passed + 1))
	else
		echo "FAIL $1"
		$in_net ip -6 addr; $in_net ss -ltn; 		sed 's/^/    /' "$tmp/out" "$tmp/server"
		"$peer" log --name "$name" ppp | tail -40 | sed 's/^/    ppp: /'
		failed=$((failed + 1))
	fi
	kill "$server"
	wait "$server" 2>/dev/null
	server=
}

case_ "PAP" pap allow "PAP authentication succeeded"
case_ "CHAP" chap allow "CHAP authentication succeeded"
case_ "MS-CHAPv2" mschapv2 refuse "CHAP authentication succeeded"
case_ "EAP" eap allow
case_ "MS-CHAPv2 with MPPE" mschapv2 require "MPPE 128-bit stateless"
in_place "pppd's tunnel in place" refuse
in_place "pppd's tunnel in place, with MPPE" require

echo "a real client: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
