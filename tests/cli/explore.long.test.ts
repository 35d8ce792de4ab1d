import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('explore', () => {
  it('saves failures of one kind that one schedule has each in a file of its own, and the same ones in the same', async () => {
    const out = join(folder, 'a', 'b');
    const explore = () =>
      inProcess('explore', '-S', 'exec-allocate', '-b', 'exec-frees-first', '-N', '2', '-x', '2', '-o', out, '--json');
    const { failures } = JSON.parse((await explore()).stdout);
    const files = failures.map((failure: { file: string }) => failure.file);
    expect(failures.filter(({ kind }: { kind: string }) => kind === 'ledger').length).toBeGreaterThan(1);
    expect(new Set(files).size).toBe(files.length);
    for (const { file, summary } of failures) expect(JSON.parse(readFileSync(file, 'utf8')).summary).toBe(summary);
    expect(JSON.parse((await explore()).stdout).failures.map((failure: { file: string }) => failure.file)).toEqual(
      files,
    );
    expect(readdirSync(out)).toHaveLength(files.length);
  });
});

describe('explore --harts', () => {
  const out = join(folder, 'harts');
  const explore = (...args: string[]) =>
    inProcess('explore', '-S', 'fork-write', '-n', '3', '-o', out, '--json', ...args);

  it('saves failures that replay on as many', async () => {
    const { stdout } = await explore('-N', '1', '-b', 'fork-without-flush');
    const [failure] = JSON.parse(stdout).failures;
    const { status, stdout: replayed } = await inProcess('replay', failure.file, '--times', '5', '--json');
    expect(JSON.parse(replayed)).toMatchObject({ times: 5, failed: 5, sameMemory: true });
    expect(status).toBe(1);
  });
});
