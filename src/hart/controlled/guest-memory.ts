import { Cause } from '../../isa/causes.js';
import { MAXVA, PAGE_SIZE, Pte, ptePa } from '../../isa/sv39.js';
import { leafAddress, type TableReader } from '../../isa/sv39-walk.js';
import { KernelEvent, type SharedAccess } from '../../memory/access.js';
import { KERNBASE } from '../../memory/map.js';
import { type DataSide, SoftwareTlb } from '../../mmu/software-tlb.js';
import type { Hart } from '../hart.js';

/** An access of user code, as the hardware knows it. */
export interface GuestAccess {
  readonly permission: number;
  readonly fault: Cause;
  /** Where its translations are cached; fetches are looked up anew every time. */
  readonly side?: DataSide;
  /** What observers are told when it goes by a translation that does not hold any more. */
  readonly stale?: KernelEvent;
}
export const STORE: GuestAccess = {
  permission: Pte.W,
  fault: Cause.StorePageFault,
  side: 'writeTlb',
  stale: KernelEvent.StaleStore,
};
export const LOAD: GuestAccess = {
  permission: Pte.R,
  fault: Cause.LoadPageFault,
  side: 'readTlb',
  stale: KernelEvent.StaleLoad,
};
export const FETCH: GuestAccess = { permission: Pte.X, fault: Cause.InstructionPageFault };

/**
 * Memory as user code on a hart sees it: by translations that the hart caches, and by walks of the table that satp names,
 * which are points of the schedule.
 */
export class GuestMemory {
  private readonly tlb: SoftwareTlb;
  /** Tables as they are, past the schedule. Where a damaged table leads out of RAM nothing is mapped. */
  private readonly tables: TableReader;

  /** @param mem how the hart accesses memory: by way of a schedule and its observers, or past them */
  constructor(
    private readonly hart: Hart,
    private readonly mem: SharedAccess,
  ) {
    this.tlb = new SoftwareTlb(hart.memory, hart.map);
    const { ram, map } = hart.memory;
    this.tables = { load32: (at) => (at >= KERNBASE && at < map.physTop ? ram.load32(at) : 0) };
  }

  /** Physical address, by a cached translation if there is one; undefined: the page table does not grant the access. */
  translate(va: number, access: GuestAccess): number | undefined {
    const cached = this.cached(va, access);
    if (cached !== undefined) return cached;
    const { permission, side } = access;
    const entry = this.walk(va);
    if (!grants(entry, permission)) return undefined;
    if (side !== undefined) this.tlb.enter(side, va, ptePa(entry));
    return ptePa(entry) + (va % PAGE_SIZE);
  }

  /** Physical address by a cached translation; undefined when there is none. */
  cached(va: number, { side }: GuestAccess): number | undefined {
    return side === undefined ? undefined : this.tlb.find(side, va);
  }

  /** Right after an access to `pa`. */
  tellIfStale(va: number, pa: number, { permission, stale }: GuestAccess): void {
    const entry = this.tables.load32(this.leafAt(va));
    const holds = grants(entry, permission) && ptePa(entry) === pa - (pa % PAGE_SIZE);
    if (!holds && stale !== undefined) this.mem.note(stale, pa, va);
  }

  /**
   * The hardware's walk. Its look at the leaf entry is an access like any other, as other harts may write there: whoever
   * gave this address space a right comes before what is done with it.
   */
  private walk(va: number): number {
    const leaf = this.leafAt(va);
    return leaf >= KERNBASE && leaf < this.hart.memory.map.physTop ? this.mem.atomicLoad32(leaf) : 0;
  }

  /** Address of the leaf entry; 0 where nothing can be mapped. */
  private leafAt(va: number): number {
    const root = va >= MAXVA ? 0 : this.hart.addressSpace;
    return root === 0 ? 0 : leafAddress(this.tables, root, va);
  }
}

function grants(entry: number, permission: number): boolean {
  const needed = Pte.V | Pte.U | permission;
  return (entry & needed) === needed;
}
