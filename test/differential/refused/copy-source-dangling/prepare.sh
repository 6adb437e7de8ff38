echo a > a; mkdir d; echo x > d/x
ln -s nowhere l
