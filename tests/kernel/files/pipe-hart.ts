import { OpenMode } from '../../../kernel/trap/sys-path.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { isStopping } from '../../../src/hart/stop-request.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { DiskUser } from '../../support/disk-user.js';
import { DATA, KernelMachine, type Options } from '../../support/kernel-machine.js';
import type { HartWork } from '../../support/threads.js';

export interface PipeRun {
  readonly options: Options;
  /** Processes that each make a pipe and a child that writes into it, again and again. */
  readonly workers: number;
  readonly rounds: number;
}

/**
 * One hart of parallel-pipes.test.ts. The user programs are played here, a call at a time; what they remember is in their
 * registers, which fork copies and exec keeps, so that they go on wherever they are scheduled. A worker makes a pipe and
 * forks; the child execs, writes a known sequence in pieces of any size, and exits; the worker reads it to its end, reaps
 * the child, and writes a file that it unlinks. The first process waits for all workers.
 */
const TOTAL = 3000;
const LONGEST = 900;
/** Timer interrupts come after so many calls. */
const QUANTUM = 7;
const BUFFER = DATA + 0x1000;
const A0 = 10;

const Register = { state: 18, done: 19, reader: 20, writer: 21, wanted: 22, rounds: 23 } as const;
const State = {
  First: 0,
  FirstForked: 1,
  Wait: 2,
  Piped: 4,
  Forked: 5,
  Exec: 6,
  Execed: 7,
  Write: 8,
  Wrote: 9,
  Read: 10,
  HasRead: 11,
  Closed: 12,
  Reaped: 13,
  Opened: 14,
  Filed: 15,
  FileClosed: 16,
  Unlinked: 17,
} as const;

function sequence(from: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (from + i) % 251);
}

/** Thread entry (piscina). */
export default function playPrograms({ memory, hart, data }: HartWork<PipeRun>): void {
  const machine = new KernelMachine({ ...data.options, attach: memory });
  const user = new DiskUser(machine, hart);
  const registers = machine.harts[hart]!;
  const get = (register: number) => registers.getNumber(register);
  const set = (register: number, value: number) => registers.setX(register, BigInt(value));

  let seed = 12345 + hart * 777;
  function random(below: number): number {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  }

  /** The state comes first: after the call the hart may run another process. */
  function call(next: number, number: number, ...args: number[]): Next {
    set(Register.state, next);
    return machine.call(hart, number, ...args);
  }

  function expectResult(right: boolean, what: string): void {
    if (!right) throw new Error(`pid ${machine.runningPid(hart)}: ${what} gave ${get(A0)} after ${get(Register.done)}`);
  }

  function path(): number {
    user.put(DATA, `file${machine.runningPid(hart)}\0`);
    return DATA;
  }

  const steps: Readonly<Record<number, () => Next>> = {
    [State.First]: () => call(State.FirstForked, Sys.fork),
    [State.FirstForked]() {
      if (get(A0) === 0) return call(State.Piped, Sys.pipe, DATA);
      expectResult(get(A0) > 0, 'fork');
      set(Register.done, get(Register.done) + 1);
      return get(Register.done) < data.workers ? call(State.FirstForked, Sys.fork) : call(State.Wait, Sys.wait, 0);
    },
    // Not before all workers have gone there are no children.
    [State.Wait]: () => (get(A0) < 0 ? machine.call(hart, Sys.exit, 0) : call(State.Wait, Sys.wait, 0)),
    [State.Piped]() {
      expectResult(get(A0) === 0, 'pipe');
      const [reader, writer] = user.ints(DATA, 2);
      set(Register.reader, reader!);
      set(Register.writer, writer!);
      return call(State.Forked, Sys.fork);
    },
    [State.Forked]() {
      expectResult(get(A0) >= 0, 'fork');
      set(Register.done, 0);
      return get(A0) === 0
        ? call(State.Exec, Sys.close, get(Register.reader))
        : call(State.Read, Sys.close, get(Register.writer));
    },
    [State.Exec]() {
      set(Register.state, State.Execed);
      return user.exec('/prog', ['prog', 'x']);
    },
    [State.Execed]() {
      expectResult(get(A0) === 2, 'exec');
      return steps[State.Write]!();
    },
    [State.Write]() {
      const wanted = Math.min(1 + random(LONGEST), TOTAL - get(Register.done));
      if (wanted === 0) return machine.call(hart, Sys.exit, 0);
      set(Register.wanted, wanted);
      user.put(BUFFER, sequence(get(Register.done), wanted));
      return call(State.Wrote, Sys.write, get(Register.writer), BUFFER, wanted);
    },
    [State.Wrote]() {
      expectResult(get(A0) === get(Register.wanted), 'write');
      set(Register.done, get(Register.done) + get(A0));
      return steps[State.Write]!();
    },
    [State.Read]: () => call(State.HasRead, Sys.read, get(Register.reader), BUFFER, 1 + random(LONGEST)),
    [State.HasRead]() {
      const [got, done] = [get(A0), get(Register.done)];
      if (got === 0) {
        expectResult(done === TOTAL, 'read');
        return call(State.Closed, Sys.close, get(Register.reader));
      }
      expectResult(got > 0, 'read');
      const right = sequence(done, got);
      expectResult(
        user.get(BUFFER, got).every((byte, i) => byte === right[i]),
        'the content of read',
      );
      set(Register.done, done + got);
      return steps[State.Read]!();
    },
    [State.Closed]: () => call(State.Reaped, Sys.wait, 0),
    [State.Reaped]() {
      expectResult(get(A0) > 0, 'wait');
      return call(State.Opened, Sys.open, path(), OpenMode.create | OpenMode.writeOnly);
    },
    [State.Opened]() {
      expectResult(get(A0) >= 0, 'open');
      set(Register.writer, get(A0));
      return call(State.Filed, Sys.write, get(A0), BUFFER, LONGEST);
    },
    [State.Filed]() {
      expectResult(get(A0) === LONGEST, 'write to a file');
      return call(State.FileClosed, Sys.close, get(Register.writer));
    },
    [State.FileClosed]: () => call(State.Unlinked, Sys.unlink, path()),
    [State.Unlinked]() {
      expectResult(get(A0) === 0, 'unlink');
      set(Register.rounds, get(Register.rounds) + 1);
      return get(Register.rounds) < data.rounds ? call(State.Piped, Sys.pipe, DATA) : machine.call(hart, Sys.exit, 0);
    },
  };

  let next: Next = Next.Run;
  // Another hart has thrown: what it was to do is never done.
  for (let count = 0; next !== Next.Halt && !isStopping(machine.memory); count++) {
    if (machine.running(hart) === 0 || count % QUANTUM === 0) next = machine.interrupt(hart);
    else next = steps[get(Register.state)]!();
  }
}
