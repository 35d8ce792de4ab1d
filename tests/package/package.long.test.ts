import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../support/architecture/tree.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'hartbreak-package-'));

function run(command: string, args: string[], cwd: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** A project of somebody else's, with the package as `npm pack` makes it and only what it depends on beside it. */
beforeAll(() => {
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], ROOT);
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))!;
  run('tar', ['-xzf', join(project, tarball), '-C', modules], project);
  renameSync(join(modules, 'package'), join(modules, 'hartbreak'));
  mkdirSync(join(modules, '@observablehq'));
  for (const name of [...Object.keys(JSON.parse(textOf('package.json')).dependencies), 'vitest'])
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'outsider', type: 'module' }));
  for (const name of ['cow.test.ts', 'mine.mjs'])
    cpSync(join(ROOT, 'tests/package/example', name), join(project, name));
});
afterAll(() => rmSync(project, { recursive: true }));

describe('the package', () => {
  it('serves a test project that uses check and toHold', () => {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    expect(run(process.execPath, [vitest, 'run', '--root', project], project)).toMatch(/8 passed/);
  });

  it('runs a program from its command line', () => {
    const home = join(project, 'node_modules/hartbreak');
    const args = [join(home, 'dist/bundle/src/cli/main.js'), 'run', join(home, 'kernel/user/bin/hello'), '0'];
    expect(run(process.execPath, args, project)).toContain('hello from process 1');
  });

  it('has what its pages tell its reader to use, and the sources that its reports name', () => {
    const home = join(project, 'node_modules/hartbreak');
    const named = ['kernel/user/src/ulib', 'kernel/user/src/user.ld', 'kernel/user/build.sh', 'kernel/memory/vm.ts'];
    for (const path of [...named, 'src/app/library.ts', 'LICENSE', 'README.md'])
      expect(existsSync(join(home, path)), path).toBe(true);
  });

  it('makes a page of a bench, and has the picture that its README shows', () => {
    const home = join(project, 'node_modules/hartbreak');
    const args = ['bench', 'locks', '--harts', '1', '--lock', 'mcs', '--html', 'page.html'];
    run(process.execPath, [join(home, 'dist/bundle/src/cli/main.js'), ...args], project);
    expect(readFileSync(join(project, 'page.html'), 'utf8')).toContain('mcs, 1 hart');
    expect(existsSync(join(home, 'bench/contention.svg'))).toBe(true);
  });
});
