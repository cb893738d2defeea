#!/bin/sh
# embed.sh TABLE ROOT FILE... - writes a C table of text files to standard output.
set -eu
table=$1 root=$2
shift 2
echo '/* generated: do not edit */'
echo '#include <stddef.h>'
echo '#include "base/embed.h"'
echo "const struct v6d_file $table[] = {"
for f in "$@"; do
	printf '\t{ "%s",\n' "${f#"$root"/}"
	sed 's/\\/\\\\/g; s/"/\\"/g; s/\t/\\t/g; s/^/\t\t"/; s/$/\\n"/' "$f"
	printf '\t\t"" },\n'
done
echo '	{ NULL, NULL },'
echo '};'
