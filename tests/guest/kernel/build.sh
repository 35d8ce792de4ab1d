#!/bin/sh
# Builds the kernel of src/ into kernel.elf (Debian: gcc-riscv64-unknown-elf).
# With --check: builds it elsewhere and compares with kernel.elf byte for byte.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case ${1-} in
  '') out=$here/kernel.elf ;;
  --check) out=$work/kernel.elf ;;
  *) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac

cc=${CC:-riscv64-unknown-elf-gcc}
command -v "$cc" >/dev/null || { echo "build.sh: $cc is missing; apt-get install gcc-riscv64-unknown-elf" >&2; exit 2; }

# The same bytes from any folder, as kernel/user/build.sh has it; with debug information, by which debuggers and reports name C.
cd "$here"
objects=
for file in src/entry.S src/*.c; do
  object=$work/$(basename "$file").o
  "$cc" -march=rv64imac_zicsr -mabi=lp64 -mcmodel=medany -O2 -gdwarf-5 -gno-record-gcc-switches -Wall -Wextra -Werror \
    -std=gnu11 -ffreestanding -fno-common -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-ident \
    -fno-tree-loop-distribute-patterns -ffile-prefix-map="$here"=/kernel "-Wa,--debug-prefix-map=$here=/kernel" \
    -c "$file" -o "$object"
  objects="$objects $object"
done
# shellcheck disable=SC2086 # the list of objects
"$cc" -nostdlib -static -no-pie -march=rv64imac_zicsr -mabi=lp64 -T "$here/kernel.ld" \
  -Wl,-z,max-page-size=4096,--build-id=none,--no-warn-rwx-segments -o "$out" $objects

if [ "$out" != "$here/kernel.elf" ] && ! cmp -s "$out" "$here/kernel.elf"; then
  echo "build.sh: kernel.elf is not what src/ builds; run tests/guest/kernel/build.sh and commit it" >&2
  exit 1
fi
