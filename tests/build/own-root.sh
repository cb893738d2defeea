#!/bin/sh
# own-root.sh COMMAND... - runs a command where "/" is a mount point.
#
# ip-netns(8) cannot work in a plain chroot, where "/" is a mere directory:
# there the command gets a mount namespace in which the root is mounted on
# itself ("/.." is that new mount). Elsewhere it is just run.
set -u
if [ "$(id -u)" != 0 ] || unshare -m true 2>/dev/null; then
	exec "$@"
fi
exec unshare -m --propagation unchanged sh -c '
	mount --rbind / / && mount --make-rprivate /.. 2>/dev/null
	here=$(pwd)
	exec chroot /.. sh -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"
' sh "$@"
