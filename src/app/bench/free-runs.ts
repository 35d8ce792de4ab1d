import { Piscina } from 'piscina';
import type { FreeTask } from '../../../workers/free-run.js';
import { type Prepared, type TimedRun, timedKind } from '../../../workers/timed-kind.js';
import { controlBlock } from '../../memory/map.js';
import { threadEntry } from '../../memory/package-root.js';
import { SharedMemory } from '../../memory/shared-memory.js';
import type { Measured } from './measured-bench.js';

/** Machines of one number of harts that run freely, each hart a thread: they stay up, so that their code is warm. */
export class FreeRuns {
  private readonly threads: Piscina<FreeTask, void>;
  private standing:
    | { readonly kind: TimedRun['kind']; readonly memory: SharedMemory; readonly prepared: Prepared }
    | undefined;

  constructor(private readonly harts: number) {
    this.threads = new Piscina({
      filename: threadEntry('free-run').href,
      minThreads: harts,
      maxThreads: harts,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
  }

  /** Throws NoRoomError, and what a hart throws. */
  async run(run: TimedRun): Promise<Measured> {
    const { room, prepare, open } = await timedKind(run.kind);
    if (this.standing?.kind !== run.kind) {
      const memory = SharedMemory.create({ harts: this.harts, memory: room.memory });
      this.standing = { kind: run.kind, memory, prepared: prepare() };
    }
    const { memory, prepared } = this.standing;
    const runs = open(memory, prepared);
    const at = runs.begin(run);
    controlBlock.fields.up.store(memory.host, memory.map.control, 0);
    const harts = Array.from({ length: this.harts }, (_, hart) => hart);
    await Promise.all(harts.map((hart) => this.threads.run({ memory: memory.handle, hart, run, at, prepared })));
    const { operations, time } = runs.freeResult(run, at);
    return { operations, milliseconds: time / 1e6 };
  }

  async close(): Promise<void> {
    await this.threads.destroy();
  }
}
