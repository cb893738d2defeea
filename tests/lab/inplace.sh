#!/bin/bash
# inplace.sh BUILD - a session that is up on the host is judged in place: no
# second call without --dial, and a fault behind it is found all the same.
set -u
prog=$(readlink -f "$1/v6doctor") hold=$(readlink -f "$1/tests/lab/hold")
lab=inplace-$$
t=$(mktemp -d /tmp/v6d-inplace.XXXXXX)
passed=0 failed=0
trap 'down; rm -rf "$t"' EXIT
echo secret >"$t/password"
chmod 600 "$t/password"
cat >"$t/c1.conf" <<P
[tunnel]
server = 203.0.113.10
user = alice
password-file = $t/password
interface = ppp7
[probe]
ipv6-target = 2001:db8:b::80
page = /big
name = www.example.net
literal = 2001:db8:b::80
dns-server = 192.0.2.53
P

host() { "$prog" lab exec $lab c1 -- "$@"; }

# The lab with these faults, and the administrator's own session in it.
up() {
	"$prog" lab up $lab "$@" >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }
	mkfifo "$t/in" "$t/out"
	"$prog" lab exec $lab c1 -- "$hold" 203.0.113.10 alice \
		"$t/password" ppp7 <"$t/in" >"$t/out" &
	exec 3>"$t/in" 4<"$t/out"
	read -r -t 10 line <&4
	[ "$line" = up ] || { echo "the session did not come up: $line"; exit 1; }
	for _ in $(seq 100); do # until the kernel has used the advertisement
		host ip -6 route show default | grep -q ppp7 && break
		sleep 0.05
	done
}
down() {
	exec 3>&- 4<&-
	"$prog" lab down $lab >/dev/null 2>&1
	wait
	rm -f "$t/in" "$t/out"
}
calls() { host ss -Htn state established dport = :1723 | wc -l; }

# expect NAME STATUS FILTER OPTION...
expect() {
	name=$1 want=$2 filter=$3
	shift 3
	host "$prog" run-all --json "$@" >"$t/json" 2>"$t/err"
	rc=$?
	if [ $rc = "$want" ] && jq -e "$filter" "$t/json" >/dev/null &&
		[ "$(calls)" = 1 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: exit status $rc, $(calls) calls afterwards"
		jq -c '[.verdict, .code, (.checks[] | [.probe, .status])],
			(.facts[] | select(.state == "bad"))' "$t/json"
		head -5 "$t/err"
	fi
}
not_dialled='([.facts[] | select(.name == "control.start")] | length == 0)'
dialled='([.facts[] | select(.name == "control.start" and .state == "ok")] | length == 1)'
check() { echo "([.checks[] | select(.probe == \"$1\")][0].status == \"$2\")"; }

up
expect "healthy in place" 0 \
	"$not_dialled and $(check control pass) and $(check gre pass) and $(check route pass) and $(check pmtu pass)" \
	--profile "$t/c1.conf"
expect "the interface is named" 3 \
	"$not_dialled and $(check route pass) and $(check control skipped)" \
	--interface ppp7
expect "no profile: the tunnel that is up" 3 \
	"$not_dialled and $(check route pass)"
expect "--dial calls a second time" 0 \
	"$dialled and $(check gre pass)" --profile "$t/c1.conf" --dial
down
up --fault ptb-drop-in=1300
# The GRE of somebody else's session was watched: nothing of it is missing.
expect "a black hole behind it" 2 \
	"$not_dialled and $(check gre pass) and
		.diagnosis[0].cause == \"path-mtu-blackhole-in\"" \
	--profile "$t/c1.conf"
down
up --fault gre-size-in=1400@nat2
# Its packets are not to be fragmented: a smaller line may be what they meet.
between() { echo "([.undecided[].between[]] | index(\"$1\") != null)"; }
size() { # in, as the missing numbers of the server's GRE tell
	echo "([.facts[] | select(.name == \"gre.size.in\")][0] |
		.state == \"bad\" and .value == $1)"
}
expect "a size limit before it" 2 \
	"$not_dialled and $(check gre fail) and $(size 1400) and
		$(between gre-size-limit)" --profile "$t/c1.conf"
echo "in place: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
