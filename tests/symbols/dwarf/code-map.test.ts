import { describe, expect, it } from 'vitest';
import { CodeMap, type CodePlace } from '../../../src/symbols/dwarf/code-map.js';
import { Units } from '../../../src/symbols/dwarf/units.js';
import { ElfReader } from '../../../src/symbols/elf-reader.js';
import { readSymbols } from '../../../src/symbols/elf-symbols.js';
import { debugSections } from '../../support/debug-sections.js';
import { type DescribedProgram, DWARF_VERSIONS, describedProgram, printedBy } from '../../support/described-program.js';

function codeOf(name: DescribedProgram): CodeMap {
  return new CodeMap(new Units(debugSections(describedProgram(name))));
}

/** By address: function and line, innermost first, as `addr2line -a -f -i` prints them. */
function printedLines(name: DescribedProgram): Map<number, string[]> {
  const byAddress = new Map<number, string[]>();
  let places: string[] = [];
  const lines = printedBy(name, 'lines');
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    if (line.startsWith('0x')) {
      places = [];
      byAddress.set(Number(line), places);
      i += 1;
    } else {
      // Constants that lie among the code come from no line.
      if (lines[i + 1] !== '??:?') places.push(`${line} ${lines[i + 1]}`);
      i += 2;
    }
  }
  return byAddress;
}

/** addr2line names assembly from the symbol table, which this map does not look at. */
function inItsWords({ function: name = '_start', source }: CodePlace): string {
  return `${name} ${source?.directory}/${source?.file}:${source?.line}`;
}

describe('the functions and lines of every instruction', () => {
  it.each([...DWARF_VERSIONS, 'dwarf-4-types', 'no-frame-pointer'] as const)('%s: as addr2line prints them', (name) => {
    const code = codeOf(name);
    const printed = printedLines(name);
    expect(printed.size).toBeGreaterThan(90);
    for (const [address, places] of printed)
      expect(code.at(address).map(inItsWords), address.toString(16)).toEqual(places);
    expect([...printed.values()].some((places) => places.length === 3)).toBe(true);
  });

  it('are found in compressed sections, where the code is in several pieces', () => {
    const code = codeOf('dwarf-5-sections');
    // addr2line knows no inlined functions beside sections of types.
    const chains = new Set<string>();
    for (let pc = 0x80000000; pc < 0x800000e0; pc += 2)
      chains.add(
        code
          .at(pc)
          .map((place) => place.function)
          .join(' < '),
      );
    expect(chains).toContain('double_of < four_times < next_pid');
    expect(chains).toContain('double_of < four_times < next_pid < main');
  });

  it('are right where the linker has shortened what lies in front', () => {
    const code = codeOf('relaxed');
    const symbols = readSymbols(new ElfReader(describedProgram('relaxed')));
    const start = symbols.find((s) => s.name === '_start');
    const next = symbols.find((s) => s.name === 'next_pid');
    // The assembler's unit says that it goes on behind what is left of it.
    expect(next?.address).toBe((start?.address ?? 0) + (start?.size ?? 0));
    expect(code.at(next?.address ?? 0)).toMatchObject([{ function: 'next_pid', source: { file: 'main.c', line: 31 } }]);
    expect(code.at(start?.address ?? 0)).toMatchObject([{ source: { file: 'start.S', line: 5 } }]);
  });

  it('are nothing outside the code', () => {
    const code = codeOf('dwarf-4');
    expect(code.at(0x80000000 - 2)).toEqual([]);
    expect(code.at(0x80001000)).toEqual([]);
  });
});
