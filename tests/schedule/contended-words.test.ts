import { describe, expect, it } from 'vitest';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { ghostOf } from '../../src/memory/trace-event.js';
import { ContendedWords, controlledConfig, scheduleMap } from '../../src/schedule/schedule-block.js';

const FRAME = KERNBASE + 3 * PGSIZE;
const WORD = FRAME + 8;

function made(...contended: readonly number[]): ContendedWords {
  const memory = SharedMemory.create(controlledConfig(2, 2, 100));
  const words = new ContendedWords(memory.host, scheduleMap(memory));
  for (const address of contended) words.add(address);
  return words;
}

describe('contended words', () => {
  it('are found by an access to any byte of theirs, and by none beside', () => {
    const words = made(WORD);
    for (let byte = 0; byte < 4; byte++) {
      expect(words.has(WORD + byte)).toBe(true);
      expect(words.within(WORD + byte, 1)).toEqual([WORD]);
    }
    expect([words.has(WORD - 1), words.has(WORD + 4)]).toEqual([false, false]);
    expect(words.hasGhost(ghostOf(FRAME))).toBe(false);
  });

  it('are apart from ghost words of frames: no access to the frame finds one, nor does another frame', () => {
    const words = made(ghostOf(FRAME));
    expect(words.hasGhost(ghostOf(FRAME))).toBe(true);
    expect([FRAME - PGSIZE, FRAME + PGSIZE].map((frame) => words.hasGhost(ghostOf(frame)))).toEqual([false, false]);
    for (let byte = 0; byte < 16; byte++) expect(words.has(FRAME + byte)).toBe(false);
    expect(words.hasAny(KERNBASE, 2 << 20)).toBe(false);
  });
});
