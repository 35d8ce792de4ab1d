import type { Anchor } from '../src/explore/anchors.js';
import { explain } from '../src/explore/explainer.js';
import type { Explanation } from '../src/explore/explanation.js';
import type { BatchResult, FailureKey } from '../src/explore/explorer.js';
import { type ReplayResult, replayFailure } from '../src/explore/replay-failure.js';
import type { Coverage } from '../src/schedule/exhaustive.js';
import { strategyNamed } from '../src/schedule/strategies.js';
import { type Explored, ExploredMachines, type MachineChoice } from './explored-machines.js';

/** One piece of work on a machine. Structured-cloneable, and so are the answers. */
export type ExploreTask = { readonly machine: MachineChoice } & (
  | {
      readonly kind: 'batch';
      readonly strategy: string;
      readonly seed: number;
      readonly first: number;
      readonly count: number;
    }
  /** The next `count` schedules of an exhaustive search, `first` of which have been run; with 0, it begins anew. */
  | { readonly kind: 'search'; readonly bound: number; readonly first: number; readonly count: number }
  | { readonly kind: 'explain'; readonly failure: FailureKey }
  | {
      readonly kind: 'replay';
      readonly failure: FailureKey;
      readonly anchors: readonly (Anchor | null)[];
      readonly times: number;
    }
);

export interface SearchResult extends BatchResult {
  readonly coverage: Coverage;
}

const machines = new ExploredMachines();

/** Thread entry (piscina): this thread is hart 0 of its own machines and coordinates the others. Throws SubjectError. */
export default async function explore(
  task: ExploreTask,
): Promise<BatchResult | SearchResult | Explanation | ReplayResult | undefined> {
  const explored = await machines.explored(task.machine);
  const { explorer } = explored;
  switch (task.kind) {
    case 'batch':
      return explorer.batch(strategyNamed(task.strategy), task.seed, task.first, task.count);
    case 'search':
      return searchOn(explored, task.bound, task.first, task.count);
    case 'explain':
      return explain(explorer, task.failure);
    case 'replay':
      return replayFailure(explorer, task.failure, task.anchors, task.times);
  }
}

function searchOn(explored: Explored, bound: number, first: number, count: number): SearchResult {
  const { explorer } = explored;
  if (first === 0) explored.search = explorer.search(bound);
  if (explored.search === undefined) throw new Error('a search goes on that has not begun on this machine');
  return explorer.searchOn(explored.search, first, count);
}
