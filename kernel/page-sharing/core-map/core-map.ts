import { makePte, PAGE_SIZE, PTE_FLAGS, Pte, ptePa } from '../../../src/isa/sv39.js';
import { KernelEvent } from '../../../src/memory/access.js';
import { KERNBASE } from '../../../src/memory/map.js';
import type { KernelContext } from '../../context.js';
import type { Kalloc } from '../../memory/kalloc.js';
import type { KernelParts } from '../../parts.js';
import { clearEntry, PTE_COW, privateFlags } from '../entries.js';
import { type DesignForm, type PageSharing, Resolution, type SharingDesign } from '../page-sharing.js';
import { CoreMapKalloc } from './core-map-kalloc.js';
import { CoreMapVm, UnguardedCoreMapVm } from './core-map-vm.js';
import { type Guard, locked, unguarded } from './guard.js';
import { inspectCoreMap } from './inspect.js';
import { FrameKind, frameRecord, placeCoreMap, placesOf, recordIn, recordOf } from './records.js';
import { type Mapper, ReverseMap } from './reverse-map.js';

const { kind, flags, count, next } = frameRecord.fields;

/**
 * A core map: one record per frame that says what the frame is, links it into the free list, counts the address spaces
 * that map it, and leads to them. The reverse map answers "who else maps this frame?" in as many steps as there are
 * sharers: the last sharer is found by it, and keeps the page when it writes.
 *
 * The sound form. Published, the count was atomic and nothing else was guarded: two harts that shared one frame with
 * their children at once, or left it at once, lost each other's change to its list of mappings, and two that shared
 * different frames could be given the same node for it. Here one lock guards the lists and the pools of nodes. The count
 * could be a plain one then; it stays atomic, and the right decrement frees the frame, inside the lock or outside.
 *
 * Why a page that is found to be alone may be written without more ado: nobody but this process could share it with
 * anyone, and it is here. Those who shared it before have read it for the last time before they took their mapping out.
 */
export class CoreMap implements PageSharing {
  protected readonly guard: Guard;
  private readonly frames: number;
  private readonly reverse: ReverseMap;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
  ) {
    this.guard = locked(cx);
    const { mem, layout } = cx;
    const places = placesOf(layout.sharing, layout.config);
    this.frames = places.frames;
    this.reverse = new ReverseMap(mem, places, layout.procs.length);
  }

  /** Every frame is free, but for the kernel's own. */
  init(): void {
    const { mem, layout } = this.cx;
    for (let pa = KERNBASE; pa < layout.firstFrame; pa += PAGE_SIZE)
      kind.store(mem, recordOf(this.frames, pa), FrameKind.Kernel);
  }

  frameAllocated(pa: number): void {
    kind.store(this.cx.mem, recordOf(this.frames, pa), FrameKind.Kernel);
  }

  frameReleased(pa: number): boolean {
    const { mem } = this.cx;
    kind.store(mem, recordOf(this.frames, pa), FrameKind.Free);
    flags.store(mem, recordOf(this.frames, pa), 0);
    return true;
  }

  mapped(pagetable: number, va: number, pa: number): void {
    const { mem } = this.cx;
    const record = recordOf(this.frames, pa);
    kind.store(mem, record, FrameKind.User);
    // Nobody else knows the frame yet.
    this.reverse.own(pa, mapperOf(pagetable, va));
    count.add(mem, record, 1);
  }

  unmap(pagetable: number, _va: number, pte: number, pa: number): void {
    const { mem } = this.cx;
    clearEntry(mem, pte, pa);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    this.drop(pagetable, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(_parent: number, child: number, va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    const before = mem.load32(parentPte);
    const pa = ptePa(before);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    const known = this.addMapping(pa, mapperOf(child, va));
    if (known) {
      const entry = (before & Pte.W) === 0 ? before : (before & ~Pte.W) | PTE_COW;
      if (entry !== before) mem.store32(parentPte, entry);
      mem.store32(childPte, entry);
      mem.note(KernelEvent.FrameMapped, childPte, pa);
      counters.pageShared();
    }
    mem.note(KernelEvent.HoldDropped, pa, 0);
    return known;
  }

  unshare(parentPte: number, before: number): void {
    this.cx.mem.store32(parentPte, before);
  }

  resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & PTE_COW) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    if (this.isAlone(old, pagetable)) {
      mem.store32(pte, makePte(old, privateFlags(entry & PTE_FLAGS)));
      counters.pageReused();
      return Resolution.Writable;
    }
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    mem.note(KernelEvent.HoldTaken, fresh, 0);
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    this.mapped(pagetable, va, fresh);
    mem.note(KernelEvent.HoldTaken, old, 0);
    mem.store32(pte, makePte(fresh, privateFlags(entry & PTE_FLAGS)));
    mem.note(KernelEvent.FrameUnmapped, pte, old);
    mem.note(KernelEvent.FrameMapped, pte, fresh);
    mem.note(KernelEvent.HoldDropped, fresh, 0);
    // The others have left while this hart was copying.
    if (this.drop(pagetable, old)) counters.copiedNeedlessly();
    mem.note(KernelEvent.HoldDropped, old, 0);
    return Resolution.Writable;
  }

  protected isAlone(pa: number, pagetable: number): boolean {
    this.guard.enter();
    const alone = this.reverse.isAlone(pa, pagetable);
    this.guard.leave();
    return alone;
  }

  /** false: there is no node for it. */
  private addMapping(pa: number, mapper: Mapper): boolean {
    this.guard.enter();
    const known = this.reverse.add(pa, mapper);
    if (known) count.add(this.cx.mem, recordOf(this.frames, pa), 1);
    this.guard.leave();
    return known;
  }

  /** The address space does not map the frame any more. Frees the frame, and says so, when nobody does. */
  private drop(pagetable: number, pa: number): boolean {
    this.guard.enter();
    this.reverse.remove(pa, pagetable);
    // Pairs with the other sharers' decrements: who sees 1 and frees the frame comes after all that they did with it.
    const last = count.add(this.cx.mem, recordOf(this.frames, pa), -1) === 1;
    this.guard.leave();
    if (last) this.kalloc.kfree(pa);
    return last;
  }
}

/** As its author wrote it: no lock around anything. */
class PublishedCoreMap extends CoreMap {
  protected override readonly guard = unguarded;
}

function mapperOf(pagetable: number, va: number): Mapper {
  return { space: pagetable, page: va / PAGE_SIZE };
}

const common: Omit<DesignForm, 'guard' | 'Sharing'> = {
  reserve: placeCoreMap,
  counts: {
    count: (mem, layout, pa) => count.load(mem, recordIn(layout, pa)) | 0,
    expected: (mappings) => mappings,
    whenFree: 0,
  },
  freeLink: (layout, pa) => recordIn(layout, pa) + next.offset,
  inspect: inspectCoreMap,
};

export const coreMap: SharingDesign = {
  name: 'core-map',
  summary: 'a record per frame with a reverse map; segments; the last sharer keeps the page when it writes',
  forms: {
    sound: {
      ...common,
      guard: 'core_map',
      Sharing: CoreMap,
      parts: (base: KernelParts) => ({ ...base, Kalloc: CoreMapKalloc, Vm: CoreMapVm }),
    },
    published: {
      ...common,
      guard: 'atomic',
      Sharing: PublishedCoreMap,
      parts: (base: KernelParts) => ({ ...base, Kalloc: CoreMapKalloc, Vm: UnguardedCoreMapVm }),
    },
  },
};
