#!/bin/sh
# selftest.sh - shows that each check says no to what it is there to find.
#
# Each case makes a small tree that passes, breaks it in one way, and wants
# the check to fail with a line that names the fault. CC may be set.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cc=${CC:-cc}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

spdx='/* SPDX-License-Identifier: GPL-2.0-or-later */'

# Writes a C file of the tree: put_c PATH, text from standard input.
put_c() {
	mkdir -p "$tmp/t/$(dirname "$1")"
	{
		echo "$spdx"
		echo "/* ${1##*/} - part of a tree made for a test. */"
		cat
	} >"$tmp/t/$1"
}

# The smallest tree in which every check finds something to look at.
tree() {
	rm -rf "$tmp/t"
	mkdir -p "$tmp/t/docs/probes" "$tmp/t/docs/causes" \
		"$tmp/t/tools/lab/faults" "$tmp/t/tests/lab"
	cp "$here/../../.clang-format" "$tmp/t/"
	put_c lib/base/a.c <<'E'
#include <string.h>

int v6d_a(const char *s);
int
v6d_a(const char *s)
{
	return (int)strlen(s);
}
E
	put_c lib/flow/f.h <<'E'
int v6d_f(void);
E
	put_c lib/flow/f.c <<'E'
#include "flow/f.h"

static const char *const names[] = { "one", "two" };

int v6d_a(const char *s);
int
v6d_f(void)
{
	return v6d_a(names[1]);
}
E
	put_c lib/probe/probe_one_two.c </dev/null
	put_c lib/probe/registry.def <<'E'
PROBE(one_two)
E
	put_c lib/diag/causes.def <<'E'
CAUSE(LOST, "lost", LAYER, 1, FAULT)
E
	echo text >"$tmp/t/docs/probes/one_two.md"
	echo text >"$tmp/t/docs/causes/lost.md"
	echo rules >"$tmp/t/tools/lab/faults/gre-drop"
	printf 'delay=50 gre-drop@isp\t2\tgre-blocked\n' \
		>"$tmp/t/tests/lab/faults.tsv"
	echo '#include "base/a.h"' | put_c tests/unit/test_a.c
	echo '#include "flow/f.h"' | put_c tests/unit/test_flow_f.c
	echo '/* Covers probe/probe_one_two.c too. */' |
		put_c tests/unit/test_more.c
}

