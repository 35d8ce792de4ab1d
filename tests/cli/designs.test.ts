import { afterEach, expect, it, vi } from 'vitest';
import { designs } from '../../kernel/page-sharing/designs.js';
import { UsageError } from '../../src/app/usage-error.js';
import { designsCommand } from '../../src/cli/designs.js';
import { isLongForm } from '../support/long-form.js';

/** What the command prints. */
function printed(...words: string[]): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  designsCommand().parse(words, { from: 'user' });
  const text = write.mock.calls.map(([piece]) => piece).join('');
  write.mockRestore();
  return text;
}

afterEach(() => vi.restoreAllMocks());

it('designs prints a row for each form of each design, with what guards it', () => {
  const lines = printed('--pages', '8').split('\n');
  for (const { name } of designs)
    expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(name === 'eager' ? 1 : 2);
  expect(lines.find((line) => /^page-map-lock +sound/.test(line))).toMatch(/pgMap +4 /);
});

it('designs --json prints the counters, by lock', () => {
  const { pages, designs: rows } = JSON.parse(printed('--pages', '8', '--json'));
  expect(pages).toBe(8);
  expect(rows[0]).toMatchObject({
    design: 'page-map-lock',
    form: 'sound',
    guard: 'pgMap',
    fork: { locks: { pgMap: 11 } },
  });
});

it.runIf(isLongForm)('designs --sharers prints a table for each operation, with a row for each design', () => {
  const lines = printed('--sharers').split('\n');
  for (const { name } of designs) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(3);
  for (const head of ['write, the first', 'write, the last', 'exit'])
    expect(lines.find((line) => line.startsWith(`${head} `))).toMatch(/ 2 +4 +8 +16 +32 +64 +128 +256$/);
  const { sharers } = JSON.parse(printed('--sharers', '--json'));
  expect(sharers).toHaveLength(8 * designs.length);
  expect(sharers[0]).toMatchObject({ design: designs[0]!.name, sharers: 2, firstWrite: 10 });
});

it('designs refuses a heap that is none', () => {
  expect(() => printed('--pages', '0')).toThrow(UsageError);
});
