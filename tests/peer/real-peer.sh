#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# real-peer.sh - a REAL PPTP server (Debian pptpd + pppd + radvd) or a REAL PPTP
# client (Debian pptp-linux + pppd) in a User-Mode Linux guest, attached to a tap
# device in a network namespace of this host.  No kernel PPP on the host, no KVM
# and no root image are needed; the guest's root is a directory made from Debian
# packages (dpkg-deb only: nothing is installed into the host).
#
#   real-peer.sh up   [options]         start a guest (idempotent)
#   real-peer.sh down [--name N|--all]  stop it, remove its tap (and the netns it made)
#   real-peer.sh exec [--name N] -- CMD run a shell command inside the guest
#   real-peer.sh log  [--name N] [ppp|syslog|console]   print a log
#   real-peer.sh status [--name N]      0 when the guest is up and ready
#   real-peer.sh connect|disconnect [--name N]   (role client) dial / hang up
#   real-peer.sh folder [--name N]      print the folder that is /inst in the guest
#   real-peer.sh build [--rebuild]      only make the guest's root directory
#
# Options of up:
#   --name N          instance name                      (default rp0)
#   --role R          server | client                    (default server)
#   --netns NS        host netns for the tap; created when missing (default N)
#   --tap IF          tap name in that netns             (default tapN)
#   --addr A/P        the tap's IPv4 address, host side  (default 192.0.2.1/24;
#                     "none": leave it without one, e.g. to put it in a bridge)
#   --guest A/P       the guest's IPv4 address           (default 192.0.2.2/24)
#   --gw A            the guest's default gateway        (default: --addr's host)
#   --bridge BR       put the tap into bridge BR of that netns (created if missing)
#   --auth M          pap | chap | mschap | mschapv2 | eap | none | any (default mschapv2)
#   --mppe [M]        require MPPE: 128 (default) | 40 | stateful (only allows it:
#                     two pppd 2.4.9 still settle on stateless); needs mschapv2
#   --user U --pass P credentials                        (default alice / secret)
#   --ccp             offer CCP compression (deflate, BSD) as pppd does by default
#   --wrong-secret    server knows another password (wrong-password test)
#   --ipcp [L:R]      also negotiate IPCP                (default 10.118.0.1:10.118.0.10)
#   --no-ipv6         do not negotiate IPV6CP
#   --ifid L,R        interface identifiers              (default ::1,::2; "none")
#   --prefix P        /64 advertised is P<unit>::/64     (default 2001:db8:118:)
#   --no-ra           run no radvd      --ra-mtu N       AdvLinkMTU N
#   --ra-interval S   MaxRtrAdvInterval (default 10)     --ra-delay S  start radvd late
#   --rdnss A         advertise a resolver
#   --mtu N --mru N   pppd options      --path-mtu N     MTU of the hop behind the server
#   --max-conn N      pptpd connections (default 100)
#   --pppd "OPTS"     further pppd options, one line each separated by ';'
#   --server A        (role client) the PPTP server to dial (default 192.0.2.2)
#   --debug           pptpd logs every GRE packet (slow; see log syslog)
#   --mem M           guest memory (default 128M)
#   --net T           tuntap | vec: UML transport; with vec (faster) captures on
#                     the tap show unfinished TCP checksums   (default tuntap)
#   --if-up CMD       run CMD in the guest when the ppp interface has IPv6
#
# Behind the server (inside the guest) is one more host, "web": 2001:db8:ffff::2,
# with HTTP on port 80 and iperf3 on 5201; the server itself has them as well, on
# <prefix>::1.  GET /hello (text), /100k, /1M, /8M (zeros), /cgi-bin/ip (the caller's address).
set -u
HOME_DIR=${REAL_PEER_HOME:-/var/tmp/real-peer}
ROOT=$HOME_DIR/root
INST=$HOME_DIR/inst
SELF=$(readlink -f "$0")
PKGS="user-mode-linux ppp pptpd pptp-linux radvd busybox-static iproute2 iputils-ping iperf3 tcpdump kmod bash coreutils procps"
VERSION=9            # of the root directory's layout: raise to force a rebuild

