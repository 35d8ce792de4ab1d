import { describe, expect, it } from 'vitest';
import { FreeLists } from '../../src/guest/free-list.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import type { ElfSymbol } from '../../src/symbols/elf-symbols.js';

const KMEM = KERNBASE + 0x800;
const END = KERNBASE + 0x4000;
const kmem: ElfSymbol = { name: 'kmem', address: KMEM, size: 32, kind: 'object' };

function machine(...chain: number[]) {
  const { ram, map } = SharedMemory.create({ harts: 1, memory: 2 });
  // As xv6 has it: the word of the lock, its name, its owner, and then the head.
  ram.store64(KMEM + 8, KERNBASE + 0x10);
  ram.store64(KMEM + 16, KERNBASE + PGSIZE);
  [KMEM + 24, ...chain].forEach((at, i) => {
    const next = chain[i];
    if (next !== undefined) ram.store64(at, next);
  });
  return new FreeLists(ram, map.physTop, [kmem], END);
}

describe('the free frames of a kernel', () => {
  it('hang from the words of kmem that lead behind the kernel', () => {
    const lists = machine(END + PGSIZE, END, END + 3 * PGSIZE);
    expect([...lists.heads]).toEqual([KMEM + 24]);
    expect(lists.frames()).toEqual(new Set([END + PGSIZE, END, END + 3 * PGSIZE]));
  });

  it('end where a list leads astray, or in a circle', () => {
    expect(machine(END, END + PGSIZE, END).frames()).toEqual(new Set([END, END + PGSIZE]));
    expect(machine(END, END + 8).frames()).toEqual(new Set([END]));
  });

  it('are unknown without the variable', () => {
    const { ram, map } = SharedMemory.create({ harts: 1, memory: 2 });
    expect(new FreeLists(ram, map.physTop, [], END).frames()).toEqual(new Set());
  });

  it('are counted by what has changed since they were remembered', () => {
    const { ram, map } = SharedMemory.create({ harts: 1, memory: 2 });
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => END + i * PGSIZE) as [number, number, number, number];
    const chain = (...frames: number[]) => {
      [KMEM + 24, ...frames].forEach((at, i) => {
        ram.store64(at, frames[i] ?? 0);
      });
    };
    chain(a, b, c);
    const lists = new FreeLists(ram, map.physTop, [kmem], END);
    const remembered = lists.remember();
    expect(remembered.size).toBe(3);
    expect(remembered.now(new Set()).size).toBe(3);
    chain(b, c);
    expect(remembered.now(new Set()).size).toBe(2);
    chain(d, a, b, c);
    expect(remembered.now(new Set([d, a])).size).toBe(4);
    expect([a, b, c, d].map((frame) => remembered.now(new Set([d, a])).has(frame))).toEqual([true, true, true, true]);
    chain(c);
    expect([a, b, c, d].map((frame) => remembered.now(new Set([])).has(frame))).toEqual([false, false, true, false]);
    chain(c, b, d);
    expect(remembered.now(new Set([b, c, d])).size).toBe(3);
    // What was written is followed, whatever it was: here it leads nowhere.
    chain(a);
    expect(remembered.now(new Set([a])).size).toBe(1);
  });
});
