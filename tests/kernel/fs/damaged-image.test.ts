import { expect, it } from 'vitest';
import { checkImage } from '../../../kernel/fs/check-image.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { RandomNumbers } from '../../../src/schedule/random-numbers.js';
import { fuzzing } from '../../support/fuzzing.js';

/** Where the superblock, the log, the inodes and the first folder lie, on which everything else depends. */
const FIRST_BLOCKS = 64 * 1024;

/** Changes some bytes, one in two of them near the beginning, and now and then cuts the image or makes it longer. */
function damage(image: Uint8Array, random: RandomNumbers): Uint8Array {
  const size = random.below(4) === 0 ? random.below(image.length + 5000) : image.length;
  const damaged = new Uint8Array(size);
  damaged.set(image.subarray(0, size));
  for (let left = random.below(16); left > 0 && size > 0; left--) {
    const most = random.below(2) === 0 ? Math.min(size, FIRST_BLOCKS) : size;
    damaged[random.below(most)] = random.below(256);
  }
  return damaged;
}

const { rounds, seed, timeout } = fuzzing(50);

it(
  'a damaged image is taken, or refused in one line',
  () => {
    const image = mkfs([
      { name: 'README', data: new Uint8Array(3000).fill(65) },
      { name: 'large', data: new Uint8Array(40_000).fill(66) },
    ]);
    const random = new RandomNumbers(seed, 0);
    let taken = 0;
    for (let round = 0; round < rounds; round++) {
      const problem = checkImage(damage(image, random));
      if (problem === undefined) taken++;
      else expect(problem).toMatch(/^[^\n]+$/);
    }
    // Both happen, or nothing was tested.
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(rounds);
  },
  timeout,
);