die() { echo "real-peer: $*" >&2; exit 1; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# ---------------------------------------------------------------- the root ----
build_root() {
	[ "${1:-}" = --rebuild ] && rm -f "$ROOT/.built"
	mkdir -p "$HOME_DIR" "$INST"
	exec 8>"$HOME_DIR/.lock"; flock 8
	if [ "$(cat "$ROOT/.built" 2>/dev/null)" = "$VERSION" ]; then exec 8>&-; return 0; fi
	ls "$INST"/*/pid >/dev/null 2>&1 && for p in "$INST"/*/pid; do
		kill -0 "$(cat "$p")" 2>/dev/null && die "cannot rebuild the root while $p runs"
	done
	local a=$HOME_DIR/archives d new=$ROOT.new
	echo "real-peer: building the guest root in $ROOT" >&2
	rm -rf "$a" "$new"; mkdir -p "$a/partial" "$new"
	: >"$HOME_DIR/empty.status"
	fetch_debs() {   # the whole dependency closure, against an empty status file
		apt-get -o Dir::State::status="$HOME_DIR/empty.status" \
			-o Dir::Cache::archives="$a" -o Debug::NoLocking=1 \
			-o APT::Sandbox::User=root \
			--no-install-recommends -qq -d -y install $PKGS >"$HOME_DIR/apt.log" 2>&1
	}
	fetch_debs || { apt-get -qq update >>"$HOME_DIR/apt.log" 2>&1; fetch_debs; } ||
		{ tail -5 "$HOME_DIR/apt.log" >&2; die "apt-get could not fetch the packages"; }
	mkdir -p "$new"/usr/{bin,sbin,lib,lib64,lib32,libx32}
	for d in bin sbin lib lib64 lib32 libx32; do ln -s usr/$d "$new/$d"; done
	for d in "$a"/*.deb; do
		case ${d##*/} in perl*|libperl*|usrmerge*|dpkg_*|gcc-12*|debconf*) continue;; esac
		dpkg-deb --fsys-tarfile "$d" | tar -x --keep-directory-symlink -C "$new" \
			--exclude='./usr/share/doc' --exclude='./usr/share/locale' \
			--exclude='./usr/share/man' || die "unpacking $d failed"
	done
	mkdir -p "$new"/{proc,sys,dev,run,tmp,inst,root,srv} "$new/usr/lib/modules" "$new/etc/ppp"
	mkdir -p "$new/var"; rm -rf "$new"/var/{run,lock,log,tmp}
	ln -s /run "$new/var/run"; ln -s /run/lock "$new/var/lock"
	ln -s /run/log "$new/var/log"; ln -s /tmp "$new/var/tmp"
	local kv; kv=$(ls "$new/usr/lib/uml/modules" | head -1)
	ln -s "../uml/modules/$kv" "$new/usr/lib/modules/$kv"
	# The guest's "mount" and friends: busybox (package "mount" is not unpacked).
	for d in $("$new/bin/busybox" --list); do
		[ -e "$new/usr/bin/$d" ] || [ -e "$new/usr/sbin/$d" ] || ln -s busybox "$new/usr/bin/$d"
	done
	[ -e "$new/usr/bin/sh" ] || ln -s bash "$new/usr/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/bash\nradvd:x:100:65534::/run/radvd:/bin/false\nnobody:x:65534:65534::/:/bin/false\n' >"$new/etc/passwd"
	printf 'root:x:0:\ntty:x:5:\ndip:x:30:\nnogroup:x:65534:\n' >"$new/etc/group"
	printf '127.0.0.1 localhost\n' >"$new/etc/hosts"
	printf 'hosts: files\npasswd: files\ngroup: files\nprotocols: files\nservices: files\n' >"$new/etc/nsswitch.conf"
	: >"$new/etc/resolv.conf"
	(cd "$a" && ls *.deb) >"$new/.packages"
	ldconfig -r "$new" 2>/dev/null
	rm -rf "$a" "$ROOT"; mv "$new" "$ROOT"
	echo "$VERSION" >"$ROOT/.built"
	exec 8>&-
}

