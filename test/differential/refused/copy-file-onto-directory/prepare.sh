echo a > a; mkdir d; echo x > d/x
mkdir t; echo f > t/data
