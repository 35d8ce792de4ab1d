import { describe, expect, it } from 'vitest';
import { KernelEvent, Question } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { NoEnd, TentativeAccess } from '../../src/memory/tentative-access.js';

const SIZE = 16 * 1024;
const WORD = KERNBASE + 0x1000;

function memory() {
  const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
  ram.write(
    KERNBASE,
    Uint8Array.from({ length: SIZE }, (_, i) => i * 7),
  );
  return { ram, bytes: () => Buffer.from(ram.read(KERNBASE, SIZE)).toString('hex') };
}

/** Everything that writes, by name. */
const writes: Readonly<Record<string, (mem: TentativeAccess) => void>> = {
  store8: (mem) => mem.store8(WORD, 1),
  store32: (mem) => mem.store32(WORD, 1),
  store64: (mem) => mem.store64(WORD, 2 ** 40),
  count64: (mem) => mem.count64(WORD, 1),
  stamp32: (mem) => void mem.stamp32(WORD, 0, 1),
  atomicStore32: (mem) => mem.atomicStore32(WORD, 1),
  atomicAdd32: (mem) => void mem.atomicAdd32(WORD, 1),
  atomicOr32: (mem) => void mem.atomicOr32(WORD, 0xffff_ffff),
  atomicAnd32: (mem) => void mem.atomicAnd32(WORD, 0),
  atomicExchange32: (mem) => void mem.atomicExchange32(WORD, 1),
  atomicCompareExchange32: (mem) => void mem.atomicCompareExchange32(WORD, mem.atomicLoad32(WORD), 1),
  copy: (mem) => mem.copy(WORD + 0xff0, WORD, 32),
  fill: (mem) => mem.fill(WORD, 1, 0x2800),
  write: (mem) => mem.write(WORD + 0xffc, new Uint8Array(8)),
};

describe('tentative accesses', () => {
  it.each(Object.entries(writes))('%s happens, and is taken back', (_, write) => {
    const { ram, bytes } = memory();
    const before = bytes();
    const mem = new TentativeAccess(ram, 100);
    expect(mem.hasWritten(WORD)).toBe(false);
    write(mem);
    expect(bytes() === before).toBe(false);
    expect(mem.hasWritten(WORD)).toBe(true);
    mem.takeBack();
    expect(bytes() === before).toBe(true);
    expect(mem.hasWritten(WORD)).toBe(false);
  });

  it('are seen by the loads among them', () => {
    const { ram } = memory();
    const mem = new TentativeAccess(ram, 100);
    mem.store64(WORD, 5);
    expect([mem.load8(WORD), mem.load32(WORD), mem.load64(WORD), mem.atomicLoad32(WORD)]).toEqual([5, 5, 5, 5]);
    expect(mem.read(WORD, 2)).toEqual(Uint8Array.of(5, 0));
  });

  it('throw where one would wait for ever, and only there', () => {
    const { ram } = memory();
    const mem = new TentativeAccess(ram, 100);
    mem.store32(WORD, 1);
    for (const wait of ['spinWhile', 'pause', 'park'] as const) {
      expect(() => mem[wait](WORD, 1)).toThrow(NoEnd);
      expect(() => mem[wait](WORD, 2)).not.toThrow();
    }
  });

  it('have an end', () => {
    const { ram } = memory();
    const mem = new TentativeAccess(ram, 3);
    mem.load32(WORD);
    mem.store32(WORD, 1);
    mem.atomicAdd32(WORD, 1);
    expect(() => mem.load8(WORD)).toThrow(NoEnd);
  });

  it('ask nobody, tell nobody and wake nobody', () => {
    const mem = new TentativeAccess(memory().ram, 100);
    expect(mem.ask(Question.AllocationFails)).toBe(0);
    expect(() => mem.note(KernelEvent.Slept, 0, 0)).not.toThrow();
    expect(() => mem.unpark(WORD, 1)).not.toThrow();
    expect(() => mem.delay(10)).not.toThrow();
  });
});
