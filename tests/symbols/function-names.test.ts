import { describe, expect, it } from 'vitest';
import { parseElf } from '../../src/machine/elf.js';
import type { ElfSymbol } from '../../src/symbols/elf-symbols.js';
import { FunctionNames } from '../../src/symbols/function-names.js';
import { userProgram } from '../support/user-programs.js';

function symbol(name: string, address: number, size = 0, kind: ElfSymbol['kind'] = 'function'): ElfSymbol {
  return { name, address, size, kind };
}

describe('the name of a program counter', () => {
  const names = new FunctionNames([
    symbol('late', 0x300),
    symbol('main', 0x100, 0x20),
    symbol('table', 0x110, 8, 'object'),
    symbol('loop', 0x200, 0, 'label'),
    symbol('alias', 0x100),
  ]);

  it('is the function it lies in and the bytes from its start', () => {
    expect(names.at(0x100)).toEqual({ name: 'main', offset: 0 });
    expect(names.at(0x11en)).toEqual({ name: 'main', offset: 0x1e });
    expect(names.describe(0x11en)).toBe('0x11e <main+0x1e>');
    expect(names.describe(0x100)).toBe('0x100 <main>');
  });

  it('goes on to the next one after a label without a size', () => {
    expect(names.at(0x2fe)).toEqual({ name: 'loop', offset: 0xfe });
    expect(names.at(0x300)?.name).toBe('late');
  });

  it('is only the number before the first function and in a gap behind one', () => {
    expect(names.describe(0xfe)).toBe('0xfe');
    expect(names.describe(0x120)).toBe('0x120');
    expect(new FunctionNames([]).describe(0n)).toBe('0x0');
  });

  it('is right for every instruction of a real program', () => {
    const { symbols } = parseElf(userProgram('forkwrite'), 2 ** 38);
    const real = new FunctionNames(symbols);
    for (const s of symbols)
      if (s.kind === 'function')
        for (let pc = s.address; pc < s.address + s.size; pc += 2)
          expect(real.at(pc)).toEqual({ name: s.name, offset: pc - s.address });
    expect(real.at(2 ** 38 - 4096)).toBeUndefined();
  });
});
