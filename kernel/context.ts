import type { Doorbells } from '../src/hart/doorbells.js';
import type { Hart } from '../src/hart/hart.js';
import type { SharedAccess } from '../src/memory/access.js';
import type { HartCounters } from './cpu.js';
import type { KernelLayout } from './layout.js';
import type { Spinlocks } from './spinlock.js';

/** Where the user's writes and the kernel's messages go. One call is one piece: it must not be mixed with another hart's. */
export interface Console {
  write(bytes: Uint8Array): void;
}

/** What every part of the kernel has to work with, on one hart. It holds no truth that another hart needs. */
export interface KernelContext {
  readonly mem: SharedAccess;
  readonly layout: KernelLayout;
  readonly hart: Hart;
  /** Address of this hart's struct cpu. */
  readonly cpu: number;
  readonly spin: Spinlocks;
  readonly counters: HartCounters;
  readonly doorbells: Doorbells;
  readonly console: Console;
  /** The machine's clock in milliseconds: the same on every hart, and never going back. */
  readonly now: () => number;
}
