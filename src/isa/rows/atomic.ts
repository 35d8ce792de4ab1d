import { rowsOf } from '../define-row.js';
import type { Row } from '../row.js';
import type { AmoOperation, AtomicSize } from '../vocabulary.js';

const row = rowsOf('A');

const OPCODE = 0x2f;
const widths: readonly { readonly suffix: string; readonly size: AtomicSize; readonly funct3: number }[] = [
  { suffix: '.w', size: 4, funct3: 2 << 12 },
  { suffix: '.d', size: 8, funct3: 3 << 12 },
];

/** Bits 31:27. */
const operations: readonly { readonly name: AmoOperation; readonly funct5: number }[] = [
  { name: 'add', funct5: 0b00000 },
  { name: 'swap', funct5: 0b00001 },
  { name: 'xor', funct5: 0b00100 },
  { name: 'or', funct5: 0b01000 },
  { name: 'and', funct5: 0b01100 },
  { name: 'min', funct5: 0b10000 },
  { name: 'max', funct5: 0b10100 },
  { name: 'minu', funct5: 0b11000 },
  { name: 'maxu', funct5: 0b11100 },
];

const encode = (funct5: number, funct3: number): number => (funct5 << 27) | funct3 | OPCODE;
const LR = 0b00010;
const SC = 0b00011;

/**
 * Zalrsc and Zaamo (Unprivileged ISA, chapter "A"). Every engine orders them sequentially, so aq and rl change nothing;
 * those who look for races want to know them.
 */
export const atomicRows: readonly Row[] = widths.flatMap(({ suffix, size, funct3 }) => [
  row(`lr${suffix}`, 'lr', encode(LR, funct3), ['.aqrl', 'rd', '(rs1)'], (o) =>
    o.setRd(o.loadReserved(size, o.rs1, o.imm)),
  ),
  row(`sc${suffix}`, 'atomic', encode(SC, funct3), ['.aqrl', 'rd', 'rs2', '(rs1)'], (o) =>
    o.setRd(o.storeConditional(size, o.rs1, o.rs2, o.imm)),
  ),
  ...operations.map(({ name, funct5 }) =>
    row(`amo${name}${suffix}`, 'atomic', encode(funct5, funct3), ['.aqrl', 'rd', 'rs2', '(rs1)'], (o) =>
      o.setRd(o.amo(name, size, o.rs1, o.rs2, o.imm)),
    ),
  ),
]);
