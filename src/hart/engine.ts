import type { HartMap } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/** Why an engine returned. The details are in the hart block: pc, cause, value, budget, instret. */
export const Exit = {
  /** The budget ran out at an instruction boundary. */
  Budget: 0,
  /** A synchronous exception; pc is the faulting instruction's, cause and value are set. */
  Trap: 1,
  /** A privileged instruction that the hart carries out (mret, sret, wfi, most CSR instructions): `value` holds its encoding, pc its address. */
  System: 2,
  /** The hart is watched, and the instruction at pc is about to access memory at virtual address `value`, or is a fence; nothing has changed. */
  Access: 3,
  /**
   * A load or store outside RAM, whose fault is in cause and value as on `Trap`; nothing has changed. `Hart.bus` says
   * which. The hart either carries it out and answers, upon which the next `run` finishes the instruction, or takes the fault.
   */
  Bus: 4,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/**
 * Executes guest code. Instance per hart and thread; everything that outlives a call is in the hart's blocks of the
 * shared memory, so that two engines can take turns on one hart.
 */
export interface Engine {
  /** Runs at the hart's pc until the block's budget is used up or something needs the hart. It may end below zero: engines look at it where control goes back, in and out. */
  run(): Exit;
  /**
   * sfence.vma and every change of satp, privilege or memory permissions: forgets the cached translations, all of them
   * or those of the page of virtual address `address`; forgetting more than asked is allowed.
   */
  flushTlb(address?: number): void;
  /** fence.i: forgets decoded code. */
  flushCode(): void;
}

/** Builds a hart's engine; `workers/` injects the one to use. */
export type EngineFactory = (memory: SharedMemory, hart: HartMap) => Engine;
