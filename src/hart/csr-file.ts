import { Cause, Interrupt } from '../isa/causes.js';
import { type Csr, csrAt, csrIsReadOnly, csrIsZero, csrPrivilege, MISA, STCE } from '../isa/csrs.js';
import { Privilege } from '../isa/privilege.js';
import {
  insertStatus,
  MSTATUS_RESET,
  MSTATUS_WRITABLE,
  SSTATUS_VISIBLE,
  SSTATUS_WRITABLE,
  statusField,
} from '../isa/status.js';
import { Satp } from '../isa/sv39.js';
import type { Hart } from './hart.js';

/** Ticks of the machine's `time` counter. */
export type Clock = () => bigint;

/** Brings the hart's pending interrupts up to the time. */
export type TimerUpdate = () => void;

const bits = (numbers: readonly number[]): bigint => numbers.reduce((mask, n) => mask | (1n << BigInt(n)), 0n);

const SUPERVISOR_INTERRUPTS = bits([
  Interrupt.SupervisorSoftware,
  Interrupt.SupervisorTimer,
  Interrupt.SupervisorExternal,
]);
const INTERRUPTS =
  SUPERVISOR_INTERRUPTS | bits([Interrupt.MachineSoftware, Interrupt.MachineTimer, Interrupt.MachineExternal]);
/** An environment call from machine mode can only be machine mode's own. */
const DELEGABLE = bits(Object.values(Cause).filter((cause) => cause !== Cause.MachineEcall));
/** CY, TM and IR of the counter-enable registers, in the order of the counters' addresses. */
const COUNTERS: readonly Csr[] = ['cycle', 'time', 'instret'];
const COUNTER_ENABLES = bits([0, 1, 2]);
const TIME_COUNTER = COUNTERS.indexOf('time');
/** Fences of input and output imply those of memory: always so on this machine, and a bit to be kept. */
const FIOM = 1n;
/** Modes 2 and 3 of a trap vector are reserved. */
const VECTOR_MASK = ~2n;
/** Instructions are aligned to two bytes. */
const PC_MASK = ~1n;
const SOFTWARE_INTERRUPT = bits([Interrupt.SupervisorSoftware]);
const TIMER_INTERRUPT = bits([Interrupt.SupervisorTimer]);
const EXTERNAL_INTERRUPT = bits([Interrupt.SupervisorExternal]);
const ALL = (1n << 64n) - 1n;
/** What registers keep of a value, where that is not everything. */
const kept: Readonly<Partial<Record<Csr, bigint>>> = {
  misa: 0n,
  mie: INTERRUPTS,
  mideleg: SUPERVISOR_INTERRUPTS,
  medeleg: DELEGABLE,
  mcounteren: COUNTER_ENABLES,
  menvcfg: FIOM | STCE,
  senvcfg: FIOM,
  scounteren: COUNTER_ENABLES,
  mtvec: VECTOR_MASK,
  stvec: VECTOR_MASK,
  mepc: PC_MASK,
  sepc: PC_MASK,
};
const RESERVED_MODE = 2;

/**
 * The CSRs of one hart with their rules: privilege, read-only registers, fields that keep only legal values, views of one
 * register through another, counters (Privileged ISA, chapters "CSRs", "Machine-Level ISA" and "Supervisor-Level ISA").
 * What is stored lies in the hart's block.
 */
export class CsrFile {
  constructor(
    private readonly hart: Hart,
    private readonly time: Clock,
    private readonly updateTimers: TimerUpdate = () => {},
  ) {}

  /**
   * The name of the CSR at this address, `zero` for one that is always zero, or undefined when an access in the hart's mode
   * is an illegal instruction.
   */
  permit(number: number, writes: boolean): Csr | 'zero' | undefined {
    const { privilege } = this.hart;
    if (privilege < csrPrivilege(number) || (writes && csrIsReadOnly(number))) return undefined;
    const csr = csrAt(number);
    if (csr === undefined) return csrIsZero(number) && this.zeroEnabled(number) ? 'zero' : undefined;
    if (csr === 'satp' && privilege === Privilege.Supervisor && this.status('TVM') !== 0) return undefined;
    if (csr === 'stimecmp' && privilege === Privilege.Supervisor && !this.supervisorTimerEnabled()) return undefined;
    const counter = COUNTERS.indexOf(csr);
    return counter >= 0 && !this.counterEnabled(counter) ? undefined : csr;
  }

  /** The value as an instruction sees it, unsigned. */
  read(csr: Csr): bigint {
    const { hart } = this;
    switch (csr) {
      // One instruction, one cycle. What is stored is the distance from the instructions that the hart has executed.
      case 'cycle':
      case 'mcycle':
        return BigInt.asUintN(64, hart.getCsr('mcycle') + BigInt(hart.instret));
      case 'instret':
      case 'minstret':
        return BigInt.asUintN(64, hart.getCsr('minstret') + BigInt(hart.instret));
      case 'time':
        return this.time();
      case 'misa':
        return MISA;
      case 'mhartid':
        return BigInt(hart.id);
      case 'mstatus':
        return hart.getCsr('mstatus') | MSTATUS_RESET;
      case 'sstatus':
        return this.read('mstatus') & SSTATUS_VISIBLE;
      case 'sie':
        return hart.getCsr('mie') & hart.getCsr('mideleg');
      case 'mip':
        this.updateTimers();
        return BigInt(hart.pending);
      case 'sip':
        this.updateTimers();
        return BigInt(hart.pending) & hart.getCsr('mideleg');
      default:
        return hart.getCsr(csr);
    }
  }

