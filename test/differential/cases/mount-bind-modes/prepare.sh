chmod 755 run.sh; chmod 4701 odd; chmod 1777 dir
