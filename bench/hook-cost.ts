import { Sys } from '../kernel/trap/syscall.js';
import { KernelEvent } from '../src/memory/access.js';
import { median, spread } from '../src/report/spread.js';
import { DATA, KernelMachine } from '../tests/support/kernel-machine.js';
import { nanoseconds } from './nanoseconds.js';
import type { Table } from './table.js';

/** So many notes are timed by themselves. */
const MANY = 1000;
/** Milliseconds. */
const TIME = 300;

/** What do the observers' hooks cost a free-running kernel, in which nobody listens? */
export function hookCost(runs: number): Table {
  return {
    title: 'Cost of hooks that nobody listens to',
    note:
      'A free-running kernel on one hart, called without guest code. The share is that of all notes in a round, by the ' +
      `medians. Nanoseconds: median (least–most) of ${runs} runs, each the mean of what fits into ${TIME} ms.`,
    command: 'npm run bench',
    heads: ['fork, write, exit, wait: ns', 'notes in it', 'ns for a note', 'share, %'],
    rows: rows(runs),
  };
}

async function* rows(runs: number): AsyncGenerator<readonly string[]> {
  const machine = KernelMachine.booted();
  const { ram } = machine.memory;
  let notes = 0;
  const counting = ram.note;
  ram.note = () => notes++;
  round(machine);
  ram.note = counting;
  const whole = await nanoseconds(() => round(machine), runs, TIME);
  const many = () => {
    for (let i = 0; i < MANY; i++) ram.note(KernelEvent.LockAcquired, DATA, i);
  };
  const told = (await nanoseconds(many, runs, TIME)).map((all) => all / MANY);
  const share = (100 * notes * median(told)) / median(whole);
  yield [spread(whole), String(notes), spread(told, (value) => value.toFixed(2)), share.toFixed(1)];
}

/** The first process forks and writes; its child writes and exits; the first process takes its status. */
function round(machine: KernelMachine): void {
  machine.result(0, Sys.fork);
  machine.userStore(0, DATA, 1);
  machine.call(0, Sys.wait, 0);
  machine.userStore(0, DATA, 2);
  machine.call(0, Sys.exit, 0);
}
