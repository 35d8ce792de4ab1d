import type { Plan, PointUnit } from './plan.js';
import { RandomNumbers } from './random-numbers.js';
import type { ScenarioFacts, Strategy } from './strategy.js';

/**
 * Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): random priorities, and `depth - 1` points at which
 * the running hart falls below all others. A bug of depth d in a run of k points by n harts is found with a probability
 * of at least 1 / (n k^(d-1)) by one schedule.
 */
function pctPlan(facts: ScenarioFacts, unit: PointUnit, depth: number, numbers: RandomNumbers): Plan {
  const points = Math.max(1, unit === 'contended' ? facts.contendedPoints : facts.points);
  const preference = numbers.shuffled(Array.from({ length: facts.harts }, (_, hart) => hart));
  const at = new Set<number>();
  for (let change = 1; change < depth; change++) at.add(numbers.below(points));
  const switches = [...at].sort((a, b) => a - b).map((point) => ({ at: point, action: { kind: 'demote' as const } }));
  return { preference, unit, switches, strict: true, answers: [] };
}

/** Depths that schedules take in turn: most races need one to three changes. */
const DEPTHS = [2, 3, 4] as const;

function strategy(name: string, unit: PointUnit, summary: string): Strategy {
  return {
    name,
    summary,
    plan: (facts, seed, index) => pctPlan(facts, unit, DEPTHS[index % DEPTHS.length]!, new RandomNumbers(seed, index)),
  };
}

export const pct = strategy('pct', 'every', 'priorities with depth - 1 change points anywhere');
export const pctContended = strategy(
  'pct-contended',
  'contended',
  'priorities with change points only at accesses to contended words',
);
