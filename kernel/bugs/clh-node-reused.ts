import { ClhLocks, clh } from '../locks/clh.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

class NodeReused extends ClhLocks {
  protected override lend(node: number): void {
    this.free.push(node);
  }
}

export const clhNodeReused: Bug = {
  name: 'clh-node-reused',
  summary: 'a CLH node is used again while the successor still has to read in it that the lock is free',
  explanation:
    'In a CLH lock the successor waits on the node of the holder. The holder marks it and is done, but the node is not ' +
    'its own again until the successor has seen the mark. A hart that comes back at once and queues up with the same ' +
    'node takes the mark away: its successor waits on it, and it waits, further back, for its successor.',
  designs: everyDesign,
  lock: clh.name,
  harmful: true,
  expected: ['deadlock'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: NodeReused } }),
};
