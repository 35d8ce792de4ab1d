import { extract, extractOperand, layouts } from './formats.js';
import type { Operands, Row } from './row.js';
import { rows } from './rows.js';

export interface Decoded {
  readonly row: Row;
  readonly operands: Operands;
}

const LOW_SEVEN_BITS = 0x7f;
const LENGTH_MASK = 0b11;

/** Rows that an encoding with these low seven bits can belong to: they hold the opcode of every 32-bit encoding. */
const candidates: readonly (readonly Row[])[] = Array.from({ length: LOW_SEVEN_BITS + 1 }, (_, low) =>
  rows.filter((row) => (low & row.mask & LOW_SEVEN_BITS) === (row.match & LOW_SEVEN_BITS)),
);

/** Bytes of the instruction that begins with this halfword. */
export function instructionSize(word: number): 2 | 4 {
  return (word & LENGTH_MASK) === LENGTH_MASK ? 4 : 2;
}

/** Whether the encoding (of the row's size; higher bits are ignored) is this row's. */
export function belongsTo(row: Row, word: number): boolean {
  if ((word & row.mask) !== row.match) return false;
  return row.legal.every(({ operand, not }) => extractOperand(layouts[row.format], operand, word) !== not);
}

/** `word`: 32 bits from the instruction's address on; of a compressed instruction only the low 16 count. Undefined when it is illegal. */
export function decode(word: number): Decoded | undefined {
  const row = candidates[word & LOW_SEVEN_BITS]?.find((candidate) => belongsTo(candidate, word));
  return row && { row, operands: extract(layouts[row.format], word) };
}
