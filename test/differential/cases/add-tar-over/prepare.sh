mkdir -p t/srv/data t/etc; echo new > t/srv/data/one; echo motd > t/etc/motd; chmod 711 t/srv/data
tar --sort=name --numeric-owner --owner=0 --group=0 --mtime=@981173106 -C t -cf a.tar .
rm -r t
