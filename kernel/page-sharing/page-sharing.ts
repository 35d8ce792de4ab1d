import type { SharedAccess } from '../../src/memory/access.js';
import type { Census } from '../books/census.js';
import type { Verdict } from '../books/verdict.js';
import type { KernelContext } from '../context.js';
import type { KernelArea, KernelLayout, LayoutConfig } from '../layout.js';
import type { Kalloc } from '../memory/kalloc.js';
import type { KernelParts } from '../parts.js';
import type { CountingScheme, FrameCounts } from './counts/counting-scheme.js';

/** What became of an access that the page table did not grant: a write to a page without PTE_W, or what hit a page that is not there. */
export const Resolution = {
  /** The page table now grants the write. */
  Writable: 0,
  /** Not the design's: the process has no right to write there. */
  Refused: 1,
  NoMemory: 2,
  /** It granted the write already: the fault came from a stale translation. */
  Stale: 3,
  /** Nothing was there, and now a zeroed page is: one that sbrk had promised. */
  Filled: 4,
} as const;
export type Resolution = (typeof Resolution)[keyof typeof Resolution];

/**
 * How address spaces share the frames of user memory: what happens at fork, at the write after it, and when the last
 * mapping goes. One instance per hart; everything it remembers is in guest RAM.
 *
 * "User memory" are the frames that stand in leaf entries of user page tables. `pagetable` is a root table, `pte` the
 * physical address of a leaf entry, `va` page aligned, `pa` the address of a frame.
 *
 * Frames are RAM; entries that map a device never come here.
 *
 * Who calls: only the hart that runs (or creates, or reaps) the process calls for its page table; so no two calls for one
 * page table run at once, while calls for one frame do. A design that writes into other page tables answers for that.
 */
export interface PageSharing {
  /** Boot, on hart 0 alone, before any frame is handed out. The kernel's area is zero. */
  init(): void;

  /** A frame leaves the free list. kmem.lock is held. */
  frameAllocated(pa: number): void;
  /** kfree was called: whether the frame goes to the free list now. No lock is held. */
  frameReleased(pa: number): boolean;

  /** A frame fresh from kalloc is about to be entered at `va`: its first mapping. */
  mapped(pagetable: number, va: number, pa: number): void;
  /** Empties the entry for `va`, which maps the frame, and drops its reference; frees the frame when it was the last. */
  unmap(pagetable: number, va: number, pte: number, pa: number): void;

  /**
   * fork, one page: enters at `childPte` what the parent has at `parentPte`, and takes the parent's right to write where
   * that is the design's way. false: there is no memory, and nothing has changed.
   */
  share(parent: number, child: number, va: number, parentPte: number, childPte: number): boolean;
  /** The fork failed later on: `before` is the parent's entry as it was. The child's mapping is gone already. */
  unshare(parentPte: number, before: number): void;

  /** A store (fault or copyout) met a valid user page at `va` that lacks PTE_W. The caller flushes the TLB. */
  resolveWrite(pagetable: number, va: number, pte: number): Resolution;
}

/** What a design believes about a frame, for the ledger. Reads only, needs no hart, and takes no lock: call it at rest. */
export interface ReferenceCounts {
  count(mem: SharedAccess, layout: KernelLayout, pa: number): number;
  /**
   * What the count should be for an allocated frame.
   * @param mappings leaf entries of user page tables that map it
   * @param kernelUses uses as a page table or by the kernel itself
   */
  expected(mappings: number, kernelUses: number): number;
  /** And for a frame on the free list. */
  readonly whenFree: number;
  /** The lock that guards the word at an address, by the lock's own address, where one is declared to. */
  guardOf?(layout: KernelLayout): (address: number) => number | undefined;
}

/** For counts of which one lock guards all: `bytes` from `start` on. */
export function guardedBy(lock: number, start: number, bytes: number): (address: number) => number | undefined {
  return (address) => (address >= start && address < start + bytes ? lock : undefined);
}

/** Forms that every design has; the first is the default. */
export const formNames = ['sound', 'published'] as const;
/** `published`: as its author wrote it, flaws included; `sound`: with the smallest change that makes it right. */
export type FormName = (typeof formNames)[number];

/** What builds a design in one of its forms. */
export interface DesignForm {
  /** What keeps two harts from changing one count at once: a lock by its name in reports, `atomic`, or `none`. */
  readonly guard: string;
  /** Takes space in the kernel's area; the address stands in `layout.sharing`. */
  reserve(area: KernelArea, config: LayoutConfig): number;
  readonly Sharing: new (cx: KernelContext, kalloc: Kalloc, counts?: FrameCounts) => PageSharing;
  /** How its counts are kept, where that is not the design's own way: `Sharing` is given them. */
  readonly counting?: CountingScheme;
  /** true: a lock of the only free list guards its counts, so there must be but one. */
  readonly oneFreeList?: boolean;
  /** Absent where the design keeps no counts. */
  readonly counts?: ReferenceCounts;
  /** Where a free frame's link to the next lies; absent where it is in the frame itself, as in xv6. */
  freeLink?(layout: KernelLayout, pa: number): number;
  /** What else of the design's state does not agree with the page tables; `held` as in `audit`. Reads as `counts` does. */
  inspect?(mem: SharedAccess, layout: KernelLayout, census: Census, held: ReadonlyMap<number, number>): Verdict[];
  /** Other parts of the kernel that the design brings along. */
  parts?(base: KernelParts): KernelParts;
}

/** One design: a row for the command line, and its forms. */
export interface SharingDesign {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly forms: Readonly<Record<FormName, DesignForm>>;
  /** The sound form with its counts kept another way; absent where something else has to change with a count, or there is none. */
  readonly countedBy?: (scheme: CountingScheme) => DesignForm;
}
