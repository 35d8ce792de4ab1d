import { Pte, ptePa } from '../../src/isa/sv39.js';
import { PTE_COW } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import { Resolution } from '../page-sharing/page-sharing.js';
import type { Bug } from './bug.js';

export class UnlockedGlance extends PageMapLock {
  override resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & PTE_COW) !== 0 && mem.load32(this.countAt(ptePa(entry))) === 1) {
      mem.store32(pte, (entry & ~PTE_COW) | Pte.W);
      counters.pageReused();
      return Resolution.Writable;
    }
    return super.resolveWrite(pagetable, va, pte);
  }
}

export const unlockedGlance: Bug = {
  name: 'unlocked-glance',
  summary: 'the count is read without its lock to decide "I am the last one, just make it writable"',
  explanation:
    'A write fault reads the count without the lock, and keeps the page when the count is 1. It is a data race ' +
    'by every rule, and a look with no lock at a number that others change. Yet nothing comes of it on a ' +
    "machine whose accesses happen one after the other: a count of 1 is this process's own mapping, only its " +
    'own fork could raise it, and every other sharer had finished with the frame before it lowered the count. ' +
    'On hardware that may move the later write before the read, the lock is needed.',
  designs: [pageMapLock.name],
  harmful: false,
  expected: ['data-race', 'lockset'],
  scenario: 'fault-fault',
  source: { mistake: 3 },
  change: (sound) => ({ ...sound, Sharing: UnlockedGlance }),
};
