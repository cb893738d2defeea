#!/bin/bash
# standin-pppd.sh - in the place of pppd, on a kernel without PPP: takes the
# options that connect writes, makes such an interface by our own client
# ($STANDIN/hold), and says and returns what pppd would. $STANDIN/mode: what it
# is to do otherwise.
options=$2
value() { sed -n "s/^$1 //p" "$options" | tr -d '"'; }
mode=$(cat "$STANDIN/mode" 2>/dev/null)
stat -c '%a %U' "$options" >"$STANDIN/rights"
cp "$options" "$STANDIN/options"
ifname=$(value ifname) server=$(value pty | cut -d' ' -f3)
(umask 077 && printf '%b\n' "$(value password)" >"$STANDIN/password")
if [ "$mode" = options ]; then
	echo "pppd: unrecognized option 'ifname'" >&2
	exit 2
fi
echo "Renamed interface ppp0 to $ifname"
echo "Connect: $ifname <--> /dev/pts/0"
echo $$ >"$STANDIN/pid"
# What it waits for ends with it, however it ends: it holds the other end.
dir=$(mktemp -d "$STANDIN/run.XXXXXX")
mkfifo "$dir/in" "$dir/out"
"$STANDIN/hold" "$server" "$(value user)" "$STANDIN/password" "$ifname" \
	<"$dir/in" >"$dir/out" 2>/dev/null &
hold=$!
exec 7>"$dir/in" 8<"$dir/out"
rm -r "$dir"
bye() {
	[ "$mode" != stubborn ] || return
	echo "Terminating on signal 15"
	exec 7>&-
	wait $hold
	echo "Modem hangup"
	exit 16
}
trap bye TERM
while read -r word <&8; do
	case $word in
	up)
		echo "CHAP authentication succeeded"
		echo "remote LL address fe80::0001" ;;
	tcp*) ;;
	"TCP connection failed")
		echo "fatal: Could not open control connection to $server" ;;
	"user name or password rejected")
		echo "CHAP authentication failed"
		exit 19 ;;
	esac
done
echo "Modem hangup"
exit 16
