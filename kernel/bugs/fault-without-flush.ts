import type { Traps } from '../trap/trap.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inTraps = (Sound: typeof Traps) =>
  class FaultWithoutFlush extends Sound {
    protected override flushFaulted(_va: number): void {}
  };

export const faultWithoutFlush: Bug = {
  name: 'fault-without-flush',
  summary: 'a write fault gives the process a copy, and leaves the translation to the old page in the TLB',
  explanation:
    'After a write fault the page table maps a private copy, but the hart may have the old page cached from ' +
    'earlier loads. Without an sfence.vma the process writes to its copy and reads from the page it shared: it ' +
    'does not see its own write, and later sees the writes of others.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['stale-tlb', 'content'],
  scenario: 'read-write-read',
  change: (sound) => ({ ...sound, Traps: inTraps(sound.Traps) }),
};
