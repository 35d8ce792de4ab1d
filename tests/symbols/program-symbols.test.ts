import { describe, expect, it } from 'vitest';
import { ElfReader } from '../../src/symbols/elf-reader.js';
import { readSections } from '../../src/symbols/elf-sections.js';
import { ProgramSymbols } from '../../src/symbols/program-symbols.js';
import { describedProgram } from '../support/described-program.js';

function addressOf(symbols: ProgramSymbols, name: string): number {
  const found = symbols.symbols.find((s) => s.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found.address;
}

describe('what a program is called', () => {
  it('is C with debug information', () => {
    const symbols = new ProgramSymbols(describedProgram('dwarf-5'));
    expect(symbols.hasDebugInformation).toBe(true);
    const kmem = addressOf(symbols, 'kmem');
    expect(symbols.describeData(kmem + 24)).toBe('kmem.freelist');
    expect(symbols.describeData(kmem + 28)).toBe('kmem.freelist+4');
    expect(symbols.describeCode(addressOf(symbols, 'sum'))).toBe('sum (sum.c:23)');
    expect(symbols.describeCode(addressOf(symbols, 'sum') + 2)).toBe('sum+0x2 (sum.c:22)');
    expect(symbols.findData('proc[1].pid')?.address).toBe(addressOf(symbols, 'proc') + 80 + 28);
    expect(symbols.codeAt(addressOf(symbols, '_start'))).toMatchObject([{ function: '_start', source: { line: 5 } }]);
    expect(symbols.damage).toEqual([]);
  });

  it('is a symbol and a distance without', () => {
    const symbols = new ProgramSymbols(describedProgram('symbols-only'));
    const kmem = addressOf(symbols, 'kmem');
    expect(symbols.describeData(kmem)).toBe('kmem');
    expect(symbols.describeData(kmem + 24)).toBe('kmem+24');
    expect(symbols.describeCode(addressOf(symbols, 'sum') + 2)).toBe('sum+0x2');
    expect(symbols.describeData(addressOf(symbols, 'sum') + 2), 'data among code').toBe('sum+0x2');
    expect(symbols.findData('kmem')).toBeUndefined();
    expect(symbols.damage).toEqual([]);
  });

  it('is a number without symbols', () => {
    const symbols = new ProgramSymbols(describedProgram('stripped'));
    expect(symbols.describeData(0x80001060)).toBe('0x80001060');
    expect(symbols.describeCode(0x80000012)).toBe('0x80000012');
    expect(symbols.findFunction('main')).toBeUndefined();
  });

  it('ends with its section where nobody says how long it is', () => {
    const symbols = new ProgramSymbols(describedProgram('symbols-only'));
    const scratch = addressOf(symbols, 'scratch');
    expect(symbols.describeData(scratch + 16)).toBe('scratch+16');
    expect(symbols.describeData(0x80100000)).toBe('0x80100000');
  });
});

describe('damaged debug information', () => {
  const whole = describedProgram('dwarf-4');

  function damage(section: string): ProgramSymbols {
    const bytes = whole.slice();
    const found = readSections(new ElfReader(bytes)).find(({ name }) => name === section);
    const start = Number(found?.offset);
    bytes.fill(0xff, start, start + (found?.size ?? 0));
    return new ProgramSymbols(bytes);
  }

  it('of code costs lines, and is told once', () => {
    const symbols = damage('.debug_line');
    const sum = addressOf(symbols, 'sum');
    expect(symbols.describeCode(sum)).toBe('sum');
    expect(symbols.describeCode(sum)).toBe('sum');
    expect(symbols.describeData(addressOf(symbols, 'kmem') + 24)).toBe('kmem.freelist');
    expect(symbols.damage).toHaveLength(1);
    expect(symbols.damage[0]).toMatch(/^its \.debug_line is damaged: .*riscv64-unknown-elf-strip -g$/);
  });

  it('of everything leaves the symbols', () => {
    const symbols = damage('.debug_info');
    expect(symbols.describeCode(addressOf(symbols, 'sum') + 2)).toBe('sum+0x2');
    expect(symbols.describeData(addressOf(symbols, 'kmem') + 24)).toBe('kmem+24');
    expect(symbols.damage[0]).toMatch(/^its \.debug_info is damaged: /);
  });
});
