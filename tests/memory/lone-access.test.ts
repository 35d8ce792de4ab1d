import { describe, expect, it } from 'vitest';
import { LoneAccess } from '../../src/memory/lone-access.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { NoEnd } from '../../src/memory/tentative-access.js';

describe('accesses of a thread that is alone', () => {
  it('happen, and throw where it would wait for ever', () => {
    const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
    const mem = new LoneAccess(ram);
    mem.store32(KERNBASE, 1);
    expect(ram.load32(KERNBASE)).toBe(1);
    for (const wait of ['spinWhile', 'pause', 'park'] as const) {
      expect(() => mem[wait](KERNBASE, 1)).toThrow(NoEnd);
      expect(() => mem[wait](KERNBASE, 2)).not.toThrow();
    }
  });
});
