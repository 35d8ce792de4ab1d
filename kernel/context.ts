import type { Doorbells } from '../src/hart/doorbells.js';
import type { Hart } from '../src/hart/hart.js';
import type { SharedAccess } from '../src/memory/access.js';
import type { Abi } from './abi.js';
import type { KernelLayout } from './layout.js';
import type { Spinlocks } from './locks/spinlock.js';
import type { HartCounters } from './process/cpu.js';

/** Where the user's writes and the kernel's messages go. One call is one piece: it must not be mixed with another hart's. */
export interface Console {
  write(bytes: Uint8Array): void;
}

/** What comes from the host's terminal. One hart at a time takes it: under cons.lock. */
export interface ConsoleInput {
  /** Whether the console shows what is typed: it does for a person at a terminal. */
  readonly echo: boolean;
  /** Whether there is something to take; to be asked after the hart was marked idle, as its bell will ring for what comes later. */
  pending(): boolean;
  /** The next bytes, `most` of them at most. */
  take(most: number): Uint8Array;
  /** true, once: everything has been taken, and nothing will follow. */
  takeEnd(): boolean;
  /** A reader waits: until the first does, the host's terminal is left alone. */
  want(): void;
}

/** What every part of the kernel has to work with, on one hart. It holds no truth that another hart needs. */
export interface KernelContext {
  readonly mem: SharedAccess;
  /** What user programs expect. */
  readonly abi: Abi;
  readonly layout: KernelLayout;
  readonly hart: Hart;
  /** Address of this hart's struct cpu. */
  readonly cpu: number;
  readonly spin: Spinlocks;
  readonly counters: HartCounters;
  readonly doorbells: Doorbells;
  readonly console: Console;
  /** Absent: nobody will ever type anything. */
  readonly input: ConsoleInput | undefined;
  /** The machine's clock in milliseconds: the same on every hart, and never going back. */
  readonly now: () => number;
  /** Lets that many milliseconds of the machine's clock pass at once. Absent: time takes its time. */
  readonly skip: ((milliseconds: number) => void) | undefined;
}
