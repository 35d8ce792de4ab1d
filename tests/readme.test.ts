import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freeLists } from '../kernel/memory/free-lists.js';
import { refsChoices } from '../kernel/page-sharing/counts/schemes.js';
import { designs } from '../kernel/page-sharing/designs.js';
import { formNames } from '../kernel/page-sharing/page-sharing.js';
import { campaignCommand } from '../src/cli/campaign.js';
import { exploreCommand } from '../src/cli/explore.js';
import { replayCommand } from '../src/cli/replay.js';
import { runCommand } from '../src/cli/run.js';
import { stressCommand } from '../src/cli/stress.js';
import { observerNames } from '../src/races/observers.js';
import { strategies } from '../src/schedule/strategies.js';
import { filesBelow, ROOT, textOf } from './support/architecture/tree.js';
import { bugTable } from './support/bug-table.js';
import { shell } from './support/command-line.js';
import { isLongForm } from './support/long-form.js';

const UPDATE = 'HARTBREAK_GOLDEN=update npx vitest run dist/tests/readme.test.js';
const BUG_PAGE = 'kernel/bugs/README.md';

const readme = textOf('README.md');
const written = filesBelow('').filter((path) => !path.startsWith('kernel/user/bin/') && path !== 'package-lock.json');
const pages = written.filter((path) => path.endsWith('.md'));

/** The rows of a page's tables, without the first cell, that have this name in the first cell. */
function rowsOf(page: string, name: string): string[] {
  const tables = textOf(page)
    .split('\n')
    .map((line) => line.split(/ *\| */).slice(1, -1));
  return tables.filter(([first]) => first?.includes(`\`${name}\``)).map((cells) => cells.slice(1).join(' '));
}

describe('the README', () => {
  it('is short, and leads with the two commands', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
    expect(readme.split('\n').slice(0, 20).join(' ')).toMatch(/npm ci && npm start .*npm test /);
  });

  it.runIf(isLongForm)('shows a report of which the command prints every line, in that order', async () => {
    const [command, ...shown] = samplesOf(readme, 'explore')[0]!;
    const folder = mkdtempSync(join(tmpdir(), 'hartbreak-readme-'));
    const { stdout } = await shell(`cd '${folder}' && ${command}`);
    rmSync(folder, { recursive: true });
    expect(missingFrom(stdout.split('\n'), shown)).toBeUndefined();
  });

  it('shows a report on a kernel image, too', async () => {
    const [command, ...shown] = samplesOf(readme, 'explore')[1]!;
    const folder = mkdtempSync(join(tmpdir(), 'hartbreak-readme-'));
    const { stdout } = await shell(
      `cd '${folder}' && ${command!.replace('--kernel ', `--kernel ${fileURLToPath(ROOT)}`)}`,
    );
    rmSync(folder, { recursive: true });
    expect(missingFrom(stdout.split('\n'), shown)).toBeUndefined();
  });

  it('names every observer', () => {
    for (const name of observerNames()) expect(readme).toContain(`\`${name}\``);
  });
});

/** Of each block that shows a run of the command, the command without `$ npx`, and the lines. */
function samplesOf(page: string, name: string): string[][] {
  const blocks = page.split('```').map((block) => block.split('\n').slice(1, -1));
  const shown = blocks.filter(([first]) => first?.startsWith(`$ npx hartbreak ${name} `));
  return shown.map(([command = '', ...lines]) => [command.replace('$ npx ', ''), ...lines]);
}

/** The first of the lines that is not where it should be; `…` stands for any number of lines. Undefined: all are. */
function missingFrom(printed: readonly string[], shown: readonly string[]): string | undefined {
  let next = 0;
  let skips = false;
  for (const line of shown) {
    if (line.trim() === '…') {
      skips = true;
      continue;
    }
    const at = skips ? printed.indexOf(line, next) : next;
    if (printed[at] !== line) return line;
    next = at + 1;
    skips = false;
  }
  return undefined;
}

describe('the comparison of a shortened sample', () => {
  const printed = ['a', 'b', 'c', 'd'];
  it.each([
    [['a', 'b', 'c', 'd'], undefined],
    [['a', '  …', 'd'], undefined],
    [['a', 'c'], 'c'],
    [['…', 'c', '…', 'b'], 'b'],
    [['a', 'b', 'C'], 'C'],
  ])('of %j misses %s', (shown, missed) => {
    expect(missingFrom(printed, shown)).toBe(missed);
  });
});

describe('the pages', () => {
  it('kernel/README.md has a row for every design and names the forms', () => {
    for (const { name, summary } of designs) expect(rowsOf('kernel/README.md', name)).toEqual([summary]);
    for (const form of formNames) expect(textOf('kernel/README.md')).toContain(`\`${form}\``);
  });

  it('kernel/README.md has a row for every counting scheme and kind of free list', () => {
    for (const { name, summary } of [...refsChoices, ...freeLists])
      expect(rowsOf('kernel/README.md', name), name).toEqual([summary]);
  });

  it('kernel/bugs/README.md says of every bug what its row says', () => {
    const page = textOf(BUG_PAGE);
    const [before] = page.split('| bug ');
    const wanted = `${before}${bugTable()}\n`;
    if (process.env.HARTBREAK_GOLDEN === 'update') writeFileSync(new URL(BUG_PAGE, ROOT), wanted);
    expect(textOf(BUG_PAGE), `to write it anew: npm run build && ${UPDATE}`).toBe(wanted);
  });

  it('src/cli/README.md has every option of stress, run, explore, campaign and replay, with its default', () => {
    const commands = [stressCommand(), runCommand(), exploreCommand(), campaignCommand(), replayCommand()];
    for (const { long, defaultValue } of commands.flatMap(({ options }) => options)) {
      const rows = rowsOf('src/cli/README.md', long ?? '');
      expect(rows, long).not.toEqual([]);
      if (defaultValue !== undefined) expect(rows, long).toContainEqual(expect.stringContaining(String(defaultValue)));
    }
  });

  it('src/cli/README.md has every strategy, and src/README.md every observer', () => {
    for (const { name } of strategies) expect(rowsOf('src/cli/README.md', name), name).toHaveLength(1);
    for (const name of observerNames()) expect(rowsOf('src/README.md', name), name).toHaveLength(1);
  });

  it('lead to files that exist, and to headings that these have', () => {
    expect(pages).toContain('CONTRIBUTING.md');
    expect(pages.flatMap(deadLinks)).toEqual([]);
  });

  it('point to nothing outside the repository, and neither does a comment', () => {
    const outside = /\b(?:DESIGN|SEEDS|ENGINE|STYLE)(?: §|\.md)|\.\.\/shared\b/;
    expect(written.filter((path) => outside.test(textOf(path)))).toEqual([]);
  });
});

/** Links of the page to somewhere in the repository where there is nothing. */
function deadLinks(page: string): string[] {
  const links = [...textOf(page).matchAll(/\]\((?!https?:)([^)\s]*)\)/g)].map(([, link]) => link!);
  return links
    .filter((link) => {
      const [path = '', heading] = link.split('#');
      const target = path === '' ? page : posix.join(posix.dirname(page), path);
      if (!existsSync(new URL(target, ROOT))) return true;
      return heading !== undefined && !anchorsOf(target).includes(heading);
    })
    .map((link) => `${page}: ${link}`);
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  const headings = [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
