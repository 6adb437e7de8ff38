printf '\357\273\277a.txt\n' > .dockerignore; echo a > a.txt; echo b > b.txt
