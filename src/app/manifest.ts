import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../memory/package-root.js';

const manifest = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as {
  version: string;
  description: string;
};

export const { version: VERSION, description: DESCRIPTION } = manifest;
