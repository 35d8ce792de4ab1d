import { describe, expect, it } from 'vitest';
import { strategies, strategyNamed } from '../../src/schedule/strategies.js';

const FACTS = { harts: 3, points: 500, contendedPoints: 120, asked: [4, 0, 0, 0] };

describe.each(strategies)('$name', (strategy) => {
  it('plans the same for the same seed and number, and something else for another', () => {
    expect(strategy.plan(FACTS, 5, 17)).toEqual(strategy.plan(FACTS, 5, 17));
    expect(strategy.plan(FACTS, 5, 17)).not.toEqual(strategy.plan(FACTS, 6, 17));
  });

  it('names every hart once, and its switches in order', () => {
    for (let index = 0; index < 200; index++) {
      const { preference, switches } = strategy.plan(FACTS, 1, index);
      expect(preference.toSorted()).toEqual([0, 1, 2]);
      expect(switches.map(({ at }) => at)).toEqual(switches.map(({ at }) => at).toSorted((a, b) => a - b));
    }
  });

  it('plans for a scenario without contention', () => {
    const bare = { harts: 2, points: 0, contendedPoints: 0, asked: [] };
    for (let index = 0; index < 50; index++) expect(() => strategy.plan(bare, 1, index)).not.toThrow();
  });
});

describe('random', () => {
  it('answers only questions that were asked', () => {
    const answers = Array.from({ length: 300 }, (_, i) => strategyNamed('random').plan(FACTS, 1, i).answers).flat();
    expect(answers.length).toBeGreaterThan(0);
    expect(answers.every(({ question, nth }) => question === 0 && nth < 4)).toBe(true);
  });
});

describe('a strategy that does not exist', () => {
  it('is refused with the names of those that do', () => {
    expect(() => strategyNamed('luck')).toThrow(/no strategy 'luck'; there are: random, pct/);
  });
});
