import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostedMachine } from '../../src/app/hosted-machine.js';
import { StressWatch } from '../../src/app/stress-watch.js';
import { userProgram } from '../../src/machine/user-programs.js';
import type { RunReport } from '../../src/report/run-summary.js';
import { isLongForm } from '../support/long-form.js';
import { stressMachine } from '../support/stress-machine.js';

/** Harts run in real time; the watch's seconds pass as the test has them pass. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const FOR_EVER = 1_000_000;
const STEP_MS = 250;

/** Watches the machine for so many seconds, which pass until `enough` says so; how many of them did. */
async function watched(machine: HostedMachine, seconds: number, enough: (so: RunReport) => boolean): Promise<number> {
  const running = new StressWatch(machine, seconds).run();
  expect(await machine.control.allUp()).toBe(true);
  let passed = 0;
  for (; !enough(machine.report()); passed += STEP_MS) {
    await vi.advanceTimersByTimeAsync(STEP_MS);
    await setImmediate();
  }
  machine.stop();
  await running;
  return passed / 1000;
}

describe('a watch over a stress run', () => {
  it('audits while the harts run, and they go on after it', async () => {
    const machine = stressMachine();
    let before = 0;
    await watched(machine, FOR_EVER, ({ summary: { ledger, forks } }) => {
      if (ledger.audits < 2) before = forks;
      return ledger.audits >= 3 && forks > before;
    });
    const { summary } = machine.report();
    expect(summary.ledger.audits).toBeGreaterThanOrEqual(4);
    expect(summary).toMatchObject({ ok: true, ledger: { violations: [] } });
  });

  it.runIf(isLongForm)('stops the machine when its time is over, and not before', async () => {
    const machine = stressMachine();
    expect(await watched(machine, 3, () => machine.control.stopping)).toBeGreaterThanOrEqual(3);
    expect(machine.report()).toMatchObject({ status: null, summary: { ok: true } });
  });

  it('stops it with the first audit that sees the books broken', async () => {
    // Broken since boot, which the program cannot see, and it has no end of its own.
    const kernel = { design: 'mapped-count', form: 'sound', bug: 'boot-counts', processes: 64 } as const;
    const machine = stressMachine({ kernel, program: userProgram('spin'), argv: ['spin'] });
    await watched(machine, FOR_EVER, () => machine.control.stopping);
    const { status, summary } = machine.report();
    expect(status).toBeNull();
    expect(summary.ledger.violations).not.toEqual([]);
    expect(summary.ok).toBe(false);
  });
});
