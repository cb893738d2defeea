#!/bin/bash
# words.sh PROGRAM - list and explain: what they say and their exit statuses.
set -u
prog=$1
passed=0 failed=0

# says NAME STATUS REGEX ARGUMENT...: either stream has a matching line.
says() {
	local name=$1 want=$2 re=$3 text status
	shift 3
	text=$("$prog" "$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" = "$want" ] && grep -qE -- "$re" <<<"$text"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: status $status, wanted $want and /$re/:"
		head -5 <<<"$text"
	fi
}

says "both lists" 0 '^  G3 +gre-size-limit ' list
says "both lists" 0 '^  gre +Does GRE pass' list
says "one list" 0 '^  gre +Does GRE pass' list probes
says "one list" 0 '^  C1 +server-name ' list causes
says "no such list" 64 "'faults' is neither" list faults
says "help" 0 'list causes' list --help
says "a cause" 0 '^WHAT TO DO$' explain napt-no-helper
says "a code" 0 '^gre-size-limit - ' explain G3-1454
says "codes" 0 '^napt-no-helper - ' explain G1/G5
says "a probe" 0 'a probe' explain gre
says "an observation" 0 'bytes outer IPv4' explain gre.size.in
says "several" 0 '^ra-absent - ' explain lan-down ra-absent
says "a slip" 64 'did you mean: .*gre-size-limit' explain gre-sise-limit
says "nonsense" 64 "no cause, probe or code 'xyzzy'" explain xyzzy
says "nothing" 64 'explain CAUSE' explain
says "help" 0 'explain CODE' explain --help
echo "words: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
