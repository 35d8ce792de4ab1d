import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { kmem, run } from '../layout.js';
import { LAST_FREE, linkTo, nextFree, shareOf } from './free-links.js';

/** A way to keep the free frames: chosen per machine, for all of its memory. */
export interface FreeListKind {
  readonly name: string;
  /** One line: how many lists there are, and which of them a hart takes from and gives to. */
  readonly summary: string;
  /** How many lists a machine has, each a `kmem` with a lock of its own. */
  lists(harts: number): number;
  /** One hart's hand on them; `linkAt`: address of the word that links a free frame to the next. */
  readonly FreeFrames: new (
    cx: KernelContext,
    linkAt: (pa: number) => number,
  ) => FreeFrames;
}

/** What is done with a frame that leaves a list, while the list's lock is held. */
export type Taken = (pa: number) => void;

const { lock, freelist, free, untouched } = kmem.fields;
const { next } = run.fields;

/** The lists of free frames as one hart uses them; a list is named by the address of its `kmem`. */
export abstract class FreeFrames {
  protected readonly lists: readonly number[];

  constructor(
    protected readonly cx: KernelContext,
    private readonly linkAt: (pa: number) => number,
  ) {
    this.lists = cx.layout.kmems;
  }

  /** A frame that was free, or 0: there was a moment, during the call, at which no frame was. */
  abstract take(taken: Taken): number;

  /** Puts a frame back that nobody refers to. */
  abstract put(pa: number): void;

  /** Boot, on hart 0 alone: every frame is free, and each list has its share. No lock, nobody else is there. */
  init(): void {
    const { mem, layout } = this.cx;
    this.lists.forEach((list, i) => {
      const { lowest, end } = shareOf(layout, i);
      if (lowest === end) return;
      const highest = end - PAGE_SIZE;
      freelist.store(mem, list, highest);
      untouched.store(mem, list, highest);
      next.store(mem, this.linkAt(lowest), LAST_FREE);
      free.store(mem, list, (end - lowest) / PAGE_SIZE);
    });
  }

  protected takeFrom(list: number, taken: Taken): number {
    const { spin } = this.cx;
    spin.acquire(lock.at(list));
    const pa = this.pop(list, taken);
    spin.release(lock.at(list));
    return pa;
  }

  protected putOn(list: number, pa: number): void {
    const { spin } = this.cx;
    spin.acquire(lock.at(list));
    this.push(list, pa);
    spin.release(lock.at(list));
  }

  /** The first frame of the list, or 0. The list's lock must be held. */
  protected pop(list: number, taken: Taken): number {
    const { mem } = this.cx;
    const pa = freelist.load(mem, list);
    if (pa === 0) return 0;
    const link = next.load(mem, this.linkAt(pa));
    freelist.store(mem, list, nextFree(pa, link));
    if (link === 0) untouched.store(mem, list, pa - PAGE_SIZE);
    free.store(mem, list, free.load(mem, list) - 1);
    taken(pa);
    mem.note(KernelEvent.FrameAllocated, pa, 0);
    return pa;
  }

  /** The list's lock must be held. */
  protected push(list: number, pa: number): void {
    const { mem } = this.cx;
    next.store(mem, this.linkAt(pa), linkTo(freelist.load(mem, list)));
    freelist.store(mem, list, pa);
    free.store(mem, list, free.load(mem, list) + 1);
    mem.note(KernelEvent.FrameFreed, pa, 0);
  }
}
