import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder, which goes when the test's process ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
