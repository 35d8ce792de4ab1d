import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import type { TraceEvent } from '../../src/memory/trace-event.js';
import { ControlledAccess } from '../../src/schedule/controlled-access.js';
import { Coordinator, type RunResult } from '../../src/schedule/coordinator.js';
import { takePart } from '../../src/schedule/participant.js';
import type { Plan } from '../../src/schedule/plan.js';
import { controlledConfig } from '../../src/schedule/schedule-block.js';
import { Turn } from '../../src/schedule/turn.js';
import { type ToyDuel, toyDuels, toyWords } from './toy-duels.js';

/** Two harts under control: the test's own thread is hart 0 and the coordinator, a worker is hart 1. */
export class ToyMachine {
  readonly memory = SharedMemory.create(controlledConfig(2, 2, 4096));
  readonly coordinator = new Coordinator(this.memory, 2, 1000);
  private readonly turn = new Turn(this.memory, 0, { spins: 1000 });
  private readonly access = new ControlledAccess(this.memory, this.turn);
  private readonly worker: Worker;

  constructor(private readonly duel: ToyDuel) {
    this.worker = new Worker(new URL('./toy-hart.js', import.meta.url), {
      workerData: { handle: this.memory.handle, hart: 1, duel },
    });
  }

  run(plan: Plan): RunResult & { counter: number; trace: TraceEvent[] } {
    this.memory.ram.fill(KERNBASE, 0, PGSIZE);
    this.coordinator.begin(plan);
    takePart(this.memory, this.turn, () => toyDuels[this.duel](this.access, 0));
    const result = this.coordinator.awaitEnd();
    return { ...result, counter: this.memory.ram.load32(toyWords.COUNTER), trace: [...this.coordinator.trace()] };
  }

  async close(): Promise<void> {
    this.coordinator.dismiss();
    await once(this.worker, 'exit');
  }
}
