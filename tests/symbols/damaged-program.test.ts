import { describe, expect, it } from 'vitest';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { ElfError, ElfReader } from '../../src/symbols/elf-reader.js';
import { readSections } from '../../src/symbols/elf-sections.js';
import { ProgramSymbols } from '../../src/symbols/program-symbols.js';
import { type DescribedProgram, DWARF_VERSIONS, describedProgram, OTHER_DWARF } from '../support/described-program.js';
import { fuzzing } from '../support/fuzzing.js';

/** Bytes of the file that the readers look at: debug information, symbols, tables. */
function places(bytes: Uint8Array): number[] {
  const sections = readSections(new ElfReader(bytes)).filter(({ name }) =>
    /^\.(?:debug|eh_frame|symtab|strtab)/.test(name),
  );
  return sections.flatMap(({ offset, size }) => Array.from({ length: size }, (_, i) => Number(offset) + i));
}

interface Asked {
  readonly refused: boolean;
  readonly damage: readonly string[];
}

/** Asks for everything that a report would ask for. */
function ask(bytes: Uint8Array): Asked {
  let symbols: ProgramSymbols;
  try {
    symbols = new ProgramSymbols(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ElfError);
    expect((error as ElfError).message).toMatch(/^[^\n]+$/);
    return { refused: true, damage: [] };
  }
  const registers = Array.from({ length: 32 }, (_, i) => 0x40000000 + 64 * i);
  for (let pc = 0x80000000; pc < 0x80000180; pc += 22) {
    symbols.describeCode(pc);
    symbols.stack({ pc, registers }, (address) => (address % 0x100) + 0x80000000);
  }
  for (let address = 0x80001000; address < 0x80001240; address += 36) symbols.describeData(address);
  symbols.findData('proc[2].context.ra');
  for (const line of symbols.damage) expect(line).toMatch(/^[^\n]+$/);
  return { refused: false, damage: symbols.damage };
}

describe('a damaged program', () => {
  const { rounds, seed, timeout } = fuzzing(600);
  const names: readonly DescribedProgram[] = [...DWARF_VERSIONS, ...OTHER_DWARF, 'symbols-only'];
  const programs = names.map((name) => describedProgram(name));
  const looked = programs.map(places);

  it('is not called damaged as it is', () => {
    for (const whole of programs) expect(ask(whole)).toEqual({ refused: false, damage: [] });
  });

  it(
    'is described as far as it can be, or refused with one line, whatever bytes are changed',
    () => {
      const random = new RandomNumbers(seed, 0);
      let refused = 0;
      let damaged = 0;
      for (let round = 0; round < rounds; round++) {
        const which = random.below(programs.length);
        const bytes = programs[which]!.slice();
        const at = looked[which]!;
        for (let flips = 1 + random.below(8); flips > 0; flips--)
          bytes[at[random.below(at.length)]!] = random.below(256);
        const asked = ask(bytes);
        if (asked.refused) refused++;
        else if (asked.damage.length > 0) damaged++;
      }
      // Most changes only make another program.
      expect(damaged).toBeGreaterThan(rounds / 20);
      expect(refused).toBeLessThan(rounds / 2);
    },
    timeout,
  );

  it('is refused or described at every length', () => {
    for (const whole of programs)
      for (let length = 0; length < whole.length; length += 499)
        expect(ask(whole.subarray(0, length)).refused, `cut to ${length}`).toBe(true);
  });

  it(
    'is described or refused whatever its table of sections says',
    () => {
      const random = new RandomNumbers(seed, 1);
      for (let round = 0; round < rounds / 4; round++) {
        const bytes = programs[random.below(programs.length)]!.slice();
        // The table is the last thing in the file.
        const start = bytes.length - 64 * 15;
        for (let flips = 1 + random.below(4); flips > 0; flips--)
          bytes[start + random.below(bytes.length - start)] = random.below(256);
        ask(bytes);
      }
    },
    timeout,
  );
});
