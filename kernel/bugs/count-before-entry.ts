import { ptePa } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class CountBeforeEntry extends PageMapLock {
  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    const { mem } = this.cx;
    this.mapped(pagetable, va, ptePa(entry));
    const last = this.subMap(old) === 0;
    mem.store32(pte, entry);
    mem.note(KernelEvent.FrameUnmapped, pte, old);
    mem.note(KernelEvent.FrameMapped, pte, ptePa(entry));
    if (last) this.kalloc.kfree(old);
    return last;
  }
}

export const countBeforeEntry: Bug = {
  name: 'count-before-entry',
  summary:
    'the old frame is no longer counted while its entry still maps it: the other sharer frees it under the mapping',
  explanation:
    'All counts are right, and each is changed under its lock. But the mapping is counted as gone before the page table ' +
    'entry is rewritten. The other sharer, which finds itself the last, frees the frame at that moment, and the process ' +
    'reads through its entry what somebody else may write by now.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free'],
  scenario: 'fault-fault',
  change: (sound) => ({ ...sound, Sharing: CountBeforeEntry }),
};
