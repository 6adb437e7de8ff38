#!/bin/sh
# with-emulator.sh EMULATOR FLAGS COMMAND...: runs a command while the kernel gives programs of linux/arm64 to an emulator.
# To be run in a mount namespace of its own: nobody else sees the registration in /proc, and it is taken back at the end.
set -eu
emulator=$1 flags=$2
shift 2
folder=/proc/sys/fs/binfmt_misc
[ -e "$folder/status" ] || mount -t binfmt_misc binfmt_misc "$folder"
name=strake-test-$$
trap 'echo -1 > "$folder/$name"' EXIT
trap 'exit 143' INT TERM
printf '%s' ":$name:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:$emulator:$flags" > "$folder/register"
"$@"
