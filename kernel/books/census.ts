import {
  isLeaf,
  LEVELS,
  levelSize,
  PAGE_SHIFT,
  PAGE_SIZE,
  PTE_SIZE,
  PTES_PER_TABLE,
  Pte,
  ptePa,
} from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { file, OpenFile } from '../files/file-struct.js';
import { type KernelLayout, kmem, run } from '../layout.js';
import { nextFree, type Share, shareOf } from '../memory/free-links.js';
import { DEVICE_PAGES } from '../page-sharing/kernel-pagetable.js';
import { proc } from '../process/proc-struct.js';
import type { Verdict } from './verdict.js';

/** A leaf entry of some process's page table. */
export interface Mapping {
  readonly pid: number;
  /** Root of the page table. */
  readonly pagetable: number;
  readonly va: number;
  readonly writable: boolean;
}

/** The valid entries of a page table: number and entry of each, one after the other. */
export type ValidEntries = (table: number) => readonly number[];

export function entriesIn(mem: SharedAccess): ValidEntries {
  return (table) => {
    const found: number[] = [];
    for (let index = 0; index < PTES_PER_TABLE; index++) {
      const pte = mem.load32(table + index * PTE_SIZE);
      if ((pte & Pte.V) !== 0) found.push(index, pte);
    }
    return found;
  };
}

/**
 * Who refers to each frame, recomputed from the page tables, the open files and the free lists alone. Whatever is broken in
 * them is told in `broken` and walked around: each frame is entered at most once as a table and once as a free frame, so
 * even wild links and cycles end.
 */
export class Census {
  /** By frame number, from the layout's first frame. */
  readonly mappings: Uint32Array;
  readonly writers: Uint32Array;
  readonly tables: Uint8Array;
  /** 1: a pipe lies there. */
  readonly pipes: Uint8Array;
  readonly free: Uint8Array;
  freeFrames = 0;
  /** The list could not be followed to its end. */
  freeListBroken = false;
  readonly broken: Verdict[] = [];
  /** Bytes of all frames. */
  private readonly size: number;

  constructor(
    private readonly mem: SharedAccess,
    private readonly layout: KernelLayout,
    /** Address of the word that links a free frame to the next. */
    private readonly freeLink: (layout: KernelLayout, pa: number) => number = (_layout, pa) => pa,
    /** For those who know what tables hold without looking. */
    private readonly validEntries = entriesIn(mem),
  ) {
    this.mappings = new Uint32Array(layout.frames);
    this.writers = new Uint32Array(layout.frames);
    this.tables = new Uint8Array(layout.frames);
    this.pipes = new Uint8Array(layout.frames);
    this.free = new Uint8Array(layout.frames);
    this.size = layout.frames * PAGE_SIZE;
    layout.kmems.forEach((list, i) => {
      this.walkFreeList(list, shareOf(layout, i));
    });
    this.walkOpenFiles();
    this.walkPageTables((frame, mapping) => {
      this.mappings[frame]!++;
      if (mapping.writable) this.writers[frame]!++;
    });
  }

  /** The mappings of the frames for which `wanted` is not 0, by frame: a second walk, so that the first need not keep them. */
  mappingsOf(wanted: Uint8Array): ReadonlyMap<number, readonly Mapping[]> {
    const found = new Map<number, Mapping[]>();
    this.tables.fill(0);
    const told = this.broken.length;
    this.walkPageTables((frame, mapping) => {
      if (wanted[frame] === 0) return;
      const all = found.get(frame) ?? [];
      all.push(mapping);
      found.set(frame, all);
    });
    this.broken.length = told;
    return found;
  }

  /** Number of the frame at `pa`, or -1 when kalloc hands out no frame there. */
  private frameAt(pa: number): number {
    const offset = pa - this.layout.firstFrame;
    if (offset < 0 || offset >= this.size) return -1;
    // RAM is at most 2 GiB, so this fits 32 bits, whose operations are a fraction of a remainder's cost.
    return (offset & (PAGE_SIZE - 1)) === 0 ? offset >>> PAGE_SHIFT : -1;
  }

