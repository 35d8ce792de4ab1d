import { closeSync, openSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFamilies } from '../../../kernel/locks/families.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { KernelMachine } from '../../support/kernel-machine.js';
import { sampled } from '../../support/long-form.js';
import { stressMachine } from '../../support/stress-machine.js';

const TICK_MS = 100;
const PROCESSES = 300;
const nowhere = openSync('/dev/null', 'w');
afterAll(() => closeSync(nowhere));

const families = lockFamilies.map(({ name }) => name);

describe.each(families)('a kernel with %s locks', (lock) => {
  it('takes every p->lock at once when it skips the time in which all sleep', () => {
    const machine = KernelMachine.booted({ lock, processes: PROCESSES, memory: 8, virtualTime: true });
    for (let times = 1; times <= 2; times++) {
      machine.call(0, Sys.sleep, 10);
      expect(machine.time).toBe(5000 + times * 10 * TICK_MS);
    }
    const taken = machine.lockstat().locks.find(({ name }) => name === 'proc')?.acquisitions;
    expect(taken).toBeGreaterThanOrEqual(2 * PROCESSES);
  });
});

describe.each(sampled(families, 3))('a kernel with %s locks', (lock) => {
  it('keeps its books on four real threads', async () => {
    const kernel = { design: 'page-map-lock', form: 'sound', bug: null, lock, processes: 16 } as const;
    const machine = stressMachine({ harts: 4, kernel, argv: ['forkwrite', '4', '20', '8'], consoleFd: nowhere });
    await machine.run();
    const { summary, status, failures } = machine.report();
    expect({ status, failures, ok: summary.ok }).toEqual({ status: 0, failures: [], ok: true });
    expect(summary.forks).toBeGreaterThanOrEqual(4 * 20);
  });
});
