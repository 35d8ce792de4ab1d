import { describe, expect, it } from 'vitest';
import { guestBlock } from '../../src/guest/guest-block.js';
import { NOTHING_WATCHED, WatchedWords } from '../../src/guest/watched-words.js';
import { hartBlock, KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const WORD = KERNBASE + 0x1000;
const STATE = KERNBASE + 0x2000;

function machine() {
  const memory = SharedMemory.create({ harts: 2, memory: 2, devices: guestBlock.size });
  const { host, map, ram } = memory;
  const bell = (hart: number) => hartBlock.fields.doorbell.load(host, map.harts[hart]!.block);
  // As on their own threads: each hart has its own view of the shared lists.
  return { ram, bell, idle: new WatchedWords(memory), busy: new WatchedWords(memory) };
}

describe('a word that an idle hart watches', () => {
  it('rings its doorbell when another hart writes it, and nobody else’s', () => {
    const { bell, idle, busy } = machine();
    idle.watch(1, { words: [WORD], sought: [], dull: [] });
    busy.changed(WORD + 4, 4);
    expect([bell(0), bell(1)]).toEqual([0, 0]);
    busy.changed(WORD - 4, 8);
    expect([bell(0), bell(1)]).toEqual([0, 1]);
  });

  it('does not ring where the loop has passed over the value before', () => {
    const { ram, bell, idle, busy } = machine();
    idle.watch(1, { words: [], sought: [STATE], dull: [2, 4] });
    ram.store32(STATE, 4);
    busy.changed(STATE, 4);
    expect(bell(1)).toBe(0);
    ram.store32(STATE, 3);
    busy.changed(STATE, 4);
    expect(bell(1)).toBe(1);
  });

  it('is nobody’s when the hart has woken', () => {
    const { bell, idle, busy } = machine();
    idle.watch(1, { words: [WORD], sought: [], dull: [] });
    idle.watch(1, NOTHING_WATCHED);
    busy.changed(WORD, 4);
    expect(bell(1)).toBe(0);
  });
});
