import type { HartEnd } from '../../workers/hart.js';
import { HartPool } from '../machine/hart-pool.js';
import { InputProducer } from '../machine/input-ring.js';
import type { MachineControl } from '../machine/machine-control.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { HartEnds } from './hart-ends.js';
import { TerminalInput, type TerminalOptions } from './terminal.js';

/** Seconds that harts have. */
export interface Patience {
  /** To leave their loops when the machine is to stop. */
  readonly stop: number;
  /** And then to notice that it was aborted, before their threads are ended where they stand. */
  readonly abort: number;
}

const PATIENCE: Patience = { stop: 10, abort: 5 };
const WATCH_MS = 250;

export interface CrewOptions {
  /** Thread entry of a hart. */
  readonly thread: URL;
  /** What is typed at the guest's console. Absent: nothing ever is. */
  readonly stdin?: TerminalOptions;
  /** `PATIENCE` when there is none. */
  readonly patience?: Patience;
}

/** The threads of a free-running machine's harts, from their start until the last has ended, and the terminal while they run. */
export class HartCrew<Task> {
  private input: TerminalInput | undefined;

  constructor(
    private readonly memory: SharedMemory,
    private readonly control: MachineControl,
    private readonly ends: HartEnds,
    private readonly options: CrewOptions,
  ) {}

  /**
   * Runs until every hart has ended, however that comes; `ends` has what went wrong. Seconds from the moment when all
   * were up; undefined when not all of them came up.
   */
  async run(taskOf: (hart: number) => Task): Promise<number | undefined> {
    const { ends, control, memory } = this;
    const { stdin, thread } = this.options;
    const pool = new HartPool<Task, HartEnd>(thread, memory.map.harts.length);
    const ran = pool.run(taskOf, (outcome) => {
      if (ends.note(outcome)) control.abort();
    });
    const cutOff = () => {
      ends.cutOff();
      return pool.close();
    };
    const watch = this.watchStop(cutOff);
    if (stdin !== undefined) this.input = new TerminalInput(stdin, new InputProducer(memory));
    const reading = this.input?.run();
    const allUp = await control.allUp();
    const started = performance.now();
    await ran;
    const seconds = (performance.now() - started) / 1000;
    this.leave();
    await reading;
    clearInterval(watch);
    await pool.close();
    return allUp ? seconds : undefined;
  }

  /** The terminal is the host's again, and what is typed there nobody's. */
  leave(): void {
    this.input?.close();
  }

  /** Whether threads are still being made. They must not be ended before they have begun. */
  get isStarting(): boolean {
    return this.ends.left.some((hart) => !this.control.hasBegun(hart));
  }

  /** A hart that is stuck, in a deadlock for one, neither stops nor dies: it is reported, and then done without. */
  private watchStop(cutOff: () => Promise<void>): NodeJS.Timeout {
    const { stop, abort } = this.options.patience ?? PATIENCE;
    let waited = 0;
    return setInterval(() => {
      if (!this.control.stopping || this.isStarting) return;
      const before = waited;
      waited += WATCH_MS / 1000;
      const passed = (seconds: number) => before < seconds && waited >= seconds;
      if (passed(stop)) {
        this.ends.overdue(stop);
        this.control.abort();
      } else if (passed(stop + abort)) void cutOff();
    }, WATCH_MS);
  }
}