build() {
	for c in "$tmp"/t/lib/*/*.c; do
		o=$tmp/t/build/lib/${c#"$tmp"/t/lib/}
		mkdir -p "$(dirname "$o")"
		$cc -w -I"$tmp/t/lib" -c -o "${o%.c}.o" "$c" || exit 1
	done
}

run() {
	case $1 in
	layers) build && sh "$here/layers.sh" "$tmp/t" "$tmp/t/build" ;;
	remedies) python3 "$here/remedies.py" "$tmp/t" ;;
	*) sh "$here/$1.sh" "$tmp/t" ;;
	esac >"$tmp/out" 2>&1
}

# good CHECK: the tree as it is passes.
good() {
	if run "$1"; then
		passed=$((passed + 1))
	else
		echo "selftest: $1 says no to a good tree:"
		cat "$tmp/out"
		failed=$((failed + 1))
	fi
}

# says_no CHECK PATTERN WHAT: the tree, broken by the caller, does not.
says_no() {
	if run "$1"; then
		echo "selftest: $1 lets pass: $3"
		failed=$((failed + 1))
	elif ! grep -q -- "$2" "$tmp/out"; then
		echo "selftest: $1 does not name: $3"
		cat "$tmp/out"
		failed=$((failed + 1))
	else
		passed=$((passed + 1))
	fi
	tree
}

tree
good layers
good registry
good style

# layers: each of these is one line in a file of its own.
layer() { # FOLDER PATTERN WHAT TEXT
	echo "$4" | put_c "lib/$1/broken.c"
	says_no layers "broken.*$2" "$3"
}
layer base 'imports socket' 'a pure object that opens a socket' \
	'int socket(int, int, int); int v6d_x(void) { return socket(1, 1, 0); }'
layer proto 'imports printf' 'a pure object that prints' \
	'int printf(const char *, ...); int v6d_x(int a) { return printf("%d", a); }'
layer diag 'imports malloc' 'malloc outside report' \
	'void *malloc(unsigned long); void *v6d_x(void) { return malloc(1); }'
layer diag 'imports nettle_x' 'nettle outside tunnel' \
	'int nettle_x(void); int v6d_x(void) { return nettle_x(); }'
layer flow 'writable data: count' 'a static variable (.bss)' \
	'static int count; int v6d_x(void) { return count++; }'
layer flow 'writable data: v6d_count' 'a global variable (.data)' \
	'int v6d_count = 7; int v6d_x(void) { return v6d_count++; }'
layer probe 'writable data: n' 'a variable in a function' \
	'int v6d_x(void) { static int n = 1; return n++; }'
layer report 'writable data: v6d_count' 'a common symbol' \
	'int v6d_count __attribute__((common));'
layer base 'uses v6d_f of lib/flow' 'a call of a higher folder' \
	'int v6d_f(void); int v6d_x(void) { return v6d_f(); }'
layer tunnel 'uses v6d_f of lib/flow' 'a call of a sibling' \
	'int v6d_f(void); int v6d_x(void) { return v6d_f(); }'
layer proto 'includes "flow/f.h": looks up' 'an upward include' \
	'#include "flow/f.h"'
layer tunnel 'includes "flow/f.h": looks up' 'an include of a sibling' \
	'#include "flow/f.h"'
layer base 'includes <sys/socket.h>' 'a header that does I/O' \
	'#include <sys/socket.h>'
layer diag 'includes <stdlib.h>' 'stdlib outside report' \
	'#include <stdlib.h>'
echo 'void *malloc(unsigned long); void *v6d_x(void) { return malloc(1); }' |
	put_c lib/report/heap.c
echo 'int socket(int, int, int); int v6d_x(void) { return socket(1, 1, 0); }' |
	put_c lib/io/socket.c
good layers # what is allowed there is allowed
tree
rm -r "$tmp/t/lib"
mkdir "$tmp/t/lib"
put_c lib/base/empty.h </dev/null
run() { sh "$here/layers.sh" "$tmp/t" "$tmp/nothing" >"$tmp/out" 2>&1; }
says_no layers 'nothing to look at' 'a build without objects'
run() {
	case $1 in
	layers) build && sh "$here/layers.sh" "$tmp/t" "$tmp/t/build" ;;
	remedies) python3 "$here/remedies.py" "$tmp/t" ;;
	*) sh "$here/$1.sh" "$tmp/t" ;;
	esac >"$tmp/out" 2>&1
}

put_c lib/probe/probe_new.c </dev/null
says_no registry 'probe_new.c has no line' 'a probe without a line'
rm "$tmp/t/lib/probe/probe_one_two.c"
says_no registry 'has no lib/probe/probe_one_two.c' 'a line without a probe'
rm "$tmp/t/docs/probes/one_two.md"
says_no registry 'has no docs/probes/one_two.md' 'a probe without a page'
: >"$tmp/t/docs/causes/lost.md"
says_no registry 'has no docs/causes/lost.md' 'a cause with an empty page'
echo text >"$tmp/t/docs/causes/old.md"
says_no registry 'old.md is about nothing' 'a page without a cause'
echo rules >"$tmp/t/tools/lab/faults/gre-dro"
says_no registry 'has the fault gre-dro$' 'a fault without a row'
put_c lib/base/new.c </dev/null
says_no registry 'lib/base/new.c has no unit test' 'a file without a test'
put_c lib/tunnel/a.c </dev/null
says_no registry 'lib/tunnel/a.c has no unit test' 'a test of a namesake'
printf 'struct v6d_ask {\n\tint kind, tag; /* of it; both */\n};\n' |
	put_c lib/probe/ask.h
printf '#define T struct v6d_ask\n\tINT(kind),\n#undef T\n' |
	put_c lib/trace/ask_fields.c
says_no registry 'v6d_ask.tag of .* has no line' 'a member that is not recorded'
# causes: a page with every section, a rule test, something that shows it.
cause_tree() {
	for c in lost lan-down; do
		printf '## %s\n\ntext\n\n' Meaning 'How it is recognised' \
			'What to do' 'Often mistaken for' 'Whom to tell' \
			>"$tmp/t/docs/causes/$c.md"
	done
	echo 'CAUSE(LAN_DOWN, "lan-down", LINK, 1, FAULT)' \
		>>"$tmp/t/lib/diag/causes.def"
	echo '/* "faulty lost!" "faulty lan-down" */' |
		put_c tests/unit/test_rules_x.c
	echo '/* "faulty lost!" */' | put_c tests/unit/test_packets.c
}
cause_tree
good causes
sed -i '/Whom/d' "$tmp/t/docs/causes/lost.md"
says_no causes "lost: its page lacks 'Whom to tell'" 'a page without a section'
cause_tree
echo '/* "faulty lan-down" */' | put_c tests/unit/test_rules_x.c
says_no causes 'lost: no rule test' 'a cause that no rule test names'
cause_tree
rm "$tmp/t/tests/unit/test_packets.c"
says_no causes 'lost: nothing shows it' 'a cause without evidence'
cause_tree
echo '/* "faulty lost!" "faulty lan-down!" */' | put_c tests/unit/test_packets.c
says_no causes 'lan-down: has evidence now' 'a reason that is out of date'

