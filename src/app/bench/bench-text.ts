import { hanging } from '../../report/wrap.js';
import { COST_NAMES, type TimeCosts } from '../../schedule/time-costs.js';
import { contentionText } from './contention-text.js';
import type { BenchResult, LockFigures } from './result.js';

/** What a person reads. @param width columns of the page */
export function benchText({ virtual, measured, interrupted }: BenchResult, width: number): string {
  const { costs, locks } = virtual;
  return [
    ...(locks === undefined ? [] : [`${contentionText(locks.cells)}\n\n${workloadText(locks, width)}`]),
    hanging('costs in cycles: ', costText(costs), width),
    `${interrupted ? 'interrupted: figures are missing; ' : ''}${measured.seconds.toFixed(1)} s of real time`,
  ].join('\n');
}

export function costText(costs: TimeCosts): string {
  return COST_NAMES.map((name) => `${name} ${costs[name]}`).join(', ');
}

function workloadText({ workload }: LockFigures, width: number): string {
  const { acquisitions, inside, outside, seed } = workload;
  return hanging(
    'virtual time: ',
    `each of the harts takes one lock ${acquisitions} times on average, computes ${inside} cycles with it and about ${outside} without; seed ${seed}`,
    width,
  );
}
