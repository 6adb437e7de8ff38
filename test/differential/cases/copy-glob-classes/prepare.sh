for f in a.txt b.txt c.xyz d.txt "*.txt" "e[1].txt" .hid; do echo "$f" > "$f"; done; mkdir xd; echo in > xd/in
