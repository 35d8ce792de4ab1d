import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ExhaustiveSearch } from '../../src/schedule/exhaustive.js';
import { everyOutcome, outcomeOf } from '../support/brute-force.js';
import { fuzzing } from '../support/fuzzing.js';
import { sampled } from '../support/long-form.js';
import { RANDOM_TOY } from '../support/random-toy.js';
import type { ToyDuel } from '../support/toy-duels.js';
import { toyWords } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';
import { contended } from '../support/trace-events.js';

const { rounds, seed, timeout } = fuzzing(50);

const words = contended(Object.values(toyWords));

function machineOf(duel: ToyDuel, harts = 2): ToyMachine {
  const toy = new ToyMachine(duel, harts);
  for (const word of Object.values(toyWords)) toy.coordinator.contended.add(word);
  return toy;
}

/** Runs the whole search; the counter's value after each schedule, fewest preemptions first, and what harts could tell. */
function search(toy: ToyMachine, harts: number, bound: number) {
  const exhaustive = new ExhaustiveSearch(harts, bound);
  const counters: number[] = [];
  const outcomes = new Set<string>();
  for (let plan = exhaustive.next(); plan !== undefined; plan = exhaustive.next()) {
    const run = toy.run(plan);
    counters.push(run.counter);
    outcomes.add(outcomeOf(harts, run, run.trace));
    exhaustive.learn(run, run.trace, words);
  }
  return { counters, outcomes, coverage: exhaustive.coverage() };
}

async function searchAll(duel: ToyDuel, bound: number, harts = 2) {
  const toy = machineOf(duel, harts);
  const found = search(toy, harts, bound);
  await toy.close();
  return found;
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
    for (let i = 0; i < 2; i++) {
      const run = toy.run(search.next()!);
      search.learn(run, run.trace, contended([]));
    }
    expect(search.coverage()).toMatchObject({ schedules: 2, complete: true, completedBound: 1 });
    await toy.close();
  });

  const duels = [
    ['unlocked', 2, 3],
    ['locked', 2, 2],
    ['crossed', 2, 2],
    ['unlocked', 3, 2],
    ['relay', 3, 2],
    ['relay', 3, 3],
    ['locked', 3, 1],
    ['crossed', 3, 1],
    ['relay', 4, 1],
  ] as const;
  it.each(sampled(duels, 3, 1))(
    'comes to every outcome that %s of %i harts has with at most %i preemptions',
    async (duel, harts, bound) => {
      const toy = machineOf(duel, harts);
      const all = everyOutcome(toy, harts, bound);
      const { outcomes, coverage } = search(toy, harts, bound);
      await toy.close();
      expect(outcomes).toEqual(all);
      expect(coverage).toMatchObject({ complete: true, completedBound: bound, queued: 0, estimatedRest: 0 });
    },
  );

  it(
    'comes to every outcome that random programs of two harts have with at most two preemptions',
    async () => {
      const toy = machineOf('random');
      const missed: number[] = [];
      for (let program = seed; program < seed + rounds; program++) {
        toy.memory.ram.store32(RANDOM_TOY, program);
        const all = everyOutcome(toy, 2, 2);
        const { outcomes, coverage } = search(toy, 2, 2);
        if (!coverage.complete || !isDeepStrictEqual(outcomes, all)) missed.push(program);
      }
      await toy.close();
      expect(missed).toEqual([]);
    },
    timeout,
  );

  it('chooses freely among three harts who follows one that waits', async () => {
    const { coverage } = await searchAll('unlocked', 0, 3);
    // Each of the 3! orders in which they run to their ends.
    expect(coverage).toMatchObject({ schedules: 6, complete: true });
  });

  it('guesses, while it is not complete, that something is left', async () => {
    const toy = machineOf('relay', 3);
    const exhaustive = new ExhaustiveSearch(3, 2);
    for (let runs = 0; runs < 20; runs++) {
      const run = toy.run(exhaustive.next()!);
      exhaustive.learn(run, run.trace, words);
    }
    const { complete, queued, estimatedRest } = exhaustive.coverage();
    expect(complete).toBe(false);
    expect(queued).toBeGreaterThan(0);
    expect(estimatedRest).toBeGreaterThanOrEqual(queued);
    await toy.close();
  });
});
