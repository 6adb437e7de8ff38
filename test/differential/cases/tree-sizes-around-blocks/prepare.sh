for n in 0 1 511 512 513 1023 1024 10239 10240 10241; do head -c $n /dev/zero | tr '\0' a > s$n; done
