import { Cause } from '../isa/causes.js';
import { decodeCsrAccess } from '../isa/csr-access.js';
import { decode } from '../isa/decode.js';
import { Privilege } from '../isa/privilege.js';
import type { Operands } from '../isa/row.js';
import { type StatusField, statusField } from '../isa/status.js';
import type { CsrOperation } from '../isa/vocabulary.js';
import type { CsrFile } from './csr-file.js';
import type { Hart } from './hart.js';
import { returnFromMachineTrap, returnFromSupervisorTrap } from './trap-entry.js';

/** How a privileged instruction ended. */
export const SystemResult = {
  /** Done; pc is where to go on. */
  Resume: 0,
  /** An exception; cause and value are in the hart, pc is the instruction's. */
  Trap: 1,
  /** Done; the hart may sleep until an interrupt is pending. */
  Wait: 2,
} as const;
export type SystemResult = (typeof SystemResult)[keyof typeof SystemResult];

/** Every instruction that the engine leaves to the hart has four bytes. */
const SIZE = 4;
/** Addresses that sfence.vma can narrow a flush to: those that are exact as doubles. */
const EXACT_ADDRESSES = 1n << 53n;

/** Carries out the instruction at pc, whose encoding the engine has left in the hart on `Exit.System`. */
export function carryOutSystem(hart: Hart, csrs: CsrFile): SystemResult {
  const encoding = Number(hart.trapValue);
  const decoded = decode(encoding);
  switch (decoded?.row.name) {
    case 'mret':
      if (hart.privilege < Privilege.Machine) return illegal(hart);
      return afterReturn(hart, returnFromMachineTrap);
    case 'sret':
      if (hart.privilege < Privilege.Supervisor || trapsSupervisor(hart, 'TSR')) return illegal(hart);
      return afterReturn(hart, returnFromSupervisorTrap);
    case 'wfi':
      if (hart.privilege < Privilege.Supervisor || trapsSupervisor(hart, 'TW')) return illegal(hart);
      hart.retire(SIZE);
      return SystemResult.Wait;
    case 'sfence.vma':
      if (hart.privilege < Privilege.Supervisor || trapsSupervisor(hart, 'TVM')) return illegal(hart);
      sfenceVma(hart, decoded.operands);
      hart.retire(SIZE);
      return SystemResult.Resume;
    default:
      return carryOutCsr(hart, csrs, encoding);
  }
}

/** The encoding is in the hart's value already, which is where the manual wants it. */
function illegal(hart: Hart): SystemResult {
  hart.setTrap(Cause.IllegalInstruction, hart.trapValue);
  return SystemResult.Trap;
}

function trapsSupervisor(hart: Hart, field: StatusField): boolean {
  return hart.privilege === Privilege.Supervisor && statusField(hart.getCsr('mstatus'), field) === 1;
}

function afterReturn(hart: Hart, leave: (hart: Hart) => void): SystemResult {
  hart.retire(SIZE);
  leave(hart);
  return SystemResult.Resume;
}

/** Address spaces are not told apart: a switch of satp forgets everything. */
function sfenceVma(hart: Hart, { rs1 }: Operands): void {
  const address = BigInt.asUintN(64, hart.getX(rs1));
  if (rs1 === 0 || address >= EXACT_ADDRESSES) hart.sfenceVma();
  else hart.sfenceVma(Number(address));
}

function carryOutCsr(hart: Hart, csrs: CsrFile, encoding: number): SystemResult {
  const access = decodeCsrAccess(encoding);
  if (access === undefined) return illegal(hart);
  const csr = csrs.permit(access.number, access.writes);
  if (csr === undefined) return illegal(hart);
  if (csr === 'zero') {
    if (access.reads) hart.setX(access.rd, 0n);
    hart.retire(SIZE);
    return SystemResult.Resume;
  }
  const source = access.source === 'register' ? BigInt.asUintN(64, hart.getX(access.operand)) : BigInt(access.operand);
  const old = access.reads ? csrs.read(csr) : 0n;
  if (access.writes)
    csrs.write(csr, access.operation === 'write' ? source : changed(access.operation, csrs.readToChange(csr), source));
  hart.setX(access.rd, BigInt.asIntN(64, old));
  hart.retire(SIZE);
  return SystemResult.Resume;
}

function changed(operation: Exclude<CsrOperation, 'write'>, old: bigint, source: bigint): bigint {
  return operation === 'set' ? old | source : old & ~source;
}
