#!/bin/sh
# layers.sh ROOT BUILD - who may use whom, from object symbols and includes.
#
# Pure objects (lib/base to lib/trace) import only what touches no world:
# memory and string functions, snprintf, what the sanitizers and the stack
# protector add, and v6d_* of a lower folder. They hold no writable data.
# Prints what is wrong and a count; fails when there is something.
set -u
root=$1 build=$2
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# Every folder and its height; equals may not use one another.
cat >"$tmp/rank" <<'E'
base 0
proto 1
flow 2
tunnel 2
diag 3
probe 4
paste 4
walk 5
report 5
trace 6
io 7
gateway 8
E

# One line per object and finding: FOLDER OBJECT KIND NAME.
for dir in base proto flow tunnel diag probe paste walk report trace io gateway; do
	set -- "$build/lib/$dir"/*.o
	[ -e "$1" ] || continue
	nm -A -f sysv "$@" | awk -F'|' -v dir="$dir" '
		NF < 7 { next }
		{
			gsub(/ /, "")
			at = match($1, /[^:]*$/)
			name = substr($1, at)
			o = dir "/" substr($1, 1, at - 2)
			sub(/.*\//, dir "/", o)
		}
		$3 == "U" { print dir, o, "uses", name; next }
		$3 ~ /^[TDBRWCV]$/ { print dir, o, "has", name }
		$3 == "C" || ($7 ~ /^\.(data|bss|tdata|tbss)/ &&
		    $7 !~ /^\.data\.rel\.ro/) {
			print dir, o, "writes", name
		}'
done >"$tmp/symbols"

awk '
	function pure(f) { return f != "io" && f != "gateway" }
	function allowed(f, s) {
		if (s ~ /^mem(cpy|move|set|cmp|chr)$/ ||
		    s ~ /^str(len|nlen|cmp|ncmp|chr|rchr|str|spn|cspn)$/ ||
		    s ~ /^v?snprintf$/ ||
		    s ~ /^__(mem|str|snprintf|vsnprintf)[a-z]*_chk$/ ||
		    s ~ /^__(asan|ubsan|sanitizer|stack_chk)_/ ||
		    s == "_GLOBAL_OFFSET_TABLE_")
			return 1
		if (f == "tunnel")
			return s ~ /^nettle_/
		if (f == "trace" && s ~ /^nettle_/)
			return 1
		if (f == "report" || f == "trace")
			return s ~ /^(malloc|calloc|realloc|free)$/ ||
			    s ~ /^json(p)?_/
		return 0
	}
	FILENAME ~ /rank$/ { rank[$1] = $2; next }
	FNR == 1 { pass++ }
	pass == 1 { if ($3 == "has") home[$4] = $1; next }
	!($2 in seen) { seen[$2] = 1; objects++ }
	$3 == "writes" && pure($1) && $4 !~ /^__(asan|ubsan|sancov)/ {
		print $2 ": writable data: " $4
		bad++
	}
	$3 != "uses" { next }
	$4 ~ /^v6d_/ {
		if (($4 in home) && home[$4] != $1 &&
		    rank[home[$4]] >= rank[$1]) {
			print $2 ": uses " $4 " of lib/" home[$4]
			bad++
		}
		next
	}
	pure($1) && !allowed($1, $4) {
		print $2 ": imports " $4
		bad++
	}
	END { print "objects", objects + 0, bad + 0 }
' "$tmp/rank" "$tmp/symbols" "$tmp/symbols" >"$tmp/out"

# Includes: of a lower folder or the own, and no header that does I/O.
for dir in base proto flow tunnel diag probe paste walk report trace io gateway; do
	for f in "$root/lib/$dir"/*.[ch] "$root/lib/$dir"/*.def; do
		[ -e "$f" ] || continue
		sed -n "s|^[ 	]*#[ 	]*include[ 	]*\([<\"][^>\"]*\).*|$dir lib/$dir/${f##*/} \1|p" "$f"
	done
done | awk '
	function allowed(f, h) {
		return h ~ /^(stdarg|stdbool|stddef|stdint|stdio|string)\.h$/ ||
		    h ~ /^(errno|inttypes|limits)\.h$/ ||
		    (f == "tunnel" && h ~ /^nettle\//) ||
		    (f == "trace" && h ~ /^nettle\//) ||
		    ((f == "report" || f == "trace") &&
			h ~ /^(jansson|stdlib)\.h$/)
	}
	FILENAME ~ /rank$/ { rank[$1] = $2; next }
	{
		kind = substr($3, 1, 1)
		header = substr($3, 2)
		files[$2] = 1
	}
	kind == "<" {
		if ($1 != "io" && $1 != "gateway" && !allowed($1, header)) {
			print $2 ": includes <" header ">"
			bad++
		}
		next
	}
	{
		split(header, part, "/")
		to = part[1]
		if (index(header, "/") == 0)
			why = "names no folder"
		else if (!(to in rank))
			why = "is no folder of lib"
		else if (to != $1 && rank[to] >= rank[$1])
			why = "looks up"
		else
			next
		print $2 ": includes \"" header "\": " why
		bad++
	}
	END {
		for (f in files) n++
		print "files", n + 0, bad + 0
	}
' "$tmp/rank" - >>"$tmp/out"

grep -v '^\(objects\|files\) ' "$tmp/out"
awk '
	$1 == "objects" || $1 == "files" { n[$1] = $2; bad += $3 }
	END {
		if (n["objects"] == 0 || n["files"] == 0) {
			print "layers: nothing to look at"
			bad++
		}
		good = n["objects"] + n["files"] - bad
		if (good < 0)
			good = 0
		print "layers: " good " passed, " bad + 0 " failed"
		exit bad > 0
	}
' "$tmp/out"
