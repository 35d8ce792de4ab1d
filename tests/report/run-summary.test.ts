import { describe, expect, it } from 'vitest';
import { PLAIN_PAGE } from '../../src/report/page.js';
import { hasFailed, progressText, type RunReport, type RunSummary, summaryText } from '../../src/report/run-summary.js';

function report(summary: Partial<RunSummary> = {}, rest: Partial<RunReport> = {}): RunReport {
  return {
    summary: {
      harts: 2,
      threads: [1, 2],
      design: 'page-map-lock',
      bug: null,
      seconds: 2,
      forks: 3000,
      cowFaults: 100,
      pagesCopied: 90,
      pagesReused: 10,
      instructions: 5_000_000,
      locks: [
        { name: 'kmem', acquisitions: 2000, contended: 50, spins: 12345 },
        { name: 'time', acquisitions: 0, contended: 0, spins: 0 },
      ],
      ledger: { audits: 2, violations: [] },
      ok: true,
      ...summary,
    },
    form: 'sound',
    status: null,
    failures: [],
    readerGone: false,
    ...rest,
  };
}

describe('the summary of a run', () => {
  it('says which machine it was, what it did and how fast', () => {
    const lines = summaryText(report(), PLAIN_PAGE).split('\n');
    expect(lines[0]).toBe('2 harts, design page-map-lock (sound), 2.0 s');
    expect(lines).toContain('  forks           3,000 (1,500/s)');
    expect(lines).toContain('  instructions    5,000,000 (2,500,000/s)');
    expect(lines.at(-1)).toBe('ledger: 2 audits, every frame accounted for');
  });

  it('shows the locks that were used, with the share of contended acquisitions', () => {
    const text = summaryText(report(), PLAIN_PAGE);
    expect(text).toMatch(/^kmem +2,000 +50 +2\.5% +12,345$/m);
    expect(text).not.toMatch(/^time/m);
  });

  it('lists violations, and counts those that are too many', () => {
    const violations = Array.from({ length: 23 }, (_, i) => `frame ${i} is lost`);
    const text = summaryText(report({ bug: 'unlocked-count', ledger: { audits: 1, violations } }), PLAIN_PAGE);
    expect(text).toContain('design page-map-lock (sound), bug unlocked-count');
    expect(text).toContain('ledger: 23 violations in 1 audit\n  frame 0 is lost');
    expect(text).toMatch(/ {2}frame 19 is lost\n {2}and 3 more$/);
  });

  it('wraps what is too long for its page', () => {
    const violations = ['frame 0x801fa000 is counted 1 time and mapped 2 times: 0x1000 of pid 2, 0x1000 of pid 3'];
    const text = summaryText(report({ ledger: { audits: 1, violations } }), { ...PLAIN_PAGE, width: 60 });
    expect(text).toContain(
      '\n  frame 0x801fa000 is counted 1 time and mapped 2 times:\n      0x1000 of pid 2, 0x1000 of pid 3',
    );
  });

  it('puts failures before the verdict, which they put in doubt', () => {
    const failures = ['hart 1 died at pc 0x0: panic: a test'];
    const text = summaryText(report({}, { failures }), PLAIN_PAGE);
    expect(text).toMatch(/FAILED: hart 1 died at pc 0x0: panic: a test\nledger: 2 audits, .*\(but the run failed/);
  });

  it('has no rates and no verdict for a machine that never came up', () => {
    const text = summaryText(
      report({ seconds: 0, forks: 0, ledger: { audits: 0, violations: [] }, ok: false }),
      PLAIN_PAGE,
    );
    expect(text).toMatch(/^ {2}forks {11}0$/m);
    expect(text).toMatch(/^ledger: no audit/m);
  });
});

describe('a run', () => {
  it('has failed when a hart died or the books do not balance, and not because it was too short for an audit', () => {
    expect(hasFailed(report({}, { failures: ['hart 0 died'] }))).toBe(true);
    expect(hasFailed(report({ ledger: { audits: 1, violations: ['frame 0 is lost'] } }))).toBe(true);
    expect(hasFailed(report({ ledger: { audits: 0, violations: [] }, ok: false }))).toBe(false);
  });
});

describe('the progress line', () => {
  it('shows rates since the line before, and each hart’s speed', () => {
    const before = { forks: 100, cowFaults: 0, pagesCopied: 0, pagesReused: 0, instructions: [0, 0] };
    const now = { forks: 300, cowFaults: 50, pagesCopied: 40, pagesReused: 10, instructions: [4e6, 1e7] };
    expect(progressText(7, 2, before, now)).toBe(
      '7 s  100 forks/s  25 COW faults/s  pages copied 40, reused 10  MIPS per hart 2 5',
    );
  });
});
