import { CONTENTION_LINES, CONTENTION_MEMORY } from '../kernel/scenarios/contention.js';
import { WORK_LINES, WORK_MEMORY } from '../kernel/scenarios/kernel-work.js';
import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { hartParts } from '../src/machine/hart-parts.js';
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
import type { TimedHartData } from './timed-hart.js';
import { type BegunRun, beginRun, playerOf, resultOf, type TimedRun } from './timed-player.js';

/** Points after which a run counts as one that does not end; one of the most harts and acquisitions has a tenth of it. */
const STEP_LIMIT = 2 ** 31;
/** There are more harts than cores, and the turn goes to another at almost every access. */
const SPINS = 0;
/** By the kind of run: MiB of RAM, and cache lines that a run may touch. */
const ROOM: Readonly<Record<TimedRun['kind'], { readonly memory: number; readonly lines: number }>> = {
  contention: { memory: CONTENTION_MEMORY, lines: CONTENTION_LINES },
  work: { memory: WORK_MEMORY, lines: WORK_LINES },
};

/** Memory and threads for runs of one kind in virtual time. The thread that makes it is hart 0. */
export class TimedMachine {
  private readonly memory: SharedMemory;
  private readonly threads: HartThreads;
  private readonly access: ControlledAccess;
  private readonly coordinator: Coordinator;
  private readonly parts: ReturnType<typeof hartParts>;

  /** Throws NoRoomError. */
  constructor(
    readonly kind: TimedRun['kind'],
    readonly harts: number,
  ) {
    const { memory, lines } = ROOM[kind];
    this.memory = SharedMemory.create(controlledConfig(harts, memory, 0, lines));
    const { handle } = this.memory;
    const interpreter = compileInterpreter();
    this.parts = hartParts(this.memory, interpreter);
    const others = Array.from({ length: harts - 1 }, (_, i) => i + 1);
    this.threads = new HartThreads(threadEntry('timed-hart'), others, (hart): TimedHartData => {
      return { memory: handle, hart, spins: SPINS, interpreter };
    });
    this.access = new ControlledAccess(this.memory, new Turn(this.memory, 0, { spins: SPINS }));
    this.coordinator = new Coordinator(this.memory, harts, STEP_LIMIT);
  }

  /** Throws MachineAborted when a hart's thread has died, Error when the run does not come to its end. */
  run(run: TimedRun, costs: TimeCosts, seed: number): ReturnType<typeof resultOf> {
    this.coordinator.awaitThreads(this.harts - 1);
    const begun: BegunRun = beginRun(run, this.memory, this.parts);
    // Those who take no part find it when they do, behind newer ones.
    this.threads.post(begun);
    const coordinator = new Coordinator(this.memory, run.harts, STEP_LIMIT);
    coordinator.begin(timedPlan(run.harts, costs, seed));
    const hart = playerOf(begun, this.memory, 0, this.access, this.parts);
    takePart(this.memory, this.access.turn, () => hart);
    const { end, message } = coordinator.awaitEnd();
    if (end === RunEnd.Thrown) throw new Error(message);
    if (end !== RunEnd.Done)
      throw new Error(
        `harts wait for one another, and nobody ${end === RunEnd.Deadlock ? 'goes on' : 'gets anywhere'}`,
      );
    return resultOf(begun, this.memory);
  }

  /** Ends the threads; nobody may be in a run. */
  async dismiss(): Promise<void> {
    this.coordinator.dismiss();
    await this.threads.ended();
  }
}
