import { PAGE_SIZE, pageOffset } from '../../src/isa/sv39.js';
import { Question } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import type { PageSharing } from '../page-sharing/page-sharing.js';
import type { FreeFrames, FreeListKind, Taken } from './free-list.js';

/** Bytes that fill a freed frame, to catch dangling references, and an allocated one, to catch use before initialisation. */
const FREED_JUNK = 1;
export const ALLOCATED_JUNK = 5;

/** The physical memory allocator: whole frames, for user pages and page tables. */
export class Kalloc {
  private readonly frames: FreeFrames;
  private sharing: PageSharing | undefined;
  private readonly taken: Taken = (pa) => this.sharing!.frameAllocated(pa);

  constructor(
    protected readonly cx: KernelContext,
    { FreeFrames }: FreeListKind,
  ) {
    this.frames = new FreeFrames(cx, (pa) => this.linkAt(pa));
  }

  /** The design that hears of every frame that leaves and enters the free list. Once, before the first kalloc. */
  attach(sharing: PageSharing): void {
    this.sharing = sharing;
  }

  /** Boot, on hart 0 alone: all of memory is free. No junk, nothing was freed. */
  kinit(): void {
    this.frames.init();
  }

  /** A frame of 4096 bytes that nobody else has, full of junk; 0 when there is none. */
  kalloc(): number {
    const { mem } = this.cx;
    if (mem.ask(Question.AllocationFails) !== 0) return 0;
    const pa = this.frames.take(this.taken);
    if (pa !== 0) mem.fill(pa, ALLOCATED_JUNK, PAGE_SIZE);
    return pa;
  }

  /** Gives a frame back that came from kalloc. Whether it is free now: others may refer to it still. Panics when `pa` is no frame that kalloc hands out. */
  kfree(pa: number): boolean {
    const { mem, layout } = this.cx;
    if (pageOffset(pa) !== 0 || pa < layout.firstFrame || pa >= layout.config.physTop) panic('kfree');
    if (!this.sharing!.frameReleased(pa)) return false;
    // Nobody refers to the frame now, so the filling needs no lock.
    mem.fill(pa, FREED_JUNK, PAGE_SIZE);
    this.frames.put(pa);
    return true;
  }

  /** Address of the struct run that links the frame while it is free: in the frame itself. */
  protected linkAt(pa: number): number {
    return pa;
  }
}
