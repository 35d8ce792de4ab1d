import { describe, expect, it } from 'vitest';
import { SpinDetector } from '../../../src/hart/controlled/spin-detector.js';

const [LOOP, OTHER] = [0x1000, 0x2000];
const word = (address: number, value = 0) => ({ address, value });

/** Goes round a loop so often that reads these words, with these registers each time. The words that it is found to wait for. */
function round(times: number, reads: readonly { address: number; value: number }[], registers: (i: number) => number) {
  const detector = new SpinDetector();
  let found: ReturnType<SpinDetector['aboutToRead']>;
  for (let i = 0; i < times && found === undefined; i++)
    for (const [n, read] of reads.entries()) {
      const waits = detector.aboutToRead(LOOP + 4 * n, () => Uint8Array.of(registers(i), n));
      if (n === 0) found = waits;
      detector.hasRead([read]);
    }
  return found;
}

describe('a loop that only reads what does not change', () => {
  it('waits for the words that it reads', () => {
    expect(round(10, [word(8, 1)], () => 7)).toEqual([word(8, 1)]);
    expect(round(10, [word(8, 1), word(12, 2)], () => 7)).toEqual([word(8, 1), word(12, 2)]);
  });

  it('does not wait while its registers change: it may be counting', () => {
    expect(round(50, [word(8)], (i) => i)).toBeUndefined();
  });

  it('is not known to wait the first time round, nor the second', () => {
    expect(round(2, [word(8)], () => 7)).toBeUndefined();
  });

  it('that reads many words is left to go round', () => {
    const reads = Array.from({ length: 9 }, (_, i) => word(8 + 4 * i));
    expect(round(20, reads, () => 7)).toBeUndefined();
  });

  it('begins anew when the hart has done something else', () => {
    const detector = new SpinDetector();
    for (let i = 0; i < 50; i++) {
      expect(detector.aboutToRead(LOOP, () => Uint8Array.of(7))).toBeUndefined();
      detector.hasRead([word(8)]);
      detector.forget();
      expect(detector.aboutToRead(OTHER, () => Uint8Array.of(7))).toBeUndefined();
      detector.forget();
    }
  });
});
