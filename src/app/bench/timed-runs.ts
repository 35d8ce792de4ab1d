import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { TimedResults, TimedRun } from '../../../workers/timed-kind.js';
import type { TimedTask } from '../../../workers/timed-run.js';
import { threadEntry } from '../../memory/package-root.js';
import type { TimeCosts } from '../../schedule/time-costs.js';

/**
 * On one machine only one hart runs at a time, so a second one has a core to itself: worth the threads that it has to bring
 * up where runs have so many harts, which take long.
 */
const WORTH_TWO = 32;

/** Machines that keep virtual time: several runs at once, none of which can tell. */
export class TimedRuns {
  private readonly threads: Piscina<TimedTask, TimedResults[keyof TimedResults]>;
  private readonly ended: Promise<undefined>;
  private end: () => void = () => {};
  private pending = 0;
  isStopped = false;

  /**
   * @param costs of all runs
   * @param most harts of any
   */
  constructor(
    private readonly costs: TimeCosts,
    most: number,
  ) {
    this.threads = new Piscina({
      filename: threadEntry('timed-run').href,
      minThreads: 1,
      maxThreads: most >= WORTH_TWO && availableParallelism() > 1 ? 2 : 1,
      concurrentTasksPerWorker: 1,
    });
    this.ended = new Promise((resolve) => {
      this.end = () => resolve(undefined);
    });
  }

  /** Threads of the machines may be coming up: a machine of another size may be made for any run. */
  get isStarting(): boolean {
    return this.pending > 0;
  }

  /**
   * @param machine harts of a machine that serves several runs, one after the other
   * What the run came to; undefined: somebody has stopped it. Throws RangeError where there is no room for the machine.
   */
  async run<K extends TimedRun['kind']>(
    run: TimedRun & { readonly kind: K },
    machine: number,
    seed: number,
  ): Promise<TimedResults[K] | undefined> {
    if (this.isStopped) return undefined;
    this.pending++;
    const running = this.threads.run({ machine, run, costs: this.costs, seed }).finally(() => this.pending--);
    const result = await Promise.race([running, this.ended]);
    if (this.isStopped) return undefined;
    return result as TimedResults[K];
  }

  /** Every `run` comes back at once. The threads may be in the middle of something. */
  stop(): void {
    this.isStopped = true;
    this.end();
  }

  async close(): Promise<void> {
    await this.threads.destroy();
  }
}
