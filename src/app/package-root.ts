import { readFileSync } from 'node:fs';

/** The package's folder, seen from the compiled file in `dist/src/cli/`. */
export const PACKAGE_ROOT = new URL('../../../', import.meta.url);

const manifest = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as {
  version: string;
  description: string;
};

export const { version: VERSION, description: DESCRIPTION } = manifest;
