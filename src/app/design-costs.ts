import { Census } from '../../kernel/books/census.js';
import { readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, lockstatSize, ONLY_COUNTS } from '../../kernel/books/lockstat-book.js';
import { readStatistics } from '../../kernel/books/statistics.js';
import { formOf, type KernelConfig, kernelLayoutOf } from '../../kernel/config.js';
import { Kernel } from '../../kernel/main.js';
import { framesBelow } from '../../kernel/page-sharing/entries.js';
import type { DesignForm, FormName } from '../../kernel/page-sharing/page-sharing.js';
import { NPROC } from '../../kernel/params.js';
import { proc } from '../../kernel/process/proc-struct.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { Hart } from '../hart/hart.js';
import type { ProgramImage } from '../hart/program-image.js';
import { stillEngine } from '../hart/still-engine.js';
import { Next } from '../hart/trap-handler.js';
import { Cause } from '../isa/causes.js';
import { PAGE_SIZE, PTE_SIZE, Pte, ptePa } from '../isa/sv39.js';
import { leafAddress } from '../isa/sv39-walk.js';
import { KERNBASE, memoryMap } from '../memory/map.js';
import { SharedMemory } from '../memory/shared-memory.js';
import { isAtomic } from '../memory/trace-event.js';
import { WatchedAccess } from '../memory/watched-access.js';

/** What one operation cost. */
export interface Cost {
  /** Acquisitions, by the lock's name in reports; locks that were not taken are left out. */
  readonly locks: Readonly<Record<string, number>>;
  /** Atomic operations on the design's own words, its locks left out. */
  readonly atomics: number;
  /** Page table entries read or written, each counted once. */
  readonly ptes: number;
  /** Pages copied. */
  readonly copies: number;
  /** Store page faults that the write took, if the operation is one. */
  readonly faults: number;
}

export interface DesignCosts {
  readonly design: string;
  readonly form: FormName;
  readonly guard: string;
  /** Bytes that the design sets aside for each page of RAM. */
  readonly bytesPerPage: number;
  /** Pages of the heap that is forked. */
  readonly pages: number;
  readonly fork: Cost;
  /** The write of one of two sharers, and then the other's to the same page. */
  readonly firstWrite: Cost;
  readonly lastWrite: Cost;
  /** The exit of a child that shares all its pages but the one that was written. */
  readonly exit: Cost;
}

const PARENT = 0;
const CHILD = 1;
const A0 = 10;
const A7 = 17;
/** RAM in MiB. */
const MEMORY = 32;
/** One page of text; the heap begins behind it, the guard page and the stack. */
const PROGRAM: ProgramImage = {
  entry: 0,
  segments: [{ vaddr: 0, fileBytes: new Uint8Array(), memSize: PAGE_SIZE, writable: false, executable: true }],
};
const HEAP = 3 * PAGE_SIZE;

/**
 * Runs a fork of `pages` pages, the writes after it and the exit of the child on the kernel itself, and counts. Parent
 * and child have a hart each, and act in turn, so nothing is contended and the figures are the same every time.
 * Throws BootError for a name that no design or form has.
 */
export function measureDesign(design: string, form: FormName, pages = 64): DesignCosts {
  const config: KernelConfig = { design, form, bug: null, processes: NPROC.default };
  const chosen = formOf(config);
  const bench = new Bench(config);
  bench.boot(pages);
  const fork = bench.measure(() => bench.fork());
  const firstWrite = bench.measure(() => bench.write(CHILD, HEAP));
  const lastWrite = bench.measure(() => bench.write(PARENT, HEAP));
  const exit = bench.measure(() => bench.call(CHILD, Sys.exit, 0));
  const bytes = bytesPerPage(chosen, bench.ramSize);
  return { design, form, guard: chosen.guard, bytesPerPage: bytes, pages, fork, firstWrite, lastWrite, exit };
}

/** Parent and child on a hart each, both on this thread, with every access of the kernel watched. */
class Bench {
  private readonly memory: SharedMemory;
  private readonly access: WatchedAccess;
  private readonly harts: readonly Hart[];
  private readonly kernels: readonly Kernel[];
  private readonly lockstat: LockstatBook;
  private faults = 0;

  constructor(private readonly config: KernelConfig) {
    const shape = { harts: 2, memory: MEMORY };
    const layout = kernelLayoutOf(config, memoryMap(shape));
    this.memory = SharedMemory.create({ ...shape, lockstat: lockstatSize(layout, ONLY_COUNTS) });
    const { host, map, ram } = this.memory;
    this.lockstat = LockstatBook.begin(host, map.lockstat, layout, ONLY_COUNTS);
    this.access = new WatchedAccess(ram);
    this.harts = [PARENT, CHILD].map((id) => new Hart(id, this.memory, stillEngine));
    const quiet = { markIdle() {}, clearIdle() {}, ringIdle() {} };
    this.kernels = this.harts.map(
      (hart) =>
        new Kernel({
          hart,
          mem: this.access,
          config,
          doorbells: quiet,
          console: { write() {} },
          now: () => 0,
          program: PROGRAM,
          argv: ['init'],
          lockstat: { mem: host, at: map.lockstat, now: () => 0 },
        }),
    );
  }

