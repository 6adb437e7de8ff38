a=$(printf 'a%.0s' $(seq 200)); mkdir -p "$a/$a/$a"; echo x > "$a/$a/$a/$a"; ln -s "$a/$a/$a/$a" link
