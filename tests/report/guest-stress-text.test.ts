import { describe, expect, it } from 'vitest';
import { type GuestStressEnding, guestStressText } from '../../src/report/guest-stress-text.js';

const PAGE = { width: 120, paint: (_: string, text: string) => text };
const well: GuestStressEnding = {
  ...{ title: "kernel, 'cowtest' on 3 harts", seconds: 2, instructions: 3_000_000, rounds: 2, audits: 1 },
  ...{ violations: [], failures: [], end: { kind: 'stopped' }, places: ['0x1 in user mode'], stacks: [[]] },
  ...{ damage: [], lastLines: ['$ cowtest'], wantsOtherVirtio: false },
};
const text = (of: Partial<GuestStressEnding>) => guestStressText({ ...well, ...of }, PAGE);

describe('what is said of a kernel under load', () => {
  it('is how much it did, and what was looked at', () => {
    expect(text({})).toBe(`kernel, 'cowtest' on 3 harts, 2.0 s

  rounds          2
  instructions    3,000,000 (1,500,000/s)

frames: 1 audit, none free twice, none free under a program that runs; as many free behind each round as before it`);
  });

  it('claims nothing of rounds that had no end, nor of frames that nobody has looked at', () => {
    expect(text({ rounds: 0, audits: 2 })).toMatch(/^frames: 2 audits, .*; no round came to its end$/m);
    expect(text({ rounds: 0, audits: 0, seconds: 0 })).toMatch(/^frames: no audit, the machine never stood still/m);
  });

  it('is what went wrong, and where everybody was', () => {
    expect(text({ failures: ['it fell'], violations: ['a', 'b'] })).toContain(`
FAILED: it fell
FAILED: a
FAILED: b
frames: 1 audit, and what went wrong stands above

the last lines of the console:
  $ cowtest
hart 0 at pc 0x1 in user mode`);
  });

  it('counts what it does not print', () => {
    const lines = text({ violations: Array.from({ length: 25 }, (_, i) => `number ${i}`) }).split('\n');
    expect(lines.filter((line) => line.startsWith('FAILED'))).toHaveLength(20);
    expect(lines).toContain('and 5 more');
  });
});
