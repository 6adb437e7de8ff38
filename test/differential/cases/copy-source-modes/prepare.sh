mkdir sticky none; chmod 3777 sticky; chmod 000 none; echo x > file; chmod 6755 file; echo y > noread; chmod 000 noread; chown 5:6 file sticky
