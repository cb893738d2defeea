#!/bin/sh
# messages.sh LANGUAGE FILE.po - writes a C table of messages to standard
# output, ordered as strcmp orders.
set -eu
lang=$1 po=$2
here=$(dirname "$0")
echo '/* generated: do not edit */'
echo '#include "base/lang.h"'
echo 'static const struct v6d_message messages[] = {'
awk -f "$here/messages.awk" "$po" | LC_ALL=C sort |
	awk -F '\001' '{ print $2 }'
echo '	{ NULL, NULL },'
echo '};'
echo "const struct v6d_lang v6d_lang_$lang = { \"$lang\","
echo '	sizeof(messages) / sizeof(messages[0]) - 1, messages };'
