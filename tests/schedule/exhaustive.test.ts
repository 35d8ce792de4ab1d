import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/schedule/equivalence.js';
import { ExhaustiveSearch } from '../../src/schedule/exhaustive.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { toyWords } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';

/** Runs the whole search; the counter's value after each schedule, by number of preemptions. */
async function searchAll(duel: ToyDuel, bound: number) {
  const toy = new ToyMachine(duel);
  for (const word of Object.values(toyWords)) toy.coordinator.contended.add(word);
  const search = new ExhaustiveSearch(2, bound);
  const counters: number[] = [];
  for (let plan = search.next(); plan !== undefined; plan = search.next()) {
    const run = toy.run(plan);
    counters.push(run.counter);
    search.learn(
      run,
      fingerprint(run.trace, () => true),
    );
  }
  await toy.close();
  return { counters, coverage: search.coverage() };
}

describe('exhaustive search', () => {
  it('runs each hart first and nothing else when no preemption is allowed', async () => {
    const { counters, coverage } = await searchAll('unlocked', 0);
    expect(counters).toEqual([2, 2]);
    expect(coverage).toMatchObject({ complete: true, completedBound: 0, queued: 0, estimatedRest: 0 });
  });

  it('finds the lost increment with one preemption', async () => {
    const { counters } = await searchAll('unlocked', 1);
    expect(Math.min(...counters)).toBe(1);
  });

  it('reaches every outcome that two loads and two stores can have', async () => {
    const { counters, coverage } = await searchAll('unlocked', 4);
    expect(new Set(counters)).toEqual(new Set([1, 2]));
    expect(coverage.complete).toBe(true);
  });

  it('finds no lost increment under a lock, with any two preemptions', async () => {
    const { counters, coverage } = await searchAll('locked', 2);
    expect(new Set(counters)).toEqual(new Set([2]));
    expect(coverage.completedBound).toBe(2);
  });

  it('is complete after one schedule for each first hart when no word is contended', async () => {
    const toy = new ToyMachine('unlocked');
    const search = new ExhaustiveSearch(2, 1);
    for (let i = 0; i < 2; i++) search.learn(toy.run(search.next()!), i);
    expect(search.coverage()).toMatchObject({ schedules: 2, complete: true, completedBound: 1 });
    await toy.close();
  });

  it('is for two harts', () => {
    expect(() => new ExhaustiveSearch(3, 1)).toThrow(/for 2 harts, not 3/);
  });
});
