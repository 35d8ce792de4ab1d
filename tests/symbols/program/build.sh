#!/bin/sh
# Builds the program of src/ into bin/, once for each way in which compilers describe programs, and writes down what binutils
# make of them (Debian: gcc-riscv64-unknown-elf).
# With --check: does so in a folder of its own and compares with bin/ byte for byte.
set -eu
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

tools=${TOOLPREFIX:-riscv64-unknown-elf-}
command -v "${tools}gcc" >/dev/null || { echo "build.sh: ${tools}gcc is missing; apt-get install gcc-riscv64-unknown-elf" >&2; exit 2; }

# build NAME OPTIONS...: the same bytes from any folder.
build() {
  name=$1
  shift
  mkdir "$work/$name"
  (
    cd "$work/$name"
    for file in start.S main.c sum.c; do
      # The path as a user gives it, in a folder that is called the same everywhere.
      (cd "$src" && "${tools}gcc" -march=rv64imac_zicsr -mabi=lp64 -mcmodel=medany -Wall -Wextra -Werror -std=gnu11 \
        -ffreestanding -fno-common -fno-pie -fno-stack-protector -fno-ident -gno-record-gcc-switches \
        "$@" -ffile-prefix-map="$src"=/program "-Wa,--debug-prefix-map=$src=/program" -c "$file" -o "$work/$name/$file.o")
    done
    "${tools}gcc" -nostdlib -static -no-pie -march=rv64imac_zicsr -mabi=lp64 -T "$src/program.ld" \
      -Wl,-z,max-page-size=4096,--build-id=none,--no-warn-rwx-segments "$@" -o program start.S.o main.c.o sum.c.o
    cp program "$out/$name"
    chmod 644 "$out/$name"
  )
}

# lines NAME: what addr2line says of every instruction.
lines() {
  "${tools}objdump" -d --no-show-raw-insn "$out/$1" | sed -n 's/^ *\([0-9a-f]*\):\t.*/0x\1/p' |
    "${tools}addr2line" -a -f -i -e "$out/$1" | sed 's/ (discriminator [0-9]*)//' >"$out/$1.lines"
}

# frames NAME: what readelf says of the way out of every function.
frames() {
  "${tools}readelf" --debug-dump=frames-interp "$out/$1" >"$out/$1.frames"
}

for version in 2 3 4 5; do
  build dwarf-$version -mno-relax -O1 -gdwarf-$version -fno-omit-frame-pointer -fno-asynchronous-unwind-tables
  lines dwarf-$version
done
frames dwarf-2
build dwarf-5-sections -mno-relax -O2 -gdwarf-5 -gz=zlib -fdebug-types-section -ffunction-sections -fno-omit-frame-pointer
build dwarf-4-types -mno-relax -O2 -gdwarf-4 -fdebug-types-section -ffunction-sections -fno-omit-frame-pointer
lines dwarf-4-types
build no-frame-pointer -mno-relax -O2 -gdwarf-5 -fomit-frame-pointer -fasynchronous-unwind-tables
lines no-frame-pointer
frames no-frame-pointer
# The linker shortens calls, and the assembler has said before how long its code is.
build relaxed -O1 -gdwarf-5 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables
build symbols-only -mno-relax -O1 -g0 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables
build stripped -mno-relax -O1 -g0 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -s

if [ "$out" != "$here/bin" ]; then
  failed=0
  for name in $( (ls "$out"; ls "$here/bin") | sort -u); do
    cmp -s "$out/$name" "$here/bin/$name" && continue
    failed=1
    echo "build.sh: bin/$name is not what src/ builds; run tests/symbols/program/build.sh and commit bin/" >&2
  done
  exit $failed
fi
