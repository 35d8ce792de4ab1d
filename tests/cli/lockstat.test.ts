import { describe, expect, it } from 'vitest';
import type { Lockstat } from '../../kernel/books/lockstat.js';
import type { RunSummary } from '../../src/report/run-summary.js';
import { hartbreak } from '../support/command-line.js';
import { isLongForm } from '../support/long-form.js';
import { builtProgram } from '../support/programs.js';

const hello = builtProgram('hello');

describe.concurrent('--lockstat', () => {
  it('puts what harts did with the locks into the JSON, and it is what the list of locks says', async () => {
    const options = ['--lockstat', '--callers', '--harts', '2', '--seconds', '0.3', '--json'];
    const { status, stdout, stderr } = await hartbreak('stress', ...options);
    const { locks, lockstat, ok } = JSON.parse(stdout) as Omit<RunSummary, 'lockstat'> & {
      readonly lockstat: Lockstat;
    };
    expect({ status, stderr, ok }).toEqual({ status: 0, stderr: '', ok: true });
    expect(lockstat.unit).toBe('ns');
    expect(lockstat.sampling).toBeGreaterThan(1);
    const listed = lockstat.locks.map(({ name, acquisitions, contentions, spins }) => {
      return { name, acquisitions, contended: contentions, spins };
    });
    expect(listed).toEqual(locks);
    const kmem = lockstat.locks.find(({ name }) => name === 'kmem')!;
    expect(kmem.byHart).toHaveLength(2);
    expect(kmem.byHart.reduce((sum, some) => sum + some, 0)).toBe(kmem.acquisitions);
    const sampled = kmem.callers.reduce((sum, { acquisitions }) => sum + acquisitions, 0);
    expect(sampled).toBe(kmem.hold?.count ?? 0);
    for (const { name } of kmem.callers) expect(name).toMatch(/^HartFreeLists\.(takeFrom|putOn|stealFrom)$/);
  });

  it.runIf(isLongForm)('prints tables for a person, in the place of the short one', async () => {
    const { status, stdout } = await hartbreak('stress', '--lockstat', '--harts', '1', '--seconds', '0.3');
    expect(stdout).toMatch(/^class name +con-bounces +contentions +acq-bounces +acquisitions +spins +distance$/m);
    expect(stdout).toMatch(/^class name +holdtime-min +holdtime-max +holdtime-total +holdtime-avg/m);
    expect(stdout).not.toMatch(/^lock +acquisitions/m);
    expect(stdout).toMatch(/^ledger: \d+ audits?, every frame accounted for$/m);
    expect(status).toBe(0);
  });

  it.runIf(isLongForm)(
    'leaves a program’s output alone, and comes on stderr; in the lines of xv6’s lab if asked',
    async () => {
      const { status, stdout, stderr } = await hartbreak('run', '--lockstat', '--format', 'xv6', hello, '3');
      expect({ status, stdout }).toEqual({ status: 3, stdout: `hello from process 1: ${hello} 3\n` });
      // One hart has nobody to wait for.
      expect(stderr).toMatch(
        /^--- lock kmem\/bcache stats\nlock: kmem: #test-and-set 0 #acquire\(\) \d+\n--- top 5 contended locks:\n(lock: \w+: #test-and-set 0 #acquire\(\) \d+\n){5}tot= 0\n$/,
      );
    },
  );
});
