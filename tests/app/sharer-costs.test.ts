import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { measureSharers } from '../../src/app/sharer-costs.js';

const names = designs.map(({ name }) => name);

describe('what sharers cost', () => {
  it.each(names)('%s: comes out the same every time', (design) => {
    expect(measureSharers(design, 8)).toEqual(measureSharers(design, 8));
  });

  it('fork-tree: the last to write walks past all the others, and the first meets one at once', () => {
    const [some, more, most] = [16, 32, 64].map((sharers) => measureSharers('fork-tree', sharers));
    const step = (more!.lastWrite - some!.lastWrite) / 16;
    expect(step).toBeGreaterThanOrEqual(3);
    expect(most!.lastWrite - more!.lastWrite).toBe(32 * step);
    expect(most!.firstWrite).toBe(some!.firstWrite);
  });

  it('core-map: who leaves a page walks the list of its mappings', () => {
    const [some, more] = [16, 32].map((sharers) => measureSharers('core-map', sharers));
    expect(more!.firstWrite).toBeGreaterThanOrEqual(some!.firstWrite + 16);
    expect(more!.lastWrite).toBe(some!.lastWrite);
  });

  it.each(names.filter((name) => name !== 'fork-tree' && name !== 'core-map'))(
    '%s: a write and an exit cost the same however many share',
    (design) => {
      // Two are few: who stays behind is the last.
      const [some, more] = [4, 32].map((sharers) => measureSharers(design, sharers));
      expect({ ...more, sharers: 4 }).toEqual(some);
    },
  );
});
