import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import type { SharedAccess } from '../../../src/memory/access.js';
import { type Census, hex } from '../../books/census.js';
import type { Verdict } from '../../books/verdict.js';
import type { KernelLayout } from '../../layout.js';
import { proc } from '../../process/proc-struct.js';
import { Family } from './family.js';

/**
 * Compares the tree with the page tables: it holds address spaces of processes alone, parents and children know one
 * another, and all who map one frame are in one tree, at one address. While somebody enters the tree or leaves it (whose
 * root page table is among `held`), nothing is said.
 */
export function inspectForkTree(
  mem: SharedAccess,
  layout: KernelLayout,
  census: Census,
  held: ReadonlyMap<number, number>,
): Verdict[] {
  const family = new Family(mem);
  const pids = new Map<number, number>();
  for (const p of layout.procs)
    for (const root of [proc.fields.pagetable.load(mem, p), proc.fields.newPagetable.load(mem, p)])
      if (root !== 0) pids.set(root, proc.fields.pid.load(mem, p));
  if ([...pids.keys()].some((root) => held.has(root))) return [];
  const wrong: Verdict[] = [];
  for (const [root, pid] of pids) {
    if (family.lockOf(root) === 0) continue;
    const parent = family.parentOf(root);
    const isParent = parent === 0 || (pids.has(parent) && childrenOf(family, parent, pids).includes(root));
    if (!isParent)
      wrong.push({
        place: 'fork tree: a lost child',
        summary: `fork tree: pid ${pid} has page table ${hex(parent)} for its parent's, which does not know it`,
      });
    for (const child of childrenOf(family, root, pids))
      if (!pids.has(child) || family.parentOf(child) !== root)
        wrong.push({
          place: 'fork tree: a child that is none',
          summary: `fork tree: pid ${pid} has page table ${hex(child)} for a child's, which is none`,
        });
  }
  const shared = Uint8Array.from(census.mappings, (count) => (count > 1 ? 1 : 0));
  for (const [frame, mappers] of census.mappingsOf(shared)) {
    const [first] = mappers;
    const top = topOf(family, first!.pagetable, pids);
    for (const { pid, pagetable, va } of mappers.slice(1)) {
      if (va === first!.va && topOf(family, pagetable, pids) === top) continue;
      const pa = hex(layout.firstFrame + frame * PAGE_SIZE);
      wrong.push({
        place: 'fork tree: a sharer that nobody finds',
        summary: `fork tree: pid ${first!.pid} at ${hex(first!.va)} and pid ${pid} at ${hex(va)} share frame ${pa}, and no walk leads from one to the other`,
      });
    }
  }
  return wrong;
}

/** As many as there are address spaces, at most, and nothing behind one that is none: the list may be broken. */
function childrenOf(family: Family, root: number, spaces: ReadonlyMap<number, number>): readonly number[] {
  const children: number[] = [];
  for (let child = family.childOf(root); child !== 0 && children.length < spaces.size; ) {
    children.push(child);
    child = spaces.has(child) ? family.nextOf(child) : 0;
  }
  return children;
}

function topOf(family: Family, root: number, spaces: ReadonlyMap<number, number>): number {
  let top = root;
  for (let looks = 0; looks < spaces.size; looks++) {
    const up = family.parentOf(top);
    if (!spaces.has(up)) break;
    top = up;
  }
  return top;
}
