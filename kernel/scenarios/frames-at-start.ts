import { isLeaf, PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import { walkTables } from '../../src/isa/sv39-walk.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import type { FramesAtStart } from '../../src/races/observer.js';
import { Census } from '../books/census.js';
import type { KernelLayout } from '../layout.js';
import type { DesignForm } from '../page-sharing/page-sharing.js';
import { proc } from '../process/proc-struct.js';

/** What the page tables and the free list say of the frames, in a kernel that has made no mistake yet. */
export function framesAtStart(ram: DirectAccess, layout: KernelLayout, { freeLink }: DesignForm): FramesAtStart {
  const mappedBy = new Map<number, number[]>();
  for (const p of layout.procs) {
    const root = proc.fields.pagetable.load(ram, p);
    if (root === 0) continue;
    walkTables(ram, root, ({ at, pte, level }) => {
      if (level > 0 && !isLeaf(pte)) return;
      const pa = ptePa(pte);
      mappedBy.set(pa, [...(mappedBy.get(pa) ?? []), at]);
    });
  }
  const census = new Census(ram, layout, freeLink);
  const free = new Set<number>();
  census.free.forEach((isFree, frame) => {
    if (isFree !== 0) free.add(layout.firstFrame + frame * PAGE_SIZE);
  });
  return { mappedBy, free };
}
