import { afterAll, describe, expect, it } from 'vitest';
import { readOutcome } from '../../../kernel/books/statistics.js';
import { checkImage } from '../../../kernel/fs/check-image.js';
import { BSIZE } from '../../../kernel/params.js';
import { disk } from '../../support/disk-user.js';
import { elfImage } from '../../support/elf-image.js';
import { KernelMachine, type Options } from '../../support/kernel-machine.js';
import type { Place } from '../../support/places.js';
import { HartThreads } from '../../support/threads.js';
import type { PipeRun } from './pipe-hart.js';

const WORKERS = 5;
const program = elfImage({ segments: [{}, { flags: 6, vaddr: 4096n, memSize: 8192n }] });

/** The tests of these designs, each on so many harts: every worker makes so many pipes, one after the other. */
export function describeParallelPipes(places: readonly Place[], rounds: number): void {
  const most = Math.max(...places.map(([, harts]) => harts));
  const threads = new HartThreads<PipeRun>(new URL('./pipe-hart.js', import.meta.url), most);
  afterAll(() => threads.close());

  describe('pipes, exec and files in parallel threads', () => {
    it.each(places)(
      '%s on %i harts: every byte comes out of the pipe in order, everybody is woken, and nothing is left over',
      async (design, harts) => {
        const options: Options = {
          design,
          harts,
          memory: 8,
          processes: 24,
          disk: disk([{ name: 'prog', data: program }]),
        };
        const machine = new KernelMachine(options);
        machine.kernel.start(machine.harts[0]!);
        await threads.run(machine.memory, { options, workers: WORKERS, rounds });
        expect(readOutcome(machine.ram, machine.layout)).toBe(0);
        expect(machine.violations()).toEqual([]);
        expect(machine.statistics().freePages).toBe(machine.layout.frames);
        expect(checkImage(machine.ram.read(machine.layout.disk, machine.config.diskBlocks! * BSIZE))).toBeUndefined();
      },
    );
  });
}
