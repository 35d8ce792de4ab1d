import { Bench } from 'tinybench';
import { Sys } from '../kernel/trap/syscall.js';
import { KernelEvent } from '../src/memory/access.js';
import { DATA, KernelMachine } from '../tests/support/kernel-machine.js';

/** Notes that one copy-on-write fault tells, counted below; so many are timed by themselves. */
const MANY = 1000;

/** What do the observers' hooks cost a free-running kernel, in which nobody listens? */
export async function hookCost(): Promise<string> {
  const machine = KernelMachine.booted();
  const { ram } = machine.memory;
  let notes = 0;
  const counting = ram.note;
  ram.note = () => notes++;
  round(machine);
  ram.note = counting;
  const bench = new Bench({ time: 300 })
    .add('fork, write, exit, wait', () => round(machine))
    .add('notes', () => {
      for (let i = 0; i < MANY; i++) ram.note(KernelEvent.LockAcquired, DATA, i);
    });
  await bench.run();
  const [whole, told] = bench.tasks.map(({ result }) => ('latency' in result ? result.latency.mean * 1e6 : Number.NaN));
  const share = (100 * notes * (told! / MANY)) / whole!;
  return [
    `fork, write, exit, wait   ${whole!.toFixed(0)} ns, of which it tells ${notes} notes`,
    `a note nobody hears       ${(told! / MANY).toFixed(2)} ns: ${share.toFixed(1)} % of the whole`,
  ].join('\n');
}

/** The first process forks and writes; its child writes and exits; the first process takes its status. */
function round(machine: KernelMachine): void {
  machine.result(0, Sys.fork);
  machine.userStore(0, DATA, 1);
  machine.call(0, Sys.wait, 0);
  machine.userStore(0, DATA, 2);
  machine.call(0, Sys.exit, 0);
}
