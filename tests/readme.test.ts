import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bugs } from '../kernel/bugs/bugs.js';
import { designs } from '../kernel/page-sharing/designs.js';
import { formNames } from '../kernel/page-sharing/page-sharing.js';
import { runCommand } from '../src/cli/run.js';
import { stressCommand } from '../src/cli/stress.js';

/** Seen from dist/tests. */
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** Rows of its tables, by each of the names in the first cell. */
const rows = new Map(
  readme.split('\n').flatMap((line) => {
    const cells = line.split(/ *\| */).slice(1, -1);
    return (cells[0]?.match(/(?<=`)[\w-]+(?=`)/g) ?? []).map((name): [string, string] => [
      name,
      cells.slice(1).join(' '),
    ]);
  }),
);
const commands = [stressCommand(), runCommand()];

describe('the README', () => {
  it('leads with the two commands', () => {
    expect(readme.split('\n').slice(0, 12).join(' ')).toMatch(/npm ci && npm start .*npm test /);
  });

  it('has a row for every design and names the forms', () => {
    for (const { name, summary } of designs) expect(rows.get(name)).toBe(summary);
    for (const form of formNames) expect(readme).toContain(`\`${form}\``);
  });

  it('says of every bug how soon it is found', () => {
    for (const { name } of bugs)
      expect(readme.split('\n').filter((line) => line.startsWith(`| ${name} `))).toHaveLength(1);
  });

  it('has every option of stress and run, with its default', () => {
    for (const { long, defaultValue } of commands.flatMap(({ options }) => options)) {
      const row = rows.get(long ?? '');
      expect(row, long).toBeDefined();
      if (defaultValue !== undefined) expect(row, long).toContain(String(defaultValue));
    }
  });
});
