#!/bin/sh
# messages-update.sh FILE.po... - brings catalogues up to the sources: new
# messages come in without a translation, those no longer used go.
set -eu
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
sh tests/build/pot.sh "$tmp/all.pot"
for po in "$@"; do
	msgmerge -q --no-fuzzy-matching --sort-output --no-wrap \
		--add-location=file -o "$tmp/merged.po" "$po" "$tmp/all.pot"
	msgattrib --no-obsolete --no-wrap --sort-output --add-location=file \
		-o "$po" "$tmp/merged.po"
	msgfmt --statistics -o /dev/null "$po"
done
