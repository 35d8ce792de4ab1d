import { afterAll, describe, expect, it } from 'vitest';
import { bugNamed } from '../../../kernel/config.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { scenarios } from '../../../kernel/scenarios/scenarios.js';
import { ORACLE_KIND } from '../../../src/explore/oracle.js';
import { strategies } from '../../../src/schedule/strategies.js';
import { ExplorePool } from '../../support/explore-pool.js';
import { fuzzing } from '../../support/fuzzing.js';
import { sampled } from '../../support/long-form.js';

const { rounds: SCHEDULES, timeout } = fuzzing(3);
/** Until a mistake shows. */
const MOST = 300;
/** Of so many scenarios the short form has one. */
const EVERY = 5;
/** 256 processes take a while to be looked at, and to run out of memory in every order takes thousands of runs. */
const SLOW = ['many-sharers', 'exec-allocate', 'move-take'];

const pool = new ExplorePool();
afterAll(() => pool.close());

describe('every end of a sound kernel is the end of some serial order', { timeout }, () => {
  const duels = scenarios.filter(({ program, name }) => program === undefined && !SLOW.includes(name));
  // Each with another design: bench/soundness has all of them with all.
  const pairs = duels.map(({ name }, i) => [name, designs[i % designs.length]!.name] as const);
  it.each(sampled(pairs, EVERY, 1))('%s, %s', async (scenario, design) => {
    const machine = pool.machine(scenario, design, null, {}, true);
    for (const { name: strategy } of strategies) {
      const { schedules, failures } = await machine.batch(strategy, 7, 0, SCHEDULES);
      expect({ schedules, failures }).toEqual({ schedules: SCHEDULES, failures: [] });
    }
  });
});

describe('the serial oracle alone', () => {
  const shown = [
    'unlocked-count',
    'check-then-act',
    'unguarded-map',
    'pte-address',
    'lost-wakeup',
    'kill-reused-slot',
    'slot-without-recheck',
    'freelist-without-lock',
  ];
  it.each(sampled(shown, 8))('finds %s', async (name) => {
    const { scenario, designs: able } = bugNamed(name);
    const machine = pool.machine(scenario, able[0]!, name, {}, true);
    const { failures } = await machine.batch('random', 1, 0, MOST);
    expect(failures.map(({ kind }) => kind)).toContain(ORACLE_KIND);
  });
});
