import { Census } from '../../kernel/books/census.js';
import { readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, lockstatSize, ONLY_COUNTS } from '../../kernel/books/lockstat-book.js';
import { readStatistics } from '../../kernel/books/statistics.js';
import { formOf, type KernelConfig, kernelLayoutOf } from '../../kernel/config.js';
import { Kernel } from '../../kernel/main.js';
import { proc } from '../../kernel/process/proc-struct.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { Hart } from '../hart/hart.js';
import type { ProgramImage } from '../hart/program-image.js';
import { stillEngine } from '../hart/still-engine.js';
import { Next } from '../hart/trap-handler.js';
import { Cause } from '../isa/causes.js';
import { PAGE_SIZE, PTE_SIZE, Pte, ptePa } from '../isa/sv39.js';
import { leafAddress } from '../isa/sv39-walk.js';
import { memoryMap } from '../memory/map.js';
import { SharedMemory } from '../memory/shared-memory.js';
import { isAtomic, Op } from '../memory/trace-event.js';
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

export const PARENT = 0;
export const CHILD = 1;
const A0 = 10;
const A7 = 17;
/** RAM in MiB. */
const MEMORY = 32;
/** One page of text; the heap begins behind it, the guard page and the stack. */
const PROGRAM: ProgramImage = {
  entry: 0,
  segments: [{ vaddr: 0, fileBytes: new Uint8Array(), memSize: PAGE_SIZE, writable: false, executable: true }],
};
export const HEAP = 3 * PAGE_SIZE;

/** Parent and child on a hart each, both on this thread, with every access of the kernel watched. */
export class DesignBench {
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

  /** The child's hart, if it has nobody to run, takes up who was forked. */
  takeUp(): void {
    if (this.kernels[CHILD]!.parts.table.myproc() === 0) this.kernels[CHILD]!.interrupt(this.harts[CHILD]!);
  }

  /** Accesses of the operation to page tables and to the design's own words, its locks left out. */
  accesses(operation: () => void): number {
    const { access } = this;
    this.takeUp();
    const tables = this.tables();
    const touched: number[] = [];
    access.watcher = (op, address) => {
      if (op !== Op.BulkRead && op !== Op.BulkWrite) touched.push(address);
    };
    operation();
    access.watcher = undefined;
    for (const table of this.tables()) tables.add(table);
    const counts = (address: number) => this.isDesigns(address) || tables.has(address - (address % PAGE_SIZE));
    return touched.filter(counts).length;
  }

  measure(operation: () => void): Cost {
    const { access, layout, memory } = this;
    this.takeUp();
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
