import { describe, expect, it } from 'vitest';
import type { Acquisition } from '../../../kernel/scenarios/contention.js';
import { contentionTimeline } from '../../../kernel/scenarios/contention-timeline.js';

const acquisition = (hart: number, wanted: number, taken: number, released: number): Acquisition => {
  return { hart, wanted, taken, released };
};

const record = {
  acquisitions: [
    acquisition(3, 900, 910, 1000),
    acquisition(0, 950, 1010, 1020),
    acquisition(1, 1005, 1030, 1040),
    acquisition(0, 1035, 1050, 1060),
  ],
  after: [acquisition(1, 1055, 1070, 1080), acquisition(0, 1075, 1090, 1100), acquisition(2, 990, 1110, 1120)],
};

describe('the timeline of a lock under contention', () => {
  it('begins when the measured time does, ends with the last acquisition, and has who waits there', () => {
    expect(contentionTimeline(record)).toEqual({
      cycles: 60,
      intervals: [
        { hart: 0, wanted: -50, taken: 10, released: 20 },
        { hart: 1, wanted: 5, taken: 30, released: 40 },
        { hart: 0, wanted: 35, taken: 50, released: 60 },
        { hart: 1, wanted: 55, taken: null, released: null },
        { hart: 2, wanted: -10, taken: null, released: null },
      ],
    });
  });

  it('ends earlier when it shows fewer', () => {
    const { cycles, intervals } = contentionTimeline(record, 2);
    expect(cycles).toBe(40);
    expect(intervals.slice(2)).toEqual([
      { hart: 0, wanted: 35, taken: null, released: null },
      { hart: 2, wanted: -10, taken: null, released: null },
    ]);
  });

  it('needs something to show', () => {
    expect(() => contentionTimeline({ acquisitions: [acquisition(0, 1, 2, 3)], after: [] })).toThrow(RangeError);
  });
});
