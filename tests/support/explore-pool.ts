import { Piscina } from 'piscina';
import type { Explanation } from '../../kernel/scenarios/explanation.js';
import type { BatchResult, FoundFailure } from '../../kernel/scenarios/explorer.js';
import type { ScenarioConfig } from '../../kernel/scenarios/scenario-machine.js';
import { scenarioNamed } from '../../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import type { ExploreTask, ReplayResult } from '../../workers/explore.js';

const EXPLORE_THREAD = new URL('../../workers/explore.js', import.meta.url);
/** Looks for its turn that a hart takes before it parks: other things may run beside the tests. */
const SPINS = 200;

/** One thread for many machines, one after the other: starting a pool for each would take longer than the tests. */
export class ExplorePool {
  private readonly pool = new Piscina<ExploreTask, unknown>({
    filename: EXPLORE_THREAD.href,
    minThreads: 1,
    maxThreads: 1,
  });

  machine(scenario: string, design: string, bug: string | null): ExploredMachine {
    const { memory, processes, stepLimit } = CHECK_DEFAULTS;
    const kernel = { design, form: 'sound', bug, processes } as const;
    const { harts } = scenarioNamed(scenario);
    return new ExploredMachine(this.pool, { scenario, harts, kernel, memory, stepLimit, spins: SPINS });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

type Failure = Pick<FoundFailure, 'signature' | 'plan'>;

/** The answers' types go with the tasks' kinds. */
class ExploredMachine {
  constructor(
    private readonly pool: Piscina<ExploreTask, unknown>,
    private readonly machine: ScenarioConfig,
  ) {}

  async batch(strategy: string, seed: number, first: number, count: number): Promise<BatchResult> {
    return (await this.pool.run({
      kind: 'batch',
      machine: this.machine,
      strategy,
      seed,
      first,
      count,
    })) as BatchResult;
  }

  async replay(failure: Failure, times: number): Promise<ReplayResult> {
    return (await this.pool.run({
      kind: 'replay',
      machine: this.machine,
      failure,
      anchors: [],
      times,
    })) as ReplayResult;
  }

  async explain(failure: Failure): Promise<Explanation | undefined> {
    return (await this.pool.run({ kind: 'explain', machine: this.machine, failure })) as Explanation | undefined;
  }
}

export type { ExploredMachine };
