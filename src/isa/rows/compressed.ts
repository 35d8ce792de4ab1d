import { compressedRow as row } from '../define-row.js';
import type { Condition, Operand, Row } from '../row.js';

const nonzero = (operand: Operand): Condition => ({ operand, not: 0 });
const SP = 2;

/**
 * RV64C without the floating-point loads and stores (Unprivileged ISA, chapter "C"). HINTs need no rows: their encodings
 * expand to instructions that write x0, add 0 or shift by 0. Reserved encodings belong to no row.
 */
export const compressedRows: readonly Row[] = [
  // Quadrant 0. The immediate that must not be 0 makes the encoding of all zeros illegal.
  row('c.addi4spn', 'CIW', 0x0000, ['rd', 'rs1', 'imm'], 'addi', [nonzero('imm')]),
  row('c.lw', 'CL-w', 0x4000, ['rd', 'imm(rs1)'], 'lw'),
  row('c.ld', 'CL-d', 0x6000, ['rd', 'imm(rs1)'], 'ld'),
  row('c.sw', 'CS-w', 0xc000, ['rs2', 'imm(rs1)'], 'sw'),
  row('c.sd', 'CS-d', 0xe000, ['rs2', 'imm(rs1)'], 'sd'),

  // Quadrant 1.
  row('c.nop', 'CI-nop', 0x0001, ['imm?'], 'addi'),
  row('c.addi', 'CI', 0x0001, ['rd', 'imm'], 'addi', [nonzero('rd')]),
  row('c.addiw', 'CI', 0x2001, ['rd', 'imm'], 'addiw', [nonzero('rd')]),
  row('c.li', 'CI-li', 0x4001, ['rd', 'imm'], 'addi'),
  row('c.addi16sp', 'CI-addi16sp', 0x6101, ['rd', 'imm'], 'addi', [nonzero('imm')]),
  row('c.lui', 'CI-lui', 0x6001, ['rd', 'upper'], 'lui', [nonzero('imm'), { operand: 'rd', not: SP }]),
  row('c.srli', 'CB-shift', 0x8001, ['rd', 'imm'], 'srli'),
  row('c.srai', 'CB-shift', 0x8401, ['rd', 'imm'], 'srai'),
  row('c.andi', 'CB-andi', 0x8801, ['rd', 'imm'], 'andi'),
  row('c.sub', 'CA', 0x8c01, ['rd', 'rs2'], 'sub'),
  row('c.xor', 'CA', 0x8c21, ['rd', 'rs2'], 'xor'),
  row('c.or', 'CA', 0x8c41, ['rd', 'rs2'], 'or'),
  row('c.and', 'CA', 0x8c61, ['rd', 'rs2'], 'and'),
  row('c.subw', 'CA', 0x9c01, ['rd', 'rs2'], 'subw'),
  row('c.addw', 'CA', 0x9c21, ['rd', 'rs2'], 'addw'),
  row('c.j', 'CJ', 0xa001, ['target'], 'jal'),
  row('c.beqz', 'CB-branch', 0xc001, ['rs1', 'target'], 'beq'),
  row('c.bnez', 'CB-branch', 0xe001, ['rs1', 'target'], 'bne'),

  // Quadrant 2.
  row('c.slli', 'CI-shift', 0x0002, ['rd', 'imm'], 'slli'),
  row('c.lwsp', 'CI-lwsp', 0x4002, ['rd', 'imm(rs1)'], 'lw', [nonzero('rd')]),
  row('c.ldsp', 'CI-ldsp', 0x6002, ['rd', 'imm(rs1)'], 'ld', [nonzero('rd')]),
  row('c.jr', 'CR-jr', 0x8002, ['rs1'], 'jalr', [nonzero('rs1')]),
  row('c.mv', 'CR-mv', 0x8002, ['rd', 'rs2'], 'add', [nonzero('rs2')]),
  row('c.ebreak', 'C-none', 0x9002, [], 'ebreak'),
  row('c.jalr', 'CR-jalr', 0x9002, ['rs1'], 'jalr', [nonzero('rs1')]),
  row('c.add', 'CR', 0x9002, ['rd', 'rs2'], 'add', [nonzero('rs2')]),
  row('c.swsp', 'CSS-sw', 0xc002, ['rs2', 'imm(rs1)'], 'sw'),
  row('c.sdsp', 'CSS-sd', 0xe002, ['rs2', 'imm(rs1)'], 'sd'),
];
