import { afterAll, describe, expect, it } from 'vitest';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { scenarios } from '../../../kernel/scenarios/scenarios.js';
import { strategies } from '../../../src/schedule/strategies.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { fuzzing } from '../../support/fuzzing.js';
import { sampled } from '../../support/long-form.js';

/** By each strategy, of each design: a still longer form is bench/soundness. */
const { rounds: SCHEDULES, timeout } = fuzzing(4);
/** One design of so many for each scenario, in the short form. */
const TAKES_TURNS = 6;

const pool = new ExplorePool();
afterAll(() => pool.close());

describe('nothing is held against a sound kernel', { timeout }, () => {
  it.each(scenarios.map(({ name }, number) => [name, number] as const))('%s', async (scenario, number) => {
    for (const { name: design } of sampled(designs, TAKES_TURNS, number)) {
      const machine = pool.machine(scenario, design, null);
      for (const { name: strategy } of sampled(strategies, 2, number)) {
        const { schedules, failures, advice } = await machine.batch(strategy, 7, 0, SCHEDULES);
        expect({ schedules, failures, advice }).toEqual({ schedules: SCHEDULES, failures: [], advice: [] });
      }
    }
  });
});
