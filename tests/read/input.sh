#!/bin/sh
# input.sh V6DOCTOR - what `read` says of bad input: message and exit status.
set -u
v6doctor=$1
ok=0 bad=0
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
whole=captures/real/no-ra.pcap

# check NAME STATUS TEXT ARGUMENT...: `read ARGUMENT...` ends so, and says so
check() {
	name=$1 want=$2 text=$3
	shift 3
	out=$("$v6doctor" read "$@" 2>&1 <"${stdin:-/dev/null}")
	status=$?
	flat=$(printf '%s' "$out" | tr -s ' \n' ' ') # lines may break anywhere
	case $status:$flat in
	"$want":*"$text"*) ok=$((ok + 1)) ;;
	*)
		echo "FAILED: $name: expected $want and '$text', got $status:"
		printf '%s\n' "$out" | head -5
		bad=$((bad + 1))
		;;
	esac
}

check 'no file named' 64 'which file?'
check 'unknown option' 64 '--help' --jsn "$whole"
check 'missing file' 66 'cannot open' "$tmp/none.pcap"
check 'a folder' 66 'Is a directory' "$tmp"

: >"$tmp/empty"
check 'empty file' 65 'it is empty' "$tmp/empty"
echo 'This is a letter, not a capture; it goes on for a while.' >"$tmp/text"
check 'text of no known kind' 65 'no line of it is known (line 1)' "$tmp/text"
gzip -c "$whole" >"$tmp/gz"
check 'a packed capture' 2 'ra-absent' "$tmp/gz"
head -c 700 "$tmp/gz" >"$tmp/gz-cut"
check 'a packed capture that is cut' 65 'packing is damaged or cut' "$tmp/gz-cut"
zstd -qc "$whole" >"$tmp/zst"
check 'a capture packed with Zstandard' 2 'ra-absent' "$tmp/zst"
head -c 700 "$tmp/zst" >"$tmp/zst-cut"
check 'the same, cut' 65 'packing is damaged or cut' "$tmp/zst-cut"
printf '\n\nblank lines first, as a pcapng begins\n' >"$tmp/blank"
check 'text that begins as a pcapng does' 65 'Tried: captures' "$tmp/blank"
printf '\000\001\002\003 bytes' >"$tmp/bytes"
check 'no text and no capture' 65 'no pcap or pcapng file' "$tmp/bytes"

head -c 24 "$whole" >"$tmp/header"
check 'a capture without packets' 3 'no PPTP session' "$tmp/header"
head -c 2000 "$whole" >"$tmp/cut"
check 'cut within a packet' 65 'ends within a packet' "$tmp/cut"
check 'cut: what was there is judged' 65 '192.0.2.2' "$tmp/cut"
# The same file with a link type of no use: 105, IEEE 802.11 (bytes 20-23).
{ head -c 20 "$whole"; printf '\151\0\0\0'; tail -c +25 "$whole"; } \
	>"$tmp/link"
check 'link type' 65 'link type 105' "$tmp/link"

stdin=$whole
check 'standard input' 2 'ra-absent' -
stdin=
check 'JSON' 2 '"schema": "v6doctor/1"' --json "$whole"
check 'JSON of no session' 3 '"no PPTP session in this file"' --json \
	"$tmp/header"
check 'several files: each is named' 2 '== captures/real/pap.pcap ==' \
	captures/real/pap.pcap "$whole"
check 'several files: the worst counts' 2 'ra-absent' \
	captures/real/pap.pcap "$whole"
check 'several files: damage is told last' 65 'ra-absent' "$whole" "$tmp/cut"

# Pasted text.
texts=captures/text
check 'a text' 3 'mtu-arithmetic' $texts/story-2-ifconfig.txt
check 'a text: where each thing stands' 3 'paste: ifconfig, line 25' \
	--verbose $texts/story-2-ifconfig.txt
check 'a text: what was left out' 3 'not understood, left out: line 1' \
	$texts/story-2-ifconfig.txt
check 'several texts are one piece of evidence' 3 \
	'no error. [temporary-address-changed] (paste 2: netstat' \
	$texts/story-2-ifconfig.txt $texts/story-4-netstat.txt
check 'a text beside a capture' 2 'ra-absent' "$whole" \
	$texts/story-2-ifconfig.txt
check 'JSON of a text' 1 '"finding": "noccp-defeats-mppe"' --json \
	$texts/setup-options.txt
stdin=$texts/ipconfig-english-utf16.txt
check 'a text on standard input' 3 'ipconfig' -
stdin=/dev/null
check 'nothing on standard input' 65 'it is empty' -
stdin=

# Pipes of a shell; one made by mkfifo can be opened once only.
if command -v bash >/dev/null; then
	for of in "3 mtu-arithmetic $texts/story-2-ifconfig.txt" \
		"2 ra-absent $whole"; do
		set -- $of
		out=$(bash -c '"$0" read <(cat "$1")' "$v6doctor" "$3")
		status=$?
		case $status:$out in
		"$1":*"$2"*) ok=$((ok + 1)) ;;
		*)
			echo "FAILED: read <(cat $3): $status"
			bad=$((bad + 1))
			;;
		esac
	done
fi
mkfifo "$tmp/fifo"
cat "$whole" >"$tmp/fifo" &
check 'a capture in a pipe with a name' 2 'ra-absent' "$tmp/fifo"
wait

# Nothing else may stand on standard output beside the document.
if "$v6doctor" read --json "$tmp/cut" 2>/dev/null | jq -e . >/dev/null; then
	ok=$((ok + 1))
else
	echo "FAILED: --json of a damaged file is not one document"
	bad=$((bad + 1))
fi

echo "read input: $ok passed, $bad failed"
[ "$bad" -eq 0 ]
