dd if=/dev/zero bs=1M count=24 2>/dev/null | tr '\0' 'x' > big
