import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { MappedCount, mappedCount } from '../page-sharing/mapped-count.js';
import type { Bug } from './bug.js';

class BootCounts extends MappedCount {
  /** The kernel's page table maps all of memory, by the function that counts. */
  override init(): void {
    super.init();
    const { firstFrame, config } = this.cx.layout;
    for (let pa = firstFrame; pa < config.physTop; pa += PAGE_SIZE) this.addMapping(pa);
  }
}

export const bootCounts: Bug = {
  name: 'boot-counts',
  summary: 'boot maps all of memory through the function that counts: nothing is ever freed',
  explanation:
    "The count follows mappings, and the kernel's own page table maps every frame. Built with the same " +
    'mappages as user page tables, it starts every count at 1. No user mapping is ever the last one, no frame ' +
    'goes back to the free list, and the machine runs until memory is used up once.',
  designs: [mappedCount.name],
  harmful: true,
  expected: ['ledger'],
  scenario: 'fault-exit',
  source: { mistake: 7 },
  change: (sound) => ({ ...sound, Sharing: BootCounts }),
};
