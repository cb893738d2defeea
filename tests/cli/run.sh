#!/bin/bash
# run.sh PROGRAM - options, messages and exit statuses of run-all and run.
#
# Everything runs in a network namespace of its own with nothing in it: no
# server can be reached, nothing on this machine is touched.
set -u
prog=$(readlink -f "$1")
t=$(mktemp -d /tmp/v6d-cli.XXXXXX)
trap 'rm -rf "$t"' EXIT
chmod 755 "$t"
cp "$prog" "$t/v6doctor"
mkdir -p "$t/home" "$t/xdg/v6doctor"
passed=0 failed=0

# v ARGUMENT...: the program, alone in a namespace, without any profile.
v() {
	env -i PATH="$PATH" HOME="$t/home" XDG_CONFIG_HOME="$t/xdg" \
		TERM=xterm unshare -n sh -c 'ip link set lo up; exec "$@"' sh \
		"$t/v6doctor" "$@" >"$t/out" 2>"$t/err" </dev/null
	status=$?
}

bad() {
	failed=$((failed + 1))
	echo "FAILED: $name: $1"
	echo "  standard output: $(head -c 600 "$t/out")"
	echo "  standard error:  $(head -c 600 "$t/err")"
}

# expect NAME STATUS REGEX: the status, and words of standard error, which
# may be broken into lines anywhere.
expect() {
	name=$1
	if [ "$status" != "$2" ]; then
		bad "exit status $status, wanted $2"
	elif ! tr -s ' \n' ' ' <"$t/err" | grep -qE -- "$3"; then
		bad "standard error has no /$3/"
	else
		passed=$((passed + 1))
	fi
}

# out NAME STATUS REGEX: the same of standard output.
out() {
	name=$1
	if [ "$status" != "$2" ]; then
		bad "exit status $status, wanted $2"
	elif ! grep -qE -- "$3" "$t/out"; then
		bad "standard output has no /$3/"
	else
		passed=$((passed + 1))
	fi
}

# empty NAME: nothing on standard output.
empty() {
	name=$1
	if [ -s "$t/out" ]; then
		bad "something on standard output"
	else
		passed=$((passed + 1))
	fi
}

# json NAME STATUS FILTER: exactly one document, and the filter is true.
json() {
	name=$1
	if [ "$status" != "$2" ]; then
		bad "exit status $status, wanted $2"
	elif [ "$(jq -s length "$t/out" 2>/dev/null)" != 1 ]; then
		bad "not one JSON document"
	elif ! jq -e "$3" "$t/out" >/dev/null; then
		bad "not so: $3"
	else
		passed=$((passed + 1))
	fi
}

profile() { # NAME LINE...
	f=$t/xdg/v6doctor/$1.conf
	shift
	printf '%s\n' "$@" >"$f"
}

# ---- what others would feel ----
v run --stress 1000 napt
expect "stress without a terminal" 64 "no terminal: add --yes"
for n in 0 x 4097 1x ''; do
	v run --stress="$n" napt
	expect "stress '$n'" 64 "sessions, 1 to 4096"
done

# ---- a URL for the target ----
v run --deadline 2 host http://2001:db8::1/
expect "a URL without brackets" "$status" \
	'needs brackets .*read as http://\[2001:db8::1\]/'
v run --deadline 2 host http://www.example.net:x/
expect "a URL with a wrong port" 64 "no check 'http://www.example.net:x/'"
profile url '[probe]' 'literal = http://2001:db8::1/'
v run --deadline 2 --profile url host
expect "a URL without brackets in a profile" "$status" \
	'url.conf: line 2: \[probe\] literal: .*read as http://\[2001:db8::1\]/'

# ---- options ----
v run-all --help
out "help" 0 '--deadline SECONDS +end after'
v run --help
out "help of run names the checks" 0 '^  gre +Does GRE pass'
v run-all --jsno
expect "unknown option" 64 "unknown option '--jsno'; did you mean --json\?"
empty "unknown option: nothing on standard output"
v run-all -x
expect "unknown letter" 64 "unknown option '-x'"
v run-all --deadline
expect "value missing" 64 "--deadline wants a value"
for s in 0 -1 abc 1x 99999 nan; do
	v run-all --deadline="$s"
	expect "deadline $s" 64 "--deadline '$s': seconds"
done
v run-all --format xml
expect "unknown format" 64 "--format 'xml': it is one of text, json, "
v run-all --color blue
expect "unknown colour" 64 "--color 'blue': auto, always or never"
v run-all --fault gre-drop
expect "fault without lab" 64 "--fault needs --lab"
v run-all --interface x --dial
expect "interface against dial" 64 "one of them"
v run-all gre
expect "word that is not wanted" 64 "v6doctor run gre"
v run
expect "no check named" 64 "which check"
v run gre nonsense
expect "unknown check" 64 "no check 'nonsense'; there are:.* gre"
v run-all --lab --fault no-such-fault
expect "unknown fault" 64 "no-such-fault"
v run-all --lab --fault=gre-drop@nowhere
expect "unknown place" 64 "nowhere"