  get ramSize(): number {
    return this.memory.map.ramSize;
  }
  private get layout() {
    return this.kernels[PARENT]!.layout;
  }

  boot(pages: number): void {
    this.harts.forEach((hart, id) => {
      this.kernels[id]!.start(hart);
    });
    this.call(PARENT, Sys.sbrk, pages * PAGE_SIZE);
    for (let page = 0; page < pages; page++) this.write(PARENT, HEAP + page * PAGE_SIZE);
  }

  /** Forks, without the child being taken up: that is no part of what it costs. */
  fork(): void {
    this.call(PARENT, Sys.fork);
  }

  call(hart: number, number: number, ...args: readonly number[]): void {
    const on = this.harts[hart]!;
    on.setX(A7, BigInt(number));
    args.forEach((value, index) => {
      on.setX(A0 + index, BigInt(value));
    });
    this.kernels[hart]!.trap(on, Cause.UserEcall);
  }

  /** A store of the process on the hart, by way of a fault where the entry does not grant it. */
  write(hart: number, va: number): void {
    const { ram } = this.memory;
    const kernel = this.kernels[hart]!;
    const entry = () => ram.load32(leafAddress(ram, proc.fields.pagetable.load(ram, kernel.parts.table.myproc()), va));
    if ((entry() & Pte.W) === 0) {
      this.faults++;
      this.harts[hart]!.setTrap(Cause.StorePageFault, BigInt(va));
      if (kernel.trap(this.harts[hart]!, Cause.StorePageFault) !== Next.Run)
        throw new Error(`the write to 0x${va.toString(16)} killed its process`);
    }
    ram.store32(ptePa(entry()), 1);
  }

  measure(operation: () => void): Cost {
    const { access, layout, memory } = this;
    if (this.kernels[CHILD]!.parts.table.myproc() === 0) this.kernels[CHILD]!.interrupt(this.harts[CHILD]!);
    const locksBefore = this.locks();
    const copiesBefore = readStatistics(memory.ram, layout).pagesCopied;
    this.faults = 0;
    const tables = this.tables();
    const words = new Set<number>();
    let atomics = 0;
    access.watcher = (op, address) => {
      words.add(address - (address % PTE_SIZE));
      if (isAtomic(op) && this.isDesigns(address)) atomics++;
    };
    operation();
    access.watcher = undefined;
    for (const table of this.tables()) tables.add(table);
    const ptes = [...words].filter((word) => tables.has(word - (word % PAGE_SIZE))).length;
    const copies = readStatistics(memory.ram, layout).pagesCopied - copiesBefore;
    return { locks: difference(locksBefore, this.locks()), atomics, ptes, copies, faults: this.faults };
  }

  /** Frames that are page tables now. */
  private tables(): Set<number> {
    const { memory, layout } = this;
    const census = new Census(memory.ram, layout, formOf(this.config).freeLink);
    const frames = [...census.tables.keys()].filter((frame) => census.tables[frame] !== 0);
    return new Set(frames.map((frame) => layout.firstFrame + frame * PAGE_SIZE));
  }

  private locks(): Map<string, number> {
    const { locks } = readLockstat(this.lockstat, 'ns');
    return new Map(locks.map(({ name, acquisitions }) => [name, acquisitions]));
  }

  private isDesigns(address: number): boolean {
    const { sharing, firstFrame, locks } = this.layout;
    return (
      sharing !== 0 && address >= sharing && address < firstFrame && locks.every((lock) => lock.address !== address)
    );
  }
}

function difference(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, number> {
  const taken: Record<string, number> = {};
  for (const [name, acquisitions] of after) {
    const more = acquisitions - (before.get(name) ?? 0);
    if (more > 0) taken[name] = more;
  }
  return taken;
}

/** What twice the memory takes more, for each page of it. Page tables are no part of a design's state. */
function bytesPerPage(form: DesignForm, ramSize: number): number {
  const bytesFor = (physTop: number) => {
    let bytes = 0;
    const place = (_name: string, { size }: { readonly size: number }) => {
      bytes += size;
      return KERNBASE;
    };
    form.reserve(
      { place, frames: () => KERNBASE, lock() {} },
      { harts: 1, processes: NPROC.default, freeLists: 1, diskBlocks: 0, physTop },
    );
    return bytes;
  };
  const once = KERNBASE + ramSize;
  const twice = once + ramSize;
  return (bytesFor(twice) - bytesFor(once)) / (framesBelow(twice) - framesBelow(once));
}
