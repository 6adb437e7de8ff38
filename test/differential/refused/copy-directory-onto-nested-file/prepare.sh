echo a > a; mkdir d; echo x > d/x
mkdir -p t/passwd/in
