import type { Format, Operand, Operands } from './row.js';

/**
 * Where each format keeps its operands, as data: the decoder in TypeScript, the decoder in WebAssembly and the assembler
 * all derive from it. Bit patterns are written as the manual prints them (Unprivileged ISA, "RV32/64G Instruction Set
 * Listings" and chapter "C").
 */

/** Bits `[lo, lo + width)` of the instruction are bits `[shift, shift + width)` of the immediate. */
export interface Piece {
  readonly lo: number;
  readonly width: number;
  readonly shift: number;
}

/** The immediate is the union of its pieces; when `signed`, bit `bits - 1` is its sign. It always fits a signed 32-bit integer. */
export interface ImmediateField {
  readonly pieces: readonly Piece[];
  readonly signed: boolean;
  /** Width of the immediate including the low bits that no piece holds, which are zero. */
  readonly bits: number;
  /** The immediate is a multiple of this. */
  readonly scale: number;
}

/** The register's number is bits `[lo, lo + width)` of the instruction plus `add`. A width of 0 means register `add`, always. */
export interface RegisterField {
  readonly lo: number;
  readonly width: 0 | 3 | 5;
  readonly add: number;
}

export interface Layout {
  /** Bytes of the encoding. */
  readonly size: 2 | 4;
  readonly rd?: RegisterField;
  readonly rs1?: RegisterField;
  readonly rs2?: RegisterField;
  readonly imm?: ImmediateField;
  /** Bits that are neither an operand nor part of the match: reserved, and to be ignored. */
  readonly ignored?: number;
}

/** An absent operand reads as x0, or as the immediate 0. */
const registerAt = (lo: number): RegisterField => ({ lo, width: 5, add: 0 });
/** x8 to x15, in three bits. */
const popularRegisterAt = (lo: number): RegisterField => ({ lo, width: 3, add: 8 });
const always = (register: number): RegisterField => ({ lo: 0, width: 0, add: register });

/** `from(31, '12|10:5')`: downwards from instruction bit 31 stand bits 12, 10, 9, … 5 of the immediate. */
function from(top: number, bits: string): Piece[] {
  let next = top;
  return bits.split('|').map((range) => {
    const [high = Number.NaN, low = high] = range.split(':').map(Number);
    const width = high - low + 1;
    next -= width;
    return { lo: next + 1, width, shift: low };
  });
}

function immediate(signed: boolean, pieces: Piece[]): ImmediateField {
  return {
    pieces,
    signed,
    bits: Math.max(...pieces.map(({ shift, width }) => shift + width)),
    scale: 1 << Math.min(...pieces.map(({ shift }) => shift)),
  };
}
const signed = (...pieces: Piece[][]) => immediate(true, pieces.flat());
const unsigned = (...pieces: Piece[][]) => immediate(false, pieces.flat());

const rd = registerAt(7);
const rs1 = registerAt(15);
const rs2 = registerAt(20);
const zero = always(0);
const ra = always(1);
const sp = always(2);

/** Compressed positions: full registers, and the two three-bit ones. */
const wide1 = registerAt(7);
const wide2 = registerAt(2);
const upper3 = popularRegisterAt(7);
const lower3 = popularRegisterAt(2);

const immCI = [from(12, '5'), from(6, '4:0')];
const immW = unsigned(from(12, '5:3'), from(6, '2|6'));
const immD = unsigned(from(12, '5:3'), from(6, '7:6'));

const REGISTER_FIELDS_RD_RS1 = (0x1f << 7) | (0x1f << 15);
const EVERYTHING_BUT_OPCODE_AND_FUNCT3 = ~0x707f;

