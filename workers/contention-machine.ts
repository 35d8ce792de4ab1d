import {
  beginContention,
  CONTENTION_LINES,
  CONTENTION_MEMORY,
  ContendingHart,
  type ContentionConfig,
  type ContentionRecord,
  contentionRecord,
} from '../kernel/scenarios/contention.js';
import { HartThreads } from '../src/machine/hart-threads.js';
import { threadEntry } from '../src/memory/package-root.js';
import { SharedMemory } from '../src/memory/shared-memory.js';
import { ControlledAccess } from '../src/schedule/controlled-access.js';
import { Coordinator } from '../src/schedule/coordinator.js';
import { takePart } from '../src/schedule/participant.js';
import { controlledConfig, RunEnd } from '../src/schedule/schedule-block.js';
import type { TimeCosts } from '../src/schedule/time-costs.js';
import { timedPlan } from '../src/schedule/timed.js';
import { Turn } from '../src/schedule/turn.js';
import type { ContendingHartData } from './contending-hart.js';

/** Points after which a lock counts as one that nobody gets; a run of the most harts and acquisitions has a tenth of it. */
const STEP_LIMIT = 2 ** 31;
/** There are more harts than cores, and the turn goes to another at almost every access. */
const SPINS = 0;

/** Memory and threads for contention in virtual time. The thread that makes it is hart 0; runs may have fewer harts than it has. */
export class ContentionMachine {
  private readonly memory: SharedMemory;
  private readonly threads: HartThreads;
  private readonly access: ControlledAccess;
  private readonly coordinator: Coordinator;

  /** Throws NoRoomError. */
  constructor(readonly harts: number) {
    this.memory = SharedMemory.create(controlledConfig(harts, CONTENTION_MEMORY, 0, CONTENTION_LINES));
    const { handle } = this.memory;
    const others = Array.from({ length: harts - 1 }, (_, i) => i + 1);
    this.threads = new HartThreads(threadEntry('contending-hart'), others, (hart): ContendingHartData => {
      return { memory: handle, hart, spins: SPINS };
    });
    this.access = new ControlledAccess(this.memory, new Turn(this.memory, 0, { spins: SPINS }));
    this.coordinator = new Coordinator(this.memory, harts, STEP_LIMIT);
  }

  /** Throws MachineAborted when a hart's thread has died, Error when the lock lets nobody in. */
  run(config: ContentionConfig, costs: TimeCosts): ContentionRecord {
    this.coordinator.awaitThreads(this.harts - 1);
    beginContention(this.memory);
    // Those who take no part find it when they do, behind newer ones.
    this.threads.post(config);
    const coordinator = new Coordinator(this.memory, config.harts, STEP_LIMIT);
    coordinator.begin(timedPlan(config.harts, costs, config.seed));
    const hart = new ContendingHart(config, this.memory, 0, this.access);
    takePart(this.memory, this.access.turn, () => hart);
    const { end, message } = coordinator.awaitEnd();
    if (end === RunEnd.Thrown) throw new Error(message);
    if (end !== RunEnd.Done)
      throw new Error(`harts wait for the lock, and nobody ${end === RunEnd.Deadlock ? 'lets it go' : 'gets it'}`);
    return contentionRecord(config, this.memory);
  }

  /** Ends the threads; nobody may be in a run. */
  async dismiss(): Promise<void> {
    this.coordinator.dismiss();
    await this.threads.ended();
  }
}
