#!/bin/sh
# style.sh ROOT - the rules of docs/STYLE.md that a script can hold.
#
# First line SPDX, then a comment that says what the file is; 80 columns with
# tabs of 8 (tables, in .def files, may be wider); under 700 lines; no banned
# function; the shape of clang-format.
set -u
root=$1
cd "$root" || exit 1
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

find lib tools tests -type f \( -name '*.[ch]' -o -name '*.def' \) \
	2>/dev/null | LC_ALL=C sort >"$tmp/all"
grep '\.[ch]$' "$tmp/all" >"$tmp/code"
[ -s "$tmp/code" ] || {
	echo "style: nothing to look at"
	echo "style: 0 passed, 1 failed"
	exit 1
}

# shellcheck disable=SC2046  # no file of ours has a blank in its name
awk '
	function wrong(line, what) {
		print "style: " FILENAME ":" line ": " what
	}
	function columns(s,  i, col, c) {
		col = 0
		for (i = 1; i <= length(s); i++) {
			c = substr(s, i, 1)
			# the later bytes of a character of UTF-8
			if (c >= "\200" && c < "\300")
				continue
			col = c == "\t" ? col - col % 8 + 8 : col + 1
		}
		return col
	}
	# The line without comments, strings and character constants.
	function code(s,  i, out, c, d) {
		if (comment && !index(s, "*/"))
			return ""
		if (!comment && s !~ /["\047]|\/[*\/]/)
			return s
		out = ""
		for (i = 1; i <= length(s); i++) {
			c = substr(s, i, 1)
			d = substr(s, i, 2)
			if (comment) {
				if (d == "*/") { comment = 0; i++ }
			} else if (quote != "") {
				if (c == "\\") i++
				else if (c == quote) quote = ""
			} else if (d == "/*") {
				comment = 1
				i++
			} else if (d == "//") {
				wrong(FNR, "a // comment")
				break
			} else if (c == "\"" || c == "\047") {
				quote = c
				out = out c
			} else
				out = out c
		}
		quote = ""
		return out
	}
	FNR == 1 {
		comment = 0
		if ($0 != "/* SPDX-License-Identifier: GPL-2.0-or-later */")
			wrong(1, "the first line is not the SPDX line")
	}
	FNR == 2 && $0 !~ /^\/\*/ {
		wrong(2, "no comment that says what the file is")
	}
	FNR == 701 { wrong(701, "700 lines are enough for one file") }
	FILENAME !~ /def$/ && length($0) > 10 &&
	    length($0) + 7 * gsub(/\t/, "&") > 80 && columns($0) > 80 {
		wrong(FNR, "over 80 columns")
	}
	{
		c = " " code($0)
		if (match(c, banned)) {
			name = substr(c, RSTART + 1, RLENGTH - 1)
			sub(/ *\($/, "", name)
			wrong(FNR, name "() is banned")
		}
		if (c ~ /^ typedef (struct|union|enum)[^(]*$/)
			wrong(FNR, "a struct, union or enum is not typedef-ed")
		if (c ~ /__attribute__ *\(\( *packed/)
			wrong(FNR, "packed structs are banned")
	}
' banned='[^A-Za-z0-9_.>](sprintf|vsprintf|strcpy|stpcpy|strcat|strtok|atoi|atol|atof|s?scanf|fscanf|gets|alloca|system|s?rand|u?sleep|signal|gethostbyname|inet_ntoa) *[(]' \
	$(cat "$tmp/all") >"$tmp/out"

if command -v clang-format >/dev/null; then
	# shellcheck disable=SC2046
	clang-format --dry-run --Werror $(cat "$tmp/code") 2>&1 |
		sed -n 's/^\([^ :]*\):\([0-9]*\):.*\[-Wclang-format-violations\]$/style: \1:\2: not the shape that clang-format gives it/p' |
		awk -F: '!seen[$2]++' >>"$tmp/out"
else
	echo "style: clang-format is not installed: \"make deps\" installs it" \
		>>"$tmp/out"
fi

cat "$tmp/out"
bad=$(wc -l <"$tmp/out")
n=$(wc -l <"$tmp/all")
echo "style: $((n > bad ? n - bad : 0)) passed, $bad failed"
[ "$bad" -eq 0 ]
