import { describe, expect, it } from 'vitest';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { type AccessMode, Coherence, LINE_SIZE } from '../../src/schedule/coherence.js';
import { controlledConfig, scheduleMap } from '../../src/schedule/schedule-block.js';
import { LINE_TABLE } from '../../src/schedule/time-block.js';

/** Each cost can be told from a sum. */
const costs = { hit: 1, share: 10, transfer: 100, upgrade: 1000, memory: 10_000, atomic: 100_000, overlap: 1 };
const WORD = KERNBASE;

/** Caches that hold nothing. Says when an access is over that begins at `now`. */
function caches(places = 16, charged = costs) {
  const memory = SharedMemory.create(controlledConfig(2, 2, 0, places));
  const coherence = new Coherence(memory.host, scheduleMap(memory).time + LINE_TABLE, places);
  return (hart: number, mode: AccessMode, now: number, address = WORD, bytes = 4) =>
    coherence.access(hart, address, bytes, mode, now, charged);
}

describe('a line in the caches of two harts', () => {
  it('comes from memory for one alone, who may then write it', () => {
    const access = caches();
    expect(access(0, 'read', 0)).toBe(10_000);
    expect(access(0, 'write', 10_000)).toBe(10_001);
    expect(access(0, 'read', 10_001)).toBe(10_002);
  });

  it('moves to a reader, is then shared, and taken back by a write', () => {
    const access = caches();
    access(0, 'write', 0);
    expect(access(1, 'read', 10_000)).toBe(10_100);
    expect(access(0, 'read', 10_100)).toBe(10_101);
    expect(access(1, 'read', 10_101)).toBe(10_102);
    expect(access(0, 'write', 10_102)).toBe(11_102);
    expect(access(1, 'read', 11_102)).toBe(11_202);
  });

  it('moves from writer to writer', () => {
    const access = caches();
    access(0, 'write', 0);
    expect(access(1, 'write', 10_000)).toBe(10_100);
    expect(access(0, 'write', 10_100)).toBe(10_200);
  });

  it('costs a read-modify-write the atomic operation beside the line', () => {
    const access = caches();
    expect(access(0, 'update', 0)).toBe(110_000);
    expect(access(0, 'update', 110_000)).toBe(210_001);
    expect(access(1, 'update', 210_001)).toBe(310_101);
  });
});

describe('a line that several harts want at once', () => {
  it('is read by one after the other: n readers after a write pay in proportion to n', () => {
    const access = caches();
    access(0, 'write', 0);
    const readers = [1, 2, 3, 31, 32, 63];
    expect(readers.map((hart) => access(hart, 'read', 20_000))).toEqual([
      20_100, 20_110, 20_120, 20_130, 20_140, 20_150,
    ]);
    // A hit asks nobody: it need not wait for those.
    expect(access(1, 'read', 20_100)).toBe(20_101);
    // A write does, and ends their copies.
    expect(access(1, 'write', 20_101)).toBe(21_150);
    expect(readers.slice(1).map((hart) => access(hart, 'read', 30_000))).toEqual([
      30_100, 30_110, 30_120, 30_130, 30_140,
    ]);
  });

  it('is not the same line for words that lie 64 bytes apart', () => {
    const pingPong = (other: number) => {
      const access = caches();
      let times = [access(0, 'write', 0, WORD), access(1, 'write', 0, other)];
      for (let i = 0; i < 10; i++) times = [access(0, 'write', times[0]!, WORD), access(1, 'write', times[1]!, other)];
      return times;
    };
    // Two words of one line: each write takes the line from the other hart, and waits until it is there.
    expect(pingPong(WORD + LINE_SIZE - 4)).toEqual([12_000, 12_100]);
    expect(pingPong(WORD + LINE_SIZE)).toEqual([10_010, 10_010]);
  });
});

describe('the directory of lines', () => {
  it('tells harts 8 and 40 apart, which have the same place in their halves of the set', () => {
    const access = caches();
    access(8, 'write', 0);
    expect(access(40, 'write', 10_000)).toBe(10_100);
  });

  it('charges an access of several lines for each of them', () => {
    const access = caches();
    expect(access(0, 'write', 0, WORD + 60, 8)).toBe(20_000);
    expect(access(0, 'write', 20_000, WORD, 2 * LINE_SIZE)).toBe(20_002);
  });

  it('lets the misses of one access of several lines overlap, but for the first', () => {
    const access = caches(16, { ...costs, overlap: 4 });
    expect(access(0, 'write', 0, WORD, 4 * LINE_SIZE)).toBe(10_000 + 3 * 2500);
    // Hits have nothing to wait for.
    expect(access(0, 'write', 20_000, WORD, 4 * LINE_SIZE)).toBe(20_004);
    expect(access(1, 'read', 30_000, WORD, 3 * LINE_SIZE)).toBe(30_000 + 100 + 2 * 25);
  });

  it('keeps as many lines as it has room for, and says when they are more', () => {
    const access = caches(4);
    for (let line = 0; line < 4; line++) access(0, 'read', 0, WORD + line * LINE_SIZE);
    expect(access(0, 'read', 0, WORD + 3 * LINE_SIZE)).toBe(1);
    expect(() => access(0, 'read', 0, WORD + 4 * LINE_SIZE)).toThrow(
      'virtual time has room for 4 cache lines, and the run uses more',
    );
  });

  it('has room for a power of two', () => {
    expect(() => controlledConfig(2, 2, 0, 12)).toThrow('lines must be a power of two, not 12');
  });
});
