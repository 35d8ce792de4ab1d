import { describe, expect, it } from 'vitest';
import { KERNBASE } from '../../src/memory/map.js';
import { Op } from '../../src/memory/trace-event.js';
import { Contention } from '../../src/schedule/contention.js';
import { access as accessAt } from '../support/trace-events.js';

const access = (hart: number, op: Op, word: number, size = 4) => accessAt(hart, op, KERNBASE + word * 4, size);

describe('contention', () => {
  it('is a word that two harts touch and one of them writes', () => {
    const contention = new Contention(1 << 20);
    expect(contention.learn([access(0, Op.Load, 1), access(1, Op.Store, 1)])).toEqual([KERNBASE + 4]);
  });

  it('is no word that two harts only read, nor one that only one hart writes', () => {
    const contention = new Contention(1 << 20);
    expect(contention.learn([access(0, Op.Load, 1), access(1, Op.Load, 1), access(0, Op.Store, 2)])).toEqual([]);
  });

  it('is told once', () => {
    const contention = new Contention(1 << 20);
    const trace = [access(0, Op.Store, 1), access(1, Op.Store, 1)];
    contention.learn(trace);
    expect(contention.learn(trace)).toEqual([]);
  });

  it('is the word of a filled page that another hart reads, and not the rest of the page', () => {
    const contention = new Contention(1 << 20);
    const fresh = contention.learn([access(0, Op.BulkWrite, 1024, 4096), access(1, Op.Load, 1030)]);
    expect(fresh).toEqual([KERNBASE + 1030 * 4]);
  });

  it('is told of a word once it is written, however long ago others read it', () => {
    const contention = new Contention(1 << 20);
    expect(contention.learn([access(0, Op.Load, 1), access(1, Op.Load, 1)])).toEqual([]);
    expect(contention.learn([access(1, Op.Store, 1)])).toEqual([KERNBASE + 4]);
  });
});
