import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bugs } from '../kernel/bugs/bugs.js';
import { designs } from '../kernel/page-sharing/designs.js';
import { formNames } from '../kernel/page-sharing/page-sharing.js';
import { exploreCommand } from '../src/cli/explore.js';
import { runCommand } from '../src/cli/run.js';
import { stressCommand } from '../src/cli/stress.js';

/** Seen from dist/tests. */
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** The rows of its tables, without the first cell, that have this name in the first cell. */
function rowsOf(name: string): string[] {
  const tables = readme.split('\n').map((line) => line.split(/ *\| */).slice(1, -1));
  return tables.filter(([first]) => first?.includes(`\`${name}\``)).map((cells) => cells.slice(1).join(' '));
}
const commands = [stressCommand(), runCommand(), exploreCommand()];

describe('the README', () => {
  it('leads with the two commands', () => {
    expect(readme.split('\n').slice(0, 12).join(' ')).toMatch(/npm ci && npm start .*npm test /);
  });

  it('has a row for every design and names the forms', () => {
    for (const { name, summary } of designs) expect(rowsOf(name)).toEqual([summary]);
    for (const form of formNames) expect(readme).toContain(`\`${form}\``);
  });

  it('says of every bug how soon it is found', () => {
    for (const { name } of bugs)
      expect(readme.split('\n').filter((line) => line.startsWith(`| ${name} `))).toHaveLength(1);
  });

  it('has every option of stress, run and explore, with its default', () => {
    for (const { long, defaultValue } of commands.flatMap(({ options }) => options)) {
      const rows = rowsOf(long ?? '');
      expect(rows, long).not.toEqual([]);
      if (defaultValue !== undefined) expect(rows, long).toContainEqual(expect.stringContaining(String(defaultValue)));
    }
  });
});
