#!/bin/bash
# install.sh PROGRAM - "make install" with DESTDIR: exactly the files of
# tools/package/files.sh, with their modes, and no others; the program works
# there without the source tree; systemd and monit take their files; "make
# uninstall" takes all of it away.
set -u
build=$(dirname "$(readlink -f "$1")")
root=$(cd "$(dirname "$0")/../.." && pwd)
t=$(mktemp -d /tmp/v6d-install.XXXXXX)
trap 'rm -rf "$t"' EXIT
passed=0 failed=0

ok() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@" >"$t/out" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $what"
		head -5 "$t/out"
	fi
}
is() { [ "$1" = "$2" ] || { diff <(echo "$1") <(echo "$2"); return 1; }; }
run() { make -s -C "$root" B="$build" DESTDIR="$t/dest" PREFIX=/usr "$@"; }
there() { (cd "$t/dest/usr" && find . -type f -printf '%m\t%P\n' | LC_ALL=C sort); }

umask 077 # who installs may have any
ok "make install" run install
cd "$root" || exit 1
ok "exactly these files" is "$(there)" \
	"$(sh tools/package/files.sh "$build" | cut -f1,2 | LC_ALL=C sort)"
for f in bin/v6doctor share/man/man1/v6doctor.1 share/man/man5/v6doctor.conf.5 \
	share/man/man7/v6doctor-causes.7 share/man/man8/v6doctor-connect.8 \
	share/bash-completion/completions/v6doctor \
	share/zsh/site-functions/_v6doctor \
	share/fish/vendor_completions.d/v6doctor.fish \
	share/v6doctor/v6doctor.schema.json \
	lib/systemd/system/v6doctor@.service; do
	ok "$f" test -s "$t/dest/usr/$f"
done
ok "no place is left to fill" sh -c '! grep -rI "@PREFIX@" "$1"' sh "$t/dest"
ok "what the README shows is there" sh -c 'cd "$1" &&
	grep -oE "\(docs/[a-zA-Z0-9/._-]+" README.md | tr -d "(" |
	xargs ls -d' sh "$t/dest/usr/share/doc/v6doctor"

# Away from the source tree: nothing of it may be needed.
cp "$root/captures/real/pap.pcap" "$t/x.pcap"
away() { (cd / && unshare -m sh -c 'mount -t tmpfs none "$1" && shift &&
	exec "$@"' sh "$root" "$t/dest/usr/bin/v6doctor" "$@"); }
ok "the tree is hidden" sh -c '! unshare -m sh -c "mount -t tmpfs none $1 &&
	test -e $1/Makefile"' sh "$root"
away read "$t/x.pcap" --format html >"$t/html"
ok "reads" is $? 0
ok "a page whole" grep -q '</html>' "$t/html"
away explain gre-size-limit --lang ja >"$t/ja"
ok "speaks Japanese" grep -q '^意味' "$t/ja"
away lab faults >"$t/faults"
ok "knows the faults" grep -q gre-size-in "$t/faults"

# The unit names the program where it will be; here it is not.
sed "s,/usr/bin/v6doctor,$t/dest/usr/bin/v6doctor,; /^Documentation/d" \
	"$t/dest/usr/lib/systemd/system/v6doctor@.service" >"$t/v6doctor@home.service"
ok "systemd takes the unit" systemd-analyze verify --man=no \
	"$t/v6doctor@home.service"
ok "and has no complaint" is "$(systemd-analyze verify --man=no \
	"$t/v6doctor@home.service" 2>&1 | grep v6doctor@)" ""
{
	echo "set daemon 60"
	sed "s,/usr/bin,$t/dest/usr/bin," \
		"$t/dest/usr/share/v6doctor/monit/v6doctor"
} >"$t/monitrc"
chmod 600 "$t/monitrc"
ok "monit takes its file" env HOME="$t" monit -t -c "$t/monitrc"

: >"$t/dest/usr/share/man/man1/other.1"
ok "make uninstall" run uninstall
ok "leaves what is not ours" is "$(there | cut -f2)" share/man/man1/other.1
echo "install: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
