#!/bin/sh
# deps.sh - installs the Debian packages that building, the practice network
# and the tests need and that are missing. Does nothing when none is.
#
# Services that come with those packages (nginx, radvd, BIND, Prometheus) are neither started
# nor enabled: only the practice network starts them, in its own namespaces.
set -eu
build="gcc libc6-dev make pkg-config libpcap-dev libnl-3-dev libnl-route-3-dev
libc-ares-dev libcurl4-openssl-dev libuv1-dev nettle-dev libjansson-dev
libinih-dev libnftables-dev zlib1g-dev libzstd-dev libcmocka-dev"
run="nftables radvd dnsmasq-base nginx-light iproute2 iputils-ping kmod
procps util-linux"
tests="gettext clang clang-format valgrind binutils python3 jq tcpdump git mandoc curl
xz-utils zstd conntrack libxml2-utils perl strace bind9 bind9-dnsutils
tshark libcap2-bin iptables iputils-tracepath scamper mtr-tiny ndisc6
python3-jsonschema prometheus prometheus-node-exporter
chromium fonts-noto-cjk zsh fish monit"

missing=
for p in $build $run $tests; do
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)" = installed ] ||
		missing="$missing $p"
done
# libFuzzer's runtime has its own package on some releases.
if ! dpkg-query -W -f='${db:Status-Status}\n' 'libclang-rt-*dev' 2>/dev/null |
	grep -q '^installed$' &&
	apt-cache show libclang-rt-dev >/dev/null 2>&1; then
	missing="$missing libclang-rt-dev"
fi
# Node may come from elsewhere than Debian, and npm with it.
for p in node:nodejs npm:npm; do
	command -v "${p%:*}" >/dev/null || missing="$missing ${p#*:}"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "deps: missing packages; as root: apt-get install$missing" >&2
	exit 1
fi
command -v apt-get >/dev/null || {
	echo "deps: no apt-get here; install by hand:$missing" >&2
	exit 1
}
echo "deps: installing$missing"

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
install() {
	# shellcheck disable=SC2086
	apt-get -qq -y --no-install-recommends install $missing >"$log" 2>&1
}
# The lists may be absent or old: refresh them once, then say what is wrong.
install || { apt-get -qq update >>"$log" 2>&1 && install; } || {
	tail -20 "$log" >&2
	rm -f "$log"
	echo "deps: apt-get could not install$missing" >&2
	exit 1
}
rm -f "$log"
if [ -d /run/systemd/system ]; then
	case " $missing " in
	*" bind9 "*) systemctl -q disable named || true ;;
	esac
	for s in nginx radvd prometheus prometheus-node-exporter; do
		case " $missing " in
		*" $s "* | *" $s-light "*) systemctl -q disable "$s" || true ;;
		esac
	done
fi
