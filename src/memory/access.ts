/**
 * The one way to shared memory (README.md in this folder).
 *
 * Two kinds of access: **plain** (load, store, copy, fill: what C would do to an ordinary variable; these can race)
 * and **atomic** (sequentially consistent, as `Atomics`; these order). In free running an access is the typed-array
 * access and nothing more (`DirectAccess`); under a controlled schedule each call is a point at which another hart may
 * run and observers look.
 *
 * Addresses are guest physical addresses in bytes (or offsets into the host-side blocks, for the view of those).
 * Words are unsigned and naturally aligned. Every method throws `BusError` on an address outside the view or misaligned.
 */
export interface SharedAccess {
  load8(address: number): number;
  store8(address: number, value: number): void;
  load32(address: number): number;
  store32(address: number, value: number): void;
  /** Two words, low first, as one plain access; the value must be an integer below 2^53. */
  load64(address: number): number;
  store64(address: number, value: number): void;
  /**
   * Adds to a statistic of 64 bits, `by` below 2^31. Never a scheduling point and nothing that observers look at, so
   * call it only where no other hart can add to the same one: under its lock, or on a counter that is this hart's own.
   */
  count64(address: number, by: number): void;
  /** Puts `value` in the place of those bits of a statistic that are not in `kept`; returns what it was. No more an access than `count64` is. */
  stamp32(address: number, kept: number, value: number): number;

  atomicLoad32(address: number): number;
  atomicStore32(address: number, value: number): void;
  /** This and the next four return the old value. */
  atomicAdd32(address: number, value: number): number;
  atomicOr32(address: number, value: number): number;
  atomicAnd32(address: number, value: number): number;
  atomicExchange32(address: number, value: number): number;
  atomicCompareExchange32(address: number, expected: number, value: number): number;

  /** Plain bulk accesses; one point each. Reservations (LR) on the bytes they write end. */
  copy(to: number, from: number, bytes: number): void;
  fill(address: number, byte: number, bytes: number): void;
  /** A copy of the bytes. */
  read(address: number, bytes: number): Uint8Array;
  write(address: number, data: Uint8Array): void;

  /**
   * Looks at the atomic word while it holds `value`, `looks` times at most (not given: as often as pays before the core is
   * given away); returns how often it looked. Under control: blocked until it changes; but in virtual time no looks take none.
   */
  spinWhile(address: number, value: number, looks?: number): number;
  /** Is busy for so many rounds of an empty loop, and touches no memory. Under control no time passes; in virtual time, a cycle for each. */
  delay(rounds: number): void;
  /**
   * Gives the core away for less than a millisecond while the atomic word holds `value`, or until `unpark` is called on it:
   * for those whom nobody need wake. Under control: blocked until it changes. Throws `MachineAborted` as `park` does.
   */
  pause(address: number, value: number): void;
  /**
   * Sleeps until the atomic word no longer holds `value` or `unpark` is called on it (may also return early: look again).
   * Throws `MachineAborted` when a hart has died, so that nobody waits for a lock it held.
   */
  park(address: number, value: number): void;
  /** Wakes at most `count` harts parked on the word. */
  unpark(address: number, count: number): void;

  /** Asks the schedule; 0, the ordinary course of things, in free running. */
  ask(question: Question): number;

  /** Tells observers what an access cannot say by itself. Costs an empty call in free running. */
  note(event: KernelEvent, a: number, b: number): void;
}

/** What the machine asks besides "who runs next?". Answer 0 is the ordinary course of things. */
export const Question = {
  /** 1: the timer fires before the next access or basic block of user code. */
  TimerFires: 0,
  /** 1: `kalloc` finds no page. */
  AllocationFails: 1,
  /** 1: every cached translation of the hart is evicted. */
  TlbEvicted: 2,
  /** 1: the store-conditional of user code fails, although its reservation holds. */
  StoreConditionalFails: 3,
} as const;
export type Question = (typeof Question)[keyof typeof Question];

/** What the kernel tells observers; `a` and `b` as stated. */
export const KernelEvent = {
  /** a: address of the lock. After it was taken. */
  LockAcquired: 1,
  /** a: address of the lock. Before it is let go. */
  LockReleased: 2,
  /** a: frame handed out. */
  FrameAllocated: 3,
  /** a: frame put back. */
  FrameFreed: 4,
  /** a: physical address of the PTE; b: frame it now maps. */
  FrameMapped: 5,
  /** a: physical address of the PTE; b: frame it mapped. */
  FrameUnmapped: 6,
  /** a: frame referenced by an operation in flight and by no PTE yet (or no longer). */
  HoldTaken: 7,
  HoldDropped: 8,
  /** a: process slot, b: pid. The hart runs it from here on (b = 0: it runs none). */
  ProcessSwitched: 9,
  /** a: process slot, b: trap cause (low 32 bits; bit 31 = interrupt). */
  KernelEntered: 10,
  KernelLeft: 11,
  /** a: channel address; b: process slot. */
  Slept: 12,
  Woken: 13,
  /** User code stored to physical address a by a cached translation of virtual address b that the page table did not grant (any more). */
  StaleStore: 14,
  /** The same for a load. */
  StaleLoad: 15,
  /** a: `Question`, b: the schedule's answer, which was not the ordinary course of things. */
  Answered: 16,
  /** The harts' idle marks and doorbells, looked at or changed. They lie in no RAM, and are a point all the same. */
  BellUsed: 17,
  /** a: address of the lock. Before the first try to take it; `LockAcquired` follows when it was taken. */
  LockWanted: 18,
  /**
   * The hart is between two operations, and leaves nothing half done: others may run here, and still all of them do one
   * operation after the other. What comes next, up to the next of these, is one operation.
   */
  OperationBegins: 19,
} as const;
export type KernelEvent = (typeof KernelEvent)[keyof typeof KernelEvent];

/** An access that no memory answers: the kernel followed a wild pointer. */
export class BusError extends Error {
  override readonly name = 'BusError';
  /** Which access it was: the same from run to run, while the address is not. */
  get place(): string {
    return this.what;
  }
  constructor(
    readonly address: number,
    readonly what: string,
  ) {
    super(`${what} at 0x${address.toString(16)}: no memory answers there, or it is misaligned`);
  }
}

/** Another hart died; whoever waits for it must stop too. */
export class MachineAborted extends Error {
  override readonly name = 'MachineAborted';
  constructor() {
    super('the machine was aborted because a hart died');
  }
}
