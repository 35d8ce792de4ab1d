import { describe, expect, it } from 'vitest';
import { freeListOf, freeRunningList } from '../../kernel/config.js';

describe('the free list of a machine that runs freely', () => {
  const kernel = { design: 'page-map-lock', form: 'sound', bug: null } as const;

  it('is one for each hart', () => {
    expect(freeRunningList(kernel)).toBe('per-hart');
  });

  it('is left to a bug, which may need that what is freed here is taken there', () => {
    const bug = { ...kernel, bug: 'lock-order' };
    expect(freeRunningList(bug)).toBeUndefined();
    expect(freeListOf(bug).name).toBe('one');
    expect(freeListOf({ bug: 'steal-one-look' }).name).toBe('per-hart');
  });

  it('is the one whose lock guards the counts of kmem-count, unless those have a scheme', () => {
    const counted = { ...kernel, design: 'kmem-count' };
    expect(freeRunningList(counted)).toBeUndefined();
    expect(freeRunningList({ ...counted, refs: 'atomic' })).toBe('per-hart');
  });
});