# What the guest's kernel needs on processors newer than it is (see there).
build_preload() {
	local src=$(dirname "$SELF")/xstate.c new
	[ "$HOME_DIR/xstate.so" -nt "$src" ] && return
	new=$(mktemp "$HOME_DIR/xstate.XXXXXX")
	${CC:-cc} -O2 -shared -fPIC -o "$new" "$src" || die "cannot compile $src"
	mv "$new" "$HOME_DIR/xstate.so"
}

# ------------------------------------------------- what runs in the guest ----
guest_init() { cat <<'GUEST'
#!/bin/bash
# init of the guest (PID 1).  rp_inst, on the kernel's command line, is the
# instance's directory on the host.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb
mount -t proc proc /proc; mount -t sysfs sys /sys
mount -t tmpfs tmp /run; mount -t tmpfs tmp /tmp; mount -t tmpfs ppp /etc/ppp
mkdir -p /dev/pts /run/lock /run/log /run/radvd /run/netns /run/www /run/ppp; mount -t devpts -o mode=620,ptmxmode=666 pts /dev/pts
mount -t hostfs none /inst -o "$rp_inst"
. /inst/config
hostname "$RP_NAME"
for m in ipv6 veth ppp_async ppp_mppe ppp_deflate bsd_comp $RP_MODULES; do modprobe $m || echo "no module $m"; done
sysctl -q -w net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 2>/dev/null
sysctl -q -w kernel.printk='3 4 1 3' 2>/dev/null
: >/run/log/messages; : >/run/log/ppp
syslogd -O /run/log/messages
ip link set lo up

ip addr add "$RP_GUEST" dev $RP_NIC; ip link set $RP_NIC up
[ -n "$RP_GW" ] && ip route add default via "$RP_GW"
export RP_NIC

umask 077
for f in pap chap; do
	[ "$RP_ROLE" = server ] && echo "\"$RP_USER\" * \"$RP_SECRET\" *" || echo "\"$RP_USER\" * \"$RP_PASS\" *"
done >/etc/ppp/chap-secrets
cp /etc/ppp/chap-secrets /etc/ppp/pap-secrets
umask 022

# pppd 2.4.9 runs /etc/ppp/ipv6-up IFACE TTY SPEED LOCAL-LL REMOTE-LL IPPARAM
if [ "$RP_ROLE" = server ]; then
cat >/etc/ppp/ipv6-up <<'E'
#!/bin/busybox sh
# In few processes: on a slow machine each takes the guest a good while.
. /inst/config
if=$1; n=${if#ppp}; p=$RP_PREFIX$n
{
echo "ipv6-up $* prefix $p::/64"
/sbin/ip -6 addr add $p::1/64 dev $if nodad # not the applet
[ "$RP_RA" = 1 ] || exit 0
{
echo "interface $if {"
echo " AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval $RP_RA_INTERVAL; MinDelayBetweenRAs 3;"
[ -n "$RP_RA_MTU" ] && echo " AdvLinkMTU $RP_RA_MTU;"
echo " prefix $p::/64 { AdvOnLink on; AdvAutonomous on; };"
[ -n "$RP_RDNSS" ] && echo " RDNSS $RP_RDNSS { };"
echo "};"
} >/run/radvd/$if.conf
[ $RP_RA_DELAY = 0 ] || sleep $RP_RA_DELAY
[ -e /sys/class/net/$if ] && radvd -C /run/radvd/$if.conf -p /run/radvd/$if.pid -m stderr_syslog -n </dev/null >>/run/log/messages 2>&1 &
[ -n "$RP_IF_UP" ] && eval "$RP_IF_UP"
} >>/run/log/ppp 2>&1
exit 0
E
cat >/etc/ppp/ipv6-down <<'E'
#!/bin/bash
echo "ipv6-down $*" >>/run/log/ppp
p=$(cat /run/radvd/$1.pid 2>/dev/null); [ -n "$p" ] && kill $p
rm -f /run/radvd/$1.*
E
else
cat >/etc/ppp/ipv6-up <<'E'
#!/bin/bash
. /inst/config
echo "$(date +%s.%N) ipv6-up $*" >>/run/log/ppp
[ -n "$RP_IF_UP" ] && { if=$1; eval "$RP_IF_UP"; } >>/run/log/ppp 2>&1
exit 0
E
fi
printf '#!/bin/busybox sh\necho "ip-up $*" >>/run/log/ppp\n' >/etc/ppp/ip-up
printf '#!/bin/busybox sh\necho "auth-$0 $*" >>/run/log/ppp\n' >/etc/ppp/auth-up
chmod 755 /etc/ppp/ipv6-* /etc/ppp/ip-up /etc/ppp/auth-up

common() {
	echo "lock"; echo "nodefaultroute"; echo "debug"; echo "logfile /run/log/ppp"
	echo "asyncmap 0"; echo "novj"; echo "novjccomp"
	if [ "$RP_IPV6" = 1 ]; then echo "+ipv6"; else echo noipv6; fi
	[ "$RP_IPV6" = 1 ] && [ "$RP_IFID" != none ] && echo "ipv6 $RP_IFID"
	[ -n "$RP_IPCP" ] || echo noip
	[ -n "$RP_MTU" ] && echo "mtu $RP_MTU"; [ -n "$RP_MRU" ] && echo "mru $RP_MRU"
	case $RP_MPPE in
	"") echo nomppe; [ "$RP_CCP" = 1 ] || { echo nobsdcomp; echo nodeflate; };;
	128) echo nobsdcomp; echo nodeflate; echo require-mppe-128;;
	40) echo nobsdcomp; echo nodeflate; echo require-mppe-40;;
	stateful) echo nobsdcomp; echo nodeflate; echo require-mppe-128; echo mppe-stateful;;
	esac
	echo "$RP_PPPD" | tr ';' '\n'
}
{
common
if [ "$RP_ROLE" = server ]; then
	echo "name pptpd"; echo "lcp-echo-interval 30"; echo "lcp-echo-failure 4"
	case $RP_AUTH in
	pap) echo require-pap;;
	chap) echo require-chap;;
	mschap) echo refuse-pap; echo refuse-chap; echo require-mschap;;
	mschapv2) echo refuse-pap; echo refuse-chap; echo refuse-mschap; echo require-mschap-v2;;
	eap) echo require-eap;;
	none) echo noauth;;
	any) echo auth;;
	esac
