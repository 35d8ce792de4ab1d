import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { kmem, run } from '../layout.js';

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

const { lock, freelist, free } = kmem.fields;
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
    const { firstFrame, frames } = layout;
    this.lists.forEach((list, i) => {
      const start = Math.floor((i * frames) / this.lists.length);
      const end = Math.floor(((i + 1) * frames) / this.lists.length);
      let head = 0;
      for (let frame = start; frame < end; frame++) {
        const pa = firstFrame + frame * PAGE_SIZE;
        next.store(mem, this.linkAt(pa), head);
        head = pa;
      }
      freelist.store(mem, list, head);
      free.store(mem, list, end - start);
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
    freelist.store(mem, list, next.load(mem, this.linkAt(pa)));
    free.store(mem, list, free.load(mem, list) - 1);
    taken(pa);
    mem.note(KernelEvent.FrameAllocated, pa, 0);
    return pa;
  }

  /** The list's lock must be held. */
  protected push(list: number, pa: number): void {
    const { mem } = this.cx;
    next.store(mem, this.linkAt(pa), freelist.load(mem, list));
    freelist.store(mem, list, pa);
    free.store(mem, list, free.load(mem, list) + 1);
    mem.note(KernelEvent.FrameFreed, pa, 0);
  }
}
