# lib.sh - for the tests of the gateway: a practice network in which c1 is the
# host, and a host "h" on a LAN behind it. Sourced; wants $prog and $lab.
# All that is made is gone when the test ends.
t=$(mktemp -d /tmp/v6d-gateway.XXXXXX)
passed=0 failed=0
ended=()
finish() {
	disown -a # no word of each that is killed
	# What "lab exec" started is not its own process.
	for p in "${ended[@]}" $(cat "$t"/state/run/*/*pid 2>/dev/null); do kill -9 "$p" 2>/dev/null; done
	"$prog" lab down "$lab" >/dev/null 2>&1
	rm -rf "$t"
}
trap finish EXIT

on() { node=$1 && shift && "$prog" lab exec "$lab" "$node" -- "$@"; }
host() { on c1 "$@"; }
h() { nsenter -t "$h" -n "$@"; }
good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)) && echo "FAILED: $*"; }
ok() { # WHAT COMMAND...
	what=$1 && shift
	if "$@" >"$t/ok" 2>&1; then good; else bad "$what"; head -5 "$t/ok"; fi
}
until_true() { # SECONDS COMMAND...: looks every 50 ms
	local end_of_wait=$((SECONDS + $1)) && shift
	while ! "$@" >/dev/null 2>&1; do
		[ $SECONDS -le $end_of_wait ] || return 1
		sleep 0.05
	done
}

# The lab with these faults, and the LAN host, whose kernel takes addresses
# from advertisements.
lab_up() {
	"$prog" lab up "$lab" "$@" >"$t/lab" 2>&1 || { cat "$t/lab"; exit 1; }
	unshare -n sleep infinity &
	h=$!
	ended+=("$h")
	until_true 5 test "$(readlink /proc/$$/ns/net)" != \
		"$(readlink /proc/$h/ns/net)"
	until_true 5 sh -c "[ \$(readlink /proc/$h/ns/net) != \$(readlink /proc/self/ns/net) ]"
	mkdir -p "$t/state"
	echo secret >"$t/password"
	chmod 600 "$t/password"
	lan_up
}
lan_up() {
	# The host's end comes from the practice network's side.
	host ip link add br0 type veth peer name eth0 netns "$h"
	h sysctl -qw net.ipv6.conf.eth0.accept_dad=0 \
		net.ipv6.conf.eth0.router_solicitation_delay=0
	h ip link set lo up
	h ip link set eth0 up
	host ip link set br0 up
	until_true 5 sh -c \
		"'$prog' lab exec $lab c1 -- ip -6 addr show dev br0 | grep fe80 | grep -vq tentative"
	# Of its other interfaces too: "before" must not change by itself.
	until_true 5 sh -c \
		"! '$prog' lab exec $lab c1 -- ip -6 addr show tentative | grep -q ."
}

# profile NAME [LINE...]: what is on the LAN, after [tunnel]
profile() {
	name=$1 && shift
	{
		printf '[tunnel]\nserver = 203.0.113.10\nuser = alice\n'
		printf 'password-file = %s/password\nmtu = 1444\nmru = 1444\n' "$t"
		printf '%s\n' "$@"
	} >"$t/$name.conf"
}
lan=('[lan]' 'interface = br0' 'suffix = ::64')
gw() { # COMMAND [OPTION...]: of the gateway on the host
	c=$1 && shift && host "$prog" "$c" --state "$t/state" "$@"
}
# Starts connect and waits until all stands (or it has ended).
connect() { # NAME
	mkfifo "$t/ready.$1"
	host "$prog" connect --state "$t/state" --ready-fd 9 "$t/$1.conf" \
		9>"$t/ready.$1" >"$t/$1.out" 2>"$t/$1.err" &
	eval "pid_$1=$!"
	ended+=("$!")
	read -r -t 60 line <"$t/ready.$1"
	rm -f "$t/ready.$1"
	[ "$line" = up ]
}

# Everything about the host that the gateway may touch, as text.
look() { host python3 "$(dirname "$0")/look.py" "$t/state"; }

# An uplink of the host with IPv6 of its own, by advertisement.
uplink_up() {
	unshare -n sleep infinity &
	up=$!
	ended+=("$up")
	until_true 5 sh -c "[ \$(readlink /proc/$up/ns/net) != \$(readlink /proc/self/ns/net) ]"
	host ip link add up0 type veth peer name down0 netns "$up"
	nsenter -t "$up" -n sysctl -qw net.ipv6.conf.all.forwarding=1
	nsenter -t "$up" -n ip link set down0 up
	host sysctl -qw net.ipv6.conf.up0.router_solicitation_delay=0 net.ipv6.conf.up0.accept_dad=0
	host ip link set up0 up
	printf 'interface down0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; AdvDefaultLifetime 1800; prefix 2001:db8:ca11::/64 { }; };\n' >"$t/up.conf"
	chmod 600 "$t/up.conf"
	until_true 5 sh -c "nsenter -t $up -n ip -6 addr show dev down0 | grep fe80 | grep -vq tentative"
	nsenter -t "$up" -n radvd -n -m none -C "$t/up.conf" -p "$t/up.pid" &
	ended+=("$!")
}
native() { host ip -6 route show default | grep up0 | grep -q 'proto ra'; }

# BIND with the zone dyn.example, and its key for updates in $secret.
name_server_up() {
	secret=$(head -c 32 /dev/urandom | base64)
	on web ip addr add 192.0.2.54/24 dev lan4
	mkdir "$t/named"
	cat >"$t/named/named.conf" <<N
key "update" { algorithm hmac-sha256; secret "$secret"; };
options {
	directory "$t/named"; pid-file "$t/named/pid"; session-keyfile none;
	listen-on { 192.0.2.54; }; listen-on-v6 { none; };
	recursion no; dnssec-validation no;
};
controls { };
zone "dyn.example" {
	type primary; file "$t/named/zone";
	allow-update { key "update"; };
};
N
	cat >"$t/named/zone" <<'N'
$TTL 60
@ SOA ns hostmaster 1 60 60 600 60
@ NS ns
ns A 192.0.2.54
gw AAAA 2001:db8:dead::1
N
	"$prog" lab exec $lab web -- named -g -c "$t/named/named.conf" \
		>"$t/named/log" 2>&1 &
	ended+=("$!")
}
