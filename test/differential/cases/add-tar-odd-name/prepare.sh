mkdir -p t/d; echo f > t/f; echo g > t/d/g; ln -s f t/l; ln t/f t/h; chmod 4755 t/d/g; chmod 700 t/d
tar --sort=name --numeric-owner --owner=1000 --group=2000 --mtime=@981173106 -C t -cf a.tar .
rm -r t
mv a.tar archive
