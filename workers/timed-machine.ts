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
import type { BegunRun, TimedHartData } from './timed-hart.js';
import { type Prepared, type TimedKind, type TimedResults, type TimedRun, timedKind } from './timed-kind.js';

/** Points after which a run counts as one that does not end; one of the most harts and acquisitions has a tenth of it. */
const STEP_LIMIT = 2 ** 31;
/** There are more harts than cores, and the turn goes to another at almost every access. */
const SPINS = 0;

/** Memory and threads for runs of one kind in virtual time. The thread that makes it is hart 0. */
export class TimedMachine {
  private readonly threads: HartThreads;
  private readonly access: ControlledAccess;
  private readonly coordinator: Coordinator;

  private constructor(
    readonly kind: TimedRun['kind'],
    readonly harts: number,
    private readonly memory: SharedMemory,
    private readonly runs: TimedKind,
    prepared: Prepared,
  ) {
    const { handle } = memory;
    const others = Array.from({ length: harts - 1 }, (_, i) => i + 1);
    this.threads = new HartThreads(threadEntry('timed-hart'), others, (hart): TimedHartData => {
      return { memory: handle, hart, spins: SPINS, kind, prepared };
    });
    this.access = new ControlledAccess(memory, new Turn(memory, 0, { spins: SPINS }));
    this.coordinator = new Coordinator(memory, harts, STEP_LIMIT);
  }

  /** Throws NoRoomError. */
  static async raise(kind: TimedRun['kind'], harts: number): Promise<TimedMachine> {
    const { room, prepare, open } = await timedKind(kind);
    const prepared = prepare();
    const memory = SharedMemory.create(controlledConfig(harts, room.memory, 0, room.lines));
    return new TimedMachine(kind, harts, memory, open(memory, prepared), prepared);
  }

  /** Throws MachineAborted when a hart's thread has died, Error when the run does not come to its end. */
  run(run: TimedRun, costs: TimeCosts, seed: number): TimedResults[keyof TimedResults] {
    this.coordinator.awaitThreads(this.harts - 1);
    const at = this.runs.begin(run);
    // Those who take no part find it when they do, behind newer ones.
    this.threads.post({ run, at } satisfies BegunRun);
    const coordinator = new Coordinator(this.memory, run.harts, STEP_LIMIT);
    coordinator.begin(timedPlan(run.harts, costs, seed));
    const hart = this.runs.player(run, at, 0, this.access);
    takePart(this.memory, this.access.turn, () => hart);
    const { end, message } = coordinator.awaitEnd();
    if (end === RunEnd.Thrown) throw new Error(message);
    if (end !== RunEnd.Done)
      throw new Error(
        `harts wait for one another, and nobody ${end === RunEnd.Deadlock ? 'goes on' : 'gets anywhere'}`,
      );
    return this.runs.result(run, at);
  }

  /** Ends the threads; nobody may be in a run. */
  async dismiss(): Promise<void> {
    this.coordinator.dismiss();
    await this.threads.ended();
  }
}
