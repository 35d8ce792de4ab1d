// The reports as people see them, kept beside this file. When they are meant to change, `npm run build` and
// `HARTBREAK_GOLDEN=update npx vitest run dist/tests/golden` write them anew; then read what `git diff` shows.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failureText } from '../../src/report/failure-report.js';
import { PLAIN_PAGE } from '../../src/report/page.js';
import { handMadeReports } from './hand-made-reports.js';

const UPDATE = 'HARTBREAK_GOLDEN=update npx vitest run dist/tests/golden';
/** Seen from dist/tests/golden. */
const FOLDER = new URL('../../../tests/golden/', import.meta.url);
const WIDTHS = [80, 120];

const golden = Object.entries(handMadeReports).flatMap(([name, report]) =>
  WIDTHS.map((width) => ({ file: `${name}-${width}.txt`, report, width })),
);

describe('the report', () => {
  it.each(golden)('is still what $file shows', ({ file, report, width }) => {
    const text = `${failureText(report, { ...PLAIN_PAGE, width })}\n`;
    const path = new URL(file, FOLDER);
    if (process.env.HARTBREAK_GOLDEN === 'update') writeFileSync(path, text);
    expect(text, `if tests/golden/${file} is to change: ${UPDATE}`).toBe(
      existsSync(path) ? readFileSync(path, 'utf8') : '',
    );
  });

  it('is of one of these, for every file that is kept', () => {
    const kept = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
    expect(kept.sort()).toEqual(golden.map(({ file }) => file).sort());
  });

  it('fits every page that is wide enough for the name of a file', () => {
    for (const [name, report] of Object.entries(handMadeReports))
      for (let width = 40; width <= 200; width++) {
        const lines = failureText(report, { ...PLAIN_PAGE, width }).split('\n');
        const fileName = /^ *hartbreak-failures\/\S+$/;
        const longest = Math.max(
          ...lines.filter((line) => width > 80 || !fileName.test(line)).map((line) => [...line].length),
        );
        expect(longest, `${name} on ${width} columns`).toBeLessThanOrEqual(width);
      }
  });
});
