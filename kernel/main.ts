import type { Doorbells } from '../src/hart/doorbells.js';
import type { Hart } from '../src/hart/hart.js';
import type { Next, TrapHandler } from '../src/hart/trap-handler.js';
import type { SharedAccess } from '../src/memory/access.js';
import { KERNBASE } from '../src/memory/map.js';
import { LockMeter } from './books/lock-meter.js';
import { LockstatBook } from './books/lockstat-book.js';
import { abiOf, type KernelConfig, kernelLayoutOf, partsOf } from './config.js';
import type { Console, ConsoleInput, KernelContext } from './context.js';
import { BootError, panic } from './kernel-panic.js';
import { clock, type KernelLayout, system } from './layout.js';
import { Spinlocks } from './locks/spinlock.js';
import { buildKernel, type KernelBuild } from './parts.js';
import { HartCounters } from './process/cpu.js';
import { type FirstProcess, userinit } from './process/userinit.js';

/** The first process plays init's part: it inherits orphans, and the machine halts when it exits. Only hart 0 makes it. */
export interface KernelOptions extends FirstProcess {
  readonly hart: Hart;
  /** How this kernel accesses guest RAM: directly, or by way of a schedule and its observers. */
  readonly mem: SharedAccess;
  readonly config: KernelConfig;
  readonly doorbells: Doorbells;
  readonly console: Console;
  /** Absent: nobody will ever type anything. */
  readonly input?: ConsoleInput;
  /** Milliseconds, the same on every hart, never going back. Ticks come from it. */
  readonly now: () => number;
  /** Lets that many milliseconds pass at once: called when there is nothing to do in them. Absent: time takes its time. */
  readonly skip?: (milliseconds: number) => void;
  /** Where its state lies, for those who know it already: equal configurations give equal layouts. */
  readonly layout?: KernelLayout;
  /** What is on the disk at boot: as many blocks as the configuration says. Only hart 0 uses it. */
  readonly disk?: Uint8Array;
  /** Where statistics of locks are kept. Absent: they are not. */
  readonly lockstat?: LockstatPlace;
}

/** Where a `LockstatBook` has been begun, and what time is there. */
export interface LockstatPlace {
  /** The host-side view of the machine's memory. */
  readonly mem: SharedAccess;
  readonly at: number;
  /** In the unit of the statistics, never going back. */
  readonly now: () => number;
}

/** User programs may read cycle, time and instret. */
const ALL_COUNTERS = 0b111n;

/** The kernel as one hart sees it. All of its state is in guest RAM: one object per hart, on the hart's thread. */
export class Kernel implements TrapHandler {
  readonly layout: KernelLayout;
  readonly parts: KernelBuild;
  private readonly cx: KernelContext;

  /** Throws BootError when the configuration names an unknown design or bug, or the memory cannot hold the kernel. */
  constructor(private readonly options: KernelOptions) {
    const { hart, mem, config, doorbells, console, input, now, skip, lockstat } = options;
    this.layout = options.layout ?? kernelLayoutOf(config, hart.memory.map);
    const cpu = this.layout.cpus[hart.id];
    if (cpu === undefined) throw new RangeError(`there is no hart ${hart.id}`);
    const parts = partsOf(config);
    const meter =
      lockstat && new LockMeter(LockstatBook.open(lockstat.mem, lockstat.at, this.layout), mem, hart.id, lockstat.now);
    this.cx = {
      mem,
      abi: abiOf(config),
      layout: this.layout,
      hart,
      cpu,
      spin: new Spinlocks(mem, hart.id, parts.lock, this.layout.queueNodes, meter),
      counters: new HartCounters(mem, cpu),
      doorbells,
      console,
      input,
      now,
      skip,
    };
    this.parts = buildKernel(this.cx, parts);
  }

  /** Throws BootError when the program cannot be loaded. */
  start(hart: Hart): Next {
    const { started } = system.fields;
    for (const csr of ['mcounteren', 'scounteren'] as const) hart.setCsr(csr, ALL_COUNTERS);
    if (hart.id === 0) this.main();
    // Pairs with the store at the end of `main`.
    else if (started.load(this.cx.mem, this.layout.system) === 0) panic('start: hart 0 has not booted');
    return this.parts.traps.scheduleNext();
  }

  trap(_hart: Hart, cause: number): Next {
    return this.parts.traps.usertrap(cause);
  }

  interrupt(_hart: Hart): Next {
    return this.parts.traps.devintr();
  }

  /** The boot order. Hart 0 is alone. */
  private main(): void {
    const { mem, layout, now } = this.cx;
    const { disk, argv } = this.options;
    const { kalloc, sharing, fs } = this.parts;
    mem.fill(KERNBASE, 0, layout.firstFrame - KERNBASE); // all locks free, all slots unused
    system.fields.nextpid.store(mem, layout.system, 1);
    clock.fields.bootTime.store(mem, layout.clock, Math.floor(now()));
    kalloc.kinit(); // physical page allocator
    sharing.init(); // counts of the page-sharing design
    if (fs.hasDisk) fs.mount(disk); // file system
    const problem = userinit(this.cx, this.parts, this.options); // first user process
    if (problem !== undefined) throw new BootError(`cannot start ${argv[0]}: ${problem}`);
    system.fields.started.store(mem, layout.system, 1);
  }
}

export type { KernelConfig } from './config.js';
export { BootError, KernelPanic } from './kernel-panic.js';
