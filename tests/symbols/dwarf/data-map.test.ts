import { describe, expect, it } from 'vitest';
import { DataMap } from '../../../src/symbols/dwarf/data-map.js';
import { Units } from '../../../src/symbols/dwarf/units.js';
import { ElfReader } from '../../../src/symbols/elf-reader.js';
import { readSymbols } from '../../../src/symbols/elf-symbols.js';
import { debugSections } from '../../support/debug-sections.js';
import { DWARF_VERSIONS, describedProgram, OTHER_DWARF } from '../../support/described-program.js';

/** Bytes from the beginning of each variable of tests/symbols/program (its data.h, LP64), and what C calls them. */
const PARTS: readonly [variable: string, offset: number, name: string, type: string][] = [
  ['kmem', 0, 'kmem.lock.locked', 'uint'],
  ['kmem', 8, 'kmem.lock.name', 'const char *'],
  ['kmem', 16, 'kmem.lock.cpu', 'struct cpu *'],
  ['kmem', 24, 'kmem.freelist', 'struct run *'],
  ['proc', 0, 'proc[0].lock.locked', 'uint'],
  ['proc', 3 * 80 + 24, 'proc[3].state', 'enum state'],
  ['proc', 2 * 80 + 28, 'proc[2].pid', 'int'],
  ['proc', 2 * 80 + 32, 'proc[2].context.ra', 'uint64'],
  ['proc', 2 * 80 + 40, 'proc[2].context.sp', 'uint64'],
  ['proc', 80 + 48 + 7, 'proc[1].name[7]', 'char'],
  ['proc', 80 + 64, 'proc[1].whole', 'uint64'],
  ['proc', 72, 'proc[0].wanted|killed|waits', 'uint'],
  ['proc', 73, 'proc[0].waits', 'uint'],
  ['cpus', 24 + 8, 'cpus[1].depth', 'volatile int'],
  ['cpus', 16, 'cpus[0].handler', 'int (*)()'],
  ['started', 0, 'started', 'volatile int'],
  ['limit', 0, 'limit', 'const volatile int'],
  ['table', (2 * 5 + 3) * 4, 'table[2][3]', 'int'],
  ['root', 8, 'root.right', 'struct node *'],
  ['root', 16, 'root.value.number', 'int'],
  ['names', 8, 'names[1]', 'char *const'],
  ['count', 0, 'count', 'int'],
];

describe.each([...DWARF_VERSIONS, ...OTHER_DWARF])('a word of data in %s', (program) => {
  const bytes = describedProgram(program);
  const data = new DataMap(new Units(debugSections(bytes)));
  const symbols = new Map(readSymbols(new ElfReader(bytes)).map((s) => [s.name, s]));
  const addressOf = (name: string) => symbols.get(name)?.address ?? Number.NaN;

  it('is called as C calls it', () => {
    for (const [variable, offset, name, type] of PARTS) {
      const address = addressOf(variable) + offset;
      const place = data.at(address);
      // The order of qualifiers is the compiler's.
      const found = place?.type.name.replace('volatile const', 'const volatile');
      expect([place?.name, found], name).toEqual([name, type]);
    }
  });

  it('is known from its inner bytes too', () => {
    const freelist = addressOf('kmem') + 24;
    expect(data.at(freelist + 5)).toMatchObject({ name: 'kmem.freelist', address: freelist });
  });

  it('is the whole structure where it is padding', () => {
    const lock = addressOf('proc') + 80;
    expect(data.at(lock + 4)).toMatchObject({ name: 'proc[1].lock', address: lock });
  });

  it('carries its function where it is static in one', () => {
    const [last] = [...symbols.values()].filter((s) => s.name.startsWith('last'));
    expect(data.at(last?.address ?? 0)?.name).toBe('next_pid::last');
  });

  it('is found by its name', () => {
    for (const [variable, offset, name] of PARTS)
      if (!name.includes('waits')) expect(data.find(name)?.address, name).toBe(addressOf(variable) + offset);
    expect(data.find('proc[2].high')?.address).toBe(addressOf('proc') + 2 * 80 + 68);
    expect(data.find('next_pid::last')?.type.name).toBe('int');
    for (const none of ['kmem.free', 'proc[4]', 'proc.pid', 'table[0][5]', 'nothing', 'kmem freelist', ''])
      expect(data.find(none), none).toBeUndefined();
  });

  it('is nothing between and behind variables', () => {
    expect(data.at(0x80000000)).toBeUndefined();
    expect(data.at(0x80002000)).toBeUndefined();
  });
});
