import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CriticalPair, ExplainedRow } from '../../src/explore/interleaving.js';
import { interleavingText } from '../../src/report/interleaving.js';
import { PLAIN_PAGE, pageOf } from '../../src/report/page.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { fuzzing } from '../support/fuzzing.js';

const rows: readonly ExplainedRow[] = [
  { kind: 'access', hart: 0, step: 3, text: 'drop: load refs[0x7f3] → 2' },
  { kind: 'switch', from: 0, to: 1, step: 4, reason: 'preempted' },
  { kind: 'private', hart: 1, count: 1 },
  { kind: 'access', hart: 1, step: 7, text: 'resolveWrite: read 4096 bytes of frame 0x801fa000' },
];
const linesOf = (harts: number, width: number, some = rows) =>
  interleavingText(harts, some, { ...PLAIN_PAGE, width }).split('\n');

describe('an interleaving', () => {
  it('has a column for each hart, which shrinks with the page, and goes on under its own start', () => {
    expect(linesOf(2, 72)).toEqual([
      '  step  hart 0                           hart 1',
      '     3  drop: load refs[0x7f3] → 2',
      '        ── switch: hart 0 → hart 1, preempted ──────────────────────────',
      '                                         (1 other access)',
      '     7                                   resolveWrite: read 4096 bytes',
      '                                           of frame 0x801fa000',
    ]);
  });

  it('puts harts on top of each other, each row with its name, where columns would be too narrow', () => {
    expect(linesOf(3, 60)).toEqual([
      '  step',
      '     3  hart 0 │ drop: load refs[0x7f3] → 2',
      '        ── switch: hart 0 → hart 1, preempted ──────────────',
      '        hart 1 │ (1 other access)',
      '     7  hart 1 │ resolveWrite: read 4096 bytes of frame',
      '               │   0x801fa000',
    ]);
  });

  it('keeps harts near each other on a page that is wider than they need', () => {
    expect(linesOf(2, 200)[0]!.indexOf('hart 1')).toBe(linesOf(2, 140)[0]!.indexOf('hart 1'));
  });

  it('stands where it stood when it is cut off earlier', () => {
    expect(linesOf(2, 80).slice(0, 3)).toEqual(linesOf(2, 80, rows.slice(0, 2)));
  });

  it('lets a switch with a long reason go on below itself', () => {
    const reason = 'a preferred hart became able to run';
    expect(linesOf(2, 40, [{ kind: 'switch', from: 1, to: 0, step: 1, reason }]).slice(1)).toEqual([
      '        ── switch: hart 1 → hart 0, a ──',
      '           preferred hart became able to',
      '           run',
    ]);
  });

  it('makes room for steps of more digits', () => {
    const far: ExplainedRow = { kind: 'access', hart: 0, step: 12345678, text: 'load a → 1' };
    expect(linesOf(1, 80, [rows[0]!, far])).toEqual([
      '    step  hart 0',
      '       3  drop: load refs[0x7f3] → 2',
      '12345678  load a → 1',
    ]);
  });
});

