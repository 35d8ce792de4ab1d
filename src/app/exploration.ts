import { availableParallelism } from 'node:os';
import type { ExploreTask, SearchResult } from '../../workers/explore.js';
import type { MachineChoice } from '../../workers/explored-machines.js';
import type { Anchor } from '../explore/anchors.js';
import type { Explanation } from '../explore/explanation.js';
import type { BatchResult, FailureKey } from '../explore/explorer.js';
import type { ReplayResult } from '../explore/replay-failure.js';
import type { SubjectChoice } from '../explore/subject.js';
import { type ExploreThreads, giveBack, takeThreads } from './explore-threads.js';

/** Looks for its turn that a hart takes before it parks: worth it only while no other thread wants the core. */
const SPINS = { alone: 5000, crowded: 50 } as const;

/** What is explored, and how. */
export interface ExplorationChoice {
  readonly subject: SubjectChoice;
  readonly harts: number;
  /** Points after which a run counts as a livelock. */
  readonly stepLimit: number;
  /** How many machines side by side; results do not depend on it. */
  readonly machines: number;
  /** Names of the observers that are switched on; all when not given. */
  readonly observers?: readonly string[] | undefined;
  /** Whether runs are compared with serial ones; not, when not given. */
  readonly oracle?: boolean | undefined;
  /** Whether classes of equivalent runs are counted; not, when not given. */
  readonly classes?: boolean | undefined;
  /** Modules with scenarios, bugs and observers of somebody else's: file URLs. */
  readonly plugins?: readonly string[] | undefined;
  /** Threads of the caller's, who keeps them; some of its own when not given. */
  readonly threads?: ExploreThreads | undefined;
}

/** Machines side by side, each on a thread of its own with standing threads for its other harts. */
export class Exploration {
  private readonly threads: ExploreThreads;
  private readonly isOwner: boolean;
  private readonly machine: MachineChoice;

  constructor({
    subject,
    harts,
    stepLimit,
    machines,
    observers,
    oracle,
    classes,
    plugins,
    threads,
  }: ExplorationChoice) {
    const crowded = machines * harts > availableParallelism();
    this.machine = {
      subject,
      limits: { stepLimit, spins: crowded ? SPINS.crowded : SPINS.alone },
      ...(observers !== undefined && { observers }),
      ...(oracle !== undefined && { oracle }),
      ...(classes !== undefined && { classes }),
      ...(plugins !== undefined && { plugins }),
    };
    this.isOwner = threads === undefined;
    this.threads = threads ?? takeThreads(machines);
  }

  batch(strategy: string, seed: number, first: number, count: number): Promise<BatchResult> {
    return this.run<BatchResult>({ machine: this.machine, kind: 'batch', strategy, seed, first, count });
  }

  /** The next `count` schedules of an exhaustive search, which has run `first`; for one machine, which remembers it. */
  search(bound: number, first: number, count: number): Promise<SearchResult> {
    return this.run<SearchResult>({ machine: this.machine, kind: 'search', bound, first, count });
  }

  /** Undefined when the failure does not come back. */
  explain(failure: FailureKey): Promise<Explanation | undefined> {
    return this.run<Explanation | undefined>({ machine: this.machine, kind: 'explain', failure });
  }

  replay(failure: FailureKey, anchors: readonly (Anchor | null)[], times: number): Promise<ReplayResult> {
    return this.run<ReplayResult>({ machine: this.machine, kind: 'replay', failure, anchors, times });
  }

  /** Nobody may be at work. */
  async close(): Promise<void> {
    if (this.isOwner) await giveBack(this.threads);
  }

  /** The answer's type goes with the task's kind. */
  private async run<R>(task: ExploreTask): Promise<R> {
    return (await this.threads.run(task)) as R;
  }
}