# ---- profile ----
v run-all --profile nowhere
expect "no such profile" 66 "no profile 'nowhere'; looked for .*xdg"
v run-all --profile ./nowhere.conf
expect "no such profile file" 66 "nowhere.conf"
v run-all --profile nowhere.conf
expect "a file is not a name" 66 "named \./FILE"
v run-all --profile "$t"
expect "a folder for a profile" 66 "Is a directory"
profile key "[tunnel]" "server = 192.0.2.1" "sever = 192.0.2.2"
v run-all --profile key
expect "unknown key" 78 'key.conf:3: '
v run-all --profile key --json
expect "unknown key, with --json" 78 'key.conf:3: '
empty "unknown key: no half document"
echo secret-word >"$t/pw"
chmod 644 "$t/pw"
profile mode "[tunnel]" "server = 192.0.2.1" "user = alice" \
	"password-file = $t/pw"
v run-all --profile mode
expect "password file that others can read" 78 'pw.*(0600|chmod)'
name="the password is never shown"
if grep -q secret-word "$t/out" "$t/err"; then bad "it is"; else
	passed=$((passed + 1)); fi
profile gone "[tunnel]" "server = 192.0.2.1" "user = alice" \
	"password-file = $t/none"
v run-all --profile gone
expect "password file that is missing" 66 "none"
profile ask "[tunnel]" "server = 192.0.2.1" "user = alice"
v run-all --profile ask
expect "no password and no terminal" 78 "password-file"

# ---- what is there and what is not ----
v run-all --json
expect "no profile: where one is looked for" "$status" \
	'no profile names a server \(looked for .*/xdg/v6doctor/v6doctor.conf'
json "no profile: no server named, nothing dialled" "$status" \
	'.verdict != "healthy" and ([.checks[] | select(.probe == "control")][0] | .status == "skipped" and (.summary | test("no server is named"))) and ([.facts[] | select(.name == "control.tcp")] | length == 0)'
v run-all --interface nowhere0
expect "no such interface" 69 "no interface nowhere0"

chmod 600 "$t/pw"
v run-all --profile mode --json --deadline 3
json "no route to the server" 2 '.verdict == "faulty"'

# A server by name: localhost needs no hosts file, the rest a resolver.
sed -i 's/^server = .*/server = localhost/' "$t/xdg/v6doctor/mode.conf"
v run-all --profile mode --json
json "server by name" 2 \
	'[.facts[] | select(.name == "server.name" and .state == "ok" and .subject == "localhost")] | length == 1'
sed -i 's/^server = .*/server = vpn.invalid/' "$t/xdg/v6doctor/mode.conf"
v run-all --profile mode --json --deadline 8
json "server's name that cannot be resolved" 2 \
	'([.facts[] | select(.name == "server.name" and .state == "bad")] | length == 1) and ([.checks[] | select(.probe == "control")][0].status == "fail")'
sed -i 's/^server = .*/server = 192.0.2.1/' "$t/xdg/v6doctor/mode.conf"

# As somebody without rights: what can be done is done.
cp "$t/xdg/v6doctor/mode.conf" "$t/nobody.conf"
cp "$t/pw" "$t/pw-nobody"
sed -i "s|password-file = .*|password-file = $t/pw-nobody|" "$t/nobody.conf"
chown nobody "$t/nobody.conf" "$t/pw-nobody"
chmod 600 "$t/pw-nobody"
env -i PATH="$PATH" HOME="$t/home" unshare -n sh -c '
	ip link set lo up
	ip addr add 192.0.2.1/32 dev lo
	exec setpriv --reuid 65534 --regid 65534 --clear-groups \
		--bounding-set=-all "$@"' sh \
	"$t/v6doctor" run-all --profile "$t/nobody.conf" --json \
	>"$t/out" 2>"$t/err" </dev/null
status=$?
name="without root: says how to allow it"
if grep -q sudo "$t/err"; then passed=$((passed + 1)); else
	bad "no word of sudo"; fi
json "without root: the control connection is tried" "$status" \
	'[.facts[] | select(.name == "control.tcp")] | length > 0'

setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all \
	"$t/v6doctor" run-all --lab >"$t/out" 2>"$t/err" </dev/null
status=$?
expect "the practice network without root" 69 'run-all: .'
empty "the practice network without root: no report"

# Without /dev/net/tun.
env -i PATH="$PATH" HOME="$t/home" unshare -n -m sh -c '
	ip link set lo up
	mount -t tmpfs none /dev/net
	exec "$@"' sh \
	"$t/v6doctor" run-all --profile "$t/xdg/v6doctor/mode.conf" --json \
	--deadline 3 >"$t/out" 2>"$t/err" </dev/null
status=$?
name="without /dev/net/tun: says so and what to do"
if grep -q '/dev/net/tun is missing.*' "$t/err"; then
	passed=$((passed + 1)); else bad "not said"; fi
json "without /dev/net/tun: a fact" "$status" \
	'[.facts[] | select(.name == "host.tun" and .state == "bad")] | length > 0'

echo "cli run: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
