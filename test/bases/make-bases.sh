#!/bin/bash
# usage: make-bases.sh FOLDER   makes the layers of the base images there: root file systems of nothing but a static busybox.
# Everything is dated 2001, so that what a build itself makes can be told from what it was given.
set -eu
umask 022
mkdir -p "$1"
cd "$1"
busybox=$(command -v busybox)
pack() { tar --sort=name --numeric-owner --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime --xattrs --xattrs-include='security.*' --mtime=@981173106 -C "$1" -cf "$1.tar" .; }

mkdir -p base/{bin,dev,etc,home/app,lib,opt,proc,root,run,sys,tmp,usr/bin,usr/lib,var/lib,var/log}
install -m 755 "$busybox" base/bin/busybox
"$busybox" --list | while read -r applet; do [ "$applet" = busybox ] || ln -s busybox "base/bin/$applet"; done
chmod 1777 base/tmp
chmod 700 base/root
ln -s ../run base/var/run
ln -s usr/lib base/lib64
ln -s /opt base/var/opt
ln -s /nowhere base/var/dangling
ln -s /etc/hostname base/var/absolute
printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' 'daemon:x:1:1::/:/bin/false' 'app:x:1000:1000:App:/home/app:/bin/sh' 'web:x:1001:2000::/home/web:/bin/sh' > base/etc/passwd
printf '%s\n' 'root:x:0:' 'daemon:x:1:' 'app:x:1000:' 'staff:x:50:app' 'webs:x:2000:web' > base/etc/group
echo base > base/etc/hostname
echo 127.0.0.1 localhost > base/etc/hosts
: > base/etc/resolv.conf
echo welcome > base/etc/motd
mkdir -p base/srv/data/deep base/srv/locked
echo one > base/srv/data/one
echo two > base/srv/data/deep/two
chmod 700 base/srv/locked
cp base/bin/busybox base/opt/capable
setcap cap_net_bind_service+ep base/opt/capable
echo linked > base/opt/first
ln base/opt/first base/opt/second
chown -R 1000:1000 base/home/app
pack base

mkdir -p upper/{srv/data/deep,srv/new,etc}
: > upper/etc/.wh.motd
: > upper/srv/data/deep/.wh..wh..opq
echo three > upper/srv/data/deep/three
echo changed > upper/srv/data/one
echo new > upper/srv/new/file
pack upper

mkdir -p top/srv top/opt
: > top/srv/.wh.new
: > top/opt/.wh.second
ln -s data top/srv/link
pack top
rm -rf base upper top