describe('the critical pair', () => {
  const first = { hart: 0, step: 3, what: 'load refs[0x7f3] → 2', stack: [] };
  const pair: CriticalPair = { first, second: { ...first, hart: 1, step: 9 }, failing: '', flipped: '' };
  const note: ExplainedRow = { kind: 'access', hart: 0, step: 3, text: '◆ frame 0x801f4000 freed' };

  it('is marked where it stands, and nothing else with the same step is', () => {
    const second: ExplainedRow = { kind: 'access', hart: 1, step: 9, text: 'drop: load refs[0x7f3] → 2' };
    const marked = interleavingText(2, [note, ...rows, second], PLAIN_PAGE, pair).match(/\S.*◀.*/g);
    expect(marked).toEqual(['3  drop: load refs[0x7f3] → 2 ◀ first', expect.stringMatching(/^9 .* → 2 ◀ second$/)]);
  });

  it('keeps its mark in one piece', () => {
    const page = { ...PLAIN_PAGE, width: 8 + 2 + 2 * 29 };
    expect(interleavingText(2, rows, page, pair)).toContain('refs[0x7f3] → 2\n          ◀ first\n');
  });

  it('is coloured on a terminal, as turns are, and takes no more room for it', () => {
    const terminal = pageOf({ isTTY: true, columns: 120 }, {});
    const coloured = interleavingText(2, rows, terminal, pair);
    expect(coloured).toContain('\u001b[33mdrop: load refs[0x7f3] → 2 ◀ first\u001b[39m');
    expect(coloured).toMatch(/\[36m── switch: .*─\S*\[39m$/m);
    expect(stripVTControlCharacters(coloured)).toBe(interleavingText(2, rows, PLAIN_PAGE, pair));
  });
});

const { rounds, seed, timeout } = fuzzing(100);

/** Rows as a run could have them, with words from one character to some that no column holds. */
function randomRows(random: RandomNumbers, harts: number): ExplainedRow[] {
  const word = () => 'pgMap.refs[0x7f3]◆→'.repeat(4).slice(0, 1 + random.below(random.below(8) === 0 ? 70 : 14));
  const words = () => Array.from({ length: 1 + random.below(12) }, word).join(random.below(9) === 0 ? '  ' : ' ');
  let step = 0;
  return Array.from({ length: 1 + random.below(20) }, () => {
    const hart = random.below(harts);
    step += 1 + random.below(10 ** random.below(7));
    if (random.below(4) === 0) return { kind: 'private', hart, count: 1 + random.below(10_000) };
    if (random.below(4) === 0) return { kind: 'switch', from: hart, to: random.below(harts), step, reason: words() };
    return { kind: 'access', hart, step, text: words() };
  });
}

/** What a row says, without blanks: those are what wrapping may change. */
function said(row: ExplainedRow): string {
  switch (row.kind) {
    case 'switch':
      return `switch:hart${row.from}→hart${row.to},${row.reason}`.replaceAll(' ', '');
    case 'private':
      return `(${row.count}otheraccess${row.count === 1 ? '' : 'es'})`;
    case 'access':
      return `${row.step}${row.text}`.replaceAll(' ', '');
  }
}

describe('any interleaving', () => {
  it(
    'fits any page, and says all that its rows say, in their order and no more',
    () => {
      for (let round = 0; round < rounds; round++) {
        const random = new RandomNumbers(seed, round);
        const harts = 1 + random.below(8);
        const width = 40 + random.below(161);
        const some = randomRows(random, harts);
        const [heads, ...lines] = linesOf(harts, width, some);
        const about = `round ${round} of seed ${seed}: ${harts} harts on ${width} columns`;
        expect(Math.max(...[heads!, ...lines].map((line) => [...line].length)), about).toBeLessThanOrEqual(width);
        const bare = lines.map((line) => line.replace(/(?:hart \d| {6}) │/, '').replace(/[ ─]/g, '')).join('');
        expect(bare, about).toBe(some.map(said).join(''));
      }
    },
    timeout,
  );

  it(
    'has each line of a hart in the hart’s own column, or with its name before it',
    () => {
      for (let round = 0; round < rounds; round++) {
        const random = new RandomNumbers(seed, round);
        const harts = 2 + random.below(7);
        const row = randomRows(random, harts).find(({ kind }) => kind === 'access');
        if (row?.kind !== 'access') continue;
        const [heads, ...lines] = linesOf(harts, 40 + random.below(161), [row]);
        const about = `round ${round} of seed ${seed}: ${JSON.stringify(row)}`;
        const starts = heads!.indexOf(`hart ${row.hart}`);
        const ends = heads!.indexOf(`hart ${row.hart + 1}`);
        if (starts < 0) expect(lines[0], about).toContain(`${row.step}  hart ${row.hart} │ `);
        else
          for (const line of lines) {
            expect(line.slice(0, starts).replace(String(row.step), '').trim(), about).toBe('');
            if (ends > 0) expect([...line].length, about).toBeLessThan(ends);
          }
      }
    },
    timeout,
  );
});
