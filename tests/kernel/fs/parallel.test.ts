import { afterAll, describe, expect, it } from 'vitest';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { DiskMachine } from '../../support/disk-machine.js';
import { isLongForm, sampled } from '../../support/long-form.js';
import { HartThreads } from '../../support/threads.js';
import type { ParallelFiles } from './parallel-files.js';

const HARTS_ENTRY = new URL('./parallel-files.js', import.meta.url);

const sizes = sampled([4, 2, 8], 3);
const threads = new HartThreads<ParallelFiles>(HARTS_ENTRY, Math.max(...sizes));
afterAll(() => threads.close());

describe('harts in parallel threads', () => {
  it.each(sizes)('%i of them use the same names, and every transaction is whole', async (harts) => {
    const blocks = 100;
    const machine = DiskMachine.mounted(mkfs([], { blocks, inodes: 30 }), harts);
    const run: ParallelFiles = { blocks, operations: isLongForm ? 2000 : 500 };
    await threads.run(machine.memory, run);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
    expect(machine.transactions()).toBeGreaterThanOrEqual(harts * run.operations);
  });
});
