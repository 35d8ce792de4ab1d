import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type FailureReport, failureText } from '../../src/report/failure-report.js';
import { PLAIN_PAGE, pageOf } from '../../src/report/page.js';

const access = { hart: 1, step: 7, what: 'store count ← 1', stack: ['decrement (kernel/count.ts:41)'] };
const report: FailureReport = {
  ...{
    title: 'duel, design counted (sound, bug unlocked)',
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
    otherHarm: [],
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
    expect(lines).toContain('shortest interleaving found: 1 preemption; without it this failure does not happen');
    expect(lines.at(-1)).toBe('replay: hartbreak replay f.json');
    expect(failureText({ ...report, preemptions: 0 }, PLAIN_PAGE)).toContain('it fails without any preemption');
    expect(failureText({ ...report, preemptions: 2, minimal: false }, PLAIN_PAGE)).toMatch(/2 preemptions$/m);
  });

  it('names what the schedule chose beside the preemptions', () => {
    const chosen = failureText({ ...report, choices: ['sc fails on hart 1'] }, PLAIN_PAGE);
    expect(chosen).toMatch(/1 preemption and 1 other choice; without any one of them this failure does not happen$/m);
    expect(chosen).toMatch(/^ {2}by choice of the schedule: sc fails on hart 1$/m);
  });

  it('is wrapped to its page, under the text that goes on', () => {
    const evidence = 'in another order: frame 0x801fa000 is lost: no mapping, not free, count 1';
    expect(failureText({ ...report, evidence }, { ...PLAIN_PAGE, width: 60 })).toContain(
      '  harmful: in another order: frame 0x801fa000 is lost: no\n           mapping, not free, count 1\n',
    );
  });

  it('gives a command that still runs when it is broken, and a call of the library as code', () => {
    const end = (replay: string) =>
      failureText({ ...report, replay }, { ...PLAIN_PAGE, width: 40 }).split('replay: ')[1];
    expect(end('hartbreak replay failures/duel-counted.json')).toBe(
      'hartbreak replay \\\n    failures/duel-counted.json',
    );
    expect(end("check('duel', { design: 'counted', seed: 1 })")).toBe(
      "check('duel', { design:\n        'counted', seed: 1 })",
    );
  });

  it('is coloured on a terminal: the verdict, the turns, the pair', () => {
    const coloured = failureText(report, pageOf({ isTTY: true, columns: 120 }, {}));
    expect(coloured).toContain('\n  \u001b[31mharmful\u001b[39m: this run');
    expect(coloured).toContain('\n  \u001b[33msecond\u001b[39m hart 0: ');
    expect(stripVTControlCharacters(coloured)).toBe(failureText(report, PLAIN_PAGE));
    expect(failureText({ ...report, harmful: false }, pageOf({ isTTY: true }, {}))).toContain('\u001b[32mno harm seen');
  });
});