# remedies: the first thing to do in a sentence, each abbreviation explained.
remedy_page() { # SECTION ITEM PLAIN
	printf -- '---\nplain: %s\nsaid: it is lost\n---\n' "$3"
	printf '## Meaning\n\nThe MTU is small.\n\n'
	printf '## %s\n\n1. %s\n' "$1" "$2"
}
remedy_tree() { # FIRST ITEM [PLAIN [FIRST ITEM IN JAPANESE]]
	mkdir -p "$tmp/t/lib/report" "$tmp/t/docs/causes/ja"
	echo 'TERM("MTU", "the largest packet")' >"$tmp/t/lib/report/glossary.def"
	for c in lost lan-down; do
		remedy_page "What to do" "$1" "${2:-It is lost.}" \
			>"$tmp/t/docs/causes/$c.md"
		remedy_page 対処 "${3:-接続し直してください。}" \
			"${2:-It is lost.}" >"$tmp/t/docs/causes/ja/$c.md"
	done
}
remedy_tree 'Make the MTU larger and dial again.'
good remedies
remedy_tree 'Make the MTU larger and dial again.' 'The MTU is lost.'
says_no remedies "lost.md: 'plain' says MTU" 'an abbreviation for everybody'
remedy_tree 'Make the MTU larger and dial again.' 'lost'
says_no remedies "no short sentence as 'plain'" 'no sentence for everybody'
remedy_tree 'Make the MTU larger and dial again.'
sed -i '/^said/d' "$tmp/t/docs/causes/ja/lost.md"
says_no remedies "ja/lost.md: nothing that people say" 'no words of people'
remedy_tree '"ip link set" does it.'
says_no remedies 'does not begin with what to do' 'a bare command'
remedy_tree 'Which of them is it?'
says_no remedies 'begins with no thing to do' 'a question'
remedy_tree 'Dial again with another MRU.'
says_no remedies 'MRU is not explained' 'an abbreviation without words'
remedy_tree 'Dial again with another MRU (the largest packet to receive).'
good remedies
remedy_tree 'Dial again.'
sed -i '/What to do/,$d' "$tmp/t/docs/causes/lost.md"
says_no remedies 'lost: nothing to do' 'a page without a remedy'
remedy_tree 'Dial again.'
echo 'TERM("XYZ", "nothing")' >>"$tmp/t/lib/report/glossary.def"
says_no remedies 'no page says XYZ' 'a word that no page uses'
remedy_tree 'Let it pass: "nft add rule inet f input ip protocol gre accept".'
says_no remedies 'lost: opens the firewall to all' 'a rule for everybody'
remedy_tree 'Let it pass: "iptables -I INPUT -s SERVER -p gre -j ACCEPT".'
good remedies
remedy_tree 'Dial again.
2. Else tell the operator.'
says_no remedies 'lost: says again: Else tell' 'the same item twice'
remedy_tree 'Dial again.'
printf '\n## Whom to tell\n\n' >>"$tmp/t/docs/causes/lost.md"
says_no remedies "lost: nothing under 'Whom to tell'" 'an empty section'
remedy_tree 'Dial again.' '' '接続し直します。'
says_no remedies 'ja/lost: asks for nothing' 'no request in Japanese'
remedy_tree 'Dial again.' '' 'MRUを変えて、接続し直してください。'
says_no remedies 'ja/lost: MRU is not explained' 'no words in Japanese'
remedy_tree 'Dial again.' '' 'サーバー(サーバー)を変えてください。'
says_no remedies 'ja/lost: explains サーバー by itself' 'a word for itself'
remedy_tree 'Dial again.' '' "$(printf '長く%.0s' $(seq 60))してください。"
says_no remedies 'ja/lost: 126 characters' 'a long sentence in Japanese'