else
	echo "noauth"; echo "name $RP_USER"; echo "remotename pptp"; echo "maxfail 1"
	echo "lcp-echo-interval 30"; echo "lcp-echo-failure 4"; echo nodetach
	[ -n "$RP_IPCP" ] && echo ipcp-accept-remote && echo ipcp-accept-local
fi
} >/etc/ppp/rp-options
: >/etc/ppp/options

cat >/run/dial <<'E'
#!/bin/bash
. /inst/config
date +%s.%N >/run/dial.start
exec pppd pty "pptp $RP_SERVER --nolaunchpppd --loglevel 2" file /etc/ppp/rp-options
E
cat >/run/hangup <<'E'
#!/bin/bash
p=$(cat /run/dial.pid 2>/dev/null) && kill $p 2>/dev/null
for i in $(seq 100); do kill -0 $p 2>/dev/null || break; sleep .05; done; sleep .3
E
chmod 755 /run/dial /run/hangup

www() { # www NETNS: httpd and iperf3 there ("" = here)
	local in=; [ -n "$1" ] && in="ip netns exec $1"
	$in httpd -p 80 -h /run/www; $in iperf3 -s -D >/dev/null
}
if [ "$RP_ROLE" = server ]; then
	sysctl -q -w net.ipv6.conf.all.forwarding=1 net.ipv4.ip_forward=1
	mkdir -p /run/www/cgi-bin; echo "hello from the real peer" >/run/www/hello
	dd if=/dev/zero of=/run/www/1M bs=1M count=1 2>/dev/null
	dd if=/dev/zero of=/run/www/100k bs=1k count=100 2>/dev/null
	dd if=/dev/zero of=/run/www/8M bs=1M count=8 2>/dev/null
	printf '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n$REMOTE_ADDR\\n"\n' >/run/www/cgi-bin/ip; chmod 755 /run/www/cgi-bin/ip
	ip netns add web
	ip link add inet0 type veth peer name eth0 netns web
	ip -6 addr add 2001:db8:ffff::1/64 dev inet0 nodad; ip link set inet0 up
	ip -n web link set lo up; ip -n web -6 addr add 2001:db8:ffff::2/64 dev eth0 nodad; ip -n web link set eth0 up
	ip -n web -6 route add default via 2001:db8:ffff::1
	[ -n "$RP_PATH_MTU" ] && { ip link set inet0 mtu $RP_PATH_MTU; ip -n web link set eth0 mtu $RP_PATH_MTU; }
	www ""; www web
	l=${RP_IPCP%%:*}; r=${RP_IPCP##*:}
	{
	echo "option /etc/ppp/rp-options"; [ "$RP_DEBUG" = 1 ] && echo debug; echo "connections $RP_MAX_CONN"
	if [ -n "$l" ]; then echo "localip $l"; echo "remoteip $r-$(( ${r##*.} + 20 > 254 ? 254 : ${r##*.} + 20 ))"; else echo delegate; fi
	} >/run/pptpd.conf
	pptpd -c /run/pptpd.conf -p /run/pptpd.pid
	for i in $(seq 50); do grep -q ':06BB ' /proc/net/tcp && break; sleep .02; done
fi
cat /proc/uptime >/inst/ready.tmp; mv /inst/ready.tmp /inst/ready

# Commands from the host: /inst/cmd/ID.sh -> /inst/cmd/ID.out, then ID.rc
mkfifo /run/nap; exec 9<>/run/nap
while :; do
	for c in /inst/cmd/*.sh; do
		[ -e "$c" ] || continue
		id=${c%.sh}; id=${id##*/}
		cp "$c" /run/cmd.$id && rm -f "$c"
		( bash /run/cmd.$id >/run/out.$id 2>&1 </dev/null; rc=$?; cp /run/out.$id /inst/cmd/$id.out; echo $rc >/inst/cmd/$id.rct; mv /inst/cmd/$id.rct /inst/cmd/$id.rc; rm -f /run/out.$id /run/cmd.$id ) &
	done
	read -t 0.05 -u 9
