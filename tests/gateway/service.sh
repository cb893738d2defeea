#!/bin/bash
# service.sh BUILD - what a service manager is told (sd_notify(3)), at a path
# and at an abstract address: ready, alive, reloading, stopping, in this order;
# the watchdog only by the process that it is for.
set -u
here=$(dirname "$0") prog=$(readlink -f "$1/v6doctor")
lab=service-$$
. "$here/lib.sh"
lab_up
profile a "${lan[@]}"

# Lines of what arrives, one message a line, until it is killed.
manager() { # ADDRESS FILE
	host python3 -uc '
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\0", 1))
print("listening")
s.settimeout(0.2)
while os.getppid() != 1: # until its caller is gone
    try:
        print(s.recv(4096).decode().replace("\n", " "))
    except TimeoutError:
        pass' "$1" >"$2" &
	ended+=("$!")
	until_true 10 grep -q listening "$2"
}
begin() { # ADDRESS [VARIABLE=VALUE...]
	address=$1 && shift
	mkfifo "$t/ready"
	host env NOTIFY_SOCKET="$address" "$@" "$prog" connect --state "$t/state" \
		--ready-fd 9 "$t/a.conf" 9>"$t/ready" >"$t/out" 2>"$t/err" &
	job=$!
	ended+=("$job")
	read -r -t 60 line <"$t/ready"
	rm -f "$t/ready"
	[ "$line" = up ] || { bad "connect: $line"; cat "$t/err"; }
}
end() {
	gw disconnect "$t/a.conf" >/dev/null
	wait "$job"
}
manager "$t/notify" "$t/said"
begin "$t/notify" WATCHDOG_USEC=200000
ok "alive, several times" until_true 20 sh -c "[ \$(grep -c '^WATCHDOG=1$' '$t/said') -ge 5 ]"
[ "$(grep -c READY=1 "$t/said")" = 1 ] && good || bad "ready: $(cat "$t/said")"
kill -HUP "$(cat "$t/state/run/a/pid")"
ok "ready again after SIGHUP" until_true 30 sh -c "[ \$(grep -c READY=1 '$t/said') = 2 ]"
end
order=$(sed -n 's/^\(listening\|READY=1\|RELOADING=1\|STOPPING=1\).*/\1/p' "$t/said" | tr '\n' ' ')
if [ "$order" = "listening READY=1 RELOADING=1 READY=1 STOPPING=1 " ]; then good
else bad "the order: $order"; fi
sed -n '/^RELOADING/,/^READY/p' "$t/said" | grep -q '^WATCHDOG=1' && good ||
	bad "silent while the profile is read anew: $(cat "$t/said")"

# Of another process: no word of the watchdog. At an abstract address.
manager "@v6d-$$" "$t/said2"
begin "@v6d-$$" WATCHDOG_USEC=100000 WATCHDOG_PID=1
kill -USR1 "$(cat "$t/state/run/a/pid")"
ok "it works meanwhile" until_true 10 test -e "$t/state/run/a/report.json"
end
if grep -q '^READY=1' "$t/said2" && ! grep -q WATCHDOG "$t/said2"; then good
else bad "an abstract address: $(cat "$t/said2")"; fi
# A manager that is gone is no harm.
begin "$t/nobody-here" WATCHDOG_USEC=100000
ok "status without a manager" gw status "$t/a.conf"
end
echo "service: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
