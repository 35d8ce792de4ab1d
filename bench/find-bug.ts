import type { Bug } from '../kernel/bugs/bug.js';
import type { BatchResult } from '../kernel/scenarios/explorer.js';
import { scenarioNamed } from '../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS } from '../src/app/check.js';
import { Exploration } from '../src/app/exploration.js';

/** The machine in which the bug shows best. */
export function explorationOf(bug: Bug, design: string): Exploration {
  const { memory, processes, stepLimit } = CHECK_DEFAULTS;
  const kernel = { design, form: 'sound', bug: bug.name, processes } as const;
  const { name: scenario, harts } = scenarioNamed(bug.scenario);
  return new Exploration({ scenario, harts, kernel, memory, stepLimit }, 1, undefined);
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
