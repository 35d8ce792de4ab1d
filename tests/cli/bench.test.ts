import { describe, expect, it } from 'vitest';
import { finished, hartbreak, start } from '../support/command-line.js';

describe('hartbreak bench locks', () => {
  it('prints tables of locks by harts, and what everything costs', async () => {
    const { stdout, stderr, status } = await hartbreak(
      'bench',
      'locks',
      '--harts',
      '1,2',
      '--lock',
      'clh',
      '--lock',
      'mcs',
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^acquisitions per million cycles\nharts +1 +2\n-+ +-+ +-+\nclh +\d+ +\d+\nmcs +\d+ +\d+\n/);
    expect(stdout).toContain('\nfairness: ');
    expect(stdout).toContain('\nwait for the lock, 99th percentile, in cycles\n');
    expect(stdout).toContain('costs in cycles: hit 5, share 44, transfer 109,');
    expect(stdout).toMatch(/\n\d+\.\d s of real time\n$/);
  });

  it('prints one JSON object in which the figures of virtual time stand apart from the rest', async () => {
    const args = ['bench', 'locks', '--harts', '2', '--lock', 'ticket', '--cost', 'transfer=289', '--json'];
    const [first, second] = [await hartbreak(...args), await hartbreak(...args)];
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
  });

  it('prints what it has when it is interrupted', async () => {
    const command = start(
      'bench',
      'locks',
      '--harts',
      '1,2,8',
      '--lock',
      'adaptive',
      '--acquisitions',
      '2000',
      '--json',
    );
    let isInterrupted = false;
    const interrupt = () => {
      isInterrupted = command.kill('SIGINT');
    };
    setTimeout(interrupt, 1500);
    const { status, stdout } = await finished(command);
    expect(isInterrupted).toBe(true);
    const { virtual, interrupted } = JSON.parse(stdout);
    expect(interrupted).toBe(true);
    expect((virtual.locks?.cells ?? []).length).toBeLessThan(3);
    // A process that a signal ends before its machine is up has no status of its own.
    expect([128 + 2, null]).toContain(status);
  });
});
