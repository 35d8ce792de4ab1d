import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder, which goes when all tests have run (temporary-folder.ts). */
export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'hartbreak-'));
}
