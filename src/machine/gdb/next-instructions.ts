import type { Hart } from '../../hart/hart.js';
import { decode } from '../../isa/decode.js';

const BRANCHES: ReadonlySet<string> = new Set(['beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu']);
const BITS = 64;

/**
 * Where the hart may be after the instruction at pc, unless that traps.
 *
 * @param word 32 bits from pc on
 */
export function nextInstructions(hart: Hart, word: number): bigint[] {
  const decoded = decode(word);
  if (decoded === undefined) return [];
  const { row, operands } = decoded;
  const name = row.expandsTo ?? row.name;
  const following = BigInt.asUintN(BITS, hart.pc + BigInt(row.size));
  const target = BigInt.asUintN(BITS, hart.pc + BigInt(operands.imm));
  if (name === 'jal') return [target];
  if (name === 'jalr') return [BigInt.asUintN(BITS, hart.getX(operands.rs1) + BigInt(operands.imm)) & ~1n];
  return BRANCHES.has(name) ? [following, target] : [following];
}
