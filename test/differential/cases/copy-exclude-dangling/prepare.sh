ln -s gone nowhere
