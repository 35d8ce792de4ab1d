import { PAGE_SIZE, pageOffset } from '../../src/isa/sv39.js';
import { KernelEvent, Question } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { kmem, run } from '../layout.js';
import type { PageSharing } from '../page-sharing/page-sharing.js';

/** Bytes that fill a freed frame, to catch dangling references, and an allocated one, to catch use before initialisation. */
const FREED_JUNK = 1;
export const ALLOCATED_JUNK = 5;

const { lock, freelist, free } = kmem.fields;
const { next } = run.fields;

/** The physical memory allocator: whole frames, for user pages and page tables. */
export class Kalloc {
  protected readonly kmem: number;
  protected readonly lock: number;
  protected sharing: PageSharing | undefined;

  constructor(protected readonly cx: KernelContext) {
    this.kmem = cx.layout.kmem;
    this.lock = lock.at(this.kmem);
  }

  /** The design that hears of every frame that leaves and enters the free list. Once, before the first kalloc. */
  attach(sharing: PageSharing): void {
    this.sharing = sharing;
  }

  /** Boot, on hart 0 alone: puts all of memory on the free list. No lock, nobody else is there; no junk, nothing was freed. */
  kinit(): void {
    const { mem, layout } = this.cx;
    let head = 0;
    for (let pa = layout.firstFrame; pa < layout.config.physTop; pa += PAGE_SIZE) {
      next.store(mem, this.linkAt(pa), head);
      head = pa;
    }
    freelist.store(mem, this.kmem, head);
    free.store(mem, this.kmem, layout.frames);
  }

  /** A frame of 4096 bytes that nobody else has, full of junk; 0 when there is none. */
  kalloc(): number {
    const { mem, spin } = this.cx;
    if (mem.ask(Question.AllocationFails) !== 0) return 0;
    spin.acquire(this.lock);
    const pa = this.pop();
    spin.release(this.lock);
    if (pa !== 0) mem.fill(pa, ALLOCATED_JUNK, PAGE_SIZE);
    return pa;
  }

  /** The first frame of the free list, or 0. kmem.lock must be held. */
  protected pop(): number {
    const { mem } = this.cx;
    const pa = freelist.load(mem, this.kmem);
    if (pa === 0) return 0;
    freelist.store(mem, this.kmem, next.load(mem, this.linkAt(pa)));
    free.store(mem, this.kmem, free.load(mem, this.kmem) - 1);
    this.sharing!.frameAllocated(pa);
    mem.note(KernelEvent.FrameAllocated, pa, 0);
    return pa;
  }

  /** Gives a frame back that came from kalloc. Whether it is free now: others may refer to it still. Panics when `pa` is no frame that kalloc hands out. */
  kfree(pa: number): boolean {
    const { mem, spin, layout } = this.cx;
    if (pageOffset(pa) !== 0 || pa < layout.firstFrame || pa >= layout.config.physTop) panic('kfree');
    if (!this.sharing!.frameReleased(pa)) return false;
    // Nobody refers to the frame now, so the filling needs no lock.
    mem.fill(pa, FREED_JUNK, PAGE_SIZE);
    spin.acquire(this.lock);
    next.store(mem, this.linkAt(pa), freelist.load(mem, this.kmem));
    freelist.store(mem, this.kmem, pa);
    free.store(mem, this.kmem, free.load(mem, this.kmem) + 1);
    mem.note(KernelEvent.FrameFreed, pa, 0);
    spin.release(this.lock);
    return true;
  }

  /** Address of the struct run that links the frame while it is free: in the frame itself. */
  protected linkAt(pa: number): number {
    return pa;
  }
}
