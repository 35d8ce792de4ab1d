import { Sys } from '../../kernel/trap/syscall.js';
import { isStopping } from '../../src/hart/stop-request.js';
import { Next } from '../../src/hart/trap-handler.js';
import { END, KernelMachine, type Options } from '../support/kernel-machine.js';
import type { HartWork } from '../support/threads.js';

export interface ParallelRun {
  readonly options: Options;
  /** Every hart goes on until all of them together have forked so often. */
  readonly forks: number;
}

/**
 * One hart of parallel.test.ts. The user program is played here, a step at a time; what it remembers is in its
 * registers, so that it goes on wherever it is scheduled. It checks each of its pages for the value it wrote last (or
 * inherited) and overwrites it with the next, then forks, waits, exits or goes on.
 */
const PAGES = 24;
const Register = { setUp: 18, stamp: 19, page: 20, next: 21 } as const;
/** Timer interrupts come after so many steps. */
const QUANTUM = 200;

/** Thread entry (piscina). */
export default function playPrograms({ memory, hart, data }: HartWork<ParallelRun>): void {
  const machine = new KernelMachine({ ...data.options, attach: memory });
  const program = new Program(machine, hart);
  // Another hart has thrown: what it was to do is never done.
  for (let count = 0; !isStopping(machine.memory); count++) {
    if (machine.running(hart) === 0 || count % QUANTUM === 0) {
      if (machine.statistics().forks >= data.forks || machine.interrupt(hart) === Next.Halt) return;
    } else program.step();
  }
}

class Program {
  private seed: number;

  constructor(
    private readonly machine: KernelMachine,
    private readonly hart: number,
  ) {
    this.seed = 12345 + hart * 777;
  }

  step(): void {
    const { machine, hart } = this;
    const registers = machine.harts[hart]!;
    const get = (register: number) => registers.getNumber(register);
    const set = (register: number, value: number) => registers.setX(register, BigInt(value));
    if (get(Register.setUp) === 0) {
      machine.result(hart, Sys.sbrk, PAGES * 4096);
      set(Register.setUp, 1);
      return;
    }
    const page = get(Register.page);
    if (page < PAGES) {
      const va = END + page * 4096;
      const seen = machine.userLoad(hart, va);
      const stamp = get(Register.stamp);
      if (seen !== stamp) throw new Error(`pid ${machine.runningPid(hart)} saw ${seen} at page ${page}, not ${stamp}`);
      const pid = machine.runningPid(hart);
      machine.userStore(hart, va, get(Register.next));
      // Out of memory, it was killed.
      if (machine.runningPid(hart) === pid) set(Register.page, page + 1);
      return;
    }
    set(Register.stamp, get(Register.next));
    set(Register.next, this.random(256));
    set(Register.page, 0);
    const dice = this.random(10);
    if (dice < 5) machine.call(hart, Sys.fork);
    else if (dice < 7 && machine.runningPid(hart) !== 1) machine.call(hart, Sys.exit, 0);
    else if (dice < 8) machine.call(hart, Sys.wait, 0);
  }

  private random(below: number): number {
    this.seed = (Math.imul(this.seed, 1103515245) + 12345) >>> 0;
    return (this.seed >>> 8) % below;
  }
}
