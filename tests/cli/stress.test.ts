import { describe, expect, it } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import type { RunSummary } from '../../src/report/run-summary.js';
import { hartbreak } from '../support/command-line.js';

/** Runs `stress --json` and parses what it printed. */
async function stress(...args: readonly string[]): Promise<{ status: number | null; stderr: string; run: RunSummary }> {
  const { status, stdout, stderr } = await hartbreak('stress', '--json', ...args);
  return { status, stderr, run: JSON.parse(stdout) as RunSummary };
}

describe('stress --json', () => {
  it('prints one object with exactly the promised keys, and nothing else', async () => {
    const { status, stderr, run } = await stress('--harts', '4', '--seconds', '0.5');
    expect(Object.keys(run)).toEqual([
      ...['harts', 'threads', 'design', 'bug', 'seconds', 'forks', 'cowFaults', 'pagesCopied', 'pagesReused'],
      ...['instructions', 'locks', 'ledger', 'ok'],
    ]);
    expect(run).toMatchObject({ harts: 4, design: designs[0]!.name, bug: null, ok: true });
    for (const lock of run.locks) expect(Object.keys(lock)).toEqual(['name', 'acquisitions', 'contended', 'spins']);
    expect(Object.keys(run.ledger)).toEqual(['audits', 'violations']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('a stress run', () => {
  it('has each hart in a thread of its own, in each other’s way, and audits them while they run and at the end', async () => {
    const { run } = await stress('--harts', '3', '--seconds', '2.5');
    expect(new Set(run.threads).size).toBe(3);
    expect(run.threads).not.toContain(0);
    expect(run.locks.reduce((sum, { contended }) => sum + contended, 0)).toBeGreaterThan(0);
    expect(run.forks).toBeGreaterThan(0);
    expect(run.cowFaults).toBeGreaterThan(0);
    expect(run.pagesCopied).toBeGreaterThan(0);
    expect(run.instructions).toBeGreaterThan(run.forks);
    expect(run.ledger.audits).toBeGreaterThanOrEqual(2);
  });

  it.each(designs.map(({ name }) => name))('is clean with the design %s', async (design) => {
    const { status, run } = await stress('--harts', '2', '--seconds', '0.5', '--design', design);
    expect(run).toMatchObject({ design, ok: true, ledger: { violations: [] } });
    expect(status).toBe(0);
  });

  it.each([
    ['one hart', '1', '8'],
    ['more harts than most computers have cores', '16', '128'],
    ['as many harts as there can be', '64', '128'],
    ['as little memory as there can be', '2', '2'],
    ['as much memory as there can be', '2', '2048'],
  ])('works with %s', async (_what, harts, memory) => {
    const { status, run } = await stress('--harts', harts, '--memory', memory, '--seconds', '1.5');
    expect(run).toMatchObject({ harts: Number(harts), ok: true });
    expect(run.forks).toBeGreaterThan(0);
    expect(status).toBe(0);
  });

  it('prints a summary with a table of locks and the ledger’s verdict for a person', async () => {
    const { status, stdout, stderr } = await hartbreak('stress', '--harts', '1', '--seconds', '0.5');
    expect(stdout).toMatch(/^1 hart, design /);
    expect(stdout).toMatch(/^kmem +[\d,]+ +[\d,]+ +\d+\.\d% +[\d,]+$/m);
    expect(stdout).toMatch(/^ledger: \d+ audits?, every frame accounted for$/m);
    // A progress line is for terminals.
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('the bug unlocked-count on two harts', () => {
  it('breaks the books, and the run ends with the first audit that sees it', async () => {
    // Nearly every run shows it with the first audit, after two seconds.
    const { status, run: found } = await stress('--harts', '2', '--bug', 'unlocked-count', '--seconds', '60');
    expect(found.ledger.violations).not.toEqual([]);
    expect(found).toMatchObject({ bug: 'unlocked-count', ok: false });
    expect(status).toBe(1);
  });
});