rm -r "$tmp/t/lib" "$tmp/t/docs" "$tmp/t/tools"
says_no registry 'nothing is registered' 'an empty tree'

echo 'int v6d_x;' >"$tmp/t/lib/base/x.c"
says_no style 'x.c:1: the first line is not the SPDX' 'a missing SPDX line'
printf '%s\nint v6d_x;\n' "$spdx" >"$tmp/t/lib/base/x.c"
says_no style 'x.c:2: no comment' 'a file that does not say what it is'
for call in 'sprintf(p, "x")' 'strcpy(p, q)' 'strcat(p, q)' 'strtok(p, q)' \
	'atoi(p)' 'sscanf(p, q)' 'gets(p)' 'alloca(1)' 'system(p)' 'rand()' \
	'sleep(1)' 'signal(1, f)' 'gethostbyname(p)' 'inet_ntoa(a)'; do
	name=${call%%(*}
	printf 'void\nv6d_x(void)\n{\n\t%s;\n}\n' "$call" |
		put_c lib/base/x.c
	says_no style "x.c:6: $name() is banned" "a call of $name()"
done
printf '/* system() */\nint v6d_system(int);\n\nint\nv6d_x(int a)\n{\n\tstatic const char t[] = "system(";\n\n\treturn t[0] + v6d_system(a);\n}\n' |
	put_c lib/base/x.c
good style # a comment, a string, a longer name
tree
printf 'typedef struct v6d_x {\n\tint a;\n} v6d_x_t;\n' | put_c lib/base/x.h
says_no style 'x.h:3: a struct.*typedef' 'a typedef-ed struct'
printf 'struct v6d_x {\n\tint a;\n} __attribute__((packed));\n' |
	put_c lib/base/x.h
says_no style 'x.h:5: packed' 'a packed struct'
printf 'int v6d_x; // x\n' | put_c lib/base/x.c
says_no style 'x.c:3: a // comment' 'a // comment'
printf '/* %080d */\n' 0 | put_c lib/base/x.c
says_no style 'x.c:3: over 80 columns' 'a long line'
printf '\t\t\t\t\t\t\t\t/* %020d */\n' 0 | put_c lib/base/x.c
says_no style 'x.c:3: over 80 columns' 'a line made long by tabs'
yes '/* */' | head -699 | put_c lib/base/x.c
says_no style 'x.c:701: 700 lines' 'a long file'
printf 'int v6d_x(void)\n{\n    return 1;\n}\n' | put_c lib/base/x.c
says_no style 'x.c:[0-9]*: not the shape' 'another shape than clang-format'
rm -r "$tmp/t/lib" "$tmp/t/tests"
says_no style 'nothing to look at' 'an empty tree'
mkdir "$tmp/bin"
for tool in sh mktemp rm find sort grep awk sed cat wc; do
	ln -s "$(command -v $tool)" "$tmp/bin/"
done
run() { PATH=$tmp/bin sh "$here/style.sh" "$tmp/t" >"$tmp/out" 2>&1; }
says_no style 'clang-format is not installed' 'a machine without clang-format'

# What runs all the stages says no as well.
mkdir "$tmp/stages"
cat >"$tmp/stages/Makefile" <<'E'
good:
	@echo 'good: 2 passed, 0 failed'
bad:
	@echo 'FAIL a row'; echo '1 passed, 1 failed'; exit 1
dead:
	@echo '1 passed, 0 failed'; exit 1
none:
	@true
few:
	@echo '1 passed, 0 failed'
E
stages() { # STATUS SUMMARY BESIDE STAGE...
	status=$1 summary=$2 beside=$3
	shift 3
	(cd "$tmp/stages" && sh "$here/../run.sh" build "$beside" "$@") >"$tmp/out" 2>&1
	rc=$?
	if [ "$rc" = "$status" ] && [ "$(tail -1 "$tmp/out")" = "$summary" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "selftest: run.sh '$beside' $*: status $rc, and it said:"
		sed 's/^/    /' "$tmp/out"
	fi
}
stages 0 '2 passed, 0 failed' '' good
stages 0 '3 passed, 0 failed' few good
stages 1 '3 passed, 1 failed' bad good
stages 1 '3 passed, 1 failed' good bad
stages 1 '3 passed, 1 failed' '' good dead
stages 1 '2 passed, 1 failed' none good
stages 1 '2 passed, 1 failed' '' good absent

echo "selftest: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
