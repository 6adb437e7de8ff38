#!/bin/sh
# Compiles init.c for each architecture and writes init-programs.ts. Needs gcc, and gcc-aarch64-linux-gnu on another machine than arm64.
set -eu
cd "$(dirname "$0")"
# -N: one segment without padding, which kernels of every page size map
flags='-Os -static -nostdlib -ffreestanding -fno-stack-protector -fno-builtin -fno-asynchronous-unwind-tables -fno-pic -no-pie -Wl,--build-id=none,-N -s'
{
  echo '/** The program of init.c by architecture, in base64. Written by build.sh. */'
  echo 'export const INIT_PROGRAMS: Readonly<Record<string, string>> = {'
  for pair in x86_64:amd64 aarch64:arm64; do
    "${pair%%:*}-linux-gnu-gcc" $flags -o init.tmp init.c
    "${pair%%:*}-linux-gnu-objcopy" -R .comment -R .note.gnu.property -R .note.GNU-stack init.tmp
    printf "  %s: '%s',\n" "${pair##*:}" "$(base64 -w0 init.tmp)"
    rm init.tmp
  done
  echo '};'
} > init-programs.ts