  private walkFreeList(list: number, { lowest }: Share): void {
    const { mem, layout } = this;
    const untouched = kmem.fields.untouched.load(mem, list);
    // Where nobody ever wrote no link is read: reading would make the host give each page memory.
    const linkOf = (pa: number) =>
      pa > lowest && pa <= untouched ? 0 : run.fields.next.load(mem, this.freeLink(layout, pa));
    const name = layout.symbols.describe(list + kmem.fields.freelist.offset);
    let before = 0;
    let found = 0;
    const from = () => (before === 0 ? name : `frame ${hex(before)}`);
    let pa = kmem.fields.freelist.load(mem, list);
    while (pa !== 0) {
      const frame = this.frameAt(pa);
      if (frame < 0) {
        this.broken.push({
          place: 'the free list leaves memory',
          summary: `the free list leaves memory: ${from()} points to ${hex(pa)}, which is no frame`,
        });
        this.freeListBroken = true;
        return;
      }
      if (this.free[frame] !== 0) {
        this.broken.push({
          place: 'on the free list twice',
          summary: `frame ${hex(pa)} is on the free list twice: ${from()} leads back to it`,
        });
        this.freeListBroken = true;
        return;
      }
      this.free[frame] = 1;
      this.freeFrames++;
      found++;
      before = pa;
      pa = nextFree(pa, linkOf(pa));
    }
    const kept = kmem.fields.free.load(mem, list);
    const word = layout.symbols.describe(list + kmem.fields.free.offset);
    if (kept !== found)
      this.broken.push({
        place: 'kmem.free is another number',
        summary: `${word} is ${kept}, but the free list holds ${found} frames`,
      });
  }

  /** A pipe is one frame, however many files are open on its ends. */
  private walkOpenFiles(): void {
    const { mem, layout } = this;
    const { type, pipe } = file.fields;
    for (const f of layout.files) {
      if (type.load(mem, f) !== OpenFile.Pipe) continue;
      const pi = pipe.load(mem, f);
      const frame = this.frameAt(pi);
      if (frame < 0)
        this.broken.push({
          place: 'a pipe leaves memory',
          summary: `${layout.symbols.describe(f)} leads to a pipe at ${hex(pi)}, which is no frame`,
        });
      else this.pipes[frame] = 1;
    }
  }

  private walkPageTables(visit: (frame: number, mapping: Mapping) => void): void {
    const { mem, layout } = this;
    const { pid, pagetable, newPagetable } = proc.fields;
    for (const p of layout.procs) {
      const root = pagetable.load(mem, p);
      // In the middle of exec a process has two.
      const second = newPagetable.load(mem, p);
      if (root !== 0) this.walkTable(root, LEVELS - 1, 0, { pid: pid.load(mem, p), root }, IN_PROC, visit);
      if (second !== 0 && second !== root)
        this.walkTable(second, LEVELS - 1, 0, { pid: pid.load(mem, p), root: second }, IN_PROC, visit);
    }
  }

  private walkTable(
    table: number,
    level: number,
    start: number,
    space: { readonly pid: number; readonly root: number },
    /** What leads to the table: the virtual address of an entry, or IN_PROC. */
    from: number,
    visit: (frame: number, mapping: Mapping) => void,
  ): void {
    const { pid, root } = space;
    const at = this.frameAt(table);
    if (at < 0) {
      this.broken.push({
        place: 'a page table leaves memory',
        summary: `the page table of pid ${pid} leaves memory: ${placeOf(from)} points to ${hex(table)}, which is no frame`,
      });
      return;
    }
    this.tables[at]!++;
    if (this.tables[at] !== 1) {
      this.broken.push({
        place: 'a page table twice',
        summary: `frame ${hex(table)} is a page table twice, the second time for pid ${pid}`,
      });
      return;
    }
    const entries = this.validEntries(table);
    for (let i = 0; i < entries.length; i += 2) {
      const pte = entries[i + 1]!;
      const va = start + entries[i]! * levelSize(level);
      if (level > 0 && !isLeaf(pte)) {
        this.walkTable(ptePa(pte), level - 1, va, space, va, visit);
        continue;
      }
      const frame = this.frameAt(ptePa(pte));
      if (level > 0)
        this.broken.push({
          place: 'a superpage',
          summary: `the page table of pid ${pid} is damaged: ${placeOf(va)} is a superpage`,
        });
      else if (DEVICE_PAGES.includes(ptePa(pte))) continue;
      else if (frame < 0)
        this.broken.push({
          place: 'what is no frame is mapped',
          summary: `pid ${pid} maps ${hex(ptePa(pte))}, which is no frame, at ${hex(va)}`,
        });
      else visit(frame, { pid, pagetable: root, va, writable: (pte & Pte.W) !== 0 });
    }
  }
}

/** A process's root table stands in its struct proc; no virtual address is negative. */
const IN_PROC = -1;

function placeOf(from: number): string {
  return from === IN_PROC ? 'its struct proc' : `its entry for ${hex(from)}`;
}

export function hex(address: number): string {
  return `0x${address.toString(16)}`;
}
