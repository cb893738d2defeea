#!/bin/bash
# noroot.sh PROGRAM - with less than root's rights: what can be done is done,
# the rest is skipped with its reason, nothing is made on the host. With
# CAP_NET_RAW and a TUN device that is open to the user, all can be done.
set -u
# A TUN device of its own, open to all: the machine's may be root's alone.
if [ -z "${OWN_TUN:-}" ]; then
	OWN_TUN=1 exec unshare -m sh -c '
		mount -t tmpfs none /dev/net &&
		mknod -m 0666 /dev/net/tun c 10 200 && exec bash "$@"' sh "$0" "$@"
fi
here=$(dirname "$(readlink -f "$0")")
prog=$(readlink -f "$1")
lab=noroot-$$
t=$(mktemp -d /tmp/v6d-noroot.XXXXXX)
trap '"$prog" lab down $lab >/dev/null 2>&1; rm -rf --one-file-system "$t"' EXIT
chmod 755 "$t"
cp "$prog" "$t/v6doctor"
for caps in cap_net_raw cap_net_raw,cap_net_admin; do
	cp "$prog" "$t/$caps" && setcap "$caps+ep" "$t/$caps" ||
		{ echo "no root: no file capabilities here: 0 passed, 1 failed"; exit 1; }
done
unshare -U true || {
	echo "no root: no user namespaces here (in a chroot there are none): 0 passed, 1 failed"
	exit 1
}
passed=0 failed=0

profile() { # OWNER
	mkdir "$t/$1"
	echo secret >"$t/$1/password"
	chmod 600 "$t/$1/password"
	cat >"$t/$1/c1.conf" <<-P
	[tunnel]
	server = 203.0.113.10
	user = alice
	password-file = $t/$1/password
	[probe]
	ipv6-target = 2001:db8:b::80
	name = www.example.net
	literal = 2001:db8:b::80
	dns-server = 192.0.2.53
	P
	chown -R "$1" "$t/$1"
}
profile nobody
profile root
"$prog" lab up $lab >"$t/log" 2>&1 || { cat "$t/log"; exit 1; }

# expect NAME NODE STATUS FILTER COMMAND...: the program under that command.
expect() {
	name=$1 node=$2 want=$3 filter=$4
	shift 4
	"$prog" lab exec $lab "$node" -- ip -o link >"$t/links"
	"$prog" lab exec $lab "$node" -- "$@" --json >"$t/json" 2>"$t/err"
	rc=$?
	"$prog" lab exec $lab "$node" -- ip -o link | cmp -s - "$t/links" ||
		rc="$rc, links changed"
	if [ "$rc" = "$want" ] && jq -e "$filter" "$t/json" >/dev/null; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: exit status $rc"
		jq -c '[.verdict, .code], (.checks[] | [.probe, .status, .summary])' "$t/json"
		cat "$t/err"
	fi
}
check() { echo "([.checks[] | select(.probe == \"$1\")][0] | .status == \"$2\" and (.summary | test(\"$3\")))"; }
user="setpriv --reuid nobody --regid nogroup --clear-groups"
nobody="$user --bounding-set=-all"
lacks_filter='(.coverage.model_lacks | any(test("^the packet filter: only root")))'
said() { # WORDS: of the last run
	if grep -q "$1" "$t/err"; then passed=$((passed + 1)); else
		failed=$((failed + 1)) && echo "FAILED: no word of $1"
	fi
}

expect "nobody: control and DNS" c1 69 \
	"$(check control pass "takes the call") and $(check dns pass "") and $(check gre skipped "raw sockets") and $(check route skipped "raw sockets") and $(check name skipped "raw sockets")" \
	$nobody "$t/v6doctor" run-all --profile "$t/nobody/c1.conf"
said "sudo setcap cap_net_raw+ep"
# This node does not listen to advertisements: that is a finding, too.
expect "nobody, on a host with IPv6: name against literal" web 2 \
	"$(check name pass "this host's own IPv6 by name and by address")" \
	$nobody "$t/v6doctor" run-all --profile "$t/nobody/c1.conf"
all="$(check gre pass "both ways") and $(check ppp pass "IPV6CP") and $(check route pass "1 of 1") and $(check pmtu pass "both ways")"
expect "nobody, CAP_NET_RAW on the file: everything" c1 0 \
	"$all and $lacks_filter" \
	$user "$t/cap_net_raw" run-all --profile "$t/nobody/c1.conf"
expect "nobody, CAP_NET_ADMIN as well: the packet filter, too" c1 0 \
	"$all and ($lacks_filter | not)" \
	$user "$t/cap_net_raw,cap_net_admin" run-all \
	--profile "$t/nobody/c1.conf"
expect "root without rights but raw sockets: everything" c1 0 "$all" \
	setpriv --bounding-set=-all,+net_raw "$t/v6doctor" run-all \
	--profile "$t/root/c1.conf"
# Who was put into another root may not make user namespaces.
mkdir "$t/top"
expect "user namespaces forbidden: GRE and PPP" c1 69 \
	"$(check gre pass "both ways") and $(check ppp pass "IPV6CP") and $(check route skipped "namespace")" \
	unshare -m sh -c 'mount --rbind / "$0" && exec chroot --userspec=nobody:nogroup "$0" "$@"' \
	"$t/top" "$t/cap_net_raw" run-all --profile "$t/nobody/c1.conf"
said "user namespaces are forbidden here"
expect "a TUN device for root alone" c1 69 \
	"$(check gre pass "both ways") and $(check route skipped "not open to this user")" \
	unshare -m sh -c 'mount -t tmpfs none /dev/net &&
		mknod -m 0600 /dev/net/tun c 10 200 && exec "$@"' sh \
	$user "$t/cap_net_raw" run-all --profile "$t/nobody/c1.conf"
said "chmod 0666 /dev/net/tun"
expect "no /dev/net/tun" c1 69 \
	"$(check gre pass "both ways") and $(check route skipped "/dev/net/tun")" \
	unshare -m sh -c 'mount -t tmpfs none /dev/net && exec "$@"' sh \
	"$t/v6doctor" run-all --profile "$t/root/c1.conf"
said "modprobe tun"
echo "no root: $passed passed, $failed failed"

# The same answers as root's. The host's own packet filter can be read with
# CAP_NET_ADMIN only: what it does to the tunnel is found with that. Whether
# there are rules of the old kind only root can tell, and without that the
# filter itself is not judged. What libc
# goes by on c1 is there for a doctor that has its own practice network.
rows="python3 $here/runs.py"
$rows "$t/cap_net_raw" "$here/faults.tsv" --as nobody \
	--skip "^(host-gre-|host-ptb-drop|host-ra-drop|host-v6-reject|host-lan@|libc-)" || failed=$((failed + 1))
$rows "$t/cap_net_raw,cap_net_admin" "$here/faults.tsv" --as nobody \
	--only host- --skip "^(host-ptb-drop@c1\$|host-lan@)" || failed=$((failed + 1))
[ "$failed" -eq 0 ]
