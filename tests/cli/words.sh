#!/bin/bash
# words.sh PROGRAM - list and explain: what they say and their exit statuses.
set -u
prog=$1
passed=0 failed=0

# says NAME STATUS REGEX ARGUMENT...: either stream has a matching line, or
# matches where its line ends are taken as blanks.
says() {
	local name=$1 want=$2 re=$3 text status
	shift 3
	text=$("$prog" "$@" 2>&1 </dev/null)
	status=$?
	if [ "$status" = "$want" ] &&
		{ grep -qE -- "$re" <<<"$text" ||
			tr -s ' \n' ' ' <<<"$text" | grep -qE -- "$re"; }; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name: status $status, wanted $want and /$re/:"
		head -5 <<<"$text"
	fi
}

# Every help fits a terminal of 80 columns.
commands=$("$prog" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' | sort -u)
for c in $commands; do
	if "$prog" "$c" --help >"/dev/null" 2>&1 &&
		! "$prog" "$c" --help | grep -E '.{81}'; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: help of $c"
	fi
done
[ "$(wc -w <<<"$commands")" -ge 15 ] || { failed=$((failed + 1)); echo "FAILED: $commands"; }

says "both lists" 0 '^  G3 +gre-size-limit ' list
says "both lists" 0 '^  gre +Does GRE pass' list
says "one list" 0 '^  gre +Does GRE pass' list probes
says "one list" 0 '^  C1 +server-name ' list causes
says "no such list" 64 "not 'faults'" list faults
says "help" 0 '^  causes +what a diagnosis can name' list --help
says "a cause" 0 '^WHAT TO DO$' explain napt-no-helper
says "a code" 0 '^gre-size-limit - ' explain G3-1454
says "codes" 0 '^napt-no-helper - ' explain G1/G5
says "a probe" 0 'a probe' explain gre
says "an observation" 0 'bytes outer IPv4' explain gre.size.in
says "several" 0 '^ra-absent - ' explain lan-down ra-absent
says "a slip" 64 'did you mean: .*gre-size-limit' explain gre-sise-limit
says "nonsense" 64 "no cause, probe, fact or code 'xyzzy'" explain xyzzy
says "words" 0 '^gre-size-limit$' explain "pages hang"
says "words one by one" 0 'Which of them it is: "sudo v6doctor run-all"' \
	explain pages hang
says "words with a probe's name" 0 '^dns-unreachable$' explain dns down
says "words in Japanese" 0 '^gre-size-limit$' explain ページが開かない
says "words, one unknown" 0 '^Not understood: plugh' explain pages hang plugh
says "words with a number" 0 '^windows-691 - ' explain "error 691 in Windows"
says "words that fit everything" 3 'nearly anything; say more' \
	explain it does not work
says "words unknown" 64 "not understood: 'plugh xyzzy'; say in a few words" \
	explain plugh xyzzy
says "nonsense with a hint" 64 'or say what you see: "pages hang"' \
	explain xyzzy
says "a slip among names" 64 'did you mean: .*ra-absent' \
	explain lan-down ra-absnt
says "an option" 64 "unknown option '--foo'" explain --foo
says "no option of list" 64 "unknown option '--jsn'" list --jsn
says "a command with a slip" 64 'did you mean "run-all"' runall
says "no command at all like it" 64 "unknown command 'xyzzy'; .*--help" xyzzy
says "a lab command with a slip" 64 'did you mean "exec"' lab exce
says "a lab option with a slip" 64 'did you mean --fault' lab up --falt x
says "a lab option without value" 64 '--fault wants a value' lab up --fault
says "no such lab" 66 "no lab named 'words-none'" lab down words-none
says "a word too much" 64 "list takes no 'x'" lab list x
says "an option of peer" 64 'did you mean --profile' peer --profle x
says "an option of read" 64 'did you mean --json' read --jsn x
says "a colour of read" 64 "--color 'blue': auto, always or never" \
	read --color blue x
says "an option of regress" 64 'did you mean --format' regress --formt tap x
says "a format of regress" 64 "--format 'xml': text, json, jsonl, tap, junit or prometheus" \
	regress --format xml x
says "no folder" 66 'cannot open /none: No such file' regress /none
says "a folder without captures" 66 'NAME.expect' regress docs
for c in $commands; do
	says "help of $c" 0 "^v6doctor $c" "$c" --help
	# Whatever is written for people fits a terminal.
	if "$prog" "$c" --help | awk 'length > 80 { bad = 1 } END { exit bad }'
	then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: help of $c: over 80 columns"
	fi
done
says "nothing" 64 'what\? A name, or what you see' explain
says "help" 0 '^  CODE +a code read over the telephone' explain --help
echo "words: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
