import { afterAll, describe, expect, it } from 'vitest';
import { readOutcome } from '../../../kernel/books/statistics.js';
import { checkImage } from '../../../kernel/fs/check-image.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { BSIZE } from '../../../kernel/params.js';
import { disk } from '../../support/disk-user.js';
import { elfImage } from '../../support/elf-image.js';
import { KernelMachine, type Options } from '../../support/kernel-machine.js';
import { HartThreads } from '../../support/threads.js';
import type { PipeRun } from './pipe-hart.js';

const HARTS_ENTRY = new URL('./pipe-hart.js', import.meta.url);
const program = elfImage({ segments: [{}, { flags: 6, vaddr: 4096n, memSize: 8192n }] });

const threads = new HartThreads<PipeRun>(HARTS_ENTRY, 4);
afterAll(() => threads.close());

describe('pipes, exec and files in parallel threads', () => {
  it.each(designs.flatMap(({ name }) => [2, 4].map((harts) => [name, harts] as const)))(
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
      await threads.run(machine.memory, { options, workers: 5, rounds: 10 });
      expect(readOutcome(machine.ram, machine.layout)).toBe(0);
      expect(machine.violations()).toEqual([]);
      expect(machine.statistics().freePages).toBe(machine.layout.frames);
      expect(checkImage(machine.ram.read(machine.layout.disk, machine.config.diskBlocks! * BSIZE))).toBeUndefined();
    },
  );
});
