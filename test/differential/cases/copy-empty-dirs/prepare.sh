mkdir -p empty/deep odd; chmod 700 empty; chmod 1777 odd; touch odd/setuid; chmod 4755 odd/setuid; mkdir -m 2775 odd/setgid
