#!/bin/sh
# files.sh BUILD - what "make install" installs, one file a line: mode, path
# below PREFIX, source. Names ending in .in are filled (@PREFIX@) on the way.
# Run in the root of the source tree.
set -eu
build=$1

file() { # MODE PATH SOURCE
	printf '%s\t%s\t%s\n' "$@"
}
file 755 bin/v6doctor "$build/v6doctor"
for f in "$build"/man/*.[1-8]; do
	file 644 "share/man/man${f##*.}/${f##*/}" "$f"
done
file 644 share/bash-completion/completions/v6doctor \
	"$build/completions/v6doctor.bash"
file 644 share/zsh/site-functions/_v6doctor "$build/completions/_v6doctor"
file 644 share/fish/vendor_completions.d/v6doctor.fish \
	"$build/completions/v6doctor.fish"
file 644 share/v6doctor/v6doctor.schema.json docs/v6doctor.schema.json
file 644 share/v6doctor/prometheus/v6doctor.rules.yml \
	tools/package/prometheus/v6doctor.rules.yml
file 644 share/v6doctor/grafana/v6doctor.json \
	tools/package/grafana/v6doctor.json
file 644 share/v6doctor/monit/v6doctor tools/package/monit/v6doctor.in
file 644 lib/systemd/system/v6doctor@.service \
	tools/package/systemd/v6doctor@.service.in
file 644 share/doc/v6doctor/LICENSE LICENSE
file 644 share/doc/v6doctor/README.md README.md
file 644 share/doc/v6doctor/examples/v6doctor.conf \
	docs/man/v6doctor.conf.example
# Below docs/, as README.md names them.
for f in docs/*.md docs/*.json docs/pictures/* docs/probes/*.md \
	docs/probes/ja/*.md docs/causes/*.md docs/causes/ja/*.md; do
	file 644 "share/doc/v6doctor/$f" "$f"
done
