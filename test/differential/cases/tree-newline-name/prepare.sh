printf x > $'new\nline'; printf x > $'tab\t'
