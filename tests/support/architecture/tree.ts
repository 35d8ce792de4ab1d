import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { isMadeByTools } from './folders.js';

/** The package root, seen from dist/tests/support/architecture. */
export const ROOT = new URL('../../../../', import.meta.url);

/** Paths from the package root of all that people wrote below the folder; `''` is the root. */
export function filesBelow(folder: string): string[] {
  return readdirSync(new URL(folder === '' ? '.' : `${folder}/`, ROOT), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (isMadeByTools(path)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

export function textOf(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}
