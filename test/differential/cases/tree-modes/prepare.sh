for m in 000 001 100 444 600 640 700 755 777 1755 2755 4755 6755 7777; do echo $m > m$m; chmod $m m$m; mkdir d$m; chmod $m d$m; done; chmod 755 d000 d001 d100 d444 d600 d640; 
