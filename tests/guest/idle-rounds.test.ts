import { describe, expect, it } from 'vitest';
import { IdleRounds } from '../../src/guest/idle-rounds.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const { ram } = SharedMemory.create({ harts: 1, memory: 2 });
const LOOP = KERNBASE + 0x100;
const [SOUGHT, LOCK, OTHER] = [KERNBASE + 0x1000, KERNBASE + 0x1004, KERNBASE + 0x1008];
const SP = KERNBASE + 0x8000;
const registers = (value: number) => new Uint8Array(256).fill(value);

/** One round of a loop that looks at a word under a lock. */
function goRound(rounds: IdleRounds, unlocks = true) {
  const watch = rounds.aboutToAccess(LOOP, registers(1), SP);
  if (watch !== undefined) return watch;
  rounds.accesses(LOCK, 4, true, false);
  ram.store32(LOCK, 1);
  rounds.accesses(SOUGHT, 4, false, true);
  rounds.accesses(OTHER, 4, false, false);
  rounds.accesses(SP - 8, 4, true, false);
  ram.store32(SP - 8, ram.load32(SP - 8) + 1);
  rounds.accesses(LOCK, 4, true, false);
  if (unlocks) ram.store32(LOCK, 0);
  return undefined;
}

describe('a hart in its idle loop', () => {
  it('waits for what it has only read, once it has gone round and left nothing behind', () => {
    const rounds = new IdleRounds(ram);
    ram.store32(SOUGHT, 2);
    ram.store32(LOCK, 0);
    expect(goRound(rounds)).toBeUndefined();
    expect(goRound(rounds)).toEqual({ words: [OTHER], sought: [SOUGHT], dull: [2] });
  });

  it('does not wait when it has changed something', () => {
    const rounds = new IdleRounds(ram);
    ram.store32(LOCK, 0);
    expect(goRound(rounds, false)).toBeUndefined();
    expect(goRound(rounds, false)).toBeUndefined();
  });

  it('does not wait when another hart has changed since what it read', () => {
    const rounds = new IdleRounds(ram);
    ram.store32(LOCK, 0);
    ram.store32(OTHER, 0);
    expect(goRound(rounds)).toBeUndefined();
    ram.store32(OTHER, 1);
    expect(goRound(rounds)).toBeUndefined();
    expect(goRound(rounds)).toMatchObject({ words: [OTHER] });
  });

  it('does not wait when it comes back with other registers', () => {
    const rounds = new IdleRounds(ram);
    expect(rounds.aboutToAccess(LOOP, registers(1), SP)).toBeUndefined();
    expect(rounds.aboutToAccess(LOOP, registers(2), SP)).toBeUndefined();
  });
});
