#!/bin/sh
# causes.sh ROOT - the cause table against its pages and its evidence.
#
# Each cause of causes.def has a page with every section; a rule test that
# names it; and something that shows it: a row of the practice network
# (tests/lab), a recording (captures/*/*.expect) or made-up packets
# (tests/unit/test_packets.c). What has none of these stands below, with the
# reason: it is told by the state of a host, which no recording holds.
set -u
root=$1
n=0 bad=0

# By rule alone, so far.
no_evidence() {
	case $1 in
	local-prerequisite | residue | lan-down | \
		lan-address-changed | server-name | routing-loop | \
		route-metric | rp-filter | radvd-before-firewall | \
		napt-double)
		return 0 # a host's or a router's own state
		;;
	dns-v6-only-resolver | dns-stale-record | \
		auth-bad-peer | tunnel-mtu-too-big | tunnel-mtu-too-small)
		return 0 # a resolver's, a live session's
		;;
	esac
	return 1
}

wrong() {
	echo "causes: $*"
	bad=$((bad + 1))
}

shown() { # CAUSE
	grep -qsE -- "(^|[^a-z0-9-])$1([^a-z0-9-]|\$)" \
		"$root"/tests/lab/*.tsv && return 0
	grep -qsE -- "^(cause|undecided|advice) (.* )?$1( |\$)" \
		"$root"/captures/*/*.expect && return 0
	grep -qsE -- "[ \"{]$1[ \"!(}~]" "$root/tests/unit/test_packets.c"
}

for c in $(sed -n 's/^CAUSE([^"]*"\([^"]*\)".*/\1/p' \
	"$root/lib/diag/causes.def"); do
	n=$((n + 1))
	page=$root/docs/causes/$c.md
	for s in "Meaning" "How it is recognised" "What to do" \
		"Often mistaken for" "Whom to tell"; do
		grep -qsx -- "## $s" "$page" || wrong "$c: its page lacks '$s'"
	done
	grep -qsE -- "[ \"{]$c[ \"!(}~]" "$root"/tests/unit/test_rules_*.c ||
		wrong "$c: no rule test names it"
	if shown "$c"; then
		no_evidence "$c" &&
			wrong "$c: has evidence now, and is listed as without"
	else
		no_evidence "$c" || wrong "$c: nothing shows it"
	fi
done

[ "$n" -gt 0 ] || wrong "no cause at all"
echo "causes: $((n > bad ? n - bad : 0)) passed, $bad failed"
[ "$bad" -eq 0 ]
