import { KmemCount, kmemCount } from '../page-sharing/kmem-count.js';
import type { Bug } from './bug.js';

const UINT8 = 0xff;

class Uint8Wraps extends KmemCount {
  protected override decremented(count: number): number {
    return (count - 1) & UINT8;
  }

  protected override store(pa: number, count: number): void {
    super.store(pa, count & UINT8);
  }
}

export const uint8Wraps: Bug = {
  name: 'uint8-wraps',
  summary: 'the count has eight bits: with 256 sharers it wraps to 0',
  explanation:
    'A byte for each page seems enough, as an xv6 process has few children. But a shell that forks in a loop ' +
    'shares its pages with all of them: the 256th sharer makes the count 0, the next one 1, and then the first ' +
    'that lets go frees the page under 256 others.',
  designs: [kmemCount.name],
  harmful: true,
  expected: ['ledger', 'use-after-free'],
  scenario: 'many-sharers',
  source: { mistake: 13, published: kmemCount.name },
  change: (sound) => ({ ...sound, Sharing: Uint8Wraps }),
};
