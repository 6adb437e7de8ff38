ln -s dir to-dir; ln -s ../a dir/to-file; ln -s nowhere broken
