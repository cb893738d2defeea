#!/bin/bash
# manual.sh PROGRAM - the man pages: mandoc finds nothing; each command has its
# page, with the options and exit statuses of its --help, which are those that
# it takes; v6doctor.conf(5) has the keys of the reader; causes and probes are
# those of "list", in the words of "explain".
set -u
prog=$(readlink -f "$1")
man=$(dirname "$prog")/man
root=$(cd "$(dirname "$0")/../.." && pwd)
t=$(mktemp -d /tmp/v6d-manual.XXXXXX)
trap 'rm -rf "$t"' EXIT
export MANPATH=$t/man
passed=0 failed=0

is() { # WHAT HAVE WANTED
	if [ "$2" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		diff <(echo "$2") <(echo "$3") | head -10
	fi
}
page() { mandoc -T utf8 -O width=200 "$1" | col -bx; }
# The words of a section, as one line each paragraph.
section() { # PAGE NAME
	page "$1" | awk -v want="$2" '/^[A-Z]/ { on = $0 == want; next } on'
}

# A page that is referred to must be there; others' are not installed here.
for f in "$man"/*; do
	mkdir -p "$t/man/man${f##*.}" && cp "$f" "$t/man/man${f##*.}"
done
is "mandoc -T lint" "$(mandoc -T lint -W style "$man"/* 2>&1 |
	grep -vE '^mandoc: |referenced manual not found: Xr (ip|radvd) ')" ""

commands=$("$prog" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
is "a page for each command" \
	"$(ls "$man" | sed -n 's/^v6doctor-\(.*\)\.[18]$/\1/p' | sort)" \
	"$(sort <<<"$commands")"
for c in $commands; do
	f=$(echo "$man/v6doctor-$c".*)
	"$prog" "$c" --help >"$t/help"
	is "help $c" "$("$prog" help "$c")" "$(cat "$t/help")"
	helped=$(sed -n '/^Options:/,/^$/s/^  \(-., \)\?--\([a-z-]*\).*/\2/p' "$t/help")
	is "options of $c" "$(section "$f" OPTIONS |
		sed -n 's/^ \{5\}\(-., \)\?--\([a-z-]*\).*/\2/p')" "$helped"
	is "synopsis of $c" "$(section "$f" SYNOPSIS |
		grep -o -- '\[--[a-z-]*' | tr -d '[-' | sort)" \
		"$(tr -d - <<<"$helped" | sort)"
	is "exit statuses of $c" \
		"$(section "$f" "EXIT STATUS" | sed -n 's/^ \{5\}\([0-9]\+\) .*/\1/p')" \
		"$(sed -n '/^Exit status:/,/^$/s/^  \([0-9]\+\) .*/\1/p' "$t/help")"
	# What is in the table is taken, what is not is refused.
	for o in $helped; do
		(cd "$t" && "$prog" "$c" "--$o" --no-such) >"$t/out" 2>&1 \
			</dev/null
		is "$c takes --$o" "$(grep -c "unknown option '--$o'" "$t/out")" 0
	done
	# Only what the program knows is an exit status.
	is "statuses of $c are those of the code" "$(comm -23 \
		<(sed -n '/^Exit status:/,/^$/s/^  \([0-9]\+\) .*/\1/p' "$t/help" | sort) \
		<(sed -n 's/^STATUS([A-Z]*, \([0-9]*\),.*/\1/p' \
			"$root/tools/v6doctor/exits.def" | sort))" ""
done
# Each status that a command's own file can return is told in its help.
declare -A files=([run-all]="live*.c cmd_run_all.c" [run]="live*.c cmd_run.c"
	[read]="cmd_read.c saved.c read_text.c" [walk]="cmd_walk.c walk_options.c"
	[connect]="cmd_connect.c instance.c" [disconnect]="cmd_disconnect.c"
	[rehearse]="cmd_rehearse.c" [status]="cmd_status.c")
for c in $commands; do
	name=${c//-/_}
	# shellcheck disable=SC2086
	used=$(cd "$root/tools/v6doctor" && sed -e '/^const struct v6d_usage/,/^};/d' -e /WEXITSTATUS/d \
		${files[$c]:-cmd_$name.c} |
		grep -oE 'V6D_EXIT_[A-Z]+' | sort -u |
		while read -r id; do
			sed -n "s/^STATUS(${id#V6D_EXIT_}, \([0-9]*\),.*/\1/p" exits.def
		done | sort)
	is "help of $c tells the statuses of its code" "$(comm -23 \
		<(echo "$used") <("$prog" "$c" --help |
			sed -n '/^Exit status:/,/^$/s/^  \([0-9]\+\) .*/\1/p' | sort))" ""
done

keys() { # [section] and keys, in their order
	sed -n -e 's/^\[\(.*\)\]$/[\1]/p' -e 's/^  \([a-z0-9-]\+\) .*/\1/p'
}
is "keys of v6doctor.conf(5)" "$(section "$man/v6doctor.conf.5" KEYS |
	sed -n -e 's/^ \{3\}\(\[.*\]\)$/\1/p' \
		-e 's/^ \{5\}\([a-z0-9-]\+\)\( .*\)\?$/\1/p' |
	grep -vE '^(The|What|Used)$')" "$("$prog" peer --keys | keys)"
is "each with value, default and example" \
	"$(section "$man/v6doctor.conf.5" KEYS | tr -s ' ' |
		grep -cE 'Value: .*Default: ')" \
	"$("$prog" peer --keys | grep -cE '^  [a-z]')"
# All examples together are a profile that is taken.
cp "$root/docs/man/v6doctor.conf.example" "$t/all.conf"
unshare -n "$prog" run host --quiet --profile "$t/all.conf" >"$t/out" 2>&1 \
	</dev/null
is "the examples are a profile" "$(grep 'all\.conf' "$t/out")" ""

is "causes(7)" "$(sed -n 's/^\.Ss \(.*\) (.*)$/\1/p' \
	"$man/v6doctor-causes.7" | sort)" \
	"$("$prog" list causes | grep -oE '^  [A-Z][0-9]+ +[a-z0-9-]+' |
		awk '{ print $2 }' | sort)"
is "probes(7)" "$(sed -n 's/^\.Ss //p' "$man/v6doctor-probes.7")" \
	"$("$prog" list probes | awk '/^  [a-z]/ { print $1 }')"
# The same letters as explain prints, whatever the lines.
letters() { tr -cd 'a-zA-Z'; }
page "$man/v6doctor-causes.7" >"$t/causes"
for c in gre-size-limit control-lost-after-sli dns-stale-record; do
	meaning=$("$prog" explain "$c" | awk '/^MEANING/ { on = 1; next }
		/^[A-Z ]+$/ { on = 0 } on' | letters)
	is "$c in causes(7)" \
		"$(letters <"$t/causes" | grep -cF "${meaning:0:600}")" 1
done
echo "manual: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