done
GUEST
}

# ------------------------------------------------------------ on the host ----
alive() { # alive NAME: its UML runs (and the pid is really ours)
	local p; p=$(cat "$INST/$1/pid" 2>/dev/null) || return 1
	[ -n "$p" ] && tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -q "umid=rp-$1 "
}

guest_exec() { # guest_exec NAME CMD...
	local d=$INST/$1 id rc; shift
	alive "${d##*/}" || die "${d##*/} is not up"
	id=$$.$RANDOM; mkdir -p "$d/cmd"
	printf '%s\n' "$*" >"$d/cmd/$id.tmp"; mv "$d/cmd/$id.tmp" "$d/cmd/$id.sh"
	while [ ! -e "$d/cmd/$id.rc" ]; do alive "${d##*/}" || die "the guest died"; sleep 0.03; done
	cat "$d/cmd/$id.out"; rc=$(cat "$d/cmd/$id.rc"); rm -f "$d/cmd/$id".*
	return "$rc"
}

do_down() { # do_down NAME
	local n=$1 d=$INST/$1 p i c
	[ -d "$d" ] || return 0
	if alive "$n"; then
		p=$(cat "$d/pid"); kill -TERM "$p" 2>/dev/null
		for i in $(seq 60); do [ -d "/proc/$p" ] && ! grep -q '^State:.Z' /proc/$p/status 2>/dev/null || break; sleep 0.05; done
		[ -d "/proc/$p" ] && kill -KILL "$p" 2>/dev/null
		for c in $(cat "$d/pgid" 2>/dev/null); do # what is left of its session
			for i in $(ps -o pid= -s "$c" 2>/dev/null); do kill -KILL "$i" 2>/dev/null; done
		done
	fi
	if [ -e "$d/netns" ]; then
		exec 7>"$HOME_DIR/.netlock"; flock 7
		local ns tap; ns=$(cat "$d/netns"); tap=$(cat "$d/tap")
		ip -n "$ns" link del "$tap" 2>/dev/null
		[ -e "$d/made-netns" ] && {
			local others; others=$(grep -lx "$ns" "$INST"/*/netns 2>/dev/null | grep -v "^$d/netns$")
			if [ -n "$others" ]; then # hand the netns over to an instance still in it
				touch "$(dirname "$(echo "$others" | head -1)")/made-netns"
			else ip netns del "$ns" 2>/dev/null; fi
		}
		exec 7>&-
	fi
	rm -rf "$d"; rm -f "$ROOT/.init-$n"
}

do_up() {
	local name=rp0 role=server ns= tap= addr= guest= gw= bridge= auth=mschapv2 mppe= user=alice pass=secret
	local secret= ipcp= ipv6=1 ifid= prefix=2001:db8:118: ra=1 ra_mtu= ra_int=10 ra_delay=0 rdnss= mtu= mru= path_mtu=
	local maxc=100 pppd= ccp= debug= server= mem=128M net=tuntap ifup= modules= t0; t0=$(now_ms)
	while [ $# -gt 0 ]; do
		case $1 in
		--name) name=$2; shift;; --role) role=$2; shift;; --netns) ns=$2; shift;; --tap) tap=$2; shift;;
		--addr) addr=$2; shift;; --guest) guest=$2; shift;; --gw) gw=$2; shift;; --bridge) bridge=$2; shift;;
		--auth) auth=$2; shift;;
		--mppe) mppe=128; case ${2:-} in 128|40|stateful) mppe=$2; shift;; esac;;
		--user) user=$2; shift;; --pass) pass=$2; shift;; --wrong-secret) secret=not-the-password;;
		--ipcp) ipcp=10.118.0.1:10.118.0.10; case ${2:-} in *.*.*.*:*.*.*.*) ipcp=$2; shift;; esac;;
		--no-ipv6) ipv6=0;; --ccp) ccp=1;; --debug) debug=1;; --ifid) ifid=$2; shift;; --prefix) prefix=$2; shift;; --no-ra) ra=0;;
		--ra-mtu) ra_mtu=$2; shift;; --ra-interval) ra_int=$2; shift;; --ra-delay) ra_delay=$2; shift;;
		--rdnss) rdnss=$2; shift;; --mtu) mtu=$2; shift;; --mru) mru=$2; shift;; --path-mtu) path_mtu=$2; shift;;
		--max-conn) maxc=$2; shift;; --pppd) pppd=$2; shift;; --server) server=$2; shift;; --mem) mem=$2; shift;;
		--net) net=$2; shift;; --if-up) ifup=$2; shift;; --modules) modules=$2; shift;;
		*) die "up: unknown option $1";;
		esac; shift
	done
	[ "$(id -u)" = 0 ] || die "needs root (network namespaces, tap)"
	[ -c /dev/net/tun ] || die "needs /dev/net/tun"
	command -v ip >/dev/null || apt-get -qq -y install iproute2 >/dev/null 2>&1 || die "needs iproute2"
	case $name in *[!A-Za-z0-9_-]*|"") die "bad name $name";; esac
	[ -n "$mppe" ] && [ "$auth" != mschapv2 ] && die "--mppe needs --auth mschapv2"
	ns=${ns:-$name}; tap=${tap:-tap$name}; guest=${guest:-192.0.2.2/24}
	[ -z "$addr" ] && { [ -n "$bridge" ] && addr=none || addr=192.0.2.1/24; }
	[ -z "$gw" ] && [ "$addr" != none ] && gw=${addr%/*}
	[ "$role" = client ] && { ifid=${ifid:-none}; server=${server:-192.0.2.2}; } || ifid=${ifid:-::1,::2}
	[ "$ns" = - ] && die "keep the guest out of the machine's own namespace: name one with --netns"
	build_root; build_preload
	local d=$INST/$name
	# idempotent: the same request again is answered by the guest already running
	local want; want=$(printf '%s\n' "$name|$role|$ns|$tap|$addr|$guest|$gw|$bridge|$auth|$mppe|$user|$pass|$secret|$ipcp|$ipv6|$ifid|$prefix|$ra|$ra_mtu|$ra_int|$ra_delay|$rdnss|$mtu|$mru|$path_mtu|$maxc|$pppd|$ccp|$debug|$server|$mem|$net|$ifup|$modules")
	if alive "$name" && [ -e "$d/ready" ] && [ "$(cat "$d/want" 2>/dev/null)" = "$want" ]; then
		echo "real-peer: $name already up: $role ${guest%/*} netns $ns tap $tap"; return 0
	fi
	do_down "$name"
	mkdir -p "$d/cmd"; printf '%s\n' "$want" >"$d/want"
	guest_init >"$d/init"; chmod 755 "$d/init"
	exec 7>"$HOME_DIR/.netlock"; flock 7      # two "up" at once may share a netns
	if ! ip netns list | awk '{print $1}' | grep -qx "$ns"; then ip netns add "$ns" || die "netns"; touch "$d/made-netns"; ip -n "$ns" link set lo up; fi
	echo "$ns" >"$d/netns"; echo "$tap" >"$d/tap"
	ip -n "$ns" link del "$tap" 2>/dev/null
	ip -n "$ns" tuntap add dev "$tap" mode tap || die "cannot make $tap in $ns"
	ip netns exec "$ns" sh -c "echo 1 >/proc/sys/net/ipv6/conf/$tap/disable_ipv6" 2>/dev/null
	[ "$addr" != none ] && ip -n "$ns" addr add "$addr" dev "$tap"
	if [ -n "$bridge" ]; then
		ip -n "$ns" link show "$bridge" >/dev/null 2>&1 || { ip -n "$ns" link add "$bridge" type bridge forward_delay 0 mcast_snooping 0
			ip netns exec "$ns" sh -c "echo 1 >/proc/sys/net/ipv6/conf/$bridge/disable_ipv6"; ip -n "$ns" link set "$bridge" up; }
		ip -n "$ns" link set "$tap" master "$bridge"
	fi
	ip -n "$ns" link set "$tap" up
	exec 7>&-
	local mac nic kargs; mac=$(printf '02:52:50:%s' "$(printf '%s' "$ns/$name" | md5sum | sed 's/\(..\)\(..\)\(..\).*/\1:\2:\3/')")
	case $net in
	vec) nic=vec0; kargs="vec0:transport=tap,ifname=$tap,depth=128,gro=0,mac=$mac";;
	tuntap) nic=eth0; kargs="eth0=tuntap,$tap,$mac";;
	*) die "--net vec or tuntap";;
	esac
	q() { printf '%s=%q\n' "$1" "$2"; }
	{ q RP_NAME "$name"; q RP_ROLE "$role"; q RP_GUEST "$guest"; q RP_GW "$gw"; q RP_NIC $nic; q RP_AUTH "$auth"
	  q RP_MPPE "$mppe"; q RP_USER "$user"; q RP_PASS "$pass"; q RP_SECRET "${secret:-$pass}"; q RP_IPCP "$ipcp"
	  q RP_IPV6 $ipv6; q RP_IFID "$ifid"; q RP_PREFIX "$prefix"; q RP_RA $ra; q RP_RA_MTU "$ra_mtu"; q RP_RA_INTERVAL "$ra_int"
	  q RP_RA_DELAY "$ra_delay"; q RP_RDNSS "$rdnss"; q RP_MTU "$mtu"; q RP_MRU "$mru"; q RP_PATH_MTU "$path_mtu"
	  q RP_MAX_CONN "$maxc"; q RP_PPPD "$pppd"; q RP_CCP "$ccp"; q RP_DEBUG "$debug"; q RP_SERVER "$server"; q RP_IF_UP "$ifup"; q RP_MODULES "$modules"; } >"$d/config"
	# The guest sees the root read-only; its init comes from the instance directory.
	cp "$d/init" "$ROOT/.init-$name.new" && mv "$ROOT/.init-$name.new" "$ROOT/.init-$name"
	setsid ip netns exec "$ns" env LD_PRELOAD="$HOME_DIR/xstate.so" \
		"$ROOT/usr/bin/linux.uml" mem="$mem" root=/dev/root rootfstype=hostfs \
		rootflags="$ROOT" ro quiet init="/.init-$name" "rp_inst=$d" con=null con0=null,fd:1 ssl=null \
		uml_dir="$d" umid="rp-$name" $kargs </dev/null >"$d/console" 2>&1 8>&- 9>&- &
	echo $! >"$d/pid"; echo $! >"$d/pgid"
	local i
	for i in $(seq 2400); do
		[ -e "$d/ready" ] && break
		[ -d "/proc/$(cat "$d/pid")" ] || { tail -20 "$d/console" >&2; die "the guest died"; }
		sleep 0.05
	done
	[ -e "$d/ready" ] || { tail -20 "$d/console" >&2; die "the guest is not ready after 120 s"; }
	echo "real-peer: $name up in $(($(now_ms) - t0)) ms: $role at ${guest%/*}, netns $ns, tap $tap${mppe:+, MPPE $mppe}, auth $auth, user $user"
}

