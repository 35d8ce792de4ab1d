import { afterAll, describe, expect, it } from 'vitest';
import { KernelMachine } from '../support/kernel-machine.js';
import type { Place } from '../support/places.js';
import { HartThreads } from '../support/threads.js';
import type { ParallelRun } from './parallel-hart.js';

/**
 * The tests of these designs, each on so many harts: user programs fork, write, wait and exit on one thread for each
 * hart, until there were so many forks.
 */
export function describeParallelDesigns(places: readonly Place[], forks: number): void {
  const most = Math.max(...places.map(([, harts]) => harts));
  const threads = new HartThreads<ParallelRun>(new URL('./parallel-hart.js', import.meta.url), most);
  afterAll(() => threads.close());

  describe('harts in parallel threads', () => {
    it.each(places)('%s on %i harts: nobody sees another’s writes, and the books balance', async (design, harts) => {
      const options = { design, harts, memory: 8, processes: 24 };
      const machine = new KernelMachine(options);
      machine.kernel.start(machine.harts[0]!);
      await threads.run(machine.memory, { options, forks });
      expect(machine.violations()).toEqual([]);
      expect(machine.statistics().forks).toBeGreaterThanOrEqual(forks);
    });
  });
}
