mkdir d; ln -s /etc/passwd d/abs; ln -s ../../../etc/passwd d/up; ln -s ../outside d/out
