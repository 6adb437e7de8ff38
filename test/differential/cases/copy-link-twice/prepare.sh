mkdir -p src/lib/deep src/test docs/img empty
for f in src/main.c src/lib/x.c src/lib/x.md src/lib/deep/y.c src/test/t.c docs/a.md docs/b.txt docs/img/p.png README.md Makefile; do echo "$f" > "$f"; done
chmod 755 Makefile; chmod 750 src/lib; chmod 600 docs/b.txt; ln -s src/lib link; ln -s ../docs/a.md src/doc
