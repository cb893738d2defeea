#!/bin/bash
# untouched.sh PROGRAM [SEED] - the host is only read: what the namespace that
# plays the host is made of is the same before and after run-all, and after
# kill -9 at ten moments (chosen by SEED), without any clean-up. Then the same
# once more with a host of many parts (bighost.sh), whose model takes longer.
#
# The host is node c1 of a practice network of its own.
set -u
# A /run/netns of its own: others may name namespaces while this runs.
if [ -z "${OWN_NETNS_FOLDER:-}" ]; then
	mkdir -p /run/netns
	OWN_NETNS_FOLDER=1 exec unshare -m sh -c '
		mount -t tmpfs none /run/netns && exec bash "$@"' sh "$0" "$@"
fi
here=$(dirname "$(readlink -f "$0")")
prog=$(readlink -f "$1")
RANDOM=${2:-20260101}
lab=untouched-$$
t=$(mktemp -d /tmp/v6d-untouched.XXXXXX)
trap '"$prog" lab down $lab >/dev/null 2>&1; rm -rf "$t"' EXIT
passed=0 failed=0

"$prog" lab up $lab >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }
host() { "$prog" lab exec $lab c1 -- "$@"; }

# Addresses, routes, rules, sysctls, rules of the firewall, namespaces, and
# the processes of this program. Counters and ages are not settings.
look() {
	host sh -c '
	ip -o link; ip -o addr; ip -4 route show table all
	ip -6 route show table all; ip -4 rule; ip -6 rule
	ip addrlabel; nft list ruleset; ip tuntap
	cd /proc/sys/net && find . -type f -perm -400 | sort |
		xargs grep -s . ' 2>/dev/null |
		grep -vE 'neigh/.*gc_|nf_conntrack_count|route/(gc|flush)|stat' |
		sed -E 's/(valid_lft|preferred_lft|expires) [0-9]+sec/\1/g; s/ age [0-9]+//'
	ls /run/netns 2>/dev/null | sort
	# What is bound, connected or raw there: nothing of ours may stay.
	host sh -c 'cat /proc/net/raw /proc/net/raw6 | wc -l'
}
mine() { pgrep -f "^$prog run-all --profile $profile" | wc -l; }

# Its helpers are told of its death by the kernel; they get a while for theirs.
gone() {
	for _ in $(seq 50); do
		[ "$(mine)" = 0 ] && return
		sleep 0.1
	done
	echo "still there: $(pgrep -a -f "^$prog run-all --profile $profile")"
	return 1
}

same() { # NAME
	gone >"$t/gone" || true
	look >"$t/after"
	if cmp -s "$t/before" "$t/after" && [ ! -s "$t/gone" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		cat "$t/gone"
		diff "$t/before" "$t/after" | head -20
	fi
}

profile=$t/c1.conf
echo secret >"$t/password"
chmod 600 "$t/password"
cat >"$profile" <<P
[tunnel]
server = 203.0.113.10
user = alice
password-file = $t/password
mtu = 1444
mru = 1444
[probe]
ipv6-target = 2001:db8:b::80
ipv4-target = 192.0.2.80
name = www.example.net
literal = 2001:db8:b::80
dns-server = 192.0.2.53
P
run() { host "$prog" run-all --profile "$profile" --json; }

# Until the kernel itself has done with the new interfaces' addresses.
settle() {
	for _ in $(seq 50); do
		host ip -6 addr show tentative | grep -q . || break
		sleep 0.1
	done
}

alive=0 killed=0
one_pass() { # NAME LINES: what is looked at has so many lines at least
	settle
	look >"$t/before"
	[ "$(wc -l <"$t/before")" -gt "$2" ] || {
		echo "nothing was looked at"
		exit 1
	}
	t0=$(date +%s%N)
	run >"$t/out" 2>"$t/err"
	rc=$?
	took=$((($(date +%s%N) - t0) / 1000000))
	if [ $rc = 0 ]; then passed=$((passed + 1)); else
		failed=$((failed + 1))
		echo "FAILED: $1: run-all gives $rc, wanted 0"
		head -c 2000 "$t/out" "$t/err"
	fi
	same "$1, after run-all"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		ms=$((RANDOM % took))
		"$prog" lab exec $lab c1 -- "$prog" run-all \
			--profile "$profile" --json >"$t/out" 2>&1 &
		job=$!
		sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
		kill -9 $job 2>/dev/null
		wait $job 2>/dev/null
		[ $? = 137 ] && alive=$((alive + 1))
		killed=$((killed + 1))
		same "$1, after kill -9 at $ms ms"
	done
}
one_pass "a host" 100
host bash "$here/bighost.sh" links addrs routes rules labels filter ||
	{ echo "no host of many parts"; exit 1; }
one_pass "a host of many parts" 3000
if [ $alive -ge $((killed / 2)) ]; then passed=$((passed + 1)); else
	failed=$((failed + 1))
	echo "FAILED: only $alive of $killed were still running when killed"
fi
echo "untouched: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
