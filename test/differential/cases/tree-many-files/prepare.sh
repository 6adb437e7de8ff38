for i in $(seq 1500); do mkdir -p d$((i % 20)); echo $i > d$((i % 20))/f$i; done
