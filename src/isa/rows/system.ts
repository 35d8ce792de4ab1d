import { Cause } from '../causes.js';
import { rowsOf } from '../define-row.js';
import type { Row } from '../row.js';

const base = rowsOf('I');
const row = rowsOf('System');

/** ecall and ebreak (Unprivileged ISA, chapter "RV32I") and the privileged instructions (Privileged ISA, chapter "RISC-V Privileged Instruction Set Listings"). */
export const systemRows: readonly Row[] = [
  base('ecall', 'none', 0x00000073, [], (o) => o.ecall()),
  base('ebreak', 'none', 0x00100073, [], (o) => o.trap(Cause.Breakpoint, o.pc)),
  row('sret', 'none', 0x10200073, [], (o) => o.system('sret')),
  row('mret', 'none', 0x30200073, [], (o) => o.system('mret')),
  row('wfi', 'none', 0x10500073, [], (o) => o.system('wfi')),
  row('sfence.vma', 'sfence', 0x12000073, ['rs1', 'rs2'], (o) => o.system('sfence.vma')),
];
