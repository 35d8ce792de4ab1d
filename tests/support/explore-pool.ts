import { Piscina } from 'piscina';
import type { KernelChoices } from '../../kernel/config.js';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { CHECK_DEFAULTS } from '../../src/app/check.js';
import type { Explanation } from '../../src/explore/explanation.js';
import type { BatchResult, FailureKey } from '../../src/explore/explorer.js';
import type { ReplayResult } from '../../src/explore/replay-failure.js';
import { threadEntry } from '../../src/memory/package-root.js';
import type { ExploreTask } from '../../workers/explore.js';
import type { MachineChoice } from '../../workers/explored-machines.js';

/** Looks for its turn that a hart takes before it parks: other things may run beside the tests. */
const SPINS = 200;

/** One thread for many machines, one after the other: starting a pool for each would take longer than the tests. */
export class ExplorePool {
  private readonly pool = new Piscina<ExploreTask, unknown>({
    filename: threadEntry('explore').href,
    minThreads: 1,
    maxThreads: 1,
  });

  machine(
    scenario: string,
    design: string,
    bug: string | null,
    chosen: KernelChoices = {},
    oracle = false,
  ): ExploredMachine {
    const subject = { kind: HOSTED, config: hostedConfig({ scenario, design, bug, ...chosen }) };
    const limits = { stepLimit: CHECK_DEFAULTS.stepLimit, spins: SPINS };
    return new ExploredMachine(this.pool, { subject, limits, oracle });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The answers' types go with the tasks' kinds. */
class ExploredMachine {
  constructor(
    private readonly pool: Piscina<ExploreTask, unknown>,
    private readonly machine: MachineChoice,
  ) {}

  batch(strategy: string, seed: number, first: number, count: number): Promise<BatchResult> {
    return this.run<BatchResult>({ machine: this.machine, kind: 'batch', strategy, seed, first, count });
  }

  replay(failure: FailureKey, times: number): Promise<ReplayResult> {
    return this.run<ReplayResult>({ machine: this.machine, kind: 'replay', failure, anchors: [], times });
  }

  explain(failure: FailureKey): Promise<Explanation | undefined> {
    return this.run<Explanation | undefined>({ machine: this.machine, kind: 'explain', failure });
  }

  private async run<R>(task: ExploreTask): Promise<R> {
    return (await this.pool.run(task)) as R;
  }
}

export type { ExploredMachine };
