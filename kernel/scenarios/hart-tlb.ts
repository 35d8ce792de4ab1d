import type { Hart } from '../../src/hart/hart.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { type HartMap, hartBlock, KERNBASE, SLOW_TAG, TLB_ENTRIES, tlbEntry, Watch } from '../../src/memory/map.js';

const { tag, addend } = tlbEntry.fields;
export type TlbSide = 'readTlb' | 'writeTlb';

/**
 * The hart's TLBs as its engine keeps them in the shared memory. A scenario plays the user program, so it fills them and
 * looks into them as the engine would; what empties them is the engine's own flush, which the kernel calls, or forgets.
 */
export class HartTlb {
  private readonly host: DirectAccess;
  private readonly map: HartMap;
  /** Add to the low word of a virtual address plus an entry's addend: physical address. */
  private readonly toPhysical: number;

  constructor(hart: Hart) {
    this.host = hart.memory.host;
    this.map = hart.map;
    this.toPhysical = KERNBASE - hart.memory.map.ramOffset;
  }

  /** Physical address that `va` is cached to stand for, or undefined. */
  find(side: TlbSide, va: number): number | undefined {
    const entry = this.entry(side, va);
    const page = pageOf(va);
    const cached = tag.load(this.host, entry);
    if (cached !== page && cached !== page + SLOW_TAG) return undefined;
    return (va + addend.load(this.host, entry) + this.toPhysical) % 2 ** 32;
  }

  /** Caches that the page of `va` lies in the frame at `frame`; on a watched hart, so that the engine asks before it uses it. */
  enter(side: TlbSide, va: number, frame: number): void {
    const entry = this.entry(side, va);
    const page = pageOf(va);
    const watched = hartBlock.fields.watch.load(this.host, this.map.block) !== Watch.Off;
    tag.store(this.host, entry, watched ? page + SLOW_TAG : page);
    addend.store(this.host, entry, (frame - this.toPhysical - page) >>> 0);
  }

  private entry(side: TlbSide, va: number): number {
    return this.map[side] + (((va / PAGE_SIZE) % TLB_ENTRIES) | 0) * tlbEntry.size;
  }
}

function pageOf(va: number): number {
  return va - (va % PAGE_SIZE);
}
