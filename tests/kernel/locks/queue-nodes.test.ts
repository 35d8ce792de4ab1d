import { describe, expect, it } from 'vitest';
import { nodesPerHart, QueueNodes, queueNode } from '../../../kernel/locks/queue-nodes.js';
import { CACHE_LINE } from '../../../kernel/params.js';

const [FIRST, HARTS, PER_HART] = [0x8000_0400, 3, nodesPerHart(2)];
const nodes = new QueueNodes(FIRST, HARTS, PER_HART);
const all = Array.from({ length: HARTS }, (_, hart) => nodes.of(hart)).flat();

describe('queue nodes', () => {
  it('have a cache line each, and no two the same', () => {
    expect(queueNode.size).toBeLessThanOrEqual(CACHE_LINE);
    expect(all.map((node) => node % CACHE_LINE)).toEqual(all.map(() => 0));
    expect(new Set(all).size).toBe(HARTS * PER_HART);
  });

  it('are known by each of their words, and nothing beside them is', () => {
    for (let hart = 0; hart < HARTS; hart++)
      for (const node of nodes.of(hart)) expect([nodes.hartOf(node), nodes.hartOf(node + 4)]).toEqual([hart, hart]);
    expect(nodes.hartOf(FIRST - 4)).toBeUndefined();
    expect(nodes.hartOf(FIRST + HARTS * PER_HART * CACHE_LINE)).toBeUndefined();
    expect(nodes.hartOf(0)).toBeUndefined();
    expect(nodes.words()).toEqual(all.flatMap((node) => [node, node + 4]));
  });
});
