import { describe, expect, it } from 'vitest';
import { areTurned } from '../../src/explore/verdict.js';
import type { TraceEvent } from '../../src/memory/trace-event.js';
import { load, store } from '../support/trace-events.js';

const [X, Y] = [0x8000_0000, 0x8000_0004];

describe('the accesses of a race', () => {
  const [a, b] = [store(0, X), load(1, X)];
  const turned = (...other: readonly TraceEvent[]) => areTurned([a, b], a, b, other);

  it('are turned round in a run that has both, the second one first', () => {
    expect(turned(load(1, X), store(0, X))).toBe(true);
    expect(turned(store(0, X), load(1, X))).toBe(false);
  });

  it('are not where one of them is missing, or is another hart’s, of another kind or to another word', () => {
    expect(turned(load(1, X))).toBe(false);
    expect(turned(load(0, X), store(1, X))).toBe(false);
    expect(turned(store(1, X), load(0, X))).toBe(false);
    expect(turned(load(1, Y), store(0, X))).toBe(false);
  });

  it('are told from others like them by their place among those', () => {
    const before = load(1, X);
    expect(areTurned([before, a, b], a, b, [load(1, X), store(0, X), load(1, X)])).toBe(false);
    expect(areTurned([before, a, b], a, b, [load(1, X), load(1, X), store(0, X)])).toBe(true);
  });
});
