import { describe, expect, it } from 'vitest';
import { BusError } from '../../src/memory/access.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

describe('bulk accesses', () => {
  const memory = SharedMemory.create({ harts: 1, memory: 2 });
  const { ram, map } = memory;

  it('fill writes its range and nothing beside it', () => {
    ram.fill(KERNBASE, 0, 3 * PGSIZE);
    ram.fill(KERNBASE + PGSIZE, 0xab, PGSIZE);
    expect(ram.load8(KERNBASE + PGSIZE - 1)).toBe(0);
    expect(ram.load8(KERNBASE + PGSIZE)).toBe(0xab);
    expect(ram.load8(KERNBASE + 2 * PGSIZE - 1)).toBe(0xab);
    expect(ram.load8(KERNBASE + 2 * PGSIZE)).toBe(0);
  });

  it('copy moves bytes between frames, up to the last byte of RAM', () => {
    const last = map.physTop - PGSIZE;
    ram.write(
      KERNBASE,
      Uint8Array.from({ length: PGSIZE }, (_, i) => i * 7),
    );
    ram.copy(last, KERNBASE, PGSIZE);
    expect(ram.read(last, PGSIZE)).toEqual(ram.read(KERNBASE, PGSIZE));
  });

  it('overlapping copies behave like memmove', () => {
    ram.write(KERNBASE, Uint8Array.of(1, 2, 3, 4, 5));
    ram.copy(KERNBASE + 1, KERNBASE, 4);
    expect([...ram.read(KERNBASE, 5)]).toEqual([1, 1, 2, 3, 4]);
  });

  it('a range that leaves RAM is a bus error and changes nothing', () => {
    const last = map.physTop - 8;
    ram.fill(last, 1, 8);
    expect(() => ram.fill(last, 2, 16)).toThrow(BusError);
    expect(() => ram.copy(last, KERNBASE, 16)).toThrow(BusError);
    expect(() => ram.copy(KERNBASE, KERNBASE - PGSIZE, 16)).toThrow(BusError);
    expect(ram.load8(last)).toBe(1);
  });

  it('a statistic carries into its upper word', () => {
    ram.store64(KERNBASE, 0xffff_fffe);
    ram.count64(KERNBASE, 5);
    expect(ram.load64(KERNBASE)).toBe(0x1_0000_0003);
  });
});
