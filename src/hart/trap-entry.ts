import { INTERRUPT_BIT, Interrupt } from '../isa/causes.js';
import { Privilege } from '../isa/privilege.js';
import { insertStatus, type StatusField, statusField } from '../isa/status.js';
import type { Hart } from './hart.js';

/** What entering and leaving a trap changes, for each mode that handles traps (Privileged ISA §3.1.6.1 and §3.1.7). */
interface Vector {
  readonly mode: Privilege;
  readonly epc: 'mepc' | 'sepc';
  readonly cause: 'mcause' | 'scause';
  readonly value: 'mtval' | 'stval';
  readonly vector: 'mtvec' | 'stvec';
  readonly enable: StatusField;
  readonly previousEnable: StatusField;
  readonly previousMode: StatusField;
}

const machine: Vector = {
  mode: Privilege.Machine,
  epc: 'mepc',
  cause: 'mcause',
  value: 'mtval',
  vector: 'mtvec',
  enable: 'MIE',
  previousEnable: 'MPIE',
  previousMode: 'MPP',
};
const supervisor: Vector = {
  mode: Privilege.Supervisor,
  epc: 'sepc',
  cause: 'scause',
  value: 'stval',
  vector: 'stvec',
  enable: 'SIE',
  previousEnable: 'SPIE',
  previousMode: 'SPP',
};

const MODE_MASK = 3n;
const VECTORED = 1n;
const VECTOR_ENTRY = 4n;

/** In descending priority (Privileged ISA §3.1.9). */
const priorities = [
  Interrupt.MachineExternal,
  Interrupt.MachineSoftware,
  Interrupt.MachineTimer,
  Interrupt.SupervisorExternal,
  Interrupt.SupervisorSoftware,
  Interrupt.SupervisorTimer,
];

/** Delivers a synchronous exception of the instruction at pc to the guest's own handler: stacks the status, and goes to the vector. */
export function enterException(hart: Hart, cause: number, value: bigint): void {
  enter(hart, handlerOf(hart, 'medeleg', cause), BigInt(cause), value);
}

/** Delivers an interrupt before the instruction at pc. */
export function enterInterrupt(hart: Hart, interrupt: Interrupt): void {
  enter(hart, handlerOf(hart, 'mideleg', interrupt), BigInt(interrupt) | INTERRUPT_BIT, 0n);
}

/** The interrupt to be taken now, if one is pending and enabled. */
export function takeableInterrupt(hart: Hart): Interrupt | undefined {
  const pending = hart.pending & hart.enabledInterrupts;
  if (pending === 0) return undefined;
  const candidates = BigInt(pending);
  const delegated = hart.getCsr('mideleg');
  const status = hart.getCsr('mstatus');
  const enabled = ({ mode, enable }: Vector): boolean =>
    hart.privilege < mode || (hart.privilege === mode && statusField(status, enable) === 1);
  const takeable =
    (enabled(machine) ? candidates & ~delegated : 0n) | (enabled(supervisor) ? candidates & delegated : 0n);
  return priorities.find((interrupt) => ((takeable >> BigInt(interrupt)) & 1n) === 1n);
}

/** mret and sret: back to the mode and the pc that the trap came from. */
export function returnFromMachineTrap(hart: Hart): void {
  leave(hart, machine);
}
export function returnFromSupervisorTrap(hart: Hart): void {
  leave(hart, supervisor);
}

/** Traps never go to a mode with fewer privileges than they came from. */
function handlerOf(hart: Hart, delegation: 'medeleg' | 'mideleg', cause: number): Vector {
  const delegated = ((hart.getCsr(delegation) >> BigInt(cause)) & 1n) === 1n;
  return delegated && hart.privilege !== Privilege.Machine ? supervisor : machine;
}

function enter(hart: Hart, to: Vector, cause: bigint, value: bigint): void {
  hart.setCsr(to.epc, hart.pc);
  hart.setCsr(to.cause, cause);
  hart.setCsr(to.value, value);
  let status = hart.getCsr('mstatus');
  status = insertStatus(to.previousEnable, status, BigInt(statusField(status, to.enable)));
  status = insertStatus(to.enable, status, 0n);
  status = insertStatus(to.previousMode, status, BigInt(hart.privilege));
  hart.setCsr('mstatus', status);
  const vector = hart.getCsr(to.vector);
  const vectored = (vector & MODE_MASK) === VECTORED && (cause & INTERRUPT_BIT) !== 0n;
  hart.pc = (vector & ~MODE_MASK) + (vectored ? (cause & ~INTERRUPT_BIT) * VECTOR_ENTRY : 0n);
  hart.privilege = to.mode;
}

function leave(hart: Hart, from: Vector): void {
  let status = hart.getCsr('mstatus');
  const mode = statusField(status, from.previousMode);
  status = insertStatus(from.enable, status, BigInt(statusField(status, from.previousEnable)));
  status = insertStatus(from.previousEnable, status, 1n);
  status = insertStatus(from.previousMode, status, BigInt(Privilege.User));
  if (mode !== Privilege.Machine) status = insertStatus('MPRV', status, 0n);
  hart.setCsr('mstatus', status);
  hart.pc = hart.getCsr(from.epc);
  hart.privilege = mode;
}
