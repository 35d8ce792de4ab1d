import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/architecture/tree.js';

/** Packages that are loaded with a module: `import … from 'x'` and `export … from 'x'`, not `import('x')`. */
function loadedWith(entry: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(entry.href)) return new Set();
  seen.add(entry.href);
  const imports = readFileSync(entry, 'utf8').matchAll(/^(?:import|export|\}) ?[^'"();]*['"]([^'"]+)['"];$/gm);
  const packages = new Set<string>();
  for (const [, specifier] of imports)
    if (specifier!.startsWith('.')) for (const name of loadedWith(new URL(specifier!, entry), seen)) packages.add(name);
    else if (!specifier!.startsWith('node:')) packages.add(specifier!);
  return packages;
}

const DRAWS = ['@observablehq/plot', 'linkedom'];
const loaded = (path: string) => [...loadedWith(new URL(path, ROOT))];

describe('what draws', () => {
  it.each([
    ['the command line', 'dist/bundle/src/cli/main.js', 'commander'],
    ['the command that may draw', 'dist/src/cli/bench.js', 'piscina'],
    ['the library', 'dist/src/app/library.js', 'piscina'],
  ])('is not loaded with %s', (_name, path, needed) => {
    const packages = loaded(path);
    expect(packages).toContain(needed);
    for (const name of DRAWS) expect(packages).not.toContain(name);
  });

  it('is loaded with a page', () => {
    expect(loaded('dist/src/report/html/bench-page.js')).toEqual(expect.arrayContaining(DRAWS));
  });
});

describe('the explorer', () => {
  const filesWith = (path: string) => {
    const files = new Set<string>();
    loadedWith(new URL(path, ROOT), files);
    return files;
  };
  const explorer = new URL('dist/src/explore/explorer.js', ROOT).href;
  const machine = new URL('dist/src/app/hosted-machine.js', ROOT).href;

  it('is not loaded with a command that runs programs', () => {
    const files = filesWith('dist/src/cli/run.js');
    expect(files).toContain(machine);
    expect(files).not.toContain(explorer);
  });

  it('nor are the commands with the command line', () => {
    const files = filesWith('dist/src/cli/main.js');
    expect(files).toContain(new URL('dist/src/cli/command-line.js', ROOT).href);
    expect(files).not.toContain(machine);
  });
});
