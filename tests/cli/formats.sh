#!/bin/bash
# formats.sh PROGRAM - each output format: the same exit status for the same
# run, and a consumer that takes it: jq, prove, xmllint with a schema.
set -u
prog=$(readlink -f "$1")
here=$(cd "$(dirname "$0")" && pwd)
captures=$here/../../captures
t=$(mktemp -d /tmp/v6d-formats.XXXXXX)
trap 'rm -rf "$t"' EXIT
passed=0 failed=0

ok() { # NAME STATUS WANTED
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1: $2, wanted $3"
		head -c 300 "$t/out" "$t/err"
	fi
}

# takes FORMAT FILE: the consumer's word for it, "yes" or what it says.
takes() {
	case $1 in
	json) jq -e .schema "$2" >/dev/null 2>&1 ;;
	jsonl) [ "$(jq -s 'all(has("type"))' "$2" 2>&1)" = true ] ;;
	tap)
		# prove takes the points; whether all passed is told below.
		printf 'cat <<"END"\n%s\nEND\n' "$(cat "$2")" >"$t/tap.t"
		prove -v --exec sh "$t/tap.t" >"$t/prove" 2>&1
		! grep -qE 'Parse errors|No plan|No subtests' "$t/prove"
		;;
	junit) xmllint --noout --schema "$here/junit.xsd" "$2" ;;
	prometheus) ! grep -qvE '^# (HELP|TYPE) v6doctor_[a-z0-9_]+ |^v6doctor_[a-z0-9_]+(\{[^}]*\})? [-+.0-9e]+$' "$2" ;;
	html) xmllint --noout "$2" && grep -q "</html>" "$2" ;;
	markdown) grep -q '^## v6doctor: ' "$2" ;;
	text) grep -qE "^(HEALTHY|DEGRADED|FAULTY|UNDETERMINED) |no PPTP session" "$2" ;;
	*) false ;;
	esac 2>>"$t/err" && echo yes || echo no
}

# A capture without packets: nothing to judge.
head -c 24 "$captures/real/pap.pcap" >"$t/empty.pcap"
formats=$("$prog" read --format none x 2>&1 | tr -s ' \n' ' ' |
	sed "s/.*'none': .* one of //; s/[,.]//g; s/ or / /")
ok "the formats" "$(wc -w <<<"$formats")" 8
for f in $formats; do
	for c in read run-all; do
		ok "$c --help names $f" \
			"$("$prog" $c --help | grep -cE "(^|[ ,])$f([ ,]|$)" | sed 's/[2-9]/1/')" 1
	done
done

# each NAME STATUS ARGUMENT...: all formats of one run.
each() {
	local name=$1 want=$2
	shift 2
	for f in $formats; do
		"$prog" "$@" --format $f >"$t/out" 2>"$t/err" </dev/null
		ok "$name as $f: exit status" $? "$want"
		ok "$name as $f: taken" "$(takes $f "$t/out")" yes
	done
}

each "a healthy capture" 0 read "$captures/real/pap.pcap"
each "a degraded one" 1 read "$captures/faults/dup20.pcap"
each "a faulty one" 2 read "$captures/faults/no_ra.pcap"
each "one without a cause" 2 read "$captures/faults/gre_drop_both.pcap"
each "no session" 3 read "$t/empty.pcap"
each "a faulty run" 2 run-all --lab --fault call-refuse=4

# Without a server that is named, nothing can be told of one.
for f in $formats; do
	HOME=$t unshare -n "$prog" run control --quiet --format $f >"$t/out" \
		2>"$t/err" </dev/null
	ok "an undetermined run as $f: exit status" $? 3
	ok "an undetermined run as $f: taken" "$(takes $f "$t/out")" yes
done
# One run, and its report in each format.
retold() { # NAME STATUS [FAULT...]
	local name=$1 want=$2
	shift 2
	# shellcheck disable=SC2046,SC2086
	"$prog" run-all --lab ${1:+$(printf ' --fault %s' "$@")} --quiet \
		--save "$t/run.pcapng" >"$t/out" 2>"$t/err"
	ok "$name: exit status of the run" $? "$want"
	each "$name, retold" "$want" read "$t/run.pcapng"
}
retold "a healthy run" 0
retold "a degraded run" 1 dns-slow=1300
retold "two faults" 2 gre-size-in=1400@nat2 dns-aaaa-missing

# prove's own verdict is the report's.
"$prog" read "$captures/real/pap.pcap" --format tap >"$t/out"
takes tap "$t/out" >/dev/null
ok "prove of a healthy one" "$(grep -c '^Result: PASS' "$t/prove")" 1
"$prog" read "$captures/faults/no_ra.pcap" --format tap >"$t/out"
takes tap "$t/out" >/dev/null
ok "prove of a faulty one" "$(grep -c '^Result: FAIL' "$t/prove")" 1
ok "prove names the cause" \
	"$(grep -c 'not ok .* cause ra-absent' "$t/prove")" 1

# Several files in one output.
two="$captures/real/pap.pcap $captures/faults/no_ra.pcap"
for f in tap junit jsonl; do
	"$prog" read $two --format $f >"$t/out" 2>"$t/err"
	ok "two files as $f: exit status" $? 2
	ok "two files as $f: taken" "$(takes $f "$t/out")" yes
done
"$prog" read $two --format prometheus >"$t/out" 2>"$t/err"
ok "two files as prometheus" $? 64
"$prog" read $two --format xml >"$t/out" 2>"$t/err"
ok "no such format" $? 64
echo "formats: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
