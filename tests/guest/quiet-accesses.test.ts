import { expect, it } from 'vitest';
import { GUEST } from '../../src/guest/guest.js';
import { strategyNamed } from '../../src/schedule/strategies.js';
import { ExploredMachines } from '../../workers/explored-machines.js';
import { countingKernel } from '../support/counting-kernel.js';
import { sampled } from '../support/long-form.js';

const PLANS = 20;

it.each(sampled(['random', 'pct', 'pos'], 3))(
  'accesses that nobody contends for leave the same run, stopped at or not: %s',
  async (strategy) => {
    const subject = { kind: GUEST, config: countingKernel('put') };
    const limits = { stepLimit: 20_000, spins: 50 };
    const { explorer } = await new ExploredMachines().explored({ subject, limits });
    const { machine, facts } = explorer;
    let quiet = 0;
    for (let index = 0; index < PLANS; index++) {
      const plan = strategyNamed(strategy).plan(facts, 1, index);
      const result = machine.run(plan);
      const digest = machine.trace().digest();
      const hash = machine.memoryHash();
      // With their stacks, every access is announced.
      machine.coordinator.capture(true);
      expect(machine.run(plan)).toEqual(result);
      expect(machine.trace().digest()).toBe(digest);
      expect(machine.memoryHash()).toBe(hash);
      machine.coordinator.capture(false);
      quiet += result.points - result.contendedPoints;
    }
    expect(quiet).toBeGreaterThan(0);
    machine.dismiss();
  },
);
