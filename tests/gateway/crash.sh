#!/bin/bash
# crash.sh BUILD - connect is killed at every journal write and at every
# other call that changes a file, on the way up and on the way down; restore
# then brings the host back, all of it. ALL=1: at every netlink message,
# sysctl and ioctl too, and a host that has an uplink by advertisement, with a
# table of its own and a name to publish (minutes).
#
# strace delivers SIGKILL when the N-th call of one kind begins: pwrite64 is
# the moment before a journal line is written (and after the change before
# it), fdatasync the one before it is on the disk.
set -u
prog=$(readlink -f "$1/v6doctor")
calls1="pwrite64" calls2="fdatasync fsync mkdir unlink rmdir rename ftruncate fallocate clone clone3"
[ -n "${ALL:-}" ] && calls2="$calls2 sendto sendmsg write ioctl"

# one N SYSCALL PROFILE: 0: it was killed there; 1: it never came so far
one() {
	rm -f "$t/ready" && mkfifo "$t/ready"
	host strace -f -o "$t/strace" -e "trace=$2" -e signal=none \
		-e "inject=$2:signal=SIGKILL:when=$1" "$prog" connect \
		--state "$t/state" --ready-fd 9 "$t/a.conf" \
		9>"$t/ready" >"$t/out" 2>&1 &
	job=$!
	# "up", or the end of the file: it is dead.
	if read -r -t 60 line <"$t/ready" && [ "$line" = up ]; then
		kill -TERM "$(cat "$t/state/run/a/pid" 2>/dev/null)" 2>/dev/null
	fi
	wait $job # strace dies as its program did
	[ $? = 137 ]
}
residue() { [ -s "$t/state/a.journal" ]; }

# A host with more to it: what the kernel purges, rules, a record elsewhere.
rich() {
	uplink_up
	name_server_up
	printf 'key "update" { algorithm hmac-sha256; secret "%s"; };\n' \
		"$secret" >"$t/good.key"
	chmod 600 "$t/good.key"
	profile a "${lan[@]}" '[dns-update]' 'server = 192.0.2.54' \
		'zone = dyn.example' 'name = gw.dyn.example' "key-file = $t/good.key"
	sed -i 's/^mru/table = 101\nmru/' "$t/a.conf"
	until_true 20 native || bad "the uplink has no route"
	until_true 5 sh -c "! '$prog' lab exec $lab c1 -- ip -6 addr show tentative | grep -q ."
}
records() { # and what the world is told
	[ -z "$rich" ] || on web dig +short +tries=1 +time=2 @192.0.2.54 gw.dyn.example AAAA | sort
}
look_all() { look && records; }
# Lost routes of the uplink come back with its next advertisement.
as_before() {
	look_all >"$t/after"
	diff "$t/before" "$t/after" >"$t/diff"
}

back() { if [ -n "$rich" ]; then until_true 8 as_before; else as_before; fi; }

lane() { # CALLS...: prints "N passed, M failed"
	lab=crash-$BASHPID
	. "$(dirname "$0")/lib.sh"
	lab_up
	profile a "${lan[@]}"
	[ -z "$rich" ] || rich
	gw restore "$t/a.conf" >/dev/null
	look_all >"$t/before"
	for call in "$@"; do
		n=1
		while one $n "$call"; do
			# status must not call it healthy, and names what is left
			gw status "$t/a.conf" >"$t/status" 2>&1
			rc=$?
			[ $rc = 2 ] || [ $rc = 3 ] ||
				bad "$call $n: status $rc after a crash"
			gw restore "$t/a.conf" >"$t/restore" 2>&1 ||
				bad "$call $n: restore: $(tail -1 "$t/restore")"
			if back; then good; else
				bad "$call $n: the host is not as before"
				head -5 "$t/diff" "$t/restore"
			fi
			n=$((n + 1))
		done
		[ "$call" = pwrite64 ] && [ $n -lt 20 ] &&
			bad "only $n journal writes were seen"
		if back; then good; else
			bad "$call: not as before without a crash"
			head -5 "$t/diff"
		fi
	done
	echo "crash${rich:+, a fuller host}, $*: $passed passed, $failed failed"
	[ "$failed" -eq 0 ]
}
rich=
# shellcheck disable=SC2086
lane $calls1 &
first=$!
if [ -n "${ALL:-}" ]; then
	(rich=yes && lane pwrite64 clone clone3) &
	second=$!
fi
# shellcheck disable=SC2086
(lane $calls2)
rc=$?
wait $first || rc=1
[ -z "${ALL:-}" ] || wait $second || rc=1
exit $rc
