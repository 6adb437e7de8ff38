#!/bin/bash
# usage: unshare -m enter-root.sh ROOT SHARED PROGRAM...   runs PROGRAM with ROOT as /, SHARED under its own name, the host's /proc /sys /dev.
# A chroot is not enough for dockerd: it unpacks images in a process that calls pivot_root itself.
set -eu
root=$1 shared=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root$shared" "$root/run/old" "$root/run/tool"
mount --bind "$shared" "$root$shared"
cp "$(command -v busybox)" "$root/run/tool/busybox"
cd "$root"
pivot_root . run/old
cd /
/run/tool/busybox umount -l /run/old
exec "$@"
