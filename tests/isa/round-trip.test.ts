import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/isa/assemble.js';
import { decode } from '../../src/isa/decode.js';
import { disassemble } from '../../src/isa/disassemble.js';
import type { Row } from '../../src/isa/row.js';
import { rows } from '../../src/isa/rows.js';
import { isLongForm } from '../support/long-form.js';
import { edgeEncodings } from './edge-encodings.js';

/** High enough that a backward jump does not wrap, odd in no way. */
const PC = 0x8000_0000n;

function read(bytes: Uint8Array): number {
  return bytes.reduceRight((word, byte) => word * 256 + byte, 0);
}

function roundTrip(row: Row, word: number): void {
  expect(decode(word)?.row.name, word.toString(16)).toBe(row.name);
  const text = disassemble(word, PC);
  const { bytes } = assemble(text, { origin: PC });
  expect(bytes.length, text).toBe(row.size);
  expect(read(bytes).toString(16), text).toBe(word.toString(16));
}

describe('round trip', () => {
  for (const row of rows) {
    it(`${row.name}: text of every edge encoding assembles to that encoding`, () => {
      const words = edgeEncodings(row);
      expect(words.length).toBeGreaterThan(0);
      for (const word of words) roundTrip(row, word);
    });
  }

  it('assembles the text of a 16-bit encoding, legal or not, to that encoding: in the long form of every one', () => {
    for (let word = 0; word < 0x10000; word += isLongForm ? 1 : 5) {
      if ((word & 3) === 3) continue;
      const text = disassemble(word, PC);
      expect(read(assemble(text, { origin: PC }).bytes), text).toBe(word);
    }
  });
});
