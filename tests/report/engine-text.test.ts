import { expect, it } from 'vitest';
import { engineText } from '../../src/report/engine-text.js';

it('what the engines did is a row for each hart', () => {
  const hart = {
    instructions: 30_000_000,
    tlbFills: { reads: 1, writes: 2000, fetches: 3 },
    regions: 4,
    cacheHits: 5,
    translation: 6.25,
  };
  expect(engineText([hart, { ...hart, instructions: 0, translation: 0 }], 0.5)).toBe(
    [
      'hart  instructions  MIPS  regions  cache hits  translating  TLB fills: read  write  fetch',
      '----  ------------  ----  -------  ----------  -----------  ---------------  -----  -----',
      '0       30,000,000    60        4           5       6.3 ms                1  2,000      3',
      '1                0     0        4           5       0.0 ms                1  2,000      3',
    ].join('\n'),
  );
});
