import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { textOf } from '../support/architecture/tree.js';
import { shell } from '../support/command-line.js';
import { emptyFolder } from '../support/files.js';

const PICTURE = 'bench/contention.svg';

it('the picture in the README is what the command beside it makes now', { timeout: 600_000 }, async () => {
  const commands = [...textOf('README.md').matchAll(/npx (hartbreak bench locks .*?--svg \S+)/g)].map(
    ([, line]) => line!,
  );
  expect(commands).toEqual([expect.stringContaining(PICTURE)]);
  expect(textOf('README.md')).toContain(`](${PICTURE})`);
  const folder = emptyFolder();
  mkdirSync(join(folder, 'bench'));
  const { status, stderr } = await shell(`cd '${folder}' && ${commands[0]}`);
  // On a busy machine it takes so long that it says how far it has come.
  expect(stderr.replaceAll(/^locks, virtual time: \d+ of \d+, \d+ s\n/gm, '')).toBe('');
  expect(status).toBe(0);
  // Figures of virtual time are the same everywhere, to the digit.
  const wanted = textOf(PICTURE);
  expect(readFileSync(join(folder, PICTURE), 'utf8'), `to make it anew: npx ${commands[0]}`).toBe(wanted);
});
