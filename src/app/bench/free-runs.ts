import { Piscina } from 'piscina';
import type { FreeTask } from '../../../workers/free-run.js';
import { type TimedRun, timedKind } from '../../../workers/timed-kind.js';
import { controlBlock } from '../../memory/map.js';
import { threadEntry } from '../../memory/package-root.js';
import { SharedMemory } from '../../memory/shared-memory.js';
import type { Measured } from './measured-bench.js';

/** Machines of one number of harts that run freely, each hart a thread: they stay up, so that their code is warm. */
export class FreeRuns {
  private readonly threads: Piscina<FreeTask, void>;
  private memory: { readonly kind: TimedRun['kind']; readonly memory: SharedMemory } | undefined;

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
    const { room, open } = await timedKind(run.kind);
    if (this.memory?.kind !== run.kind)
      this.memory = { kind: run.kind, memory: SharedMemory.create({ harts: this.harts, memory: room.memory }) };
    const { memory } = this.memory;
    const runs = open(memory);
    const at = runs.begin(run);
    controlBlock.fields.up.store(memory.host, memory.map.control, 0);
    const harts = Array.from({ length: this.harts }, (_, hart) => hart);
    await Promise.all(harts.map((hart) => this.threads.run({ memory: memory.handle, hart, run, at })));
    const { operations, time } = runs.freeResult(run, at);
    return { operations, milliseconds: time / 1e6 };
  }

  async close(): Promise<void> {
    await this.threads.destroy();
  }
}