  /** The value that an instruction which sets or clears bits begins with. */
  readToChange(csr: Csr): bigint {
    const value = this.read(csr);
    if (csr !== 'mip') return value;
    // What the interrupt controller says of SEIP is not written back (Privileged ISA, "Machine Interrupt Registers").
    return (value & ~EXTERNAL_INTERRUPT) | (this.hart.externalByWrite ? EXTERNAL_INTERRUPT : 0n);
  }

  /** Keeps what is legal of the value. */
  write(csr: Csr, value: bigint): void {
    if (csr === 'mstatus') this.writeStatus(value, MSTATUS_WRITABLE);
    else if (csr === 'sstatus') this.writeStatus(value, SSTATUS_WRITABLE);
    else if (csr === 'mip') this.writeMachinePending(value);
    else if (csr === 'mcycle' || csr === 'minstret') this.writeCounter(csr, value);
    else if (csr === 'sip') this.writePending(value, SOFTWARE_INTERRUPT & this.hart.getCsr('mideleg'));
    else if (csr === 'sie') this.hart.setCsr('mie', merge(this.hart.getCsr('mie'), value, this.hart.getCsr('mideleg')));
    else if (csr === 'satp') this.writeAddressSpace(value);
    else this.hart.setCsr(csr, value & (kept[csr] ?? ALL));
    if (csr === 'stimecmp' || csr === 'menvcfg') this.updateSupervisorTimer();
  }

  private status(field: Parameters<typeof statusField>[1]): number {
    return statusField(this.hart.getCsr('mstatus'), field);
  }

  private counterEnabled(counter: number): boolean {
    const { hart } = this;
    const enables = (csr: 'mcounteren' | 'scounteren'): boolean => ((hart.getCsr(csr) >> BigInt(counter)) & 1n) === 1n;
    if (hart.privilege === Privilege.Machine) return true;
    return enables('mcounteren') && (hart.privilege === Privilege.Supervisor || enables('scounteren'));
  }

  private writeStatus(value: bigint, writable: bigint): void {
    const old = this.hart.getCsr('mstatus');
    let status = merge(old, value, writable);
    if (statusField(status, 'MPP') === RESERVED_MODE)
      status = insertStatus('MPP', status, BigInt(statusField(old, 'MPP')));
    this.hart.setCsr('mstatus', status);
    this.hart.settleTranslations();
  }

  /** mip.SEIP keeps what was written apart from what the interrupt controller says; with stimecmp, STIP is the timer's alone. */
  private writeMachinePending(value: bigint): void {
    const isTimed = (this.hart.getCsr('menvcfg') & STCE) !== 0n;
    this.writePending(value, isTimed ? SOFTWARE_INTERRUPT : SOFTWARE_INTERRUPT | TIMER_INTERRUPT);
    this.hart.externalByWrite = (value & EXTERNAL_INTERRUPT) !== 0n;
  }

  /** The instruction that writes a counter is not counted by it. */
  private writeCounter(csr: 'mcycle' | 'minstret', value: bigint): void {
    this.hart.setCsr(csr, BigInt.asUintN(64, value - BigInt(this.hart.instret + 1)));
  }

  /** Sstc, "Supervisor Timer Register (stimecmp)": without menvcfg.STCE, the register is machine mode's alone. */
  private supervisorTimerEnabled(): boolean {
    return (this.hart.getCsr('menvcfg') & STCE) !== 0n && this.counterEnabled(TIME_COUNTER);
  }

  private updateSupervisorTimer(): void {
    if ((this.hart.getCsr('menvcfg') & STCE) === 0n) this.hart.clearPending(Number(TIMER_INTERRUPT));
    else this.updateTimers();
  }

  /** The counters that count nothing are open to lower modes as the others are: by their bits, which no write can set. */
  private zeroEnabled(number: number): boolean {
    return csrPrivilege(number) !== Privilege.User || this.hart.privilege === Privilege.Machine;
  }

  /** Others set bits of the same word at any time. */
  private writePending(value: bigint, writable: bigint): void {
    this.hart.setPending(Number(value & writable));
    this.hart.clearPending(Number(~value & writable));
  }

  /** A write with a mode that is not implemented has no effect (Privileged ISA, "Supervisor Address Translation and Protection"). */
  private writeAddressSpace(value: bigint): void {
    const mode = value >> Satp.modeShift;
    if (mode !== Satp.bare && mode !== Satp.sv39) return;
    this.hart.setCsr('satp', value);
    this.hart.settleTranslations();
  }
}

function merge(old: bigint, value: bigint, writable: bigint): bigint {
  return (old & ~writable) | (value & writable);
}
