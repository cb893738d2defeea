# check.sh - sourced by the tests of a command of v6doctor that reads files:
# counts, a folder of its own, and the check of one call. They set "command".
ok=0 bad=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

good() { ok=$((ok + 1)); }
fail() {
	echo "FAILED: $*"
	bad=$((bad + 1))
}

# check NAME STATUS TEXT ARGUMENT...: the command ends so, and says so
check() {
	local name=$1 want=$2 text=$3 out status
	shift 3
	out=$("$v6doctor" "$command" "$@" 2>&1 </dev/null)
	status=$?
	case $status:$(tr -s ' \n' ' ' <<<"$out") in
	"$want":*"$text"*) good ;;
	*) fail "$name: expected $want and '$text', got $status: $out" ;;
	esac
}
