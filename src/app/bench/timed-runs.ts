import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Piscina } from 'piscina';
import type { TimedResults, TimedRun } from '../../../workers/timed-kind.js';
import type { TimedTask } from '../../../workers/timed-run.js';
import { threadEntry } from '../../memory/package-root.js';

/**
 * On one machine only one hart runs at a time, so a second one has a core to itself: worth the threads that it has to bring
 * up where runs have so many harts, which take long.
 */
const WORTH_TWO = 32;

/**
 * Each thread comes to run the same code for itself, a sixty-fourth as often where there are so many harts, so that it
 * would be interpreted for most of the run: V8 compiles it at once. It holds for threads that are made from now on.
 */
function compileAtOnce(): void {
  setFlagsFromString('--always-sparkplug');
}

/** Machines that keep virtual time: one run after the other, or two at once, which none of them can tell. */
export class TimedRuns {
  private readonly threads: Piscina<TimedTask, TimedResults[keyof TimedResults]>;
  private readonly machines: number;
  private readonly ended: Promise<undefined>;
  private end: () => void = () => {};
  private isStopped = false;
  private pending = 0;

  /** @param most harts of any run */
  constructor(most: number) {
    compileAtOnce();
    this.machines = most >= WORTH_TWO && availableParallelism() > 1 ? 2 : 1;
    this.threads = new Piscina({
      filename: threadEntry('timed-run').href,
      minThreads: this.machines,
      maxThreads: this.machines,
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
   * Begins them in this order (a pool would not keep it), until they are done or somebody stops it; `done` is told what each
   * came to. Throws RangeError where there is no room for a machine.
   */
  async all<K extends TimedRun['kind']>(
    tasks: readonly (TimedTask & { readonly run: { readonly kind: K } })[],
    done: (i: number, result: TimedResults[K]) => void,
  ): Promise<void> {
    let next = 0;
    const oneAfterTheOther = async () => {
      while (next < tasks.length && !this.isStopped) {
        const i = next++;
        const result = await this.one(tasks[i]!);
        if (result !== undefined) done(i, result as TimedResults[K]);
      }
    };
    await Promise.all(Array.from({ length: this.machines }, oneAfterTheOther));
  }

  /** `all` comes back at once. The threads may be in the middle of something. */
  stop(): void {
    this.isStopped = true;
    this.end();
  }

  async close(): Promise<void> {
    await this.threads.destroy();
  }

  private async one(task: TimedTask): Promise<TimedResults[keyof TimedResults] | undefined> {
    this.pending++;
    const running = this.threads.run(task).finally(() => this.pending--);
    const result = await Promise.race([running, this.ended]);
    return this.isStopped ? undefined : result;
  }
}
