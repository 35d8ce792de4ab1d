import { type Plan, plainPlan } from './plan.js';
import type { Policy } from './policy.js';
import { DEFAULT_COSTS, type TimeCosts } from './time-costs.js';

/**
 * Virtual time: whoever is earliest goes on. As nothing is left to the machine that it runs on, and chance is
 * random numbers of a seed, figures of
 * such runs are the same to the digit anywhere. It is no way to look for failures: there is one schedule for a seed, or few.
 */
export const timed: Policy = {
  name: 'timed',
  keepsTime: true,
  begin({ costs }, words): void {
    words.time.begin(costs ?? DEFAULT_COSTS);
  },
  choose(hart, _access, harts, words): number {
    return words.time.next(harts) ?? hart;
  },
  successor(_hart, harts, words): number | undefined {
    return words.time.next(harts);
  },
};

/** The run in virtual time. */
export function timedPlan(harts: number, costs: TimeCosts, seed: number): Plan {
  return { ...plainPlan(harts), policy: { name: timed.name, seed, costs } };
}
