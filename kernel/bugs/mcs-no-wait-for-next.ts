import { McsLocks, mcs } from '../locks/mcs.js';
import { queueNode } from '../locks/queue-nodes.js';
import { spinlock } from '../locks/spinlock.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { tail } = spinlock.fields;
const { next, locked } = queueNode.fields;

class NoWaitForNext extends McsLocks {
  protected override handOver(lock: number, node: number): void {
    const { mem } = this;
    const successor = next.load(mem, node);
    if (successor === 0) tail.compareExchange(mem, lock, node, 0);
    else locked.store(mem, successor, 0);
  }
}

export const mcsNoWaitForNext: Bug = {
  name: 'mcs-no-wait-for-next',
  summary: 'an MCS release that does not wait for a successor who is in the queue and about to say so',
  explanation:
    'A hart enters the queue of an MCS lock in two steps: it puts its node at the tail, and then tells the one before. ' +
    'Between the two a release sees no successor, while its compare-exchange of the tail fails, because there is one. ' +
    'It has to wait until it is told. If it leaves, nobody hands the lock over, and the whole queue waits for ever.',
  designs: everyDesign,
  lock: mcs.name,
  harmful: true,
  expected: ['deadlock'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: NoWaitForNext } }),
};
