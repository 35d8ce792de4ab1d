import { type Alias, aliases } from './aliases.js';
import { csrName } from './csrs.js';
import { decode } from './decode.js';
import { insert, layouts } from './formats.js';
import { fenceSetText, orderingSuffixes, predecessorSet, successorSet } from './ordering.js';
import { registerName } from './registers.js';
import type { Operand, Operands, Row, Syntax } from './row.js';
import { baseOf } from './rows.js';

export interface DisassembleOptions {
  /** Prefer the usual pseudo-instructions, and hide compression: `c.mv a0,a1` reads `mv a0,a1`. Default false. */
  readonly aliases?: boolean;
}

const SUCCESSOR_BITS = 4;
const UPPER_SHIFT = 12;
const UPPER_BITS = 20;

/**
 * Assembly text of one instruction, e.g. `addi a0,a1,-4`. Without aliases, assembling the text at the same address gives
 * the encoding back; an encoding that no text stands for is written as data, e.g. `.4byte 0xffffffff`.
 *
 * `word`: 32 bits from the instruction's address on; `pc`: that address in bytes, unsigned.
 */
export function disassemble(word: number, pc: bigint, options: DisassembleOptions = {}): string {
  const decoded = decode(word);
  if (decoded === undefined || !isCanonical(decoded.row, decoded.operands, word)) return asData(word);
  const { row, operands } = decoded;
  const alias = options.aliases || hasFenceMode(row, operands) ? findAlias(baseOf(row), operands) : undefined;
  const { name, syntax } = alias ?? (options.aliases ? baseOf(row) : row);
  return render(name, syntax, operands, pc);
}

/** Whether the operands alone give the encoding back: no ignored bit is set. */
function isCanonical(row: Row, operands: Operands, word: number): boolean {
  const used = row.size === 2 ? word & 0xffff : word | 0;
  if ((row.match | insert(layouts[row.format], operands)) !== used) return false;
  return !hasFenceMode(row, operands) || findAlias(row, operands) !== undefined;
}

/** The sets alone do not name a fence with a mode; only an alias does (fence.tso). */
function hasFenceMode(row: Row, operands: Operands): boolean {
  return row.format === 'fence' && operands.imm >> BigInt(2 * SUCCESSOR_BITS) !== 0n;
}

function asData(word: number): string {
  return (word & 3) === 3
    ? `.4byte 0x${(word >>> 0).toString(16).padStart(8, '0')}`
    : `.2byte 0x${(word & 0xffff).toString(16).padStart(4, '0')}`;
}

function fixes(alias: Alias, operands: Operands): boolean {
  return Object.entries(alias.fixed).every(([operand, value]) => Number(operands[operand as Operand]) === value);
}

function findAlias(base: Row, operands: Operands): Alias | undefined {
  return aliases.find((alias) => alias.shown && alias.of === base.name && fixes(alias, operands));
}

function render(name: string, syntax: readonly Syntax[], operands: Operands, pc: bigint): string {
  const suffix = syntax.includes('.aqrl') ? orderingSuffixes[Number(operands.imm)] : '';
  const parts = syntax.map((part) => operandText(part, operands, pc)).filter((text) => text !== '');
  return `${name}${suffix}${parts.length > 0 ? ' ' : ''}${parts.join(',')}`;
}

function operandText(part: Syntax, { rd, rs1, rs2, imm }: Operands, pc: bigint): string {
  switch (part) {
    case 'rd':
      return registerName(rd);
    case 'rs1':
      return registerName(rs1);
    case 'rs2':
      return registerName(rs2);
    case 'imm':
      return `${imm}`;
    case 'imm?':
      return imm === 0n ? '' : `${imm}`;
    case 'imm(rs1)':
      return `${imm}(${registerName(rs1)})`;
    case '(rs1)':
      return `(${registerName(rs1)})`;
    case 'target':
      return `0x${BigInt.asUintN(64, pc + imm).toString(16)}`;
    case 'upper':
      return `0x${BigInt.asUintN(UPPER_BITS, imm >> BigInt(UPPER_SHIFT)).toString(16)}`;
    case 'csr':
      return csrName(Number(imm)) ?? `0x${imm.toString(16)}`;
    case 'zimm':
      return `${rs1}`;
    case 'pred':
      return fenceSetText(predecessorSet(Number(imm)));
    case 'succ':
      return fenceSetText(successorSet(Number(imm)));
    case '.aqrl':
      return '';
  }
}
