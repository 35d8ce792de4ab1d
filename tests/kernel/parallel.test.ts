import { afterAll, describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { KernelMachine, type Options } from '../support/kernel-machine.js';
import { HartThreads } from '../support/threads.js';
import type { ParallelRun } from './parallel-hart.js';

const HARTS_ENTRY = new URL('./parallel-hart.js', import.meta.url);

const FORKS = 300;

const threads = new HartThreads<ParallelRun>(HARTS_ENTRY, 4);
afterAll(() => threads.close());

/** A machine whose user programs have forked, written, waited and exited on one thread for each hart. */
async function parallel(options: Options, forks: number): Promise<KernelMachine> {
  const all = { ...options, memory: 8, processes: 24 };
  const machine = new KernelMachine(all);
  machine.kernel.start(machine.harts[0]!);
  await threads.run(machine.memory, { options: all, forks });
  return machine;
}

describe('harts in parallel threads', () => {
  it.each(designs.flatMap(({ name }) => [2, 4].map((harts) => [name, harts] as const)))(
    '%s on %i harts: nobody sees another’s writes, and the books balance',
    async (design, harts) => {
      const machine = await parallel({ design, harts }, FORKS);
      expect(machine.violations()).toEqual([]);
      expect(machine.statistics().forks).toBeGreaterThanOrEqual(FORKS);
    },
  );
});