export const layouts: Readonly<Record<Format, Layout>> = {
  none: { size: 4 },
  R: { size: 4, rd, rs1, rs2 },
  I: { size: 4, rd, rs1, imm: signed(from(31, '11:0')) },
  S: { size: 4, rs1, rs2, imm: signed(from(31, '11:5'), from(11, '4:0')) },
  B: { size: 4, rs1, rs2, imm: signed(from(31, '12|10:5'), from(11, '4:1|11')) },
  U: { size: 4, rd, imm: signed(from(31, '31:12')) },
  J: { size: 4, rd, imm: signed(from(31, '20|10:1|11|19:12')) },
  shift64: { size: 4, rd, rs1, imm: unsigned(from(25, '5:0')) },
  shift32: { size: 4, rd, rs1, imm: unsigned(from(24, '4:0')) },
  /** The immediate is the CSR's number. */
  csr: { size: 4, rd, rs1, imm: unsigned(from(31, '11:0')) },
  /** The same; the field of rs1 holds a five-bit immediate, not a register. */
  csri: { size: 4, rd, rs1, imm: unsigned(from(31, '11:0')) },
  /** fm, predecessor set, successor set. */
  fence: { size: 4, imm: unsigned(from(31, '11:0')), ignored: REGISTER_FIELDS_RD_RS1 },
  'fence.i': { size: 4, ignored: EVERYTHING_BUT_OPCODE_AND_FUNCT3 },
  /** The immediate is the ordering: aq (2) and rl (1). */
  atomic: { size: 4, rd, rs1, rs2, imm: unsigned(from(26, '1:0')) },
  lr: { size: 4, rd, rs1, imm: unsigned(from(26, '1:0')) },
  sfence: { size: 4, rs1, rs2 },

  'C-none': { size: 2 },
  CR: { size: 2, rd: wide1, rs1: wide1, rs2: wide2 },
  'CR-mv': { size: 2, rd: wide1, rs1: zero, rs2: wide2 },
  'CR-jr': { size: 2, rd: zero, rs1: wide1 },
  'CR-jalr': { size: 2, rd: ra, rs1: wide1 },
  CI: { size: 2, rd: wide1, rs1: wide1, imm: signed(...immCI) },
  'CI-nop': { size: 2, rd: zero, rs1: zero, imm: signed(...immCI) },
  'CI-li': { size: 2, rd: wide1, rs1: zero, imm: signed(...immCI) },
  'CI-lui': { size: 2, rd: wide1, imm: signed(from(12, '17'), from(6, '16:12')) },
  'CI-addi16sp': { size: 2, rd: sp, rs1: sp, imm: signed(from(12, '9'), from(6, '4|6|8:7|5')) },
  'CI-shift': { size: 2, rd: wide1, rs1: wide1, imm: unsigned(...immCI) },
  'CI-lwsp': { size: 2, rd: wide1, rs1: sp, imm: unsigned(from(12, '5'), from(6, '4:2|7:6')) },
  'CI-ldsp': { size: 2, rd: wide1, rs1: sp, imm: unsigned(from(12, '5'), from(6, '4:3|8:6')) },
  'CSS-sw': { size: 2, rs1: sp, rs2: wide2, imm: unsigned(from(12, '5:2|7:6')) },
  'CSS-sd': { size: 2, rs1: sp, rs2: wide2, imm: unsigned(from(12, '5:3|8:6')) },
  CIW: { size: 2, rd: lower3, rs1: sp, imm: unsigned(from(12, '5:4|9:6|2|3')) },
  'CL-w': { size: 2, rd: lower3, rs1: upper3, imm: immW },
  'CL-d': { size: 2, rd: lower3, rs1: upper3, imm: immD },
  'CS-w': { size: 2, rs1: upper3, rs2: lower3, imm: immW },
  'CS-d': { size: 2, rs1: upper3, rs2: lower3, imm: immD },
  CA: { size: 2, rd: upper3, rs1: upper3, rs2: lower3 },
  'CB-branch': { size: 2, rs1: upper3, rs2: zero, imm: signed(from(12, '8|4:3'), from(6, '7:6|2:1|5')) },
  'CB-shift': { size: 2, rd: upper3, rs1: upper3, imm: unsigned(...immCI) },
  'CB-andi': { size: 2, rd: upper3, rs1: upper3, imm: signed(...immCI) },
  CJ: { size: 2, rd: zero, imm: signed(from(12, '11|4|9:8|10|6|7|3:1|5')) },
};

const lowBits = (width: number): number => (1 << width) - 1;

/** The bits of the instruction that carry operands, as a signed 32-bit mask. */
export function operandBits(layout: Layout): number {
  const fields = [layout.rd, layout.rs1, layout.rs2, ...(layout.imm?.pieces ?? [])];
  return fields.reduce((mask, field) => (field === undefined ? mask : mask | (lowBits(field.width) << field.lo)), 0);
}

