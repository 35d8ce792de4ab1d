import { PAGE_SIZE } from '../isa/sv39.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { type HartMap, hartBlock, KERNBASE, SLOW_TAG, TLB_ENTRIES, tlbEntry, Watch } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

const { tag, addend } = tlbEntry.fields;
export type DataSide = 'readTlb' | 'writeTlb';

/**
 * A hart's TLBs for data as its engine keeps them in the shared memory, for software that translates in the engine's place:
 * it fills them and looks into them as the engine would. What empties them is the engine's own flush, which a kernel calls,
 * or forgets.
 */
export class SoftwareTlb {
  private readonly host: DirectAccess;
  /** Add to the low word of a virtual address plus an entry's addend: physical address. */
  private readonly toPhysical: number;

  constructor(
    memory: SharedMemory,
    private readonly map: HartMap,
  ) {
    this.host = memory.host;
    this.toPhysical = KERNBASE - memory.map.ramOffset;
  }

  /** Physical address that `va` is cached to stand for, or undefined. */
  find(side: DataSide, va: number): number | undefined {
    const entry = this.entry(side, va);
    const page = pageOf(va);
    const cached = tag.load(this.host, entry);
    if (cached !== page && cached !== page + SLOW_TAG) return undefined;
    return (va + addend.load(this.host, entry) + this.toPhysical) % 2 ** 32;
  }

  /** Caches that the page of `va` lies in the frame at `frame`; on a watched hart, so that the engine asks before it uses it. */
  enter(side: DataSide, va: number, frame: number): void {
    const entry = this.entry(side, va);
    const page = pageOf(va);
    const watched = hartBlock.fields.watch.load(this.host, this.map.block) !== Watch.Off;
    tag.store(this.host, entry, watched ? page + SLOW_TAG : page);
    addend.store(this.host, entry, (frame - this.toPhysical - page) >>> 0);
  }

  private entry(side: DataSide, va: number): number {
    return this.map[side] + (((va / PAGE_SIZE) % TLB_ENTRIES) | 0) * tlbEntry.size;
  }
}

function pageOf(va: number): number {
  return va - (va % PAGE_SIZE);
}
