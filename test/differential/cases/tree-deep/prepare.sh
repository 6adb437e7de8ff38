p=$(printf 'd%.0s/' $(seq 60)); mkdir -p "$p"; echo deep > "$p/f"
