mkfifo pipe; ln a b; mkdir sub; ln a sub/c; truncate -s 1M sparse
