#!/bin/sh
# replay.sh PROGRAM... - each fuzz target over its kept inputs, once: what was
# a finding (tests/fuzz/regress/X), its seeds (tests/fuzz/corpus/X) and, for
# packets and files, every capture, for text every text.
set -u
ok=0 bad=0
for program in "$@"; do
	name=$(basename "$program" | sed 's/^replay_//')
	set --
	for f in "tests/fuzz/regress/$name"/* "tests/fuzz/corpus/$name"/*; do
		[ ! -f "$f" ] || set -- "$@" "$f"
	done
	[ "$name" != packet ] && [ "$name" != capture ] || for f in captures/*.pcap* captures/*/*.pcap*; do
		case $f in captures/traces/*) continue ;; esac
		[ ! -f "$f" ] || set -- "$@" "$f"
	done
	[ "$name" != text ] || for f in captures/text/*.txt; do
		set -- "$@" "$f"
	done
	if [ $# -eq 0 ]; then
		echo "replay $name: there is no input"
		bad=$((bad + 1))
	elif out=$("$program" "$@" 2>&1); then
		ok=$((ok + $#))
	else
		printf '%s\n' "$out" | tail -40
		bad=$((bad + 1))
	fi
done
echo "replay: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
