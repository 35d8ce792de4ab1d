import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Anchor } from '../../kernel/scenarios/anchors.js';
import type { Explanation } from '../../kernel/scenarios/explanation.js';
import type { BatchResult, FoundFailure } from '../../kernel/scenarios/explorer.js';
import type { ScenarioConfig } from '../../kernel/scenarios/scenario-machine.js';
import type { ExploreTask, ReplayResult, SearchResult } from '../../workers/explore.js';

const EXPLORE_THREAD = new URL('../../workers/explore.js', import.meta.url);
/** Looks for its turn that a hart takes before it parks: worth it only while no other thread wants the core. */
const SPINS = { alone: 5000, crowded: 50 } as const;

/** What a failure is known by between commands. */
export type FailureKey = Pick<FoundFailure, 'signature' | 'plan'>;
type MachineChoice = Omit<ScenarioConfig, 'spins'>;

/** Machines side by side, each a worker thread with standing threads for its other harts. */
export class Exploration {
  private readonly pool: Piscina<ExploreTask, unknown>;
  private readonly machine: ScenarioConfig;

  /** @param machines how many; results do not depend on it */
  constructor(
    machine: MachineChoice,
    readonly machines: number,
    private readonly observers: readonly string[] | undefined,
  ) {
    const crowded = machines * machine.harts > availableParallelism();
    this.machine = { ...machine, spins: crowded ? SPINS.crowded : SPINS.alone };
    this.pool = new Piscina({
      filename: EXPLORE_THREAD.href,
      minThreads: machines,
      maxThreads: machines,
      concurrentTasksPerWorker: 1,
      // Stacks in reports name the TypeScript sources.
      execArgv: ['--enable-source-maps'],
    });
  }

  batch(strategy: string, seed: number, first: number, count: number): Promise<BatchResult> {
    return this.run<BatchResult>({ ...this.common(), kind: 'batch', strategy, seed, first, count });
  }

  /** The next `count` schedules of an exhaustive search, which has run `first`; for one machine, which remembers it. */
  search(bound: number, first: number, count: number): Promise<SearchResult> {
    return this.run<SearchResult>({ ...this.common(), kind: 'search', bound, first, count });
  }

  /** Undefined when the failure does not come back. */
  explain(failure: FailureKey): Promise<Explanation | undefined> {
    return this.run<Explanation | undefined>({ ...this.common(), kind: 'explain', failure });
  }

  replay(failure: FailureKey, anchors: readonly (Anchor | null)[], times: number): Promise<ReplayResult> {
    return this.run<ReplayResult>({ ...this.common(), kind: 'replay', failure, anchors, times });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private common() {
    const { machine, observers } = this;
    return observers === undefined ? { machine } : { machine, observers };
  }

  /** The answer's type goes with the task's kind. */
  private async run<R>(task: ExploreTask): Promise<R> {
    return (await this.pool.run(task)) as R;
  }
}
