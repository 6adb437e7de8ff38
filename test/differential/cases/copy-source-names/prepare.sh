printf x > $'new\nline'; printf y > $'tab\tend'; printf q > 'quo"te'; printf s > ' lead'; mkdir -- -dash; printf u > ünï; printf w > .wh; printf b > 'back\slash'
