#!/bin/sh
# pot.sh OUT.pot - every message that people read, from the sources.
#
# Where a function or macro takes a message, it is a keyword. In the folders of
# the probes and of the causes' questions every string of two words is a
# message. N_() marks one elsewhere.
set -eu
out=$1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

get() {
	to=$tmp/$1.pot
	shift
	xgettext -L C --from-code=UTF-8 --add-location=file --sort-output \
		--no-wrap --force-po --omit-header -o "$to" "$@"
}
get marked -k --keyword=_ --keyword=N_ --keyword=v6d_text_say:2 \
	--keyword=v6d_paint_say:4 --keyword=v6d_say:3 --keyword=v6d_note:4 \
	--keyword=cannot:3 --keyword=fail:3 --keyword=refuse:3 \
	--keyword=v6d_gw_say:3 \
	--keyword=v6d_change_told:3 --keyword=v6d_change_left:2 \
	--keyword=v6d_change_stuck:2 --keyword=PASS:1 --keyword=FAIL:1 \
	--keyword=UNKNOWN:1 --keyword=SKIP:1 \
	--flag=v6d_text_say:2:c-format --flag=v6d_say:3:c-format \
	--flag=v6d_note:4:c-format --flag=v6d_gw_say:3:c-format \
	--flag=v6d_change_told:3:c-format --flag=v6d_change_left:2:c-format \
	--flag=v6d_change_stuck:2:c-format --flag=PASS:1:c-format \
	--flag=FAIL:1:c-format --flag=fail:3:c-format --flag=refuse:3:c-format \
	lib/base/*.c lib/diag/*.c lib/probe/*.c lib/paste/*.c lib/walk/*.c \
	lib/report/*.c lib/trace/*.c lib/io/*.c lib/gateway/*.c \
	tools/v6doctor/*.c tools/v6doctor/*.h tools/lab/*.c
tables="lib/diag/facts.def lib/walk/*.def lib/report/*.def
lib/paste/*.def tools/v6doctor/*.def"
# What the faults of the practice network are, out of their files.
mkdir -p "$tmp/tools/lab"
sed -n 's/"/\\"/g; s/^summary = \(.*\)/N_("\1")/p' tools/lab/faults/* \
	>"$tmp/tools/lab/faults"
get faults -D "$tmp" -k --keyword=N_ tools/lab/faults
# shellcheck disable=SC2086
get tables -k --keyword=WORDS:3 --keyword=TERM:2 --keyword=STEP:7 \
	--keyword=ANSWER:4 --keyword=FAMILY:3 --keyword=CURE:3 --keyword=CODE:3 \
	--keyword=GROUP:5 --keyword=FACT:4 --keyword=HYPOTHESIS:4 \
	--keyword=WORD:2 --keyword=CMD:5 --keyword=OPTION:6 $tables
# shellcheck disable=SC2086
get tables2 -k --keyword=STEP:8 --keyword=CODE:4 --keyword=GROUP:6 \
	--keyword=FACT:3 $tables
get all -a --flag=v6d_probe_end:3:c-format lib/probe/*.c lib/diag/ask.c \
	lib/paste/rank.c lib/tunnel/words.c lib/proto/pptp.c \
	lib/io/run_report.c lib/io/run_dial.c lib/trace/load.c
get asked -a lib/diag/rules*.c
# A capture filter or a name has no two words of letters.
msggrep -K -E -e '[A-Za-z]{2}[^ ]* +[^ ]*[a-z]{2}|[a-z]{2,}.* %|% .*[a-z]{3}' \
	--force-po --no-wrap --add-location=file -o "$tmp/words.pot" \
	"$tmp/all.pot"
# What a probe comes after is a list of names.
msggrep -v -K -E -e "^(($(ls lib/probe/probe_*.c |
	sed 's/.*probe_//; s/\.c//' | paste -sd '|')) ?)+\$" --force-po \
	--no-wrap --add-location=file -o "$tmp/probes.pot" "$tmp/words.pot"
# Beside the questions stand the words of symptoms.
msggrep -K -E -e '[.?]$' --force-po --no-wrap --add-location=file \
	-o "$tmp/questions.pot" "$tmp/asked.pot"
msgcat --use-first --sort-output --no-wrap --force-po --add-location=file \
	-o "$tmp/out.pot" "$tmp/marked.pot" "$tmp/faults.pot" \
	"$tmp/tables.pot" "$tmp/tables2.pot" \
	"$tmp/probes.pot" "$tmp/questions.pot"
{
	printf 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
	awk -v RS= -v ORS='\n\n' '!/(^|\n)msgid ""\nmsgstr/' "$tmp/out.pot"
} >"$out"
