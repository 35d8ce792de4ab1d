import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assemble.js';
import { disassemble } from '../../src/isa/disassemble.js';
import { rows } from '../../src/isa/rows.js';
import { goldenAddress, goldenAliases, goldenInstructions } from './golden.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).reverse().toString('hex');
const expected = (word: number, bytes: number) => word.toString(16).padStart(2 * bytes, '0');

describe('encodings of another assembler', () => {
  it('cover every row', () => {
    const covered = new Set(goldenInstructions.map(({ text }) => text.split(' ')[0]?.replace(/\.(aq|rl|aqrl)$/, '')));
    expect(rows.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });

  it('are what our assembler makes of the same text', () => {
    for (const { word, text } of [...goldenInstructions, ...goldenAliases]) {
      const { bytes } = assemble(text, { origin: goldenAddress });
      expect(hex(bytes), text).toBe(expected(word, bytes.length));
    }
  });

  it('disassemble to the same text', () => {
    for (const { word, text } of goldenInstructions) expect(disassemble(word, goldenAddress)).toBe(text);
    for (const { word, text } of goldenAliases) {
      expect(disassemble(word, goldenAddress, { aliases: true })).toBe(text);
    }
  });
});
