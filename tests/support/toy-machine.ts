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
import { toyHarts } from './toy-harts.js';

/** Harts under control, two if not said otherwise: the test's own thread is hart 0 and the coordinator, threads that stay up are the others. */
export class ToyMachine {
  readonly memory: SharedMemory;
  readonly coordinator: Coordinator;
  private readonly turn: Turn;
  private readonly access: ControlledAccess;
  private readonly others: Promise<void>;

  constructor(
    private readonly duel: ToyDuel,
    harts = 2,
    lines = 0,
  ) {
    this.memory = SharedMemory.create(controlledConfig(harts, 2, 4096, lines));
    this.coordinator = new Coordinator(this.memory, harts, 1000);
    this.turn = new Turn(this.memory, 0, { spins: 1000 });
    this.access = new ControlledAccess(this.memory, this.turn);
    this.others = toyHarts(this.memory, duel);
  }

  run(plan: Plan): RunResult & { counter: number; trace: TraceEvent[] } {
    this.memory.ram.fill(KERNBASE, 0, PGSIZE);
    this.coordinator.begin(plan);
    takePart(this.memory, this.turn, () => ({ play: () => toyDuels[this.duel](this.access, 0, this.memory) }));
    const result = this.coordinator.awaitEnd();
    return { ...result, counter: this.memory.ram.load32(toyWords.COUNTER), trace: [...this.coordinator.trace()] };
  }

  async close(): Promise<void> {
    this.coordinator.dismiss();
    await this.others;
  }
}
