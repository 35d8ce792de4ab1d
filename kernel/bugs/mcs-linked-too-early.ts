import { McsLocks, mcs } from '../locks/mcs.js';
import { queueNode } from '../locks/queue-nodes.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { next, locked } = queueNode.fields;

class LinkedTooEarly extends McsLocks {
  protected override lineUp(lock: number, before: number, node: number): void {
    next.store(this.mem, before, node);
    locked.store(this.mem, node, lock);
  }
}

export const mcsLinkedTooEarly: Bug = {
  name: 'mcs-linked-too-early',
  summary: 'an MCS node is linked into the queue before it says that its owner waits: the hand-over is overwritten',
  explanation:
    'The two stores of a waiter are in the wrong order: it links its node behind the one before, and then marks it as ' +
    'waiting. The holder can find the link and clear the mark in between; the mark is then set after it was cleared, ' +
    'and the waiter looks for ever at a word that nobody will clear again.',
  designs: everyDesign,
  lock: mcs.name,
  harmful: true,
  expected: ['deadlock'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: LinkedTooEarly } }),
};
