import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import { ghostOf, Op } from '../../src/memory/trace-event.js';
import { fingerprint } from '../../src/schedule/equivalence.js';
import { access, contended, note } from '../support/trace-events.js';

const [X, Y] = [0x8000_0000, 0x8000_0004];
const all = contended();

describe('the fingerprint of a run', () => {
  it('is the same when accesses to different words change places', () => {
    const [a, b] = [access(0, Op.Store, X), access(1, Op.Store, Y)];
    expect(fingerprint([a, b], all)).toBe(fingerprint([b, a], all));
  });

  it('is the same when two reads of a word change places', () => {
    const [w, a, b] = [access(0, Op.Store, X), access(0, Op.Load, X), access(1, Op.Load, X)];
    expect(fingerprint([w, a, b], all)).toBe(fingerprint([w, b, a], all));
  });

  it('differs when a read and a write of a word change places', () => {
    const [a, b] = [access(0, Op.Load, X), access(1, Op.Store, X)];
    expect(fingerprint([a, b], all)).not.toBe(fingerprint([b, a], all));
  });

  it('differs when two writes of a word change places', () => {
    const [a, b] = [access(0, Op.Store, X), access(1, Op.Store, X)];
    expect(fingerprint([a, b], all)).not.toBe(fingerprint([b, a], all));
  });

  it('tells runs apart by words in the middle of a page that is written at once', () => {
    const page = { ...access(0, Op.BulkWrite, X), size: 4096 };
    const [load, word] = [access(1, Op.Load, X + 400), contended([X + 400])];
    expect(fingerprint([page, load], word)).not.toBe(fingerprint([load, page], word));
  });

  it('tells runs apart by the order in which doorbells are used', () => {
    const bell = (hart: number) => note(hart, KernelEvent.BellUsed, 0);
    expect(fingerprint([bell(0), bell(1)], all)).not.toBe(fingerprint([bell(1), bell(0)], all));
  });

  it('differs when one hart frees a frame before or after another maps or uses it', () => {
    const freed = note(0, KernelEvent.FrameFreed, X);
    const others = [note(1, KernelEvent.FrameMapped, Y, X), access(1, Op.Load, X + 8)];
    for (const other of others) expect(fingerprint([freed, other], all)).not.toBe(fingerprint([other, freed], all));
    const onlyWords = contended([X + 8]);
    for (const other of others)
      expect(fingerprint([freed, other], onlyWords)).toBe(fingerprint([other, freed], onlyWords));
    expect(fingerprint([freed], contended([ghostOf(X)]))).not.toBe(fingerprint([], contended([ghostOf(X)])));
  });

  it('differs when what a hart read before it wrote elsewhere differs', () => {
    const [r, w, other] = [access(0, Op.Load, X), access(0, Op.Store, Y), access(1, Op.Store, X)];
    expect(fingerprint([r, w, other], all)).not.toBe(fingerprint([other, r, w], all));
  });
});
