ln -s b a; ln -s a b; ln -s . self; mkdir d; ln -s ../d d/up
