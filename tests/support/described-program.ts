import { readFileSync } from 'node:fs';

/** Builds of tests/symbols/program: one program, as compilers describe it in debug information. */
export const DWARF_VERSIONS = ['dwarf-2', 'dwarf-3', 'dwarf-4', 'dwarf-5'] as const;
/** With types in sections of their own, some of it compressed, code in several pieces; without frame pointers; with code that the linker has shortened. */
export const OTHER_DWARF = ['dwarf-4-types', 'dwarf-5-sections', 'no-frame-pointer', 'relaxed'] as const;
export const WITHOUT_DWARF = ['symbols-only', 'stripped'] as const;
export type DescribedProgram = (typeof DWARF_VERSIONS | typeof OTHER_DWARF | typeof WITHOUT_DWARF)[number];

/** The ELF file. The tests run from dist/tests/support. */
export function describedProgram(name: DescribedProgram): Uint8Array {
  return new Uint8Array(readFileSync(place(name)));
}

/** What addr2line (`lines`) or readelf (`frames`) printed for it when it was built. */
export function printedBy(name: DescribedProgram, kind: 'lines' | 'frames'): string[] {
  return readFileSync(place(`${name}.${kind}`), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function place(name: string): URL {
  return new URL(`../../../tests/symbols/program/bin/${name}`, import.meta.url);
}
