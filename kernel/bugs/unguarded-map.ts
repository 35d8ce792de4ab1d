import { CoreMap, coreMap } from '../page-sharing/core-map/core-map.js';
import { unguarded } from '../page-sharing/core-map/guard.js';
import type { Bug } from './bug.js';

class UnguardedMap extends CoreMap {
  protected override readonly guard = unguarded;
}

export const unguardedMap: Bug = {
  name: 'unguarded-map',
  summary: 'the count is atomic, and the list of mappings beside it is changed without a lock',
  explanation:
    'Every change of the count is one atomic step, so no count is ever wrong. But the list of who maps the frame is changed ' +
    'by loads and stores beside it, and so is the pool that its nodes come from. Two harts that share or leave a frame at ' +
    "once lose each other's change, or are given the same node for two frames: the reverse map forgets a sharer, and the " +
    'one that it still knows believes that it is alone and writes to a page that another process maps.',
  designs: [coreMap.name],
  harmful: true,
  expected: ['ledger', 'panic', 'content', 'use-after-free', 'double-free'],
  scenario: 'fork-fork',
  source: { published: coreMap.name },
  change: (sound) => ({ ...sound, Sharing: UnguardedMap }),
};
