echo x > f; setfattr -n user.mark -v hi f; cp /bin/true cap; setcap cap_net_raw+ep cap; mkdir d; setfattr -n user.dir -v hi d
