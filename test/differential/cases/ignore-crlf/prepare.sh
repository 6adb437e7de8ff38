printf 'a.txt\r\n!b.txt\r\n' > .dockerignore; echo a > a.txt; echo b > b.txt
