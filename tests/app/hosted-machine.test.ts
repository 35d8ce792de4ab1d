import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mkfs } from '../../kernel/fs/mkfs.js';
import { BSIZE } from '../../kernel/params.js';
import { VICTIM } from '../support/dying/at-trap.js';
import { STUCK } from '../support/dying/never-stops.js';
import { isLongForm } from '../support/long-form.js';
import { stressMachine } from '../support/stress-machine.js';
import { runDying } from './dying-machine.js';

const POLL_MS = 10;
/** For a hart that never stops: the others have ended when it is over. */
const LITTLE_PATIENCE = { stop: 3, abort: 0.5 };

describe('a hart that dies', () => {
  it('by a panic is reported with its pc and the kernel functions it was in, and the others stop', async () => {
    const { summary, failures, status } = await runDying('panics');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^hart 1 died at pc 0x[0-9a-f]+ <.+>: panic: a test \(in \w+\.\w+( ← \w+\.\w+)+\)/);
    expect(summary.ok).toBe(false);
    expect(status).toBeNull();
  });

  it.runIf(isLongForm)('because its thread exits is reported with its pc', async () => {
    const { summary, failures } = await runDying('exits');
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^hart 1 died at pc 0x.*: its thread ended: worker exited with code: 3$/);
    expect(summary).toMatchObject({ ok: false, ledger: { audits: 0, violations: [] } });
  });

  it.runIf(isLongForm)(
    'while it holds a lock is reported with the lock, and those who wait for the lock stop too',
    async () => {
      const { failures } = await runDying('exits-with-lock');
      expect(failures).toHaveLength(1);
      expect(failures[0]).toMatch(/^hart 1 died at pc 0x.*; it held (.*, )?kmem(, .*)?$/);
    },
  );

  it('before it lives, like all the others, is reported', async () => {
    const { failures, summary } = await runDying('does-not-load');
    expect(failures[0]).toMatch(/^hart \d died at pc 0x0.*: its thread ended: this module does not load$/);
    expect(summary.ok).toBe(false);
  });
});

describe('the disk', () => {
  const image = mkfs([{ name: 'f', data: new Uint8Array(100) }]);
  const kernel = {
    design: 'page-map-lock',
    form: 'sound',
    bug: null,
    processes: 64,
    diskBlocks: image.length / BSIZE,
  } as const;

  it('of a machine that was stopped before it had booted is nobody’s business', async () => {
    const machine = stressMachine({ kernel, disk: image });
    const running = machine.run();
    machine.stop();
    await running;
    expect(machine.disk()).toBeUndefined();
  });

  it('of a machine that was stopped once it ran is what it has written', async () => {
    const machine = stressMachine({ kernel, disk: image });
    const running = machine.run();
    await machine.control.allUp();
    machine.stop();
    await running;
    expect(machine.disk()).toSatisfy((written: Uint8Array) => Buffer.compare(written, image) === 0);
  });
});

describe('a hart that does not stop', () => {
  it.runIf(isLongForm)('is reported, and its thread is ended', async () => {
    const stuck = stressMachine({
      hartThread: new URL('../support/dying/never-stops.js', import.meta.url),
      patience: LITTLE_PATIENCE,
    });
    const running = stuck.run();
    await stuck.control.allUp();
    // A hart that dies stops the machine.
    while (stuck.report().summary.threads[VICTIM] !== STUCK && !stuck.control.stopping) await setTimeout(POLL_MS);
    const audit = stuck.auditStandingStill();
    stuck.control.stop();
    await Promise.all([running, audit]);
    const { failures } = stuck.report();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(/^hart 1 did not stop at pc 0x/);
  });
});
