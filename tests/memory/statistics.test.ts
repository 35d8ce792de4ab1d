import { expect, it } from 'vitest';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const { ram } = SharedMemory.create({ harts: 1, memory: 2 });

it('a count goes on beyond 32 bits', () => {
  const [at, by] = [KERNBASE, 2 ** 31 - 1];
  for (let times = 1; times <= 7; times++) {
    ram.count64(at, by);
    expect(ram.load64(at)).toBe(times * by);
  }
  ram.store64(at, 2 ** 32 - 1);
  ram.count64(at, 1);
  expect(ram.load64(at)).toBe(2 ** 32);
});

it('a stamp replaces some bits, and tells what was there', () => {
  const at = KERNBASE + 8;
  ram.store32(at, 0xffff_ff12);
  expect(ram.stamp32(at, ~0xff, 0x34)).toBe(0xffff_ff12);
  expect(ram.load32(at)).toBe(0xffff_ff34);
});
