import { describe, expect, it } from 'vitest';
import { type FailureReport, failureText } from '../../src/report/failure-report.js';
import { PLAIN_PAGE } from '../../src/report/page.js';

const access = { hart: 1, step: 7, what: 'store count ← 1', stack: ['decrement (kernel/count.ts:41)'] };
const report: FailureReport = {
  ...{
    scenario: 'duel',
    design: 'counted',
    form: 'sound',
    bug: 'unlocked',
    kind: 'ledger',
    summary: 'a frame is lost',
  },
  ...{
    harmful: true,
    evidence: 'this run itself does the harm',
    advice: [],
    harts: 2,
    preemptions: 1,
    choices: [],
    minimal: true,
  },
  criticalPair: { first: access, second: { ...access, hart: 0, step: 9 }, failing: 'lost', flipped: 'ends well' },
  firstWrongStep: null,
  rows: [
    { kind: 'access', hart: 0, step: 3, text: 'load count → 2' },
    { kind: 'switch', from: 0, to: 1, step: 4, reason: 'preempted' },
    { kind: 'private', hart: 1, count: 1 },
    { kind: 'access', hart: 1, step: 7, text: 'store count ← 1' },
  ],
  replay: 'hartbreak replay f.json',
};

describe('the report of a failure', () => {
  const lines = failureText(report, PLAIN_PAGE).split('\n');

  it('leads with what broke, where, and whether it does harm', () => {
    expect(lines.slice(0, 3)).toEqual([
      'ledger: a frame is lost',
      '  in duel, design counted (sound, bug unlocked)',
      '  harmful: this run itself does the harm',
    ]);
  });

  it('gives the critical pair with its stacks, and how both orders end', () => {
    expect(lines).toContain('  first  hart 1: store count ← 1');
    expect(lines).toContain('    in decrement (kernel/count.ts:41)');
    expect(lines).toContain('  turned round:    ends well');
  });

  it('gives every hart a column, and says why the turn changed', () => {
    const [first, second] = ['load count → 2', 'store count ← 1'].map((text) =>
      lines.find((line) => line.includes(text) && /^ +\d/.test(line))!.indexOf(text),
    );
    expect(second! - first!).toBeGreaterThan(40);
    expect(lines.some((line) => line.includes('switch: hart 0 → hart 1, preempted'))).toBe(true);
  });

  it('says what the preemptions are worth, and ends with the command that replays it', () => {
    expect(lines).toContain('shortest interleaving found: 1 preemption; without it it does not fail');
    expect(lines.at(-1)).toBe('replay: hartbreak replay f.json');
    expect(failureText({ ...report, preemptions: 0 }, PLAIN_PAGE)).toContain('it fails without any preemption');
    expect(failureText({ ...report, preemptions: 2, minimal: false }, PLAIN_PAGE)).toMatch(/2 preemptions$/m);
  });

  it('names what the schedule chose beside the preemptions', () => {
    const chosen = failureText({ ...report, choices: ['sc fails on hart 1'] }, PLAIN_PAGE);
    expect(chosen).toMatch(/1 preemption and 1 other choice; without any one of them it does not fail$/m);
    expect(chosen).toMatch(/^ {2}by choice of the schedule: sc fails on hart 1$/m);
  });
});
