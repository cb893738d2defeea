#!/bin/bash
# last-good.sh PROGRAM - the report of the last healthy run: kept for its owner
# alone and only of healthy runs, and what a later run says has changed since.
set -u
prog=$1
passed=0 failed=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
good=$tmp/good

ok() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what: $(cat "$tmp/out")"
	fi
}
# run STATUS ARGUMENT...
run() {
	local want=$1 status
	shift
	"$prog" run-all --quiet "$@" >"$tmp/out" 2>&1 </dev/null
	status=$?
	ok "$*: status $status, not $want" [ $status = "$want" ]
}
says() { tr -s ' \n' ' ' <"$tmp/out" | grep -qF -- "$1"; }
silent() { ! says "$1"; }
kept() { find "$good" -type f -printf '%f %m\n'; }

run 0 --lab --last-good "$good"
ok "nothing to compare with" silent SINCE
ok "one file, for its owner" [ "$(stat -c %a "$good"/*)" = 600 ]
ok "nothing beside it" [ "$(kept | wc -l)" = 1 ]
ok "its folder, too" [ "$(stat -c %a "$good")" = 700 ]
first=$(sha256sum "$good"/*)
"$prog" read "$good"/* >"$tmp/out" 2>&1
ok "it is a report" says "HEALTHY"
ok "with the real addresses" says "192.168.11.2"
ok "without packets" [ "$(tcpdump -r "$good"/* 2>/dev/null | wc -l)" = 0 ]

# A rule by which GRE is lost, and what else is new on this host.
run 2 --lab --last-good "$good" --fault host-gre-drop --fault host-lan
ok "when that was" says "SINCE THE LAST GOOD RUN (20"
ok "the filter" says "this host's packet filter: 0 rules -> 2 rules"
ok "an address" says "addresses: - -> 2001:db8:cafe::1/64 dev lan0"
ok "a route" says "routes: - -> 2001:db8:cafe::/64 dev lan0"
ok "a setting" says "-> net.ipv6.conf.default.accept_ra = 2"
ok "what follows" says "Several things changed"
ok "it is not kept" [ "$(sha256sum "$good"/*)" = "$first" ]
ok "nothing is left beside" [ "$(kept | wc -l)" = 1 ]

run 64 --lab --last-good "$good" --no-last-good
run 69 --lab --last-good /proc/nowhere
ok "it says why" says "nothing can be kept in /proc/nowhere"

# Where nobody names a folder: a service's, else the user's.
: >"$tmp/none.conf"
STATE_DIRECTORY=$tmp/state:$tmp/other XDG_STATE_HOME=$tmp/xdg \
	unshare -n "$prog" run-all --quiet --profile "$tmp/none.conf" \
	>"$tmp/out" 2>&1
ok "a service's folder" [ -d "$tmp/state/good" ]
ok "and no other" [ ! -e "$tmp/other" ]
ok "nothing of what is not healthy" [ -z "$(ls "$tmp/state/good")" ]
STATE_DIRECTORY=$tmp/none unshare -n "$prog" run-all --quiet --no-last-good \
	--profile "$tmp/none.conf" >"$tmp/out" 2>&1
ok "not wanted: nothing is made" [ ! -e "$tmp/none" ]

echo "last-good: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
