import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FailureFile, readFailure } from '../../src/app/failure-file.js';
import { FailureFolder } from '../../src/app/failure-folder.js';
import { UsageError } from '../../src/app/usage-error.js';
import { emptyFolder } from '../support/files.js';

const FAILURE: FailureFile = {
  format: 'hartbreak-failure/2',
  version: '1.0.0',
  title: 'a title',
  label: 'label',
  subject: { kind: 'toy', config: {} },
  plugins: [],
  stepLimit: 1000,
  strategy: 'random',
  seed: 1,
  schedule: 7,
  kind: 'data-race',
  signature: 'data-race at here',
  summary: 'as it was found',
  harmful: true,
  preemptions: 2,
  minimal: false,
  plan: { preference: [0, 1], unit: 'own', strict: false, switches: [], answers: [] },
  anchors: [],
  memoryHash: null,
};

test('a failure has one file, whole, in the place of what was saved when it was found', () => {
  const path = emptyFolder();
  const folder = new FailureFolder(path);
  expect(folder.save(FAILURE)).toBe(join(path, 'label-data-race-7.json'));
  // Another one of its kind in the same schedule.
  const other = folder.save({ ...FAILURE, signature: 'data-race at there' });
  // It was met earlier, as came out later.
  const last = folder.save({ ...FAILURE, schedule: 3, summary: 'as it is explained', minimal: true });
  expect(last).toBe(join(path, 'label-data-race-3.json'));
  expect(
    readdirSync(path)
      .map((name) => join(path, name))
      .toSorted(),
  ).toEqual([last, other].toSorted());
  expect(readFailure(last!).summary).toBe('as it is explained');
  expect(folder.complaint).toBeUndefined();
});

test('what is none of the results goes, and what others saved stays', () => {
  const path = emptyFolder();
  writeFileSync(join(path, 'label-data-race-9.json'), 'of somebody else');
  const folder = new FailureFolder(path);
  folder.save(FAILURE);
  const kept = folder.save({ ...FAILURE, signature: 'data-race at there', schedule: 9 });
  folder.keepOnly(['data-race at there']);
  expect(kept).toBe(join(path, 'label-data-race-9-2.json'));
  expect(readdirSync(path).toSorted()).toEqual(['label-data-race-9-2.json', 'label-data-race-9.json']);
});

test('a failure that cannot be written is told of, and leaves nothing half written', () => {
  const path = join(emptyFolder(), 'sub');
  const folder = new FailureFolder(path);
  const before = folder.save(FAILURE);
  // Nobody can write there any more, whoever he is.
  rmSync(path, { recursive: true });
  writeFileSync(path, 'a file now');
  expect(folder.save({ ...FAILURE, signature: 'data-race at there' })).toBeUndefined();
  expect(folder.complaint).toMatch(/^cannot (write|save failures in) .*sub.*$/);
  expect(before).toBeDefined();
});

test('a name that a folder has is refused in one line, and no temporary file stays', () => {
  const path = emptyFolder();
  mkdirSync(join(path, 'label-data-race-7.json'));
  mkdirSync(join(path, 'label-data-race-7-2.json'));
  const folder = new FailureFolder(path);
  // Neither is a file about it, so the third name is free.
  expect(folder.save(FAILURE)).toBe(join(path, 'label-data-race-7-3.json'));
  expect(readdirSync(path).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(() => new FailureFolder('/dev/null/x')).toThrow(UsageError);
});
