import type { SharedAccess } from '../../src/memory/access.js';
import { clock, type KernelLayout, kmem, system } from '../layout.js';
import type { LockFamily } from '../locks/lock.js';
import { cpu } from '../process/cpu.js';

/** What the kernel has done since boot, all harts together. */
export interface Statistics {
  readonly forks: number;
  readonly cowFaults: number;
  readonly pagesShared: number;
  readonly pagesCopied: number;
  readonly pagesReused: number;
  readonly needlessCopies: number;
  readonly pagesGivenBack: number;
  readonly remoteFlushes: number;
  readonly switches: number;
  readonly freePages: number;
  readonly ticks: number;
}

/** Reads while harts may run: each number is true of some recent moment, but they need not fit together. */
export function readStatistics(mem: SharedAccess, layout: KernelLayout): Statistics {
  const {
    forks,
    cowFaults,
    pagesShared,
    pagesCopied,
    pagesReused,
    needlessCopies,
    pagesGivenBack,
    remoteFlushes,
    switches,
  } = cpu.fields;
  const sum = (field: typeof forks) => layout.cpus.reduce((total, hart) => total + field.load(mem, hart), 0);
  return {
    forks: sum(forks),
    cowFaults: sum(cowFaults),
    pagesShared: sum(pagesShared),
    pagesCopied: sum(pagesCopied),
    pagesReused: sum(pagesReused),
    needlessCopies: sum(needlessCopies),
    pagesGivenBack: sum(pagesGivenBack),
    remoteFlushes: sum(remoteFlushes),
    switches: sum(switches),
    freePages: freeFrames(mem, layout),
    ticks: clock.fields.ticks.load(mem, layout.clock),
  };
}

/** Frames on all free lists together. Reads as `readStatistics` does. */
export function freeFrames(mem: SharedAccess, { kmems }: KernelLayout): number {
  return kmems.reduce((sum, list) => sum + kmem.fields.free.load(mem, list), 0);
}

/** Locks that are held at this moment, and the harts that hold them: after a hart's death, what it did not give back. */
export function readHeldLocks(
  mem: SharedAccess,
  layout: KernelLayout,
  family: LockFamily,
): { name: string; hart: number }[] {
  return layout.locks.flatMap(({ name, address }) => {
    const hart = family.holder(mem, address, layout.queueNodes);
    return hart === undefined ? [] : [{ name, hart }];
  });
}

/** Whether hart 0 has booted the kernel: before, nothing in memory means anything. */
export function hasBooted(mem: SharedAccess, layout: KernelLayout): boolean {
  // Pairs with the store at the end of `Kernel.main`.
  return system.fields.started.load(mem, layout.system) !== 0;
}

/** Exit status of the first process, or undefined while it has not exited. */
export function readOutcome(mem: SharedAccess, layout: KernelLayout): number | undefined {
  const { halted, exitStatus } = system.fields;
  // Pairs with the store in `Lifecycle.halt`.
  return halted.load(mem, layout.system) === 0 ? undefined : exitStatus.load(mem, layout.system);
}
