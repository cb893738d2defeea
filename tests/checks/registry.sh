#!/bin/sh
# registry.sh ROOT - what is registered has its file, and the other way round.
#
# A probe: lib/probe/probe_NAME.c, PROBE(NAME) in registry.def, and
# docs/probes/NAME.md. A cause: a line in causes.def, docs/causes/NAME.md. A
# fault of the practice network: tools/lab/faults/NAME, and a row of a table,
# tests/lab/*.tsv. A source file of a pure folder: a test of its own.
set -u
root=$1
n=0 bad=0

# Each thing is counted once; wrong WHAT says what it lacks.
wrong() {
	echo "registry: $*"
	bad=$((bad + 1))
}

# The words of the first quoted string of each line MACRO(...) of a file.
quoted() {
	sed -n "s/^$1([^\"]*\"\([^\"]*\)\".*/\1/p" "$2"
}

def=$root/lib/probe/registry.def
probes=$([ ! -e "$def" ] ||
	sed -n 's/^PROBE(\([a-z0-9_]*\)).*/\1/p' "$def")
for name in $probes; do
	n=$((n + 1))
	[ -e "$root/lib/probe/probe_$name.c" ] ||
		wrong "probe $name has no lib/probe/probe_$name.c"
	[ -s "$root/docs/probes/$name.md" ] ||
		wrong "probe $name has no docs/probes/$name.md"
done
for f in "$root"/lib/probe/probe_*.c; do
	[ -e "$f" ] || continue
	n=$((n + 1))
	name=$(basename "$f" .c | sed 's/^probe_//')
	echo "$probes" | grep -qx -- "$name" ||
		wrong "lib/probe/${f##*/} has no line in registry.def"
done

def=$root/lib/diag/causes.def
causes=$([ ! -e "$def" ] || quoted CAUSE "$def")
for name in $causes; do
	n=$((n + 1))
	[ -s "$root/docs/causes/$name.md" ] ||
		wrong "cause $name has no docs/causes/$name.md"
done
for f in "$root"/docs/probes/*.md "$root"/docs/causes/*.md; do
	[ -e "$f" ] || continue
	n=$((n + 1))
	name=$(basename "$f" .md) kind=$(basename "$(dirname "$f")")
	{ [ "$kind" = probes ] && echo "$probes" || echo "$causes"; } |
		grep -qx -- "$name" ||
		wrong "docs/$kind/$name.md is about nothing registered"
done

# A fault is in a row of a table, which says what the doctor must make of it:
# NAME, NAME=VALUE, NAME@PLACE, alone or among others. What only chooses the
# dice of others (runs.py) is none.
tables="$root"/tests/lab/*.tsv
for f in "$root"/tools/lab/faults/*; do
	[ -e "$f" ] || continue
	n=$((n + 1))
	name=${f##*/}
	[ "$name" != seed ] || continue
	# shellcheck disable=SC2086
	cut -f1 $tables 2>/dev/null | grep -v '^#' | tr ' ' '\n' |
		grep -qE -- "^$name([=@]|\$)" ||
		wrong "no row of tests/lab/*.tsv has the fault $name"
done

# test_FOLDER_FILE.c; or test_FILE.c, which must use the folder where another
# has a file of that name; or a test that says in a comment that it covers
# FOLDER/FILE.c.
tested() { # FOLDER FILE
	[ -e "$root/tests/unit/test_$1_$2.c" ] && return 0
	if [ -e "$root/tests/unit/test_$2.c" ]; then
		set -- "$1" "$2" "$root"/lib/*/"$2.c"
		[ $# -eq 3 ] && return 0
		grep -q "\"$1/" "$root/tests/unit/test_$2.c" && return 0
	fi
	grep -rqsF --include='*.c' -- "$1/$2.c" "$root/tests/unit" \
		"$root/tests/sim"
}
for dir in base proto flow tunnel diag probe paste report trace; do
	for f in "$root/lib/$dir"/*.c; do
		[ -e "$f" ] || continue
		n=$((n + 1))
		tested "$dir" "$(basename "$f" .c)" ||
			wrong "lib/$dir/${f##*/} has no unit test"
	done
done

# What is recorded of a run: each member of these structs has its line in the
# tables of lib/trace, which write and read it.
members() { # STRUCT FILE: the names between its braces, without comments
	awk -v want="struct $1 {" '
		$0 == want { inside = 1; next }
		inside && /^};/ { exit }
		inside { print }' "$2" | tr '\n\t' '  ' |
		sed 's|/\*[^*]*\*\(\([^/*][^*]*\)*\*\)*/||g' | tr ';' '\n' |
		sed 's/\[[^]]*\]//g' | awk '{
			n = split($0, part, ",")
			for (i = 1; i <= n; i++) {
				k = split(part[i], w, " ")
				if (k > 0) print w[k]
			}
		}'
}
recorded() { # STRUCT FILE TABLE [STRUCT OF THE TABLE]
	[ -e "$root/$2" ] && [ -e "$root/$3" ] || return 0
	found=0
	for name in $(members "$1" "$root/$2"); do
		[ "$name" = fact ] && name=name # by name
		n=$((n + 1)) found=1
		awk -v want="#define T struct ${4:-$1}" '
			$0 == want { inside = 1 }
			inside && /^#undef T/ { exit }
			inside { print }' "$root/$3" |
			grep -qE "[(, ]$name[,)]" ||
			wrong "$1.$name of $2 has no line in $3"
	done
	[ "$found" = 1 ] || wrong "no members of $1 in $2"
}
for struct in v6d_ask v6d_ask_frame v6d_answer v6d_answer_frame \
	v6d_answer_addr v6d_answer_route; do
	recorded $struct lib/probe/ask.h lib/trace/ask_fields.c
done
recorded v6d_session_times lib/tunnel/session.h lib/trace/ask_fields.c
recorded v6d_ra lib/proto/nd.h lib/trace/ask_fields.c
recorded v6d_ra_route lib/proto/nd.h lib/trace/ask_fields.c
recorded v6d_ra_prefix lib/proto/nd.h lib/trace/ask_fields.c
recorded v6d_obs lib/diag/facts.h lib/trace/trace.c v6d_trace_fact
recorded v6d_plan lib/probe/probe.h lib/trace/plan_fields.c

[ "$n" -gt 0 ] || wrong "nothing is registered"
echo "registry: $((n > bad ? n - bad : 0)) passed, $bad failed"
[ "$bad" -eq 0 ]