cmd=${1:-}; [ $# -gt 0 ] && shift
case $cmd in
up) do_up "$@";;
build) [ "${1:-}" = --rebuild ] && rm -f "$ROOT/.built"; build_root; build_preload;;
down)
	name=rp0; all=
	while [ $# -gt 0 ]; do case $1 in --name) name=$2; shift 2;; --all) all=1; shift;; *) shift;; esac; done
	if [ -n "$all" ]; then for i in "$INST"/*/; do [ -d "$i" ] && do_down "$(basename "$i")"; done
	else do_down "$name"; fi
	;;
exec|log|status|folder|connect|disconnect)
	name=rp0; if [ "${1:-}" = --name ]; then name=$2; shift 2; fi
	[ "${1:-}" = -- ] && shift
	case $cmd in
	exec) guest_exec "$name" "$@";;
	log) case ${1:-ppp} in console) cat "$INST/$name/console";; syslog) guest_exec "$name" cat /run/log/messages;; *) guest_exec "$name" cat /run/log/ppp;; esac;;
	folder) echo "$INST/$name";;
	status) alive "$name" && [ -e "$INST/$name/ready" ] && echo "$name up, pid $(cat "$INST/$name/pid")";;
	connect) guest_exec "$name" 'setsid /run/dial >>/run/log/ppp 2>&1 </dev/null & echo $! >/run/dial.pid';;
	disconnect) guest_exec "$name" /run/hangup;;
	esac;;
*) sed -n '2,70p' "$SELF" | sed -n '/^#/!q;s/^# \{0,1\}//p'; exit 2;;
esac
