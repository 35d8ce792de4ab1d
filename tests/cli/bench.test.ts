import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canHaveTerminal, finished, hartbreak, shellOnTerminal, until } from '../support/command-line.js';
import { emptyFolder } from '../support/files.js';
import { isLongForm } from '../support/long-form.js';

describe('hartbreak bench locks', () => {
  it.runIf(isLongForm)('prints tables of locks by harts, and what everything costs', async () => {
    const { stdout, stderr, status } = await hartbreak(
      'bench',
      'locks',
      '--harts',
      '1,2',
      '--lock',
      'clh',
      '--lock',
      'mcs',
      '--repetitions',
      '1',
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^acquisitions per million cycles\nharts +1 +2\n-+ +-+ +-+\nclh +\d+ +\d+\nmcs +\d+ +\d+\n/);
    expect(stdout).toContain('\nfairness: ');
    expect(stdout).toContain('\nwait for the lock, 99th percentile, in cycles\n');
    expect(stdout).toContain('costs in cycles: hit 5, share 44, transfer 109,');
    expect(stdout).toContain('\nlocks, measured: acquisitions/s, median (least–most) of 1\n');
    expect(stdout).toMatch(/\nlocks mcs +\d+\.\d\d +\d+\.\d\d +-?\d+ +\d+ +[\d,]+\n/);
    expect(stdout).toMatch(/\n\d+\.\d s of real time\n$/);
  });

  it.runIf(isLongForm)(
    'prints one JSON object in which the figures of virtual time stand apart from the rest',
    async () => {
      const args = ['bench', 'locks', '--harts', '2', '--lock', 'ticket', '--cost', 'transfer=289', '--json'];
      const folder = emptyFolder();
      const first = await hartbreak(...args, '--repetitions', '0');
      writeFileSync(join(folder, 'first.json'), first.stdout);
      const second = await hartbreak(...args, '--repetitions', '0', '--compare', join(folder, 'first.json'));
      expect(JSON.parse(second.stdout).comparison).toEqual({
        virtual: [],
        measured: [],
        compared: 2,
        otherTerms: false,
      });
      const { virtual, measured, interrupted } = JSON.parse(first.stdout);
      expect(interrupted).toBe(false);
      expect(virtual).toEqual(JSON.parse(second.stdout).virtual);
      expect(virtual.costs).toMatchObject({ transfer: 289, hit: 5 });
      expect(virtual.locks.workload).toEqual({ acquisitions: 8, inside: 100, outside: 1000, seed: 1 });
      expect(virtual.locks.cells).toHaveLength(1);
      expect(virtual.locks.cells[0]).toMatchObject({ lock: 'ticket', harts: 2, acquisitions: 16 });
      expect(virtual.locks.cells[0].byHart).toHaveLength(2);
      expect(virtual.locks.timelines).toHaveLength(1);
      // One more by each hart, which waits at the end.
      expect(virtual.locks.timelines[0].intervals.length).toBeGreaterThanOrEqual(16);
      expect(measured.seconds).toBeGreaterThan(0);
    },
  );

  it.runIf(canHaveTerminal && isLongForm)(
    'says how far it has come, and prints what it has when it is interrupted',
    async () => {
      const command = shellOnTerminal(
        'hartbreak bench locks --harts 1,8 --lock adaptive --acquisitions 2000 --repetitions 0 --json',
      );
      await until(command, /locks, virtual time: 1 of 2, \d+ s/);
      // As a person does: to whatever runs on the terminal.
      command.stdin.write('\u0003');
      const { stdout } = await finished(command);
      expect(stdout).toContain('"interrupted":true');
      expect(stdout).toMatch(/"cells":\[\{"lock":"adaptive","harts":1,/);
    },
  );
});
