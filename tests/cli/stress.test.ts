import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import type { RunSummary } from '../../src/report/run-summary.js';
import { hartbreak } from '../support/command-line.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

describe('stress --json', () => {
  it('prints one object with exactly the promised keys, and nothing else', async () => {
    const { status, stdout, stderr } = await hartbreak('stress', '--json', '--harts', '2', '--seconds', '0.2');
    const run = JSON.parse(stdout) as RunSummary;
    expect(Object.keys(run)).toEqual([
      ...['harts', 'threads', 'design', 'bug', 'seconds', 'forks', 'cowFaults', 'pagesCopied', 'pagesReused'],
      ...['instructions', 'locks', 'ledger', 'ok'],
    ]);
    expect(run).toMatchObject({ harts: 2, design: designs[0]!.name, bug: null, ok: true });
    for (const lock of run.locks) expect(Object.keys(lock)).toEqual(['name', 'acquisitions', 'contended', 'spins']);
    expect(Object.keys(run.ledger)).toEqual(['audits', 'violations']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.runIf(isLongForm)(
    'ends with 1 when a hart dies, long before its time is over, and says why on stderr',
    async () => {
      const bug = ['--bug', 'lock-twice', '--seconds', '100000'];
      const { status, stdout, stderr } = await hartbreak('stress', '--json', '--harts', '2', ...bug);
      expect(JSON.parse(stdout)).toMatchObject({ harts: 2, bug: 'lock-twice', ok: false });
      expect(stderr).toMatch(/^hartbreak: hart \d died at pc .*: panic: acquire /m);
      expect(status).toBe(1);
    },
  );
});

describe('stress', () => {
  it.runIf(isLongForm)('prints a summary with a table of locks and the ledger’s verdict for a person', async () => {
    const { status, stdout, stderr } = await hartbreak('stress', '--harts', '1', '--seconds', '0.2');
    expect(stdout).toMatch(/^1 hart, design /);
    expect(stdout).toMatch(/^kmem +[\d,]+ +[\d,]+ +\d+\.\d% +[\d,]+$/m);
    expect(stdout).toMatch(/^ledger: \d+ audits?, every frame accounted for$/m);
    // A progress line is for terminals.
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('that failed names the command that looks for the failure under control', async () => {
    const bug = ['--bug', 'lock-order', '--lock', 'mcs', '--seconds', '100000'];
    const { status, stdout } = await hartbreak('stress', '--harts', '3', ...bug);
    expect(stdout).toMatch(/^FAILED: deadlock: hart \d waits for /m);
    expect(stdout).toMatch(/^to look for it .*: hartbreak explore --bug lock-order --lock mcs\n$/m);
    expect(status).toBe(1);
  });

  it.runIf(isLongForm)('names the free list too, which is another one there', async () => {
    const bug = ['--bug', 'lock-twice', '--freelist', 'per-hart', '--seconds', '100000'];
    const { stdout } = await hartbreak('stress', '--harts', '2', ...bug);
    expect(stdout).toMatch(/: hartbreak explore --bug lock-twice --freelist per-hart\n$/m);
  });

  it('has a list of free frames for each hart, and explore has one', async () => {
    const { stdout } = await inProcess('stress', '--help');
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/--freelist <name> [^(]*\(default: per-hart; one with a bug/);
    const { stdout: explored } = await inProcess('explore', '--help');
    expect(explored.replace(/\s+/g, ' ')).toMatch(/--freelist <name> [^(]*\(default: one, or/);
  });
});