function extractRegister(field: RegisterField | undefined, word: number): number {
  return field === undefined ? 0 : ((word >>> field.lo) & lowBits(field.width)) + field.add;
}

/** The immediate as a signed 32-bit number. */
function extractImmediate(field: ImmediateField | undefined, word: number): number {
  if (field === undefined) return 0;
  let value = 0;
  for (const { lo, width, shift } of field.pieces) value |= ((word >>> lo) & lowBits(width)) << shift;
  const unused = 32 - field.bits;
  return field.signed ? (value << unused) >> unused : value;
}

/** One operand of an encoding: a register's number, or the immediate as a signed 32-bit number. */
export function extractOperand(layout: Layout, operand: Operand, word: number): number {
  return operand === 'imm' ? extractImmediate(layout.imm, word) : extractRegister(layout[operand], word);
}

export function extract(layout: Layout, word: number): Operands {
  return {
    rd: extractRegister(layout.rd, word),
    rs1: extractRegister(layout.rs1, word),
    rs2: extractRegister(layout.rs2, word),
    imm: BigInt(extractImmediate(layout.imm, word)),
  };
}

function insertRegister(field: RegisterField | undefined, operand: Operand, register: number): number {
  const code = register - (field?.add ?? 0);
  const largest = field === undefined ? 0 : lowBits(field.width);
  if (code < 0 || code > largest) throw new RangeError(`this encoding cannot name x${register} as ${operand}`);
  return field === undefined ? 0 : code << field.lo;
}

function insertImmediate(field: ImmediateField | undefined, value: bigint): number {
  if (field === undefined) {
    if (value !== 0n) throw new RangeError(`this encoding has no room for the immediate ${value}`);
    return 0;
  }
  const { least, greatest } = immediateRange(field);
  if (value < least || value > greatest) throw new RangeError(`${value} is outside ${least} to ${greatest}`);
  if (value % BigInt(field.scale) !== 0n) throw new RangeError(`${value} is not a multiple of ${field.scale}`);
  const bits = Number(BigInt.asIntN(32, value));
  return field.pieces.reduce((word, { lo, width, shift }) => word | (((bits >>> shift) & lowBits(width)) << lo), 0);
}

/** The smallest and the largest immediate that the field can hold. */
export function immediateRange(field: ImmediateField): { readonly least: bigint; readonly greatest: bigint } {
  const scale = BigInt(field.scale);
  const span = 1n << BigInt(field.bits);
  const least = field.signed ? -span / 2n : 0n;
  return { least, greatest: least + span - scale };
}

/**
 * Fills in what assembly text leaves out because the encoding says it anyway: a register that is always the same, or
 * that shares its field with one that was given. What is still missing is 0.
 */
export function completeOperands(layout: Layout, given: Partial<Operands>): Operands {
  const registers = ['rd', 'rs1', 'rs2'] as const;
  const complete = (operand: (typeof registers)[number]): number => {
    const field = layout[operand];
    const twin = registers.find((other) => given[other] !== undefined && sameField(layout[other], field));
    return given[operand] ?? (twin === undefined ? undefined : given[twin]) ?? (field?.width === 0 ? field.add : 0);
  };
  return { rd: complete('rd'), rs1: complete('rs1'), rs2: complete('rs2'), imm: given.imm ?? 0n };
}

const sameField = (a: RegisterField | undefined, b: RegisterField | undefined): boolean =>
  a !== undefined && b !== undefined && a.width !== 0 && a.width === b.width && a.lo === b.lo;

/** The operands' bits in place, everything else 0. Throws a RangeError that says which operand does not fit and why. */
export function insert(layout: Layout, operands: Operands): number {
  if (sameField(layout.rd, layout.rs1) && operands.rd !== operands.rs1) {
    throw new RangeError('rd and rs1 are one field of this encoding and must be the same register');
  }
  return (
    insertRegister(layout.rd, 'rd', operands.rd) |
    insertRegister(layout.rs1, 'rs1', operands.rs1) |
    insertRegister(layout.rs2, 'rs2', operands.rs2) |
    insertImmediate(layout.imm, operands.imm)
  );
}
