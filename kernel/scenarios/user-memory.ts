import type { Hart } from '../../src/hart/hart.js';
import { Cause } from '../../src/isa/causes.js';
import { MAXVA, PAGE_SIZE, Pte, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import type { KernelLayout } from '../layout.js';
import { leafAddress } from '../page-sharing/entries.js';
import { cpu } from '../process/cpu.js';
import { proc } from '../process/proc-struct.js';
import { leafEntry } from './hardware-walk.js';
import { HartTlb, type TlbSide } from './hart-tlb.js';

/** An access of user code, as the hardware knows it. */
export interface UserAccess {
  readonly permission: number;
  readonly fault: Cause;
  /** Where its translations are cached; fetches are looked up anew every time. */
  readonly side?: TlbSide;
  /** What observers are told when it goes by a translation that does not hold any more. */
  readonly stale?: KernelEvent;
}
export const STORE: UserAccess = {
  permission: Pte.W,
  fault: Cause.StorePageFault,
  side: 'writeTlb',
  stale: KernelEvent.StaleStore,
};
export const LOAD: UserAccess = {
  permission: Pte.R,
  fault: Cause.LoadPageFault,
  side: 'readTlb',
  stale: KernelEvent.StaleLoad,
};
export const FETCH: UserAccess = { permission: Pte.X, fault: Cause.InstructionPageFault };

/** Memory as user code on a hart sees it: by translations that the hart caches, and by walks whose points are known. */
export class UserMemory {
  private readonly tlb: HartTlb;

  constructor(
    private readonly hart: Hart,
    private readonly layout: KernelLayout,
    private readonly mem: SharedAccess,
  ) {
    this.tlb = new HartTlb(hart);
  }

  /** The process that runs on this hart, or 0: looked up past the schedule. */
  get process(): number {
    return cpu.fields.proc.load(this.hart.memory.ram, this.layout.cpus[this.hart.id]!);
  }

  /** Physical address, by a cached translation if there is one; undefined: the page table does not grant the access. */
  translate(va: number, { permission, side }: UserAccess): number | undefined {
    const cached = side === undefined ? undefined : this.tlb.find(side, va);
    if (cached !== undefined) return cached;
    const entry = this.walk(va);
    if (!grants(entry, permission)) return undefined;
    if (side !== undefined) this.tlb.enter(side, va, ptePa(entry));
    return ptePa(entry) + (va % PAGE_SIZE);
  }

  /** Right after an access to `pa`. */
  tellIfStale(va: number, pa: number, { permission, stale }: UserAccess): void {
    const entry = this.entry(va);
    const holds = grants(entry, permission) && ptePa(entry) === pa - (pa % PAGE_SIZE);
    if (!holds && stale !== undefined) this.mem.note(stale, pa, va);
  }

  /**
   * The hardware's walk. Its look at the leaf entry is an access like any other, as other harts may write there: whoever
   * gave this process a right comes before what it does with it.
   */
  private walk(va: number): number {
    const { ram } = this.hart.memory;
    const p = this.process;
    const leaf = p === 0 || va >= MAXVA ? 0 : leafAddress(ram, proc.fields.pagetable.load(ram, p), va);
    return leaf === 0 ? 0 : this.mem.atomicLoad32(leaf);
  }

  /** What a walk would find, past the schedule: 0 where nothing is mapped. */
  private entry(va: number): number {
    const p = this.process;
    const { ram } = this.hart.memory;
    return p === 0 || va >= MAXVA ? 0 : leafEntry(ram, proc.fields.pagetable.load(ram, p), va);
  }
}

function grants(entry: number, permission: number): boolean {
  const needed = Pte.V | Pte.U | permission;
  return (entry & needed) === needed;
}
