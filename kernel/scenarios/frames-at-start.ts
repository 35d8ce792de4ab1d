import { isLeaf, LEVELS, PAGE_SIZE, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa } from '../../src/isa/sv39.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { FramesAtStart } from '../../src/races/observer.js';
import { Census } from '../books/census.js';
import type { KernelLayout } from '../layout.js';
import type { DesignForm } from '../page-sharing/page-sharing.js';
import { proc } from '../process/proc-struct.js';

/** What the page tables and the free list say of the frames, in a kernel that has made no mistake yet. */
export function framesAtStart(ram: DirectAccess, layout: KernelLayout, { freeLink }: DesignForm): FramesAtStart {
  const mappedBy = new Map<number, number[]>();
  const walk = (table: number, level: number) => {
    for (let pte = table; pte < table + PTES_PER_TABLE * PTE_SIZE; pte += PTE_SIZE) {
      const entry = ram.load32(pte);
      if ((entry & Pte.V) === 0) continue;
      const pa = ptePa(entry);
      if (level > 0 && !isLeaf(entry)) walk(pa, level - 1);
      else mappedBy.set(pa, [...(mappedBy.get(pa) ?? []), pte]);
    }
  };
  for (const p of layout.procs) {
    const root = proc.fields.pagetable.load(ram, p);
    if (root !== 0) walk(root, LEVELS - 1);
  }
  const census = new Census(ram, layout, freeLink);
  const free = new Set<number>();
  census.free.forEach((isFree, frame) => {
    if (isFree !== 0) free.add(layout.firstFrame + frame * PAGE_SIZE);
  });
  return { mappedBy, free };
}
