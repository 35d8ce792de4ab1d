#!/bin/sh
# Builds every program of src/ into bin/: a .c file, or a folder of them (Debian: gcc-riscv64-unknown-elf).
# With --check: builds into a folder of its own and compares with bin/ byte for byte.
set -eu
# The order of *.c, which is the order in the program.
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
src=$here/src
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case ${1-} in
  '') out=$here/bin ;;
  --check) out=$work/bin ;;
  *) echo "usage: build.sh [--check]" >&2; exit 2 ;;
esac
mkdir -p "$out"

cc=${CC:-riscv64-unknown-elf-gcc}
command -v "$cc" >/dev/null || { echo "build.sh: $cc is missing; apt-get install gcc-riscv64-unknown-elf" >&2; exit 2; }

# The same bytes from any folder: no debug information, no build id, no name of a folder or of a temporary object.
# -fno-tree-loop-distribute-patterns: memset must not be compiled into a call of memset.
compile() {
  "$cc" -march=rv64imac_zicsr -mabi=lp64 -mcmodel=medany -O2 -g0 -Wall -Wextra -Werror -std=gnu11 \
    -ffreestanding -fno-common -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables -fno-ident \
    -fno-tree-loop-distribute-patterns -ffile-prefix-map="$src"=. -I "$src/ulib" -c "$1" -o "$2"
}

cd "$work"
library=
for file in "$src"/ulib/*.S "$src"/ulib/*.c; do
  object=$(basename "$file").o
  compile "$file" "$object"
  library="$library $object"
done

# link NAME OBJECTS...
link() {
  name=$1
  shift
  # shellcheck disable=SC2086 # the list of objects
  "$cc" -nostdlib -static -no-pie -march=rv64imac_zicsr -mabi=lp64 -T "$src/user.ld" \
    -Wl,-z,max-page-size=4096,--build-id=none,--gc-sections,--no-warn-rwx-segments \
    -o "$out/$name" "$@" $library
  chmod 755 "$out/$name"
}

for file in "$src"/*.c; do
  name=$(basename "$file" .c)
  compile "$file" "$name.c.o"
  link "$name" "$name.c.o"
done

for folder in "$src"/*/; do
  name=$(basename "$folder")
  [ "$name" != ulib ] || continue
  mkdir "$name"
  for file in "$folder"*.c; do
    compile "$file" "$name/$(basename "$file").o"
  done
  link "$name" "$name"/*.o
done

if [ "$out" != "$here/bin" ]; then
  failed=0
  for name in $( (ls "$out"; ls "$here/bin") | sort -u); do
    cmp -s "$out/$name" "$here/bin/$name" && continue
    failed=1
    echo "build.sh: bin/$name is not what src/ builds; run kernel/user/build.sh and commit bin/" >&2
  done
  exit $failed
fi
