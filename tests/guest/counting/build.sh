#!/bin/sh
# Builds the kernel of src/ into kernel.elf (Debian: gcc-riscv64-unknown-elf).
# With --check: builds it elsewhere and compares with kernel.elf byte for byte.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
src=$here/src
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case ${1-} in
  '') out=$here/kernel.elf ;;
  --check) out=$work/kernel.elf ;;
  *) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac

cc=${CC:-riscv64-unknown-elf-gcc}
command -v "$cc" >/dev/null || { echo "build.sh: $cc is missing; apt-get install gcc-riscv64-unknown-elf" >&2; exit 2; }

# The same bytes from any folder: the debug information names files as they are called from src/.
cd "$src"
objects=
for file in entry.S *.c; do
  object=$work/$file.o
  "$cc" -march=rv64ima_zicsr -mabi=lp64 -mcmodel=medany -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Werror -std=gnu11 \
    -ffreestanding -fno-common -fno-pie -fno-stack-protector -fno-ident -fno-inline -gno-record-gcc-switches \
    -ffile-prefix-map="$src"=src "-Wa,--debug-prefix-map=$src=src" -c "$file" -o "$object"
  objects="$objects $object"
done
# shellcheck disable=SC2086 # the list of objects
"$cc" -nostdlib -static -no-pie -march=rv64ima_zicsr -mabi=lp64 -T "$here/kernel.ld" \
  -Wl,-z,max-page-size=4096,--build-id=none,--no-warn-rwx-segments -o "$out" $objects

if [ "$out" != "$here/kernel.elf" ] && ! cmp -s "$out" "$here/kernel.elf"; then
  echo "build.sh: kernel.elf is not what src/ builds; run tests/guest/counting/build.sh and commit it" >&2
  exit 1
fi
