import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostedMachine } from '../../src/app/hosted-machine.js';
import { interruptible } from '../../src/cli/interruption.js';
import type { RunReport } from '../../src/report/run-summary.js';
import {
  canHaveTerminal,
  canSeeThreads,
  finished,
  shellOnTerminal,
  start,
  until,
  untilStarting,
} from '../support/command-line.js';
import { isLongForm, sampled } from '../support/long-form.js';
import { sleeping, spinning } from '../support/programs.js';
import { stressMachine } from '../support/stress-machine.js';
import { endsAtOnce, stopsAndAudits } from './interrupted.js';

describe.concurrent('the first Ctrl-C', () => {
  const machines: readonly [string, string, string][] = [
    ['a busy hart and three idle ones', '4', spinning()],
    ['an idle hart', '1', sleeping()],
  ];
  it.each(sampled(machines, machines.length))('stops %s, prints the summary and audits', stopsAndAudits);

  it.runIf(canSeeThreads && isLongForm)('ends a command whose threads are still starting', async () => {
    const command = start('stress', '--harts', '16', '--json');
    await untilStarting(command);
    command.kill('SIGINT');
    const { status, stdout } = await finished(command);
    expect(JSON.parse(stdout)).toMatchObject({ interrupted: true, ok: false, ledger: { audits: 0 } });
    expect(status).toBe(128 + 2);
  });
});

describe.runIf(canHaveTerminal)('an interrupted exploration', () => {
  it.runIf(isLongForm)(
    'explains and saves what it has found, says that it was interrupted, and ends as one that failed',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));
      const explore = `hartbreak explore -S fork-fork -b unlocked-count -N 1000000 -o '${folder}'`;
      const command = shellOnTerminal(`stty cols 120; ${explore}; echo "status $?"`);
      await until(command, /\d+ failures/);
      command.stdin.write('\u0003');
      const { stdout } = await finished(command);
      expect(stdout).toContain('interrupted: it was to run more schedules');
      expect(stdout).toContain('critical pair');
      expect(stdout).toMatch(/^status 1\r$/m);
      expect(readdirSync(folder).length).toBeGreaterThan(0);
      rmSync(folder, { recursive: true });
    },
  );
});

describe.concurrent('the second Ctrl-C', () => {
  it.runIf(canSeeThreads && isLongForm)('ends a command whose threads are still starting at once', async () => {
    const command = start('stress', '--harts', '16');
    await untilStarting(command);
    command.kill('SIGINT');
    setImmediate(() => command.kill('SIGTERM'));
    const [status, signal] = (await once(command, 'exit')) as [number | null, NodeJS.Signals | null];
    expect([128 + 2, 128 + 15, 'SIGINT', 'SIGTERM']).toContain(status ?? signal);
  });

  it.each([['four harts', '4', spinning()]])('ends %s at once', endsAtOnce);
});

/** A stress run on this process's own threads; `during` is called when it runs. The signal is sent to the handlers alone. */
async function stressed(harts: number, during: (machine: HostedMachine) => Promise<void> | void): Promise<RunReport> {
  const machine = stressMachine({ harts });
  const signal = await interruptible(machine, async () => {
    await Promise.all([machine.run(), during(machine)]);
  });
  expect(signal).toBe('SIGINT');
  return machine.report();
}

const ctrlC = () => process.emit('SIGINT', 'SIGINT');

describe('an interrupted stress run', () => {
  it('audits once more at the end', async () => {
    const { summary } = await stressed(4, async ({ control }) => {
      await control.allUp();
      ctrlC();
    });
    expect(summary).toMatchObject({ ok: true, ledger: { audits: 1, violations: [] } });
  });

  it('ends although its harts are about to stand still for an audit', async () => {
    const { summary } = await stressed(4, async (machine) => {
      await machine.control.allUp();
      const audit = machine.auditStandingStill();
      ctrlC();
      await audit;
    });
    // The audit that was asked for need not have come about.
    expect(summary.ledger.audits).toBeGreaterThanOrEqual(1);
    expect(summary).toMatchObject({ ok: true, ledger: { violations: [] } });
  });

  it('ends although it is audited again and again', async () => {
    const { summary } = await stressed(2, async (machine) => {
      await machine.control.allUp();
      for (let audit = 0; audit < 5; audit++) await machine.auditStandingStill();
      ctrlC();
      await machine.auditStandingStill();
    });
    expect(summary).toMatchObject({ ok: true, ledger: { audits: 6, violations: [] } });
  });

  it('that has not begun has nothing to audit, and is not ok', async () => {
    const { summary, failures } = await stressed(2, () => {
      ctrlC();
    });
    expect(summary).toMatchObject({ ok: false, forks: 0, ledger: { audits: 0, violations: [] } });
    expect(failures).toEqual([]);
  });
});
