import type { Bug } from '../../kernel/bugs/bug.js';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { type HostedChoice, hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import { Exploration } from '../../src/app/exploration.js';
import type { BatchResult } from '../../src/explore/explorer.js';

/** The machine in which the bug shows best. */
export function explorationOf(bug: Bug, design: string): Exploration {
  return hostedExploration({ scenario: bug.scenario, design, bug: bug.name });
}

/** One machine for the hosted kernel in a scenario. */
export function hostedExploration(choice: HostedChoice, oracle = false): Exploration {
  const config = hostedConfig(choice);
  const subject = { kind: HOSTED, config };
  return new Exploration({ subject, harts: config.harts, stepLimit: CHECK_DEFAULTS.stepLimit, machines: 1, oracle });
}

/** The first report of a kind that the bug is expected to show. */
export function expectedReport(bug: Bug, { failures, advice }: BatchResult) {
  return [...failures, ...advice]
    .filter(({ kind }) => bug.expected.includes(kind))
    .toSorted((a, b) => a.schedule - b.schedule)[0];
}

/** Schedules of the first piece of work; each next one is twice as long, so that what is found early costs little. */
const FIRST_BATCH = 10;

/** Number of the first schedule of the seed, of at most `schedules`, that shows the bug as expected; null: none does. */
export async function firstReport(
  exploration: Exploration,
  bug: Bug,
  strategy: string,
  seed: number,
  schedules: number,
): Promise<number | null> {
  for (let first = 0, count = FIRST_BATCH; first < schedules; first += count, count *= 2) {
    const result = await exploration.batch(strategy, seed, first, Math.min(count, schedules - first));
    const report = expectedReport(bug, result);
    if (report !== undefined) return report.schedule;
  }
  return null;
}
