import { CoreMap, coreMap } from '../page-sharing/core-map/core-map.js';
import type { Bug } from './bug.js';

class BothCopy extends CoreMap {
  protected override isAlone(_pa: number, _pagetable: number): boolean {
    return false;
  }
}

export const bothCopy: Bug = {
  name: 'both-copy',
  summary: 'parent and child both copy a page that they share, where the last one could have kept it',
  explanation:
    'A write fault always copies. When parent and child both write after a fork, the page is copied twice and the original ' +
    'is freed, although the second of the two was its only user by then. Nothing is wrong with the memory of either, and ' +
    'no observer has anything to say: it is a cost, and the statistics count it as needless copies. Even with the look at ' +
    'the count, two harts that fault at once both find each other still there, and both copy.',
  designs: [coreMap.name],
  harmful: false,
  expected: [],
  scenario: 'fault-fault',
  source: { mistake: 14 },
  change: (sound) => ({ ...sound, Sharing: BothCopy }),
};
