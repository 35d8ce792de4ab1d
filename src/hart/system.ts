import { Cause } from '../isa/causes.js';
import { type CsrAccess, decodeCsrAccess } from '../isa/csr-access.js';
import { decode } from '../isa/decode.js';
import { Privilege } from '../isa/privilege.js';
import type { Operands, Row } from '../isa/row.js';
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

interface SystemInstruction {
  readonly row: Row;
  readonly operands: Operands;
  /** Of a Zicsr instruction. */
  readonly access: CsrAccess | undefined;
}

/** A kernel has few privileged instructions, and executes them often; there may be no more of them than this. */
const MOST_DECODED = 4096;
const decodedBefore = new Map<number, SystemInstruction>();

function decodeSystem(encoding: number): SystemInstruction | undefined {
  const known = decodedBefore.get(encoding);
  if (known !== undefined) return known;
  const decoded = decode(encoding);
  if (decoded === undefined) return undefined;
  const instruction = { ...decoded, access: decodeCsrAccess(encoding) };
  if (decodedBefore.size === MOST_DECODED) decodedBefore.clear();
  decodedBefore.set(encoding, instruction);
  return instruction;
}

/** Carries out the instruction at pc, whose encoding the engine has left in the hart on `Exit.System`. */
export function carryOutSystem(hart: Hart, csrs: CsrFile): SystemResult {
  const encoding = hart.trapAddress;
  const decoded = decodeSystem(encoding);
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
      return decoded?.access === undefined ? illegal(hart) : carryOutCsr(hart, csrs, decoded.access);
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

function carryOutCsr(hart: Hart, csrs: CsrFile, access: CsrAccess): SystemResult {
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
